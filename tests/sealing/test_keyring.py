import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.sealing.envelope import NotSealed, read_heading
from entrada.core.sealing.keyring import CLOCK_SKEW, Keyring, Opened
from entrada.core.sealing.keys import MasterKey, derive
from tests.sealing.known import COLORS, DAY, MASTER, NOW, PETALS

KEYRING = Keyring(MASTER)
NONCE = bytes(12)
TEN_MINUTES = Seconds(600)
MIDNIGHT = NumericDate(20_833 * DAY)


def sealed(payload=b"payload", *, purpose="code", tenant=COLORS, now=NOW, nonce=NONCE, keyring=KEYRING):
    return keyring.seal(payload, purpose=purpose, tenant=tenant, now=now, nonce=nonce)


def opened(artefact, *, purpose="code", now=NOW, lifetime=TEN_MINUTES, keyring=KEYRING, max_length=2048):
    return keyring.open(artefact, purpose=purpose, now=now, lifetime=lifetime, max_length=max_length)


@given(st.binary(max_size=500), st.uuids().map(str), st.integers(0, 5_600_000_000))
def test_what_was_sealed_opens_and_says_for_whom(payload, tenant, now):
    artefact = sealed(payload, tenant=tenant, now=NumericDate(now))
    assert opened(artefact, now=NumericDate(now)) == Opened(tenant, payload)


# fmt: off
MOMENTS = [  # sealed at, opened at, lifetime, does it open
    pytest.param(MIDNIGHT,           MIDNIGHT,                  0,        True,  id="at once, with no lifetime at all"),
    pytest.param(MIDNIGHT - 1,       MIDNIGHT,                  600,      True,  id="across midnight"),
    pytest.param(MIDNIGHT - 1,       MIDNIGHT + 599,            600,      True,  id="the last second of the day before, at its age's end"),
    pytest.param(MIDNIGHT - 1,       MIDNIGHT + 600,            600,      False, id="a second older than the lifetime"),
    pytest.param(MIDNIGHT,           MIDNIGHT + 90 * DAY,       90 * DAY, True,  id="ninety days"),
    pytest.param(MIDNIGHT,           MIDNIGHT + 91 * DAY,       90 * DAY, False, id="ninety-one days"),
    pytest.param(MIDNIGHT - DAY,     MIDNIGHT + DAY,            600,      False, id="two days old"),
    pytest.param(MIDNIGHT,           MIDNIGHT - CLOCK_SKEW,     600,      True,  id="a replica whose clock is slow"),
    pytest.param(MIDNIGHT,           MIDNIGHT - CLOCK_SKEW - 1, 600,      False, id="a day that has not begun"),
    pytest.param(MIDNIGHT + 7 * DAY, MIDNIGHT,                  90 * DAY, False, id="a week ahead"),
]
# fmt: on


@pytest.mark.parametrize(("then", "now", "lifetime", "opens"), MOMENTS)
def test_days_limit_what_opens(then, now, lifetime, opens):
    artefact = sealed(now=NumericDate(then))
    if opens:
        assert opened(artefact, now=NumericDate(now), lifetime=Seconds(lifetime)).payload == b"payload"
    else:
        with pytest.raises(NotSealed):
            opened(artefact, now=NumericDate(now), lifetime=Seconds(lifetime))


PURPOSES = ["code", "interaction", "refresh_token", "session_cookie", "signing_key"]


@pytest.mark.parametrize("made", PURPOSES)
@pytest.mark.parametrize("asked", PURPOSES)
def test_an_artefact_opens_as_what_it_is_and_as_nothing_else(made, asked):
    artefact = sealed(purpose=made)
    if made == asked:
        assert opened(artefact, purpose=asked).payload == b"payload"
    else:
        with pytest.raises(NotSealed):
            opened(artefact, purpose=asked)


@pytest.mark.parametrize("other", [sealed(tenant=PETALS), sealed(now=NumericDate(NOW - DAY))], ids=["tenant", "day"])
def test_a_ciphertext_under_another_heading_is_refused(other):
    with pytest.raises(NotSealed):
        opened(other[:25] + sealed()[25:], lifetime=Seconds(7 * DAY))


def test_another_installation_opens_nothing_of_ours():
    with pytest.raises(NotSealed):
        opened(sealed(), keyring=Keyring(MasterKey(bytes(32))))


def test_the_length_is_capped_by_the_caller():
    artefact = sealed(bytes(300))
    assert opened(artefact, max_length=len(artefact)).payload == bytes(300)
    with pytest.raises(NotSealed):
        opened(artefact, max_length=len(artefact) - 1)


def test_deterministic_sealing_gives_the_same_successor_on_every_replica():
    first, second = Keyring(MASTER), Keyring(MasterKey(MASTER.value))
    one = first.seal_deterministic(b"family 1, generation 2", purpose="refresh_token", tenant=COLORS, at=NOW)
    two = second.seal_deterministic(b"family 1, generation 2", purpose="refresh_token", tenant=COLORS, at=NOW)
    assert one == two
    assert opened(one, purpose="refresh_token").payload == b"family 1, generation 2"
    assert read_heading(one).epoch == NOW // DAY


@given(st.binary(), st.binary())
def test_deterministic_nonces_repeat_only_for_equal_payloads(one, other):
    start = [
        KEYRING.seal_deterministic(payload, purpose="refresh_token", tenant=COLORS, at=NOW)[:41]
        for payload in (one, other)
    ]  # 41 characters hold the heading and 11.75 bytes of nonce
    assert (start[0] == start[1]) == (one == other)


def test_deterministic_artefacts_differ_by_day_tenant_and_purpose():
    texts = {
        KEYRING.seal_deterministic(b"same", purpose=purpose, tenant=tenant, at=NumericDate(at))[41:]
        for purpose in ("refresh_token", "code")
        for tenant in (COLORS, PETALS)
        for at in (NOW, NOW + DAY)
    }
    assert len(texts) == 8


def test_a_lasting_key_is_the_same_whatever_the_day():
    key = KEYRING.lasting_key(purpose="subject", tenant=COLORS)
    assert key == derive(MASTER, purpose="subject", tenant=COLORS, epoch=None)
    assert key != KEYRING.lasting_key(purpose="subject", tenant=PETALS)


def test_nothing_secret_is_shown():
    assert repr(KEYRING) == "Keyring(master=MasterKey())"
    assert repr(opened(sealed(b"hidden"))) == f"Opened(tenant='{COLORS}')"
