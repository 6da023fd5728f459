"""What is heard of one request while it is answered: what it asked, what was decided, whose it is."""

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Final

from attrs import define, field, frozen
from starlette.datastructures import Headers
from starlette.types import Scope

from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace

_LONGEST_AGENT: Final = 300


@frozen(kw_only=True)
class Told:
    """A refusal that is not of the catalogue: Graph's error code, and its sentence."""

    code: str
    message: str
    unauthenticated: bool = False  # its token was good for nothing: 401


@frozen(kw_only=True)
class Decision:
    event: str
    trace: Trace
    refusal: Refusal | None = None
    told: Told | None = None
    facts: dict[str, str] = field(factory=dict[str, str])

    @property
    def granted(self) -> bool:
        return self.refusal is None and self.told is None


@define
class Heard:
    """One for each request, whichever endpoint answers it: a new door is heard without doing anything for it."""

    scope: Scope = field(repr=False)
    asked: dict[str, str] = field(factory=dict[str, str], repr=False)  # secrets travel here
    known: dict[str, str] = field(factory=dict[str, str])
    decisions: list[Decision] = field(factory=list[Decision])

    @property
    def address(self) -> str | None:
        client = self.scope.get("client")
        return client[0] if client else None

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def user_agent(self) -> str:
        return Headers(scope=self.scope).get("user-agent", "")[:_LONGEST_AGENT]

    @property
    def authorization(self) -> str:
        return Headers(scope=self.scope).get("authorization", "")

    def refusals(self) -> Iterator[Refusal]:
        return (one.refusal for one in self.decisions if one.refusal is not None)

    def is_unauthenticated(self) -> bool:
        """A token was guessed, as a password may be."""
        return any(one.told is not None and one.told.unauthenticated for one in self.decisions)


now_heard: Final[ContextVar[Heard | None]] = ContextVar("what is heard of the request that is answered", default=None)


def hear_asked(pairs: Iterable[tuple[str, str]]) -> None:
    """The parameters of this request, by whoever reads them; what is secret among them is masked before it is kept."""
    heard = now_heard.get()
    if heard is not None:
        heard.asked.update(pairs)


def hear_known(**facts: str | None) -> None:
    """Whose this request is, by whoever finds out: tenant, user, client.  Whatever is decided then says so."""
    heard = now_heard.get()
    if heard is not None:
        heard.known.update({name: value for name, value in facts.items() if value})
