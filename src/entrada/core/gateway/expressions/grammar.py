"""Tokens as a tree: the grammar of expressions.  C# 7 §11.4; what is refused is told by name."""

from collections.abc import Callable, Mapping
from math import isinf
from typing import Final, NoReturn

from attrs import define, field, frozen

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.expressions import refused
from entrada.core.gateway.expressions import syntax as tree
from entrada.core.gateway.expressions.faults import Gathered, NotReadable
from entrada.core.gateway.expressions.syntax import Node
from entrada.core.gateway.expressions.tokens import Hole, Token
from entrada.core.gateway.expressions.type import BOOL, CHAR, DOUBLE, INT, LONG, NULL, STRING, Char

MAX_LEVELS: Final = 50
_LARGEST_INT: Final = 2**31 - 1
_LARGEST_LONG: Final = 2**63 - 1
_PRECEDENCE: Final = {
    **dict.fromkeys(("||",), 1),
    **dict.fromkeys(("&&",), 2),
    **dict.fromkeys(("==", "!="), 3),
    **dict.fromkeys(("<", ">", "<=", ">="), 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "%"), 6),
}
_AS: Final = 4  # as binds like a comparison
_PREDEFINED: Final = frozenset({"string", "bool", "int", "long", "double", "char", "object"})
_STARTS_OPERAND: Final = frozenset({"name", "int", "long", "double", "string", "char", "interpolated"})
_WORDS: Final = {"true": (True, BOOL), "false": (False, BOOL), "null": (None, NULL)}


@frozen
class _TypeName:
    name: str
    after: int  # the token behind it


