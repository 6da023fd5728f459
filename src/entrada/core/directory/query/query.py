"""One page of a collection: which objects, in which order, from where, how many."""

from typing import Generic, TypeVar

from attrs import frozen

from entrada.core.directory.query.condition import EVERYTHING, Condition, Value

T = TypeVar("T")
MOST = 999
"""Objects in a page, as at Graph."""


@frozen
class Order:
    """By one field; equal ones follow in order of id, in the same direction."""

    field: str
    descending: bool = False


@frozen
class After:
    """Where the page before ended: its last object's value of the order's field, and its id."""

    value: Value
    id: str


@frozen(kw_only=True)
class Query:
    where: Condition = EVERYTHING
    order: Order | None = None  # None: in order of id
    after: After | None = None
    top: int = 100
    count: bool = False


@frozen
class Page(Generic[T]):
    items: tuple[T, ...]
    more: After | None  # None: there are no more
    count: int | None = None  # of everything the condition holds for, when it was asked
