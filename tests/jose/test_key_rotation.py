"""Which key is published, which signs, what a rotation changes: a key is known for a day before it signs."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.jose.key_rotation import (
    KEPT_AFTER_SIGNING,
    PUBLISHED_BEFORE_SIGNING,
    ROTATE_AFTER,
    Rotate,
    TooSoon,
    forgotten,
    is_due,
    next_key,
    published,
    rotate,
    signer,
)
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord

DAY = 86_400
NOW = NumericDate(1_800_000_000)


def at(days: float) -> NumericDate:
    return NumericDate(NOW + int(days * DAY))


FIRST = SigningKeyRecord(sequence=1, kid="one", sealed="…", published_at=at(-10), signs_from=at(-10))
SECOND = SigningKeyRecord(sequence=2, kid="two", sealed="…", published_at=at(-10))
RECORDS = (FIRST, SECOND)


def test_the_next_key_is_published_and_does_not_sign():
    assert published(RECORDS, NOW) == RECORDS
    assert signer(RECORDS, NOW) is FIRST
    assert next_key(RECORDS) is SECOND


def test_a_rotation_promotes_the_next_and_retires_the_old():
    decision = rotate(RECORDS, NOW, at_once=False)
    now_first = evolve(FIRST, retired_at=NOW, forgotten_at=NumericDate(NOW + KEPT_AFTER_SIGNING))
    assert decision == Rotate((SECOND, evolve(SECOND, signs_from=NOW)), (FIRST, now_first))


# fmt: off
READINESS = [  # how long the next key has been published, at once, may it sign
    pytest.param(PUBLISHED_BEFORE_SIGNING,     False, True,  id="a day"),
    pytest.param(PUBLISHED_BEFORE_SIGNING - 1, False, False, id="a second less"),
    pytest.param(0,                            True,  True,  id="at once, whatever validators know"),
]
DUE = [  # how long the key has signed, is a rotation due
    pytest.param(ROTATE_AFTER - 1, False, id="a second before"),
    pytest.param(ROTATE_AFTER,     True,  id="90 days"),
]
# fmt: on


@pytest.mark.parametrize(("since", "at_once", "ready"), READINESS)
def test_a_key_is_known_before_it_signs(since, at_once, ready):
    following = evolve(SECOND, published_at=NumericDate(NOW - since))
    decision = rotate((FIRST, following), NOW, at_once=at_once)
    assert isinstance(decision, Rotate) == ready
    if not ready:
        assert decision == TooSoon(NumericDate(NOW + 1))


@pytest.mark.parametrize(("signed_for", "due"), DUE)
def test_when_a_rotation_is_due(signed_for, due):
    assert is_due((evolve(FIRST, signs_from=NumericDate(NOW - signed_for)), SECOND), NOW) == due


def test_a_retired_key_is_published_until_its_last_token_has_expired():
    old = evolve(FIRST, retired_at=NOW, forgotten_at=NumericDate(NOW + KEPT_AFTER_SIGNING))
    last = NumericDate(NOW + KEPT_AFTER_SIGNING - 1)
    assert old in published((old, SECOND), last)
    assert forgotten((old, SECOND), last) == ()
    assert old not in published((old, SECOND), NumericDate(last + 1))
    assert forgotten((old, SECOND), NumericDate(last + 1)) == (old,)
    assert KEPT_AFTER_SIGNING > 90 * 60  # the longest access token


def test_without_keys_there_is_nothing_to_rotate():
    for records in ((), (FIRST,), (SECOND,)):
        with pytest.raises(ValueError, match="no key"):
            rotate(records, NOW, at_once=True)
    assert signer((), NOW) is None
    assert not is_due((), NOW)


@given(st.lists(st.integers(0, 200 * DAY), max_size=12))
def test_whatever_the_pace_every_token_finds_its_key_published_a_day_ahead(pauses):
    records, now = {one.sequence: one for one in RECORDS}, NOW
    for pause in pauses:
        now = NumericDate(now + pause)
        decision = rotate(records.values(), now, at_once=False)
        if isinstance(decision, Rotate):
            assert now - decision.promoted[0].published_at >= PUBLISHED_BEFORE_SIGNING
            for _, changed in (decision.promoted, decision.retired):
                records[changed.sequence] = changed
            newest = decision.promoted[1].sequence + 1
            records[newest] = SigningKeyRecord(sequence=newest, kid=str(newest), sealed="…", published_at=now)
        signing = signer(records.values(), now)
        assert signing in published(records.values(), now)
        assert next_key(records.values()) in published(records.values(), now)
        assert signing.retired_at is None
