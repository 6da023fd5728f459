"""The whole platform in one process, on a store in memory and a clock that stands still: for tests."""

import os
from collections.abc import Callable
from importlib.resources import files

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import VerificationError
from attrs import define, field, frozen
from starlette.types import ASGIApp

from entrada.core.directory.ids import TenantId
from entrada.core.jose.jwk_set import KeySet
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.sealing.keyring import Keyring
from entrada.core.sealing.keys import KEY_BYTES, MasterKey
from entrada.server.app import Exposure, application
from entrada.server.egress.fetch import Egress
from entrada.server.store.port import Store
from entrada.server.usecases import rotate_keys
from entrada.server.usecases.apply_directory import FileRefused, plan_directory
from entrada.server.usecases.installation import GatewayPlace, Installation, WayOut
from entrada.server.usecases.settle_credentials import Credentials
from entrada.server.usecases.signing_keys import SigningKeys
from entrada.testing.watched_store import WatchedStore

ORIGIN = "https://localhost:8443"
GATEWAY_ORIGIN = "https://localhost:8444"
COLORS = "c0105000-0000-4000-8000-000000000001"
START = NumericDate(1_800_000_000)


@define
class FakeClock:
    """Stands still until told."""

    now: NumericDate = START

    def __call__(self) -> NumericDate:
        return self.now

    def advance(self, seconds: int) -> None:
        self.now = NumericDate(self.now + seconds)


class WeakHasher:
    """Argon2id at its smallest: tests sign in often, and guard nothing.  It counts its work."""

    def __init__(self) -> None:
        self._argon2 = Argon2(time_cost=1, memory_cost=8, parallelism=1)
        self._dummy = self._argon2.hash("nobody's")
        self.verified = 0

    async def hash(self, password: str) -> str:
        return self._argon2.hash(password)

    async def verify(self, hashed: str | None, password: str) -> bool:
        self.verified += 1
        try:
            self._argon2.verify(hashed or self._dummy, password)
        except VerificationError:
            return False
        return hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        return self._argon2.check_needs_rehash(hashed)


@define
class FakeIssuers:
    """External issuers that publish what a test says, by issuer; the others cannot be reached."""

    published: dict[str, KeySet] = field(factory=dict[str, KeySet])

    async def keys(self, issuer: str, kid: str | None) -> KeySet | None:
        return self.published.get(issuer)


@frozen
class Platform:
    """An installation with the development directory in it, its ASGI application, and its clock."""

    here: Installation
    app: ASGIApp
    clock: FakeClock = field(factory=FakeClock)
    issuers: FakeIssuers = field(factory=FakeIssuers)


async def platform(
    store: Store | None = None,
    *,
    origin: str = ORIGIN,
    entropy: Callable[[int], bytes] = os.urandom,
    keys: Store | None = None,
    egress: WayOut | None = None,
) -> Platform:
    """A platform of one's own.  *keys* is a store to copy signing keys from: making RSA keys takes half a second.

    The copied keys open only under the same master key, so all platforms of one process share theirs.
    """
    clock, chosen, issuers = FakeClock(), store or WatchedStore(), FakeIssuers()
    keyring = Keyring(_MASTER)
    here = Installation(
        origin=origin,
        development=True,
        store=chosen,
        keyring=keyring,
        signing_keys=SigningKeys(chosen, keyring),
        clock=clock,
        entropy=entropy,
        hasher=WeakHasher(),
        external_issuers=issuers,
        gateway=GatewayPlace(tenant_id=TenantId(COLORS), origin=GATEWAY_ORIGIN),
        egress=egress or Egress(),
    )
    await _fill(here)
    await _give_keys(here, keys)
    return Platform(here, application(here, Exposure(("localhost",))), clock, issuers)


_MASTER = MasterKey(os.urandom(KEY_BYTES))


async def _fill(here: Installation) -> None:
    text = files("entrada.server").joinpath("development.yaml").read_text(encoding="utf-8")
    credentials = Credentials(
        hash_password=here.hasher.hash,
        verify_password=lambda password, hashed: here.hasher.verify(hashed, password),
    )
    plan = await plan_directory(text, here.store, here.clock(), credentials)
    if isinstance(plan, FileRefused):
        raise AssertionError(plan.faults)  # noqa: TRY004 - the packaged file is broken, no argument is
    await here.store.commit(plan.effects)  # without rows in the audit log, which tests find empty


async def _give_keys(here: Installation, keys: Store | None) -> None:
    if keys is not None:
        await rotate_keys.copy(here, await keys.list_signing_keys())
    await rotate_keys.ensure(here)
