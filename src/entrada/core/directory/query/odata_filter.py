"""Which objects a `$filter` means.  OData 4.01, part 2, section 5.1.1; reference section 38."""

from typing import Final, NoReturn

from attrs import define, field

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.query.condition import (
    EVERYTHING,
    AnyElement,
    Both,
    Compare,
    Condition,
    Either,
    Not,
    Op,
    Value,
)
from entrada.core.directory.query.evaluate import ELEMENT_OPS
from entrada.core.directory.query.odata_malformed import Malformed
from entrada.core.directory.query.odata_property import Properties, Property, Shape, names_of
from entrada.core.directory.query.odata_token import Kind, Token, tokens_of

DEEPEST: Final = 12
MOST: Final = 100  # comparisons
MOST_WITHIN: Final = 15  # of them that no index helps with: each reads every object
_WITHIN: Final = frozenset({Op.CONTAINS, Op.ENDS_WITH})
_COMPARISONS: Final = {"eq": Op.EQ, "ne": Op.NE, "gt": Op.GT, "ge": Op.GE, "lt": Op.LT, "le": Op.LE}
_FUNCTIONS: Final = {"startswith": Op.STARTS_WITH, "endswith": Op.ENDS_WITH, "contains": Op.CONTAINS}
_ANY: Final = "/any"
_OPERATORS: Final = "eq, ne, gt, ge, lt, le, in, and, or, not, startswith, endswith, contains and any"


def parse_filter(text: str, known: Properties) -> Condition | Problem:
    try:
        return _Reader(tokens_of(text), known).all()
    except Malformed as fault:
        return fault.problem("$filter")


