"""A bucket that leaks, and a loop that is noticed.  RFC 6585 §4; reference section 35."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.throttle import (
    GUESS,
    LOOP,
    LOOP_PERIOD,
    MISTAKE,
    ORDINARY,
    Bucket,
    Repeats,
    is_loop,
    pour,
    repeated,
    wait,
    weight,
)

NOW = NumericDate(1_800_000_000)

# fmt: off
WEIGHTS = [
    pytest.param([],                                            ORDINARY, id="a success"),
    pytest.param([why.WRONG_PASSWORD],                          GUESS,    id="a wrong password"),
    pytest.param([why.ACCOUNT_LOCKED],                          GUESS,    id="at a locked door too"),
    pytest.param([why.WRONG_SECRET],                            GUESS,    id="a wrong secret"),
    pytest.param([why.SECRET_EXPIRED],                          GUESS,    id="any client that does not prove who it is"),
    pytest.param([why.TENANT_NOT_FOUND],                        GUESS,    id="a tenant that is not there"),
    pytest.param([why.GRANT_EXPIRED],                           MISTAKE,  id="an old refresh token"),
    pytest.param([why.INVALID_SCOPE],                           MISTAKE,  id="a bad scope"),
    pytest.param([why.NO_SESSION],                              ORDINARY, id="silence where nobody is signed in"),
    pytest.param([why.TEMPORARILY_UNAVAILABLE],                 ORDINARY, id="our own fault"),
    pytest.param([why.THROTTLED],                               ORDINARY, id="to be throttled"),
    pytest.param([why.INVALID_SCOPE, why.WRONG_PASSWORD],       GUESS,    id="the worst of several"),
]
# fmt: on


@pytest.mark.parametrize(("reasons", "weighs"), WEIGHTS)
def test_what_a_request_weighs(reasons, weighs):
    assert weight(map(Refusal, reasons)) == weighs


def poured(times: int, weighs: float = GUESS, per_minute: int = 60) -> Bucket:
    bucket = Bucket()
    for _ in range(times):
        bucket = pour(bucket, weighs, per_minute, NOW)
    return bucket


def test_a_minutes_worth_fits_and_no_more():
    assert wait(poured(59), 60, NOW) == 0
    assert wait(poured(60), 60, NOW) == 1
    assert wait(poured(90), 60, NOW) == 31


def test_time_makes_room():
    full = poured(70)
    seconds = wait(full, 60, NOW)
    assert wait(full, 60, NumericDate(NOW + seconds - 2)) > 0
    assert wait(full, 60, NumericDate(NOW + seconds)) == 0
    assert pour(full, 0, 60, NumericDate(NOW + 3600)).level == 0


@given(st.lists(st.tuples(st.sampled_from([GUESS, MISTAKE, ORDINARY]), st.integers(0, 120)), max_size=200))
def test_whoever_waits_as_told_gets_through_and_nobody_gets_more_than_the_limit(asked):
    per_minute, bucket, now, let_in = 30, Bucket(), NOW, 0.0
    for weighs, pause in asked:
        now = NumericDate(now + pause)
        seconds = wait(bucket, per_minute, now)
        assert wait(bucket, per_minute, NumericDate(now + seconds)) == 0
        if seconds == 0:
            bucket, let_in = pour(bucket, weighs, per_minute, now), let_in + weighs
    assert let_in <= per_minute + 1 + per_minute * (now - NOW) / 60 + 1e-6


def test_a_loop_is_the_same_refusal_fifteen_times_within_five_minutes():
    repeats = Repeats()
    for n in range(LOOP):
        assert not is_loop(repeats, NumericDate(NOW + n))
        repeats = repeated(repeats, NumericDate(NOW + n))
    assert is_loop(repeats, NumericDate(NOW + LOOP))
    assert is_loop(repeats, NumericDate(NOW + LOOP_PERIOD - 1))
    assert not is_loop(repeats, NumericDate(NOW + LOOP_PERIOD))
    assert repeated(repeats, NumericDate(NOW + LOOP_PERIOD)).times == 1
