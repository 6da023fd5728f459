"""Whether a condition holds for an object, in plain Python: what the stores' own ways must agree with."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.query.condition import AnyElement, Both, Compare, Condition, Either, Not, Op, Value
from entrada.core.directory.query.fields import SEPARATOR, Field, Type, field_of, folded, words

_INTEGERS: Final = range(-(2**63), 2**63)  # what a database takes
_ORDERS: Final[Mapping[Op, Callable[[Any, Any], bool]]] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}
_TEXT_TESTS: Final[Mapping[Op, Callable[[str, str], bool]]] = {
    Op.STARTS_WITH: str.startswith,
    Op.ENDS_WITH: str.endswith,
    Op.CONTAINS: str.__contains__,
}


@frozen
class Subject:
    """An object, and the application that a service principal has its name from."""

    kind: type[Any]
    it: object
    application: Application | None = None

    def source(self, field: Field) -> object:
        return self.application if field.of_application else self.it

    def value(self, field: Field) -> Value:
        source = self.source(field)
        return None if source is None else field.value(source)


def holds(condition: Condition, subject: Subject) -> bool:
    match condition:
        case Both(parts):
            return all(holds(part, subject) for part in parts)
        case Either(parts):
            return any(holds(part, subject) for part in parts)
        case Not(part):
            return not holds(part, subject)
        case Compare():
            return _compares(condition, subject)
        case AnyElement():
            return _has(condition, subject)


def fits(field: Field, value: Value) -> bool:
    """Whether any object could have *value*: it is of the field's type, and text that can be kept."""
    if isinstance(value, bool):
        return field.type is Type.FLAG
    if isinstance(value, int):
        return field.type is Type.NUMBER and value in _INTEGERS
    return value is None or (field.type in {Type.TEXT, Type.COLLECTION} and _can_be_kept(value))


def _can_be_kept(text: str) -> bool:
    """No text of ours holds NUL, half a surrogate pair, or what stands between a collection's elements."""
    return not any(one in {"\0", SEPARATOR} or "\ud800" <= one <= "\udfff" for one in text)


def _compares(asked: Compare, subject: Subject) -> bool:
    field = field_of(subject.kind, asked.field)
    if field.type is Type.COLLECTION:
        raise ValueError(f"{field.name} is a collection: ask for one of its elements")
    if asked.op is Op.SEARCH:
        return _searches(field, asked.value, subject)
    known, sought = subject.value(field), asked.value
    sought = folded(sought) if isinstance(sought, str) else sought
    if asked.op in {Op.EQ, Op.NE}:
        same = fits(field, asked.value) and known == sought
        return same is (asked.op is Op.EQ)
    return _tells(asked.op, known, sought) if fits(field, asked.value) else False


def _tells(op: Op, known: Value, sought: Value) -> bool:
    if known is None or sought is None:
        return False
    if op in _ORDERS:
        return not isinstance(sought, bool) and _ORDERS[op](known, sought)
    return isinstance(known, str) and isinstance(sought, str) and _TEXT_TESTS[op](known, sought)


def _searches(field: Field, value: Value, subject: Subject) -> bool:
    if not field.may_search:
        raise ValueError(f"{field.name} is not searched")
    source = subject.source(field)
    if source is None or not isinstance(value, str) or not fits(field, value) or subject.value(field) is None:
        return False
    known = field.words(source)
    return all(any(word.startswith(sought) for word in known) for sought in words(value))


def _has(asked: AnyElement, subject: Subject) -> bool:
    field, sought = field_of(subject.kind, asked.field), asked.value
    source = subject.source(field)
    if source is None or not isinstance(sought, str) or not fits(field, sought):
        return False
    test, sought = element_test(asked.op), folded(sought)
    return any(test(element, sought) for element in field.elements(source))


def element_test(op: Op) -> Callable[[str, str], bool]:
    """An element is the same, begins, ends, or contains; no collection is asked for what it has not, or by order."""
    if op not in ELEMENT_OPS:
        raise ValueError(f"a collection's elements are not compared by {op}")
    return str.__eq__ if op is Op.EQ else _TEXT_TESTS[op]


ELEMENT_OPS: Final = frozenset({Op.EQ, *_TEXT_TESTS})
