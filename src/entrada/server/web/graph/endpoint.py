"""One row of the table of everything Graph answers here.

Routes, the OpenAPI description, `$metadata` and the reference page are all made from these rows.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from attrs import field, frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.query.odata_options import Asks, Options
from entrada.core.directory.query.odata_property import Property
from entrada.core.directory.query.query import Query
from entrada.server.usecases.installation import Installation
from entrada.server.web.graph.replies import Json, Reply
from entrada.server.web.graph.shape import Complex, Entity


@frozen(kw_only=True)
class Call:
    """A request that fits its row: what the handler needs to know of it."""

    here: Installation
    actor: Actor
    keys: Mapping[str, str]  # what stands in the path
    options: Options
    query: Query  # of a collection
    members: Json  # the body
    seen: int | None  # the version the caller saw: If-Match
    prefers: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        return self.keys["id"]


Handle = Callable[[Call], Awaitable[Reply]]
Expand = Callable[[Call, str], Awaitable[tuple[Json, ...] | Problem]]
"""The objects that hang on the one with this id."""


@frozen(kw_only=True)
class Resource:
    """Objects of one kind, as requests ask for them and answers show them."""

    set: str  # as contexts name it: applications
    entity: Entity
    known: Mapping[str, Property] = field(factory=dict[str, Property])
    usual: tuple[str, ...] = ()  # what is told unasked; nothing here: everything
    expands: Mapping[str, Expand] = field(factory=dict[str, Expand])
    more: frozenset[str] = frozenset()  # members that only some of the objects have
    eventual: bool = True

    @property
    def asks(self) -> Asks:
        members = frozenset(self.entity.members) | self.more
        return Asks(known=self.known, members=members, expands=frozenset(self.expands), eventual=self.eventual)


class Gives(StrEnum):
    ONE = "one object"
    PAGE = "a page of objects"
    COUNT = "how many, as text"
    VALUE = "a value"
    NOTHING = "nothing"


@frozen(kw_only=True)
class Endpoint:
    method: str
    path: str  # after /v1.0: /applications/{id}
    operation: Operation
    words: str
    handle: Handle
    gives: Gives
    resource: Resource | None = None  # of what it gives
    value: Complex | None = None  # what it gives, where that is no resource
    takes: Complex | None = None  # what the body is, where there is one
    takes_entity: Entity | None = None
    made: bool = False  # 201
    own: bool = False  # of the signed-in user alone: `me`

    @property
    def asks(self) -> Asks:
        return self.resource.asks if self.resource else Asks()

    @property
    def takes_body(self) -> bool:
        return self.takes is not None or self.takes_entity is not None