@define
class Grammar:
    tokens: tuple[Token, ...]
    gathered: Gathered
    next: int = 0
    level: int = field(default=0)

    # ---- expressions ----

    def expression(self) -> Node:
        """`condition ? a : b`, and all that binds closer."""
        self.level += 1
        if self.level > MAX_LEVELS:
            self.stop("This is nested too deep.", "build it in steps by set-variable, or by `var name = …;` in @{ … }.")
        condition = self._coalesced()
        if self.take("?"):
            then = self.expression()
            self.expect(":", "a conditional is `condition ? a : b`")
            condition = tree.Conditional(condition.place, condition, then, self.expression())
        self.level -= 1
        return condition

    def _coalesced(self) -> Node:
        left = self._binary(1)
        if not self.is_at("??"):
            return left
        place = self.here()
        self.next += 1
        self.level += 1
        if self.level > MAX_LEVELS:
            self.stop("This is nested too deep.", "use fewer `??` in a row.")
        right = self._coalesced()
        self.level -= 1
        return tree.Binary(place, "??", left, right)

    def _binary(self, lowest: int) -> Node:
        left = self._unary()
        while True:
            operator = self.token.text if self.token.kind == "operator" else ""
            precedence = _PRECEDENCE.get(operator, 0)
            if self.token.kind == "name" and self.token.text == "as" and lowest <= _AS:
                left = self._as(left)
            elif precedence >= lowest:
                place = self.here()
                self.next += 1
                left = tree.Binary(place, operator, left, self._binary(precedence + 1))
            else:
                return left

    def _as(self, operand: Node) -> Node:
        place = self.here()
        self.next += 1
        found = self.type_name(self.next)
        if found is None:
            self.stop("A type must follow `as`.", "write, for example, `as string`.")
        self.next = found.after
        return tree.As(place, operand, found.name)

    def _unary(self) -> Node:
        self.level += 1
        if self.level > MAX_LEVELS:
            self.stop("This is nested too deep.", "leave out brackets and signs that change nothing.")
        found = self._signed() or self._cast() or self._postfix()
        self.level -= 1
        return found

    def _signed(self) -> Node | None:
        for sign in ("!", "-", "+"):
            if self.is_at(sign):
                place = self.here()
                self.next += 1
                return tree.Unary(place, sign, self._unary())
        return None

    def _cast(self) -> Node | None:
        if not self.is_at("("):
            return None
        found = self.type_name(self.next + 1)
        if found is None or not self.is_at(")", found.after) or not self._is_operand(found):
            return None
        place = self.here()
        self.next = found.after + 1
        return tree.Cast(place, found.name, self._unary())

    def _is_operand(self, found: _TypeName) -> bool:
        """Whether what follows makes `(name)` a cast rather than a name in brackets (C# 7 §11.8.7)."""
        following = self.tokens[min(found.after + 1, len(self.tokens) - 1)]
        if following.kind in _STARTS_OPERAND:
            return following.text != "as" or following.kind != "name"
        return following.text in {"(", "!"} or (found.name in _PREDEFINED and following.text in {"-", "+"})

    # ---- what stands behind a value: .member, [index], (arguments) ----

    def _postfix(self) -> Node:
        start = self.here()
        found = self._primary()
        conditional = False
        while step := self._step(found):
            found = step
            conditional = conditional or (isinstance(step, tree.Member | tree.Call | tree.Index) and step.conditional)
        return tree.Chain(start, found) if conditional else found

    def _step(self, target: Node) -> Node | None:
        sign = self.token.text if self.token.kind == "operator" else ""
        if sign in {".", "?."}:
            self.next += 1
            return self._member(target, conditional=sign == "?.")
        if sign in {"[", "?["}:
            place = self.here()
            self.next += 1
            index = self.expression()
            self.expect("]", "an index ends with it")
            return tree.Index(place, target, index, sign == "?[")
        if sign == "(":
            self.stop("This cannot be called.", "call a method by its name: value.Method(…).")
        return None

    def _member(self, target: Node, *, conditional: bool) -> Node:
        place, name = self.here(), self.name("A member's name must follow the dot.")
        self._refuse(place, name, refused.MEMBERS)
        type_arguments = self._type_arguments()
        if self.take("("):
            return tree.Call(place, target, name, type_arguments, self._arguments(), conditional)
        return tree.Member(place, target, name, conditional)

    def _type_arguments(self) -> tuple[str, ...]:
        """`<string>`, when a call's bracket follows: otherwise `<` compares."""
        if not self.is_at("<"):
            return ()
        names: list[str] = []
        at = self.next
        while not names or self.is_at(",", at):
            found = self.type_name(at + 1)
            if found is None:
                return ()
            names.append(found.name)
            at = found.after
        if not (self.is_at(">", at) and self.is_at("(", at + 1)):
            return ()
        self.next = at + 1
        return tuple(names)

    def _arguments(self) -> tuple[Node, ...]:
        if self.take(")"):
            return ()
        found = [self._argument()]
        while self.take(","):
            found.append(self._argument())
        self.expect(")", "the arguments end with it")
        return tuple(found)

    def _argument(self) -> Node:
        if self.token.kind == "name" and self.is_at(":", self.next + 1):
            what = f"`{self.token.text}:` names an argument; that is not supported."
            self.gathered.add(self.here(), what, "give the arguments in their order.")
            self.next += 2
        if self.token.kind == "name" and self.token.text == "out":
            return self._out()
        return self.expression()

    def _out(self) -> Node:
        place = self.here()
        self.next += 1
        found = self.type_name(self.next)
        if found is not None and self.tokens[found.after].kind == "name":
            self.next = found.after
            return tree.Out(place, self.name(""), found.name)
        return tree.Out(place, self.name("A variable's name must follow `out`."), None)

    # ---- what stands alone ----

    def _primary(self) -> Node:
        token = self.token
        read = _LITERALS.get(token.kind)
        if read is not None:
            place = self.here()
            self.next += 1
            return read(self, token, place)
        if token.kind == "name":
            return self._named()
        if not self.take("("):
            self.stop_at_token("A value is missing here.", "write a string, a number, or a member of context.")
        inner = self.expression()
        self.expect(")", "brackets must pair")
        return inner

    def _named(self) -> Node:
        place, name = self.here(), self.token.text
        if name in _WORDS:
            self.next += 1
            return tree.Literal(place, *_WORDS[name])
        if name == "new":
            return self._new()
        self._refuse(place, name, refused.NAMES | refused.STATEMENTS)
        self.next += 1
        if self.is_at("=>"):
            self.stop("Lambda expressions are not supported.", refused.OPERATORS["=>"])
        if self.is_at("("):
            self.stop(f"There is no function `{name}`.", "call a method of a value or a type: value.Method(…).")
        self._type_arguments()  # of a refused type: List<string>.Enumerator
        return tree.Name(place, name)

    def _new(self) -> Node:
        place = self.here()
        self.next += 1
        found = self.type_name(self.next)
        if found is not None and not found.name.endswith("[]"):
            self._refuse(place, found.name.partition("<")[0], refused.NAMES)
            self.gathered.add(place, f"`new {found.name}` is not supported.", 'the one form is new [] { "a", "b" }.')
            raise NotReadable
        if found is None:
            self.expect("[", "the one form of new is new [] { … }")
            self.expect("]", "the one form of new is new [] { … }")
        else:
            self.next = found.after
        self.expect("{", "the elements of an array stand in braces")
        items = self._items()
        return tree.NewArray(place, found.name.removesuffix("[]") if found else None, items)

    def _items(self) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self.take("}"):
            items.append(self.expression())
            if not self.take(","):
                self.expect("}", "the elements of an array are divided by commas")
                break
        return tuple(items)

    def interpolated(self, token: Token, place: Place) -> Node:
        parts = [
            self._hole(part) if isinstance(part, Hole) else tree.Literal(place, part, STRING) for part in token.parts
        ]
        return tree.Interpolated(place, tuple(parts))

    def _hole(self, hole: Hole) -> Node:
        inside = Grammar(hole.tokens, self.gathered, level=self.level)
        value = inside.expression()
        inside.expect_end("The braces of an interpolated string hold one value.")
        return tree.Hole(value.place, value, hole.alignment, hole.format)

    # ---- types ----

    def type_name(self, at: int) -> _TypeName | None:
        """`string`, `System.Guid`, `List<string>`, `int?`, `string[]`, beginning with the token *at*."""
        if self.tokens[min(at, len(self.tokens) - 1)].kind != "name":
            return None
        name, at = self.tokens[at].text, at + 1
        while self.is_at(".", at) and self.tokens[at + 1].kind == "name":
            name, at = self.tokens[at + 1].text, at + 2  # the last part says which: there are no two of one name
        if self.is_at("<", at):
            name, at = f"{name}<>", self._past_type_arguments(at)
            if not at:
                return None
        if self.is_at("?", at):
            name, at = f"{name}?", at + 1
        while self.is_at("[", at) and self.is_at("]", at + 1):
            name, at = f"{name}[]", at + 2
        return _TypeName(name, at)

    def _past_type_arguments(self, at: int) -> int:
        self.level += 1
        found = self.type_name(at + 1) if self.level < MAX_LEVELS else None
        while found is not None and self.is_at(",", found.after):
            found = self.type_name(found.after + 1)
        self.level -= 1
        return found.after + 1 if found is not None and self.is_at(">", found.after) else 0

    # ---- tokens ----

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def is_at(self, operator: str, at: int | None = None) -> bool:
        token = self.tokens[min(self.next if at is None else at, len(self.tokens) - 1)]
        return token.kind == "operator" and token.text == operator

    def is_word(self, *words: str) -> bool:
        return self.token.kind == "name" and self.token.text in words

    def take(self, operator: str) -> bool:
        if not self.is_at(operator):
            return False
        self.next += 1
        return True

    def expect(self, operator: str, because: str) -> None:
        if not self.take(operator):
            if self.is_at("="):
                self.stop_at_token("`=` stores a value, and compares nothing.", "compare with `==`.")
            self.stop_at_token(f"`{operator}` is missing here.", f"write it: {because}.")

    def expect_end(self, what: str) -> None:
        if self.token.kind != "end":
            if self.is_at("="):
                self.stop_at_token("`=` stores a value, and compares nothing.", "compare with `==`.")
            self.stop_at_token(what, "leave out what follows, or join it by an operator.")

    def name(self, missing: str) -> str:
        if self.token.kind != "name":
            self.stop_at_token(missing, "write the name.")
        self.next += 1
        return self.tokens[self.next - 1].text

    def here(self) -> Place:
        return self.gathered.text.at(self.token.at)

    def stop(self, what: str, instead: str) -> NoReturn:
        self.gathered.add(self.here(), what, instead)
        raise NotReadable

    def stop_at_token(self, what: str, instead: str) -> NoReturn:
        """Of what is refused by name, the name says more than what was expected in its place."""
        found = self.token.text
        if self.token.kind == "operator" and found in refused.OPERATORS:
            self.stop(f"`{found}` is not supported.", refused.OPERATORS[found])
        if self.is_word("is"):
            self.stop("`is` is not supported.", refused.OPERATORS["is"])
        self.stop(what, instead)

    def _refuse(self, place: Place, name: str, names: Mapping[str, str]) -> None:
        if name in names:
            self.gathered.add(place, f"`{name}` is not supported in expressions.", names[name])
            raise NotReadable


def _whole(grammar: Grammar, token: Token, place: Place) -> Node:
    value = int(token.text)
    if value > _LARGEST_LONG:
        grammar.gathered.add(place, "This number is larger than a long holds.", "write a smaller one.")
        raise NotReadable
    return tree.Literal(place, value, INT if token.kind == "int" and value <= _LARGEST_INT else LONG)


def _real(grammar: Grammar, token: Token, place: Place) -> Node:
    value = float(token.text)
    if isinf(value):
        grammar.gathered.add(place, "This number is larger than a double holds.", "write a smaller one.")
        raise NotReadable
    return tree.Literal(place, value, DOUBLE)


def _string(grammar: Grammar, token: Token, place: Place) -> Node:
    return tree.Literal(place, token.text, STRING)


def _char(grammar: Grammar, token: Token, place: Place) -> Node:
    return tree.Literal(place, Char(token.text), CHAR)


def _interpolated(grammar: Grammar, token: Token, place: Place) -> Node:
    return grammar.interpolated(token, place)


_LITERALS: Final[Mapping[str, Callable[[Grammar, Token, Place], Node]]] = {
    "int": _whole,
    "long": _whole,
    "double": _real,
    "string": _string,
    "char": _char,
    "interpolated": _interpolated,
}
