"""What a log is filtered by: each field of the form, and the condition it stands for.

What cannot be understood filters nothing, and the form says so.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from attrs import frozen

from entrada.core.directory.ids import parse_guid
from entrada.core.directory.query.condition import Both, Compare, Condition, Op
from entrada.server.web.portal.door import Visitor

Read = Callable[[str], Condition | None]  # None: it cannot be understood


@frozen
class Filter:
    where: Condition
    entered: dict[str, str]  # as typed, by field
    unread: dict[str, str]  # what to change, by field

    @property
    def any(self) -> bool:
        return any(self.entered.values())


@frozen
class Field:
    name: str
    read: Read
    hint: str = ""  # said where it cannot be understood


def filter_of(visitor: Visitor, fields: Iterable[Field]) -> Filter:
    known = list(fields)
    entered = {one.name: visitor.query(one.name)[:200] for one in known}
    conditions: list[Condition] = []
    unread: dict[str, str] = {}
    for one in known:
        text = entered[one.name]
        condition = one.read(text) if text else None
        if condition is not None:
            conditions.append(condition)
        elif text:
            unread[one.name] = one.hint
    return Filter(Both(tuple(conditions)), entered, unread)


def same(field: str) -> Read:
    return lambda text: Compare(field, Op.EQ, text)


def one_of(field: str, values: Iterable[str]) -> Read:
    known = frozenset(values)
    return lambda text: Compare(field, Op.EQ, text) if text in known else None


def guid(field: str) -> Read:
    def read(text: str) -> Condition | None:
        named = parse_guid(text.strip("{}"))
        return Compare(field, Op.EQ, named) if named else None

    return read


def since(field: str) -> Read:
    return lambda text: _when(field, Op.GE, text)


def until(field: str) -> Read:
    return lambda text: _when(field, Op.LE, text)


def _when(field: str, op: Op, text: str) -> Condition | None:
    """As a browser's own field sends it, in UTC; the minute that it names is within."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Compare(field, op, int(moment.timestamp()) + (59 if op is Op.LE else 0))
