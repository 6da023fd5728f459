"""Sealed artefacts come back as they went, and as the first release wrote them; none opens as another."""

import json
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import Platform
from entrada.core.directory.ids import FamilyId, SessionId, UserId
from entrada.core.directory.user import PasswordCredential
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.browser_sessions import (
    MAX_ACCOUNTS,
    SEEN_AGAIN,
    SignedIn,
    pack_sessions,
    seen,
    unpack_sessions,
    with_session,
)
from entrada.core.protocol.artefacts.code import pack_code, unpack_code
from entrada.core.protocol.artefacts.enrolment import LIFETIME
from entrada.core.protocol.artefacts.refresh_token import pack_refresh_token, unpack_refresh_token
from entrada.core.sealing.envelope import NotSealed
from entrada.core.sealing.keyring import Keyring
from entrada.core.sealing.keys import MasterKey
from tests.protocol import known
from tests.protocol.golden_artefacts import CODE, COLORS, ENROLMENT, GOLDEN, REFRESH_TOKEN, SESSIONS, THEN

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/sealed/v1.json").read_text())
CASES = {case["name"]: case for case in VECTORS["cases"]}
KEYRING = Keyring(MasterKey.parse(VECTORS["master_key"]))
ALL = [pytest.param(golden, id=golden.name) for golden in GOLDEN]
SWAPS = [
    pytest.param(one, other, id=f"{one.name} as {other.name}")
    for one in GOLDEN
    for other in GOLDEN
    if one.purpose != other.purpose
]


def opened(artefact: str, purpose: str) -> bytes:
    return KEYRING.open(
        artefact, purpose=purpose, now=THEN, lifetime=Seconds(600), max_length=purposes.MAX_ARTEFACT
    ).payload


@pytest.mark.parametrize("golden", ALL)
def test_it_comes_back_as_it_went(golden):
    assert golden.unpack(golden.pack(golden.value)) == golden.value


@pytest.mark.parametrize("golden", ALL)
def test_what_the_first_release_sealed_opens_and_reads(golden):
    case = CASES[golden.name]
    assert golden.unpack(opened(case["artefact"], golden.purpose)) == golden.value


@pytest.mark.parametrize("golden", ALL)
def test_it_is_packed_as_the_first_release_did(golden):
    # Deterministic sealing over an upgrade rests on it: two replicas of two releases make the same successor.
    assert golden.pack(golden.value).hex() == CASES[golden.name]["payload"]


@pytest.mark.parametrize(("one", "other"), SWAPS)
def test_nothing_opens_as_another(one, other):
    with pytest.raises(NotSealed):
        opened(CASES[one.name]["artefact"], other.purpose)


@given(
    st.sampled_from(list(Platform)),
    st.text(max_size=80),
    st.none() | st.text(min_size=1, max_size=40),
    st.binary(max_size=32),
    st.booleans(),
    st.integers(0, 2**40),
    st.uuids().map(str),
)
def test_any_code_comes_back(platform, scope, nonce, challenge, auth_time, moment, guid):
    code = evolve(
        CODE,
        id=FamilyId(guid),
        user_id=UserId(guid),
        platform=platform,
        scope=scope,
        nonce=nonce,
        challenge=challenge,
        with_auth_time=auth_time,
        issued_at=NumericDate(moment),
    )
    assert unpack_code(COLORS, pack_code(code)) == code


@given(st.sampled_from(list(Platform)), st.text(max_size=80), st.integers(0, 2**31), st.integers(0, 2**40))
def test_any_refresh_token_comes_back(platform, scope, generation, moment):
    token = evolve(
        REFRESH_TOKEN, platform=platform, scope=scope, generation=generation, family_ends_at=NumericDate(moment)
    )
    assert unpack_refresh_token(COLORS, pack_refresh_token(token)) == token


@pytest.mark.parametrize("golden", ALL)
def test_a_payload_of_another_shape_is_refused(golden):
    for data in (b"", b"\x90", b"\xc0", golden.pack(golden.value) + b"\0", golden.pack(golden.value)[:-1]):
        with pytest.raises(NotSealed):
            golden.unpack(data)


# ---- the sign-on cookie ----


def signed_in(number: int, seen_at: int = 0) -> SignedIn:
    return SignedIn(
        tenant_id=COLORS,
        session_id=SessionId(known.guid(number)),
        user_id=UserId(known.guid(number)),
        persistent=False,
        seen_at=NumericDate(THEN + seen_at),
    )


@pytest.mark.parametrize("apps", [(), (known.CLIENT.app_id,)])
@pytest.mark.parametrize("which", [(True, False), (False, True), (True, True)])
def test_which_of_them_have_a_second_factor_comes_back(which, apps):
    sessions = tuple(evolve(one, with_factor=has, apps=apps) for one, has in zip(SESSIONS, which, strict=True))
    assert unpack_sessions(pack_sessions(sessions)) == sessions


def test_a_new_session_takes_the_place_of_the_users_older_one():
    again = evolve(SESSIONS[0], session_id=SessionId(known.guid(9)))
    assert with_session(SESSIONS, again) == (again, SESSIONS[1])


def test_the_account_unused_longest_makes_room():
    full = tuple(signed_in(number, seen_at=number) for number in range(1, MAX_ACCOUNTS + 1))
    kept = with_session(full, signed_in(99))
    assert len(kept) == MAX_ACCOUNTS
    assert kept[0] == signed_in(99)
    assert signed_in(1, seen_at=1) not in kept


def test_using_a_session_moves_its_time_alone_and_not_at_every_use():
    soon, later = NumericDate(THEN + SEEN_AGAIN - 1), NumericDate(THEN + SEEN_AGAIN)
    assert seen(SESSIONS, SESSIONS[0].session_id, soon) == SESSIONS
    assert seen(SESSIONS, SESSIONS[0].session_id, later) == (evolve(SESSIONS[0], seen_at=later), SESSIONS[1])


# ---- the one-time link ----

CHANGED_AT = ENROLMENT.credential_changed_at
PERSON = evolve(known.BEN, password=PasswordCredential(hash="…", changed_at=CHANGED_AT))
NEWCOMER = evolve(known.BEN, password=None)
# fmt: off
LINKS = [  # the user now, the link's old credential, seconds since it was made, is it good
    pytest.param(PERSON,   CHANGED_AT, 0,            True,  id="good"),
    pytest.param(NEWCOMER, 0,          0,            True,  id="a first password"),
    pytest.param(PERSON,   CHANGED_AT, LIFETIME - 1, True,  id="the last second of three days"),
    pytest.param(PERSON,   CHANGED_AT, LIFETIME,     False, id="after three days"),
    pytest.param(PERSON,   0,          0,            False, id="spent: the password has changed"),
    pytest.param(NEWCOMER, CHANGED_AT, 0,            False, id="the password was taken away"),
    pytest.param(evolve(PERSON, account_enabled=False), CHANGED_AT, 0, False, id="the account is disabled"),
]
# fmt: on


@pytest.mark.parametrize(("user", "credential", "since", "good"), LINKS)
def test_how_long_a_link_is_good(user, credential, since, good):
    link = evolve(ENROLMENT, credential_changed_at=NumericDate(credential))
    assert link.still_good(user, NumericDate(THEN + since)) == good
