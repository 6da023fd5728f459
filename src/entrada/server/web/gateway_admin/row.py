"""One row of the table of everything that the gateway's admin API answers."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from attrs import field, frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.server.usecases.installation import Installation
from entrada.server.web.by_token.asked import Json


@frozen(kw_only=True)
class Call:
    here: Installation
    actor: Actor
    keys: Mapping[str, str]  # what stands in the path
    query: Mapping[str, str]
    members: Json = field(repr=False)  # the body
    seen: int | None  # the version the caller saw: If-Match

    @property
    def id(self) -> str:
        return self.keys["id"]


@frozen(kw_only=True)
class One:
    """One object.  *version* is that of what is stored; None: it has none of its own."""

    members: Json = field(repr=False)
    version: int | None = None
    made: bool = False


@frozen
class Some:
    items: tuple[Json, ...] = field(repr=False)


@frozen
class Done:
    """There is nothing to say."""


Reply: TypeAlias = One | Some | Done | Problem
Handle: TypeAlias = Callable[[Call], Awaitable[Reply]]


@frozen(kw_only=True)
class Row:
    method: str
    path: str  # after /gateway/v1: /apis/{id}
    permission: Operation
    words: str
    handle: Handle
    query: Mapping[str, str] = field(factory=dict[str, str])  # what may be asked, and what it means
    takes: bool = False
