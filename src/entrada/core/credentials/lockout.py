"""Whether somebody may try yet another password or code, and what one more failure does.  Reference section 35.

Smart lockout: so many failures lock for a while; from then on every failure locks again, each time for longer.  That
leaves a guesser some thirty guesses a day (NIST SP 800-63B-4 §3.2.2), and the owner, whose familiar places count for
themselves, in peace.
"""

from hmac import digest
from typing import Final

from attrs import evolve

from entrada.core.credentials.attempts import Attempts
from entrada.core.directory.policies import Policies
from entrada.core.jose.numeric_date import NumericDate, Seconds

LONGEST_LOCK: Final = Seconds(60 * 60)  # unless the tenant's first one is longer
FADES_AFTER: Final = Seconds(24 * 60 * 60)
REMEMBERED: Final = 3  # wrong passwords whose repetition does not count: a device that keeps trying the old one
_DIGEST_BYTES: Final = 16


def is_locked(attempts: Attempts | None, now: NumericDate) -> bool:
    return attempts is not None and now < attempts.locked_until


def record_failure(attempts: Attempts, guess: bytes, now: NumericDate, policies: Policies) -> Attempts:
    """The counters after one more failure; the very same when it does not count.

    *attempts* are what the store has, or fresh ones.  *guess* is `digest_of` what was tried.
    """
    faded = now >= fades_at(attempts)
    known = evolve(attempts, failures=0, locks=0, recent=()) if faded else attempts
    if guess in known.recent or is_locked(known, now):
        return attempts
    counted = evolve(known, failures=known.failures + 1, failed_at=now, recent=(*known.recent, guess)[-REMEMBERED:])
    allowed = 1 if known.locks else policies.lockout_threshold
    return _locked(counted, now, policies.lockout_duration) if counted.failures >= allowed else counted


def fades_at(attempts: Attempts) -> NumericDate:
    """From then on whoever failed starts anew."""
    return NumericDate(max(attempts.failed_at, attempts.locked_until) + FADES_AFTER)


def digest_of(guess: str, account: str, key: bytes) -> bytes:
    """What is kept of a wrong password, which is often almost the right one: nothing without *key*."""
    return digest(key, f"{account} {guess}".encode("utf-8", "surrogatepass"), "sha256")[:_DIGEST_BYTES]


def _locked(attempts: Attempts, now: NumericDate, first: Seconds) -> Attempts:
    # 2**20 minutes are past any ceiling: the power itself must not grow without one.
    duration = min(first * 2 ** min(attempts.locks, 20), max(first, LONGEST_LOCK))
    return evolve(attempts, failures=0, locks=attempts.locks + 1, locked_until=NumericDate(now + duration))
