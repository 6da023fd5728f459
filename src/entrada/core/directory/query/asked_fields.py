"""By which fields a query asks: an answer tells of them, also where it does not show them."""

from collections.abc import Iterator

from entrada.core.directory.query.condition import Both, Condition, Either, Not
from entrada.core.directory.query.query import Query


def asked_fields(query: Query) -> frozenset[str]:
    order = (query.order.field,) if query.order is not None else ()
    return frozenset((*order, *_fields(query.where)))


def _fields(condition: Condition) -> Iterator[str]:
    match condition:
        case Both(parts) | Either(parts):
            for part in parts:
                yield from _fields(part)
        case Not(part):
            yield from _fields(part)
        case _:
            yield condition.field
