"""Seal and open artefacts by purpose and tenant; which key that takes, and for how long, is settled here."""

from functools import lru_cache
from typing import Final

from attrs import field, frozen

from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.sealing import envelope
from entrada.core.sealing.envelope import Epoch, Heading, NotSealed
from entrada.core.sealing.keys import MasterKey, derive, epoch_of, synthetic_nonce

CLOCK_SKEW: Final = Seconds(60)  # replicas' clocks differ: at midnight one may seal for a day the other is not in yet


@frozen
class Opened:
    tenant: str
    payload: bytes = field(repr=False)


@frozen
class Keyring:
    master: MasterKey

    def seal(self, payload: bytes, *, purpose: str, tenant: str, now: NumericDate, nonce: bytes) -> str:
        """*nonce*: 12 random bytes, fresh for each call."""
        heading = Heading(epoch_of(now), tenant)
        key = _key(self.master, purpose, tenant, heading.epoch)
        return envelope.seal(payload, purpose=purpose, heading=heading, key=key, nonce=nonce)

    def seal_deterministic(self, payload: bytes, *, purpose: str, tenant: str, at: NumericDate) -> str:
        """The same payload on the same day gives the same text, on every replica.

        So a payload must hold something unique, or equal texts show that two artefacts say the same.
        """
        heading = Heading(epoch_of(at), tenant)
        key = _key(self.master, purpose, tenant, heading.epoch)
        nonce = synthetic_nonce(key, payload)
        return envelope.seal(payload, purpose=purpose, heading=heading, key=key, nonce=nonce)

    def open(self, artefact: str, *, purpose: str, now: NumericDate, lifetime: Seconds, max_length: int) -> Opened:
        """Raise NotSealed for what is not ours, not for *purpose*, or sealed on a day too far back (or still to come).

        Days are coarse: an artefact that must end on the second says so in its payload.
        """
        heading = envelope.read_heading(artefact)
        if not _oldest(now, lifetime) <= heading.epoch <= epoch_of(NumericDate(now + CLOCK_SKEW)):
            raise NotSealed
        key = _key(self.master, purpose, heading.tenant, heading.epoch)
        return Opened(heading.tenant, envelope.open_(artefact, purpose=purpose, key=key, max_length=max_length))

    def lasting_key(self, *, purpose: str, tenant: str) -> bytes:
        """A key that never rotates, for what must come out the same for ever, as pairwise subjects."""
        return _key(self.master, purpose, tenant, None)


def _oldest(now: NumericDate, lifetime: Seconds) -> Epoch:
    return epoch_of(NumericDate(now - lifetime))


@lru_cache(maxsize=1024)  # bounded: the tenant and day of an envelope are the sender's word until it has opened
def _key(master: MasterKey, purpose: str, tenant: str, epoch: Epoch | None) -> bytes:
    return derive(master, purpose=purpose, tenant=tenant, epoch=epoch)