@define
class _Reader:
    _tokens: tuple[Token, ...]
    _known: Properties
    _next: int = 0
    _depth: int = 0
    _compared: int = 0
    _within: int = 0  # how many comparisons look within texts
    _variable: tuple[str, str] | None = field(default=None)  # inside of `any`: its name, and the collection's path

    def all(self) -> Condition:
        found = self._or()
        if self._ahead.kind is not Kind.END:
            self._fail("expected `and`, `or`, or the end")
        return found

    # ---- conditions ----

    def _or(self) -> Condition:
        parts = [self._and()]
        while self._takes("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _and(self) -> Condition:
        parts = [self._not()]
        while self._takes("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _not(self) -> Condition:
        if not self._takes("not"):
            return self._primary()
        self._deeper()
        found = Not(self._not())
        self._depth -= 1
        return found

    def _primary(self) -> Condition:
        if self._takes("("):
            self._deeper()
            found = self._or()
            self._expect(")")
            self._depth -= 1
            return found
        name = self._name()
        return self._any(name) if name.text.endswith(_ANY) else self._single(name)

    def _single(self, name: Token) -> Condition:
        return self._call(name) if self._ahead.text == "(" else self._comparison(name)

    def _comparison(self, name: Token) -> Condition:
        one = self._property(name)
        operator = self._name()
        if operator.text == "in":
            return self._among(one)
        op = _COMPARISONS.get(operator.text)
        if op is None:
            self._unsupported(operator)
        return self._compare(one, op, self._value(one))

    def _among(self, one: Property) -> Condition:
        self._expect("(")
        parts = [self._compare(one, Op.EQ, self._value(one))]
        while self._takes(","):
            parts.append(self._compare(one, Op.EQ, self._value(one)))
        self._expect(")")
        return Either(tuple(parts))

    def _call(self, name: Token) -> Condition:
        op = _FUNCTIONS.get(name.text)
        if op is None:
            self._unsupported(name)
        self._expect("(")
        one = self._property(self._name())
        if one.shape is not Shape.TEXT:
            raise Malformed(f"{name.text} takes a property that is a text; {one.path} is none.", name.at)
        self._expect(",")
        value = self._value(one)
        if value is None:
            raise Malformed(f"{name.text} takes a text, not null.", name.at)
        self._expect(")")
        found = self._compare(one, op, value)
        return found if self._wants_true() else Not(found)

    def _wants_true(self) -> bool:
        """`startswith(…) eq true`, as some clients write it."""
        if not self._takes("eq"):
            return True
        wanted = self._take()
        if wanted.shape is not Shape.BOOLEAN:
            raise Malformed("a function is true or false.", wanted.at)
        return wanted.value is True

    def _any(self, name: Token) -> Condition:
        """One comparison of an element: of several about the same one, the stores know nothing."""
        if self._variable is not None:
            raise Malformed("`any` inside of `any` is not supported.", name.at, supported=False)
        self._expect("(")
        variable = self._name()
        self._expect(":")
        self._variable = variable.text, name.text.removesuffix(_ANY)
        at = self._ahead.at
        found = Not(EVERYTHING) if self._ahead.text in {"(", "not"} else self._single(self._name())
        self._variable = None
        if isinstance(found, Not) or self._ahead.text in {"and", "or"}:
            raise Malformed("one comparison in each `any` is supported, without `not`.", at, supported=False)
        self._expect(")")
        return found

    def _compare(self, one: Property, op: Op, value: Value) -> Condition:
        self._compared += 1
        if self._compared > MOST:
            raise Malformed(f"more than {MOST} comparisons.", self._ahead.at)
        self._within += op in _WITHIN or (one.collection and op is Op.STARTS_WITH)
        if self._within > MOST_WITHIN:
            fault = f"more than {MOST_WITHIN} comparisons by contains or endswith, or by startswith inside of `any`: "
            raise Malformed(f"{fault}ask for fewer at once, or by eq or in.", self._ahead.at)
        if not one.collection:
            return Compare(one.field, op, value)
        if op not in ELEMENT_OPS or value is None:
            fault = "`any` takes eq, in, startswith, endswith and contains, with a text."
            raise Malformed(fault, self._ahead.at, supported=False)
        return AnyElement(one.field, op, value)

    # ---- words ----

    def _property(self, name: Token) -> Property:
        path = self._path(name)
        found = self._known.get(path)
        if found is None or found.collection != (self._variable is not None):
            self._unknown(name, path, found)
        return found

    def _path(self, name: Token) -> str:
        if self._variable is None:
            return name.text
        variable, collection = self._variable
        first, slash, rest = name.text.partition("/")
        if first != variable:
            raise Malformed(f"inside of `any`, conditions are of '{variable}'.", name.at)
        return f"{collection}/{rest}" if slash else collection

    def _unknown(self, name: Token, path: str, found: Property | None) -> NoReturn:
        if found is not None:
            how = f"{path}/any(x:x eq …)" if found.collection else f"{path} eq …"
            raise Malformed(f"'{path}' is asked for by {how}.", name.at)
        supported = names_of(self._known.values())
        raise Malformed(f"'{path}' is no property to filter by. These are: {supported}.", name.at, supported=False)

    def _value(self, one: Property) -> Value:
        token = self._take()
        if token.kind is not Kind.VALUE:
            raise Malformed(f"expected {one.shape.value}, not {_said(token)}.", token.at)
        if token.shape is not None and token.shape is not one.shape:
            raise Malformed(f"'{one.path}' is compared with {one.shape.value}, not {token.text}.", token.at)
        return token.value

    def _name(self) -> Token:
        token = self._take()
        if token.kind is not Kind.NAME:
            raise Malformed(f"expected a name, not {_said(token)}.", token.at)
        return token

    @property
    def _ahead(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._ahead
        self._next += token.kind is not Kind.END
        return token

    def _takes(self, text: str) -> bool:
        if self._ahead.kind is Kind.VALUE or self._ahead.text != text:
            return False
        self._next += 1
        return True

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            self._fail(f"expected '{text}'")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Malformed(f"nested deeper than {DEEPEST}.", self._ahead.at)

    def _fail(self, expected: str) -> NoReturn:
        raise Malformed(f"{expected}, not {_said(self._ahead)}.", self._ahead.at)

    def _unsupported(self, name: Token) -> NoReturn:
        raise Malformed(f"'{name.text}' is not supported. These are: {_OPERATORS}.", name.at, supported=False)


def _said(token: Token) -> str:
    return "the end" if token.kind is Kind.END else f"'{token.text}'"
