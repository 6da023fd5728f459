"""What the token endpoint answers: tokens read strictly, and for each refusal the error that says what to do."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.client.errors import AuthorityRefused, BadAnswer, EntradaError, InteractionRequired, Unreachable
from entrada.client.flow import Reply
from entrada.client.grants.refusal import said
from entrada.client.grants.token_endpoint import Grant, read
from tests.client.fake_authority import NOW

GOOD = {"token_type": "Bearer", "access_token": "at", "expires_in": 3600, "scope": "a b", "refresh_token": "rt"}
TRACE, CORRELATION = "11111111-0000-4000-8000-00000000000a", "11111111-0000-4000-8000-00000000000b"
CHALLENGE = '{"access_token":{"capolids":{"essential":true,"values":["p-1"]}}}'


def reply(members, status=200, **headers):
    told = {name: value for name, value in members.items() if value is not None}
    return Reply(status=status, body=json.dumps(told).encode(), headers=headers)


def asked(members, status=200, *, of_the_person=False, **headers):
    grant = Grant(form={}, scopes=("x/a",), of_the_person=of_the_person)
    return read(reply(members, status, **headers), grant, NOW)


def refused(of_the_person=False, status=400, **members):
    with pytest.raises(EntradaError) as error:
        asked({"error": "invalid_grant", **members}, status, of_the_person=of_the_person)
    return error.value


def test_tokens_are_read():
    granted = asked({**GOOD, "refresh_in": 1800, "id_token": "e.y.j"})
    assert (granted.access.value, granted.access.scopes) == ("at", {"a", "b"})
    assert (granted.access.expires_at, granted.access.refresh_at) == (NOW + 3600, NOW + 1800)
    assert (granted.refresh_token, granted.id_token) == ("rt", "e.y.j")
    assert not {"'at'", "'rt'", "'e.y.j'"} & set(re.findall(r"'[^']*'", repr(granted)))


# fmt: off
LENIENT = [  # what differs, the attribute, what is read
    pytest.param({"expires_in": "3599"},  "expires_at", NOW + 3599, id="numbers as text, as v1.0 writes them"),
    pytest.param({"expires_in": 3599.9},  "expires_at", NOW + 3599, id="a fraction"),
    pytest.param({"expires_in": None},    "expires_at", NOW + 600,  id="no lifetime: soon"),
    pytest.param({"expires_in": True},    "expires_at", NOW + 600,  id="a lifetime that is none"),
    pytest.param({"expires_in": -5},      "expires_at", NOW,        id="expired already"),
    pytest.param({"token_type": "bearer"},"value",      "at",       id="the type in any case"),
    pytest.param({"scope": None},         "scopes",     {"x/a"},    id="scopes as asked for"),
    pytest.param({"scope": "  "},         "scopes",     {"x/a"},    id="scopes of blanks"),
]
NONE = [
    pytest.param({"access_token": None},       id="no access token"),
    pytest.param({"access_token": ""},         id="an empty one"),
    pytest.param({"access_token": 7},          id="one that is a number"),
    pytest.param({"access_token": "a\nb: c"},  id="one that would be two headers"),
    pytest.param({"access_token": "ä"},        id="one that is not ASCII"),
    pytest.param({"token_type": None},         id="no type"),
    pytest.param({"token_type": "DPoP"},       id="another type"),
    pytest.param({"refresh_token": ["rt"]},    id="a refresh token that is a list"),
    pytest.param({"id_token": {"a": 1}},       id="an ID token that is an object"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "name", "value"), LENIENT)
def test_what_authorities_spell_differently(changes, name, value):
    assert getattr(asked({**GOOD, **changes}).access, name) == value


@pytest.mark.parametrize("changes", NONE)
def test_what_is_no_answer(changes):
    with pytest.raises(BadAnswer):
        asked({**GOOD, **changes})


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"at"', b'{"a":1,"a":2}'])
def test_what_is_no_json_object(body):
    with pytest.raises(BadAnswer, match="no JSON object"):
        read(Reply(status=200, body=body), Grant(form={}, scopes=()), NOW)


def test_an_error_without_a_name():
    with pytest.raises(BadAnswer, match="status 404"):
        asked({"message": "not found"}, 404)


# fmt: off
WHO = [  # the error, how it was said, whether only the person can go on
    pytest.param({"error": "interaction_required"},                                   False, True,  id="as OpenID Connect says it"),
    pytest.param({"error": "login_required"},                                         False, True,  id="login_required"),
    pytest.param({"error": "consent_required"},                                       False, True,  id="older Entra"),
    pytest.param({"error_codes": [65001], "suberror": "consent_required"},            False, True,  id="consent missing"),
    pytest.param({"error_codes": [65001]},                                            False, True,  id="consent missing, the number alone"),
    pytest.param({"error_codes": [50076], "suberror": "basic_action", "claims": CHALLENGE}, False, True, id="a second factor"),
    pytest.param({"error_description": "AADSTS50079: enrol"},                         False, True,  id="the number in words alone"),
    pytest.param({"suberror": "bad_token"},                                           False, True,  id="bad_token"),
    pytest.param({"error": "access_denied", "claims": CHALLENGE},                     False, True,  id="claims are a challenge whatever the error"),
    pytest.param({"error_codes": [700082]},                                           True,  True,  id="an old refresh token"),
    pytest.param({},                                                                  True,  True,  id="a refresh token refused without a word"),
    pytest.param({},                                                                  False, False, id="a code refused without a word"),
    pytest.param({"error_codes": [500133]},                                           False, False, id="an expired assertion"),
    pytest.param({"suberror": "client_mismatch"},                                     True,  False, id="another client's token"),
    pytest.param({"suberror": "protection_policy_required"},                          True,  False, id="a policy nobody signs away"),
    pytest.param({"error": "invalid_client", "error_codes": [7000215]},               True,  False, id="a wrong secret"),
    pytest.param({"error": "invalid_scope"},                                          True,  False, id="a wrong scope"),
]
# fmt: on


@pytest.mark.parametrize(("members", "of_the_person", "theirs"), WHO)
def test_who_can_go_on(members, of_the_person, theirs):
    error = refused(of_the_person, **members)
    assert isinstance(error, AuthorityRefused)
    assert isinstance(error, InteractionRequired) == theirs
    if theirs:
        assert error.scopes == ("x/a",)
        assert error.said.claims == members.get("claims")


def test_everything_that_finds_it_in_a_log():
    words = f"AADSTS7000215: Invalid client secret.\r\nTrace ID: {TRACE}\r\nCorrelation ID: {CORRELATION}"
    error = refused(
        status=401, error="invalid_client", error_description=words, error_codes=[7000215],
        trace_id=TRACE, correlation_id=CORRELATION,
    )  # fmt: skip
    assert (error.said.aadsts, error.said.trace_id, error.said.correlation_id) == (7000215, TRACE, CORRELATION)
    assert error.message == "The authority refused: AADSTS7000215 (invalid_client): Invalid client secret."
    assert error.advice
    assert "\n" not in str(error)


def test_advice_without_a_number():
    assert "client id" in refused(status=401, error="invalid_client").advice


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_passes(status):
    with pytest.raises(Unreachable) as error:
        asked(
            {"error": "temporarily_unavailable", "error_description": "AADSTS90033: busy"},
            status,
            **{"retry-after": "7"},
        )
    assert "AADSTS90033" in str(error.value)
    assert "7 seconds" in error.value.advice


def test_a_proxy_that_answers_in_html():
    with pytest.raises(Unreachable):
        read(Reply(status=502, body=b"<html>"), Grant(form={}, scopes=()), NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    ["error", "error_description", "error_codes", "suberror", "claims", "trace_id", "correlation_id", "access_token",
     "token_type", "expires_in", "scope", "refresh_token"]
)  # fmt: skip


@given(st.dictionaries(NAMES, JSON), st.sampled_from([200, 400, 401, 403, 429, 500]))
def test_whatever_is_answered_is_tokens_or_an_error_of_ours(members, status):
    try:
        outcome = asked(members, status).access.value
    except EntradaError as error:
        outcome = str(error)
    assert outcome.isprintable()
    assert outcome


@given(st.text())
def test_words_never_move_a_cursor(text):
    assert said({"error": text, "error_description": text}).description.isprintable()
