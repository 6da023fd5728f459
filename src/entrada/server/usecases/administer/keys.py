"""The keys that sign tokens, as an administrator sees them: list them, and let the next one sign.  Design section 5.

One key set serves every tenant.  So a tenant's administrator may rotate when it does nobody any harm, which is once the
next key has been published for a day; not to wait for that is left to whoever runs the installation.
"""

from collections.abc import Iterable

from attrs import frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, denied
from entrada.core.jose import key_rotation
from entrada.core.jose.key_rotation import TooSoon
from entrada.core.jose.numeric_date import NumericDate, as_datetime
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.server.usecases import rotate_keys
from entrada.server.usecases.audited_rotation import KeyState
from entrada.server.usecases.installation import Installation


@frozen(kw_only=True)
class KeyRow:
    """A key without what is secret of it."""

    kid: str
    sequence: int
    state: KeyState
    published_at: NumericDate
    may_sign_from: NumericDate  # everybody who checks tokens knows it by then
    signs_from: NumericDate | None
    retired_at: NumericDate | None
    forgotten_at: NumericDate | None


async def list_keys(here: Installation, actor: Actor) -> tuple[KeyRow, ...] | Problem:
    """Oldest first."""
    refused = may(actor, Operation.READ_KEYS)
    if refused is not None:
        return refused
    records = await here.store.list_signing_keys()
    return tuple(_row(one, records, here.clock()) for one in records)


async def rotate_signing_keys(here: Installation, actor: Actor, *, at_once: bool = False) -> KeyRow | Problem:
    """The key that signs from now on; *at_once*, whether or not everybody knows it yet."""
    refused = may(actor, Operation.ROTATE_KEYS) or _refuse_haste(actor, at_once=at_once)
    if refused is not None:
        return refused

    rotated = await rotate_keys.rotate(here, actor, at_once=at_once)
    if isinstance(rotated, TooSoon):
        return _too_soon(rotated)
    return _row(rotated, await here.store.list_signing_keys(), here.clock())


def _refuse_haste(actor: Actor, *, at_once: bool) -> Problem | None:
    if actor.operator or not at_once:
        return None
    return denied(
        "Insufficient privileges to rotate signing keys before the next one is known everywhere: every tenant's tokens "
        "would be refused for up to a day. Whoever runs the installation may: entrada keys rotate --now."
    )


def _too_soon(rotated: TooSoon) -> Problem:
    return Problem(
        status=409,
        code="Request_TooSoon",
        message=f"The next key may sign from {as_datetime(rotated.ready_at):%Y-%m-%d %H:%M} UTC, once it has been "
        "published for a day: until then, those who check tokens may not know it yet.",
    )


def _row(one: SigningKeyRecord, records: Iterable[SigningKeyRecord], now: NumericDate) -> KeyRow:
    return KeyRow(
        kid=one.kid,
        sequence=one.sequence,
        state=_state(one, records, now),
        published_at=one.published_at,
        may_sign_from=NumericDate(one.published_at + key_rotation.PUBLISHED_BEFORE_SIGNING),
        signs_from=one.signs_from,
        retired_at=one.retired_at,
        forgotten_at=one.forgotten_at,
    )


def _state(one: SigningKeyRecord, records: Iterable[SigningKeyRecord], now: NumericDate) -> KeyState:
    if one.signs_from is None:
        return KeyState.NEXT
    return KeyState.SIGNING if key_rotation.signer(records, now) == one else KeyState.RETIRED
