"""One running installation, as the use cases see it: its name, its store, its keys, its clock, its dice."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from attrs import Factory, field, frozen

from entrada.core.directory.ids import ANY_TENANT, TenantId
from entrada.core.directory.time_ordered_id import DICE, time_ordered_id
from entrada.core.jose.jwk_set import KeySet
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.sealing.envelope import NONCE_BYTES
from entrada.core.sealing.keyring import Keyring, Opened
from entrada.server.egress.answers import Fetched, Sent
from entrada.server.egress.fetch import Egress, Headers
from entrada.server.store.port import Store
from entrada.server.usecases.journal import Journal
from entrada.server.usecases.lately import Counted
from entrada.server.usecases.signing_keys import SigningKeys


class TooBusy(Exception):
    """More people sign in at this moment than can be served; try again shortly."""


class PasswordHasher(Protocol):
    """Argon2id, off the event loop; its methods raise TooBusy rather than let a queue grow without end."""

    async def hash(self, password: str) -> str: ...

    async def verify(self, hashed: str | None, password: str) -> bool:
        """False without a hash too, after as much work: who exists must not show in how long the answer takes."""
        ...

    def is_outdated(self, hashed: str) -> bool: ...


class ExternalIssuers(Protocol):
    """What other identity providers publish, fetched through the one guarded way out, and remembered for a while."""

    async def keys(self, issuer: str, kid: str | None) -> KeySet | None:
        """The signing keys of *issuer*, which a registration names; None when it cannot be asked.

        *kid* is the key that is looked for: for one that is not known the issuer is asked again, now and then.
        """
        ...


class WayOut(Protocol):
    """The one guarded way out: its methods raise NotFetched."""

    async def fetch_json(self, url: str) -> dict[str, object]: ...

    async def fetch_text(self, url: str) -> Fetched: ...

    async def send(self, method: str, url: str, headers: Headers = (), body: bytes = b"") -> Sent: ...


class Counting:
    """How many ids were made in the millisecond."""

    def __init__(self) -> None:
        self._milliseconds = 0
        self._made = 0

    def count(self, milliseconds: int) -> int:
        self._made = self._made + 1 if milliseconds == self._milliseconds else 0
        self._milliseconds = milliseconds
        return self._made


@frozen(kw_only=True)
class GatewayPlace:
    """Where the API gateway of the installation is, and whose directory holds its configuration."""

    tenant_id: TenantId
    origin: str  # https://host[:port], no slash


@frozen(kw_only=True)
class Installation:
    origin: str  # https://host[:port], no slash; from settings, never from a request
    development: bool
    store: Store
    keyring: Keyring = field(repr=False)
    signing_keys: SigningKeys = field(repr=False)
    clock: Callable[[], NumericDate]
    milliseconds: Callable[[], int] = field(  # of the same clock, for the order of what happens within a second
        default=Factory(lambda self: lambda: self.clock() * 1000, takes_self=True), repr=False
    )
    entropy: Callable[[int], bytes]
    hasher: PasswordHasher
    external_issuers: ExternalIssuers
    gateway: GatewayPlace | None = None  # None: this installation has none
    egress: WayOut = field(factory=Egress, repr=False)
    counted: Counted = field(factory=Counted, repr=False)
    journal: Journal = field(factory=Journal, repr=False)
    _ids: Counting = field(factory=Counting, repr=False)
    turn: asyncio.Lock = field(factory=asyncio.Lock, repr=False)  # of administrators who look a second time

    def new_id(self) -> str:
        """A GUID in order of time; of one process also within a millisecond."""
        milliseconds = self.milliseconds()
        return time_ordered_id(milliseconds, self._ids.count(milliseconds), self.entropy(DICE))

    def seal(self, payload: bytes, *, purpose: str, tenant: str = ANY_TENANT) -> str:
        nonce = self.entropy(NONCE_BYTES)
        return self.keyring.seal(payload, purpose=purpose, tenant=tenant, now=self.clock(), nonce=nonce)

    def open(
        self, artefact: str, *, purpose: str, lifetime: Seconds, max_length: int = purposes.MAX_ARTEFACT
    ) -> Opened:
        """Raises NotSealed."""
        return self.keyring.open(artefact, purpose=purpose, now=self.clock(), lifetime=lifetime, max_length=max_length)

    def pairwise_key(self, tenant_id: TenantId) -> bytes:
        return self.keyring.lasting_key(purpose=purposes.PAIRWISE_SUBJECT, tenant=tenant_id)
