"""How much one place, or one client at it, may ask for before it has to wait.  RFC 6585 §4; reference sections 17, 35.

A bucket that leaks: each request pours in what it weighs, a minute's worth fits, and time drains it.  What guessers
send weighs a thousand times what a request that succeeds does, so nobody who is let in notices.
"""

from collections.abc import Iterable
from math import ceil
from typing import Final

from attrs import frozen

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason, Refusal
from entrada.core.jose.numeric_date import NumericDate, Seconds

GUESS: Final = 1.0
MISTAKE: Final = 0.1
ORDINARY: Final = 0.001
ROW: Final = 1.0  # a stranger's request that leaves a row behind, as a device's does for a quarter of an hour
_MINUTE: Final = 60

LOOP: Final = 15  # as at Entra: that often the very same request was refused
LOOP_PERIOD: Final = Seconds(5 * _MINUTE)

_PATIENT: Final = frozenset({"authorization_pending", "slow_down", "login_required", "interaction_required"})
_PATIENT_STATUS: Final = frozenset({429, 500, 503})  # not the caller's doing, or counted already
_GUESSES: Final[frozenset[Reason]] = frozenset(
    {
        why.WRONG_PASSWORD,
        why.ACCOUNT_LOCKED,
        why.CURRENT_PASSWORD_WRONG,
        why.WRONG_CODE,
        why.WRONG_RECOVERY_CODE,
        why.WRONG_SECRET,
        why.CLIENT_NOT_FOUND,
        why.TENANT_NOT_FOUND,
        why.MALFORMED_GRANT,
        why.BAD_DEVICE_CODE,
        why.BAD_USER_CODE,
        why.LINK_SPENT,
    }
)


@frozen
class Bucket:
    level: float = 0.0
    at: NumericDate = NumericDate(0)


def weight(refusals: Iterable[Refusal]) -> float:
    """Of a request, by what it was refused for."""
    return max((_weight_of(one.reason) for one in refusals), default=ORDINARY)


def is_patient(reason: Reason) -> bool:
    """Whether a client does right to ask the same again: it polls, or the fault is ours."""
    return reason.error in _PATIENT or reason.status in _PATIENT_STATUS


def pour(bucket: Bucket, weighs: float, per_minute: int, now: NumericDate) -> Bucket:
    return Bucket(_level(bucket, per_minute, now) + weighs, now)


def wait(bucket: Bucket, per_minute: int, now: NumericDate) -> Seconds:
    """How long until there is room again; 0 when there is."""
    above = _level(bucket, per_minute, now) - per_minute
    return Seconds(0) if above < 0 else Seconds(1 + ceil(above * _MINUTE / per_minute))


def has_room(bucket: Bucket, under_way: int, per_minute: int, now: NumericDate) -> bool:
    """For one more, if each of those that are let in and not weighed yet were a guess."""
    return _level(bucket, per_minute, now) + under_way * GUESS < per_minute


def _level(bucket: Bucket, per_minute: int, now: NumericDate) -> float:
    return max(0.0, bucket.level - (now - bucket.at) * per_minute / _MINUTE)


def _weight_of(reason: Reason) -> float:
    if reason in _GUESSES or reason.error == "invalid_client":
        return GUESS
    return ORDINARY if is_patient(reason) else MISTAKE


@frozen
class Repeats:
    """How often the very same request was refused since."""

    times: int = 0
    since: NumericDate = NumericDate(0)


def repeated(before: Repeats, now: NumericDate) -> Repeats:
    """Once more."""
    old = now - before.since >= LOOP_PERIOD
    return Repeats(1, now) if old else Repeats(before.times + 1, before.since)


def is_loop(repeats: Repeats, now: NumericDate) -> bool:
    return repeats.times >= LOOP and now - repeats.since < LOOP_PERIOD
