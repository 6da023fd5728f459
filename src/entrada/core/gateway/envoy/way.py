"""One way through an operation's policies: the conditions under which it is gone, and what becomes of the request."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import evolve, field, frozen

from entrada.core.gateway.elements.kind import INBOUND
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.envoy.checks import Check
from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.envoy.wire import Json
from entrada.core.gateway.exchange import Address, Request, Response
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.passage import Passage

if TYPE_CHECKING:
    from entrada.core.gateway.plan import Plan


@frozen
class Set:
    """To what this format gives."""

    formatted: str


@frozen
class SetWhereAbsent:
    formatted: str


@frozen
class Removed:
    pass


Change: TypeAlias = Set | SetWhereAbsent | Removed


@frozen
class TokenOf:
    """A variable that holds a verified token, kept by Envoy under this name."""

    token: str


@frozen(kw_only=True)
class Asked:
    timeout: float


@frozen(kw_only=True)
class Answered:
    response: Response
    refused: bool


@frozen(kw_only=True)
class Way:
    api: Api
    operation: Operation
    product: Product | None
    plan: "Plan"
    facts: Facts = field(repr=False)  # those that no request changes: providers, authority
    service: Address | None
    section: str = INBOUND
    conditions: tuple[Json, ...] = field(default=(), repr=False)  # on header lines
    said: tuple[Json, ...] = ()  # by tokens
    checks: tuple[Check, ...] = ()
    sole_query: str | None = None  # the query is this parameter alone, which is not sent on
    path: str | None = None  # behind that of the service, as `rewrite-uri` writes it
    added_query: tuple[str, ...] = ()  # to a request without any
    changes: Mapping[str, Change] = field(factory=dict[str, Change])  # of header lines, by lower case names
    copied: frozenset[str] = frozenset()  # header lines that others are written by
    on_response: tuple[tuple[str, Change], ...] = ()
    cors: Headers | None = None  # what `cors` adds to every answer, as formats; None: no such policy
    variables: Mapping[str, object] = field(factory=dict[str, object])
    end: Asked | Answered | None = None

    def where(self, *conditions: Json) -> "Way":
        return evolve(self, conditions=(*self.conditions, *conditions))

    def checked(self, *checks: Check) -> "Way":
        return evolve(self, checks=(*self.checks, *checks))

    def saying(self, *said: Json) -> "Way":
        return evolve(self, said=(*self.said, *said))

    def answered(self, response: Response, *, refused: bool) -> "Way":
        return evolve(self, end=Answered(response=response, refused=refused))

    def untouched(self, name: str) -> str:
        """*name* of a header as the caller sends it.  Raises NotNative."""
        lower = name.lower()
        if is_reserved(lower):
            raise NotNative(f"the header {name} is looked after by the proxy itself")
        if lower in self.changes:
            raise NotNative(f"the header {name} is looked at after it was changed")
        return lower

    def stand_in(self, headers: Headers = ()) -> Passage:
        """An exchange of which only what is known beforehand is true: static parts of policies are run on it."""
        url = Address(scheme="https", host="", port=0, path="/")
        request = Request(method=self.operation.method, url=url, headers=headers, client_address="")
        return Passage(
            original=request,
            request=request,
            facts=self.facts,
            api=self.api,
            operation=self.operation,
            parameters={},
            product=self.product,
            service=self.service,
            plan=self.plan,
            section=self.section,
            variables={name: one for name, one in self.variables.items() if not isinstance(one, TokenOf)},
        )


def is_reserved(name: str) -> bool:
    """Whether the proxy writes the header *name* (in lower case) itself, or never sends it on."""
    return name in _RESERVED or name.startswith(("x-envoy-", "x-entrada-", "x-forwarded-")) or "_" in name


_RESERVED: Final = frozenset(
    {
        "connection", "content-length", "expect", "forwarded", "host", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "via", "x-real-ip",
    }
)  # fmt: skip
