"""What a handler answers with, before it is dressed as Graph dresses it."""

from collections.abc import Mapping

from attrs import frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.query.query import After

Json = Mapping[str, object]


@frozen(kw_only=True)
class One:
    """One object.  *version* is that of what is stored; None: it has none of its own."""

    members: Json
    version: int | None = None
    made: bool = False
    changed: bool = False


@frozen(kw_only=True)
class Some:
    """A page of a collection."""

    items: tuple[Json, ...]
    more: After | None = None
    count: int | None = None


@frozen
class Plain:
    """A value that is no object of the directory, with the type its context names."""

    type: str
    members: Json


@frozen
class Text:
    text: str


@frozen
class Done:
    """There is nothing to say."""


Reply = One | Some | Plain | Text | Done | Problem
