"""How a refusal is written, as JSON and as a redirect.  Reference sections 13.1 and 17."""

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace, json_members, redirect_fields
from tests.protocol.known import NOW, ORIGIN

TRACE = Trace(trace_id="t-1", correlation_id="c-1", at=NOW)
MISSING = Refusal(why.CONSENT_MISSING, {"scope": "User.Read", "client_id": "app", "name": "repsys"})
TEXT = "AADSTS65001: Nobody has consented to 'User.Read' for the application 'app' named 'repsys'."


def test_the_json_of_a_refusal():
    assert json_members(MISSING, TRACE, ORIGIN) == {
        "error": "invalid_grant",
        "error_description": f"{TEXT} Trace ID: t-1 Correlation ID: c-1 Timestamp: 2027-01-15 08:00:00Z",
        "error_codes": [65001],
        "timestamp": "2027-01-15 08:00:00Z",
        "trace_id": "t-1",
        "correlation_id": "c-1",
        "error_uri": f"{ORIGIN}/error?code=65001",
        "suberror": "consent_required",
    }


def test_a_suberror_is_left_out_where_there_is_none():
    assert "suberror" not in json_members(Refusal(why.EMPTY_SCOPE), TRACE, ORIGIN)


CHALLENGE = Refusal(why.SECOND_FACTOR_NEEDED, {"user": "ben@colors.example"}, '{"access_token":{}}')


def test_a_challenge_comes_last_and_brings_its_suberror_to_a_redirect():
    assert list(json_members(CHALLENGE, TRACE, ORIGIN).items())[-2:] == [
        ("suberror", "basic_action"),
        ("claims", '{"access_token":{}}'),
    ]
    fields = redirect_fields(CHALLENGE, TRACE, ORIGIN, "s-1")
    assert [name for name, _ in fields] == ["error", "error_description", "error_uri", "suberror", "claims", "state"]
    assert dict(fields)["claims"] == '{"access_token":{}}'


def test_a_redirected_refusal_has_lines_and_the_state():
    fields = redirect_fields(MISSING, TRACE, ORIGIN, "s-1")
    assert [name for name, _ in fields] == ["error", "error_description", "error_uri", "state"]
    lines = dict(fields)["error_description"].split("\r\n")
    assert lines == [TEXT, "Trace ID: t-1", "Correlation ID: c-1", "Timestamp: 2027-01-15 08:00:00Z"]
    assert redirect_fields(MISSING, TRACE, ORIGIN, None) == fields[:-1]


def test_a_fact_that_nobody_gathered_does_not_fail_the_refusal():
    assert "(not known)" in Refusal(why.CONSENT_MISSING).text
    assert "{" not in Refusal(why.CONSENT_MISSING, {"scope": "{name}"}).text.replace("{name}", "")
