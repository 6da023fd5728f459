"""Which signing key is published, which signs, and what a rotation changes.  Design section 5; reference section 8.

There is always a *next* key that is published and has never signed, so that every validator knows a key before the
first token it signs.
"""

from collections.abc import Iterable

from attrs import evolve, frozen

from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.jose.signing_key_record import SigningKeyRecord

PUBLISHED_BEFORE_SIGNING = Seconds(24 * 60 * 60)  # validators cache keys for a day
ROTATE_AFTER = Seconds(90 * 24 * 60 * 60)
KEPT_AFTER_SIGNING = Seconds(2 * 60 * 60)  # the longest token, plus skew


def published(records: Iterable[SigningKeyRecord], now: NumericDate) -> tuple[SigningKeyRecord, ...]:
    return tuple(one for one in records if one.forgotten_at is None or now < one.forgotten_at)


def signer(records: Iterable[SigningKeyRecord], now: NumericDate) -> SigningKeyRecord | None:
    """The newest key that may sign."""
    able = [one for one in records if one.signs_from is not None and one.signs_from <= now]
    return max(able, key=lambda one: one.sequence, default=None)


def next_key(records: Iterable[SigningKeyRecord]) -> SigningKeyRecord | None:
    return next((one for one in records if one.signs_from is None), None)


@frozen
class TooSoon:
    """The next key has not been published for a day yet; *ready_at* is when it will have been."""

    ready_at: NumericDate


@frozen
class Rotate:
    """The next key signs from now on, and the old one is published until its last token has expired."""

    promoted: tuple[SigningKeyRecord, SigningKeyRecord]  # seen, now
    retired: tuple[SigningKeyRecord, SigningKeyRecord]


def rotate(records: Iterable[SigningKeyRecord], now: NumericDate, *, at_once: bool) -> Rotate | TooSoon:
    """Raises ValueError when there is no signing key or no next one: the installation was never given keys."""
    known = tuple(records)
    current, following = signer(known, now), next_key(known)
    if current is None or following is None:
        raise ValueError("There is no key to rotate to.")
    ready_at = NumericDate(following.published_at + PUBLISHED_BEFORE_SIGNING)
    if now < ready_at and not at_once:
        return TooSoon(ready_at)
    retired = evolve(current, retired_at=now, forgotten_at=NumericDate(now + KEPT_AFTER_SIGNING))
    return Rotate((following, evolve(following, signs_from=now)), (current, retired))


def is_due(records: Iterable[SigningKeyRecord], now: NumericDate) -> bool:
    current = signer(records, now)
    return current is not None and current.signs_from is not None and now - current.signs_from >= ROTATE_AFTER


def forgotten(records: Iterable[SigningKeyRecord], now: NumericDate) -> tuple[SigningKeyRecord, ...]:
    return tuple(one for one in records if one.forgotten_at is not None and one.forgotten_at <= now)
