"""Smart lockout as a state table, and what holds whatever the sequence.  Reference section 35."""

import hashlib

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.credentials.lockout import FADES_AFTER, LONGEST_LOCK, digest_of, is_locked, record_failure
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.policies import Policies
from entrada.core.jose.numeric_date import NumericDate, Seconds

NOW = NumericDate(1_800_000_000)
FRESH = Attempts(tenant_id=TenantId("t"), user_id=UserId("u"), counter=Counter.UNFAMILIAR)
POLICIES = Policies(lockout_threshold=3, lockout_duration=Seconds(60))


def guess(number: int) -> bytes:
    return b"guess %d" % number


def before(**changes) -> Attempts:
    return evolve(FRESH, **changes)


def earlier(seconds: int) -> NumericDate:
    return NumericDate(NOW - seconds)


ONCE = before(failures=1, failed_at=earlier(10), recent=(guess(1),))
TWICE = before(failures=2, failed_at=earlier(10), recent=(guess(1), guess(2)))
ONE_LOCK = before(locks=1, failed_at=earlier(70), locked_until=earlier(10), recent=(guess(1), guess(2), guess(3)))
STILL = evolve(ONE_LOCK, locked_until=NumericDate(NOW + 1))
MANY_LOCKS = evolve(ONE_LOCK, locks=500)

# fmt: off
ROWS = [  # before, what is tried now, and after it: failures, locks, for how long it is locked, what is remembered
    pytest.param(FRESH,      9, 1, 0, 0,            [9],       id="a first failure counts"),
    pytest.param(ONCE,       9, 2, 0, 0,            [1, 9],    id="a second one too"),
    pytest.param(TWICE,      9, 0, 1, 60,           [1, 2, 9], id="the threshold locks"),
    pytest.param(TWICE,      1, 2, 0, 0,            [1, 2],    id="what was tried before does not count again"),
    pytest.param(ONE_LOCK,   9, 0, 2, 120,          [2, 3, 9], id="after a lock one failure locks again, for longer"),
    pytest.param(ONE_LOCK,   1, 0, 1, None,         [1, 2, 3], id="but not what was tried before the lock"),
    pytest.param(STILL,      9, 0, 1, None,         [1, 2, 3], id="while locked nothing counts"),
    pytest.param(MANY_LOCKS, 9, 0, 501, 3600,       [2, 3, 9], id="no lock is longer than an hour"),
    pytest.param(evolve(TWICE, failed_at=earlier(FADES_AFTER)),       9, 1, 0, 0, [9],       id="a day later all is forgotten"),
    pytest.param(evolve(TWICE, failed_at=earlier(FADES_AFTER - 1)),   9, 0, 1, 60, [1, 2, 9], id="not a second earlier"),
    pytest.param(evolve(ONE_LOCK, failed_at=earlier(FADES_AFTER + 60), locked_until=earlier(FADES_AFTER)), 1, 1, 0, 0, [1],       id="a day after the lock's end too"),
]
# fmt: on


@pytest.mark.parametrize(("attempts", "tried", "failures", "locks", "locked_for", "recent"), ROWS)
def test_one_more_failure(attempts, tried, failures, locks, locked_for, recent):
    after = record_failure(attempts, guess(tried), NOW, POLICIES)
    assert (after.failures, after.locks) == (failures, locks)
    assert after.recent == tuple(map(guess, recent))
    if locked_for is None:
        assert after is attempts
    else:
        assert max(0, after.locked_until - NOW) == locked_for


def test_a_lock_ends_on_its_second():
    locked = before(locked_until=NOW)
    assert is_locked(locked, earlier(1))
    assert not is_locked(locked, NOW)
    assert not is_locked(None, NOW)


def test_a_tenant_may_lock_for_longer_than_we_would():
    policies = evolve(POLICIES, lockout_duration=Seconds(5 * LONGEST_LOCK))
    first = record_failure(TWICE, guess(9), NOW, policies)
    again = record_failure(MANY_LOCKS, guess(9), NOW, policies)
    assert first.locked_until - NOW == again.locked_until - NOW == 5 * LONGEST_LOCK


TRIES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4000)), max_size=60)


@given(TRIES, st.integers(1, 12))
def test_no_lock_comes_too_late_and_none_is_shorter_than_the_one_before(tries, threshold):
    policies = evolve(POLICIES, lockout_threshold=threshold)
    attempts, now, distinct, durations = FRESH, NOW, 0, [0]
    for tried, pause in tries:
        now = NumericDate(now + pause)
        was_locked = is_locked(attempts, now)
        after = record_failure(attempts, guess(tried), now, policies)
        if was_locked or guess(tried) in attempts.recent:
            assert after is attempts
        else:
            distinct += 1
            assert is_locked(after, now) == (distinct >= threshold)  # pauses are too short for anything to fade
            if is_locked(after, now):
                durations.append(after.locked_until - now)
        attempts = after
    assert durations == sorted(durations)
    assert durations[-1] <= LONGEST_LOCK
    assert len(attempts.recent) <= 3


def test_a_guesser_has_some_thirty_guesses_a_day():
    attempts, now, guesses = FRESH, NOW, 0
    while now < NOW + 86_400:
        if not is_locked(attempts, now):
            attempts = record_failure(attempts, guess(guesses), now, Policies())
            guesses += 1
        now = NumericDate(now + 1)
    assert 30 <= guesses <= 40


def test_digests_tell_passwords_accounts_and_keys_apart():
    some = [
        digest_of(tried, account, key) for tried in ("a", "b", "\ud800") for account in "xy" for key in (b"1", b"2")
    ]
    assert len(set(some)) == len(some)
    assert digest_of("a", "x", b"1") == digest_of("a", "x", b"1")
    assert hashlib.sha256(b"a").digest()[:16] not in some


def test_what_was_tried_is_not_shown():
    assert "guess" not in repr(TWICE)
