"""Make the first signing keys, rotate them, forget the old.  Two replicas never both rotate: the store sees to it."""

from asyncio import to_thread
from collections.abc import Iterable
from typing import Final

from attrs import evolve
from cryptography.hazmat.primitives.asymmetric import rsa

from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.ids import ANY_TENANT
from entrada.core.jose import key_rotation
from entrada.core.jose.certificate import self_signed
from entrada.core.jose.key import SigningKey
from entrada.core.jose.key_rotation import TooSoon
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.effects import AddSigningKey, Effect, RemoveSigningKey, ReplaceSigningKey
from entrada.core.sealing.envelope import NONCE_BYTES
from entrada.server.usecases.audited import operator
from entrada.server.usecases.audited_rotation import told_rotation
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.signing_keys import seal_key

KEY_SIZE: Final = 2048
_FIVE_YEARS: Final = 5 * 365 * 24 * 60 * 60
_SERIAL_BYTES: Final = 16


async def ensure(here: Installation) -> None:
    """Two keys on a new installation: one that signs at once, and the next."""
    if await here.store.list_signing_keys():
        return
    now = here.clock()
    first, second = await _new_record(here, 1), await _new_record(here, 2)
    # Another replica that starts at the same moment may win; then its keys are ours.
    await here.store.commit((AddSigningKey(evolve(first, signs_from=now)), AddSigningKey(second)))
    here.signing_keys.forget()


async def copy(here: Installation, records: Iterable[SigningKeyRecord]) -> None:
    """Take over the keys of an installation that has the same master key."""
    await here.store.commit([AddSigningKey(record) for record in records])
    here.signing_keys.forget()


async def rotate(here: Installation, by: Actor, *, at_once: bool) -> SigningKeyRecord | TooSoon:
    """The key that signs from now on.  The audit log tells of it, if the rotation is ours."""
    records = await here.store.list_signing_keys()
    decision = key_rotation.rotate(records, here.clock(), at_once=at_once)
    if isinstance(decision, TooSoon):
        return decision
    following = await _new_record(here, decision.promoted[1].sequence + 1)
    effects: tuple[Effect, ...] = (
        ReplaceSigningKey(*decision.promoted),
        ReplaceSigningKey(*decision.retired),
        AddSigningKey(following),
        told_rotation(here, by, decision),
    )
    if not await here.store.commit(effects):
        # Another replica rotated between our look and our commit: once is enough.
        records = await here.store.list_signing_keys()
        return next(one for one in records if one.sequence == decision.promoted[1].sequence)
    here.signing_keys.forget()
    return decision.promoted[1]


async def tend(here: Installation) -> None:
    """What time asks for: rotate when due, forget what nothing needs any more."""
    records, now = await here.store.list_signing_keys(), here.clock()
    if key_rotation.is_due(records, now):
        await rotate(here, operator(here, ANY_TENANT, Via.CLOCK), at_once=False)
    gone = key_rotation.forgotten(records, now)
    if gone:
        await here.store.commit([RemoveSigningKey(one.sequence) for one in gone])
        here.signing_keys.forget()


async def _new_record(here: Installation, sequence: int) -> SigningKeyRecord:
    now = here.clock()
    key = await to_thread(_generate, now, int.from_bytes(here.entropy(_SERIAL_BYTES), "big") >> 1 | 1)
    sealed = seal_key(here.keyring, key, now, here.entropy(NONCE_BYTES))
    return SigningKeyRecord(sequence=sequence, kid=key.kid, sealed=sealed, published_at=now)


def _generate(now: NumericDate, serial_number: int) -> SigningKey:
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_SIZE)
    until = NumericDate(now + _FIVE_YEARS)
    certificate = self_signed(private_key, "entrada token signing", now, until, serial_number)
    return SigningKey.certified(private_key, certificate)
