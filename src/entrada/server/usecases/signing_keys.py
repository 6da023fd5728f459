"""The installation's signing keys, opened once and looked at again every few seconds.  Design section 5."""

from asyncio import Future, ensure_future, shield
from typing import Final

from entrada.core.directory.ids import ANY_TENANT
from entrada.core.jose import compact, key_rotation
from entrada.core.jose.compact import VerifiedClaims
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.key import SigningKey, VerificationKey
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.artefacts import purposes
from entrada.core.sealing.keyring import Keyring
from entrada.server.store.port import Store

LOOK_AGAIN: Final = Seconds(5)  # a rotation elsewhere is seen within this time; the next key is known long before
_SEALED_FOR: Final = Seconds(100 * 365 * 24 * 60 * 60)  # keys are sealed at rest for as long as they are kept
_MAX_SEALED: Final = 16_384
_SEPARATOR: Final = b"\n%%\n"


class NoSigningKey(Exception):
    """The installation has no key yet: `rotate_keys.ensure` makes the first ones."""


class SigningKeys:
    def __init__(self, store: Store, keyring: Keyring) -> None:
        self._store, self._keyring = store, keyring
        self._opened: dict[str, SigningKey] = {}
        self._records: tuple[SigningKeyRecord, ...] = ()
        self._verification_keys: dict[str, VerificationKey] = {}
        self._looked_at = NumericDate(0)
        self._forgotten = 0
        self._looking: Future[tuple[SigningKeyRecord, ...]] | None = None

    async def verify(self, token: str, now: NumericDate) -> VerifiedClaims:
        """A token of ours; raises InvalidToken.  An unknown key is looked for once a second at the most."""
        await self._current(now)
        try:
            return compact.verify(token, self._verification_keys)
        except InvalidToken as error:
            if error.reason is not Flaw.UNKNOWN_KEY or abs(now - self._looked_at) < 1:
                raise
        self.forget()
        await self._current(now)
        return compact.verify(token, self._verification_keys)

    async def signer(self, now: NumericDate) -> SigningKey:
        """Raises NoSigningKey."""
        record = key_rotation.signer(await self._current(now), now)
        if record is None:
            raise NoSigningKey
        return self._opened[record.kid]

    async def published(self, now: NumericDate) -> tuple[SigningKey, ...]:
        return tuple(self._opened[one.kid] for one in key_rotation.published(await self._current(now), now))

    def forget(self) -> None:
        """Look again at the next question; a look under way may have seen the keys as they were."""
        self._looked_at = NumericDate(0)
        self._forgotten += 1

    async def _current(self, now: NumericDate) -> tuple[SigningKeyRecord, ...]:
        if self._records and abs(now - self._looked_at) < LOOK_AGAIN:
            return self._records
        if self._looking is None:
            self._looking = ensure_future(self._look(now))
            self._looking.add_done_callback(self._looked)
        # One look however many requests wait for it; who is cancelled meanwhile does not cancel it for the others.
        return await shield(self._looking)

    async def _look(self, now: NumericDate) -> tuple[SigningKeyRecord, ...]:
        forgotten = self._forgotten
        records = await self._store.list_signing_keys()
        self._opened = {one.kid: self._opened.get(one.kid) or self._open(one, now) for one in records}
        still = key_rotation.published(records, now)
        self._verification_keys = {one.kid: self._opened[one.kid].verification_key for one in still}
        self._records, self._looked_at = records, now if forgotten == self._forgotten else NumericDate(0)
        return records

    def _looked(self, look: "Future[tuple[SigningKeyRecord, ...]]") -> None:
        self._looking = None
        if not look.cancelled():
            look.exception()  # those who wait raise it; here it only counts as seen

    def _open(self, record: SigningKeyRecord, now: NumericDate) -> SigningKey:
        opened = self._keyring.open(
            record.sealed, purpose=purposes.SIGNING_KEY, now=now, lifetime=_SEALED_FOR, max_length=_MAX_SEALED
        )
        private_key, _, certificate = opened.payload.partition(_SEPARATOR)
        return SigningKey.from_pem(private_key, certificate)


def seal_key(keyring: Keyring, key: SigningKey, now: NumericDate, nonce: bytes) -> str:
    """A key's text for its record."""
    payload = _SEPARATOR.join(key.to_pem())
    return keyring.seal(payload, purpose=purposes.SIGNING_KEY, tenant=ANY_TENANT, now=now, nonce=nonce)
