"""Whatever comes: a verdict, and never a backend that is asked what validate-jwt refused."""

import json
from base64 import urlsafe_b64encode

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.gateway.decide import BackendFailed, conclude, decide
from entrada.core.gateway.exchange import Address, Request, Response
from entrada.core.gateway.verdict import Answer, Forward
from entrada.core.jose.numeric_date import NumericDate
from tests.gateway.trial import FACTS, NOW, gateway, token, validate_jwt

CLAIMS = '<required-claims><claim name="scp" match="any" separator=" "><value>read</value></claim></required-claims>'
EVERYTHING = gateway(
    """<cors><allowed-origins><origin>https://app.example</origin></allowed-origins><allowed-headers><header>*</header></allowed-headers></cors>
    <ip-filter action="forbid"><address>192.0.2.66</address></ip-filter>
    <rate-limit-by-key counter-key="@(context.Request.IpAddress)" calls="5" renewal-period="60" increment-condition="@(context.Response.StatusCode != 500)"/>
    <set-variable name="first" value='@(context.Request.OriginalUrl.Path.Split(&apos;/&apos;).Last())'/>"""
    + validate_jwt('output-token-variable-name="jwt" clock-skew="5"', CLAIMS)
    + """<set-header name="X-Who" exists-action="override"><value>@(((Jwt)context.Variables["jwt"]).Subject)</value></set-header>
    <set-header name="X-Echo" exists-action="append"><value>@(context.Request.OriginalUrl.Query.GetValueOrDefault("x", "") + (string)context.Variables["first"])</value></set-header>
    <set-query-parameter name="who" exists-action="override"><value>@(context.Request.Headers.GetValueOrDefault("X-Me", "?"))</value></set-query-parameter>
    <choose><when condition='@(context.Request.Headers.GetValueOrDefault("X-To", "") != "")'><rewrite-uri template='@(context.Request.Headers.GetValueOrDefault("X-To", ""))'/></when></choose>""",
    outbound="""<base/><set-header name="X-Out" exists-action="override"><value>@(context.Request.Method)</value></set-header>""",
    on_error="""<base/><set-header name="X-Reason" exists-action="override"><value>@(context.LastError.Reason)</value></set-header>""",
)

GOOD = token({"scp": "read"})
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
claims = st.dictionaries(
    st.sampled_from(["exp", "nbf", "scp", "aud", "iss", "tid", "sub", "x"]), json_values, max_size=6
)


def forged(header: object, payload: object) -> str:
    parts = (urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in (header, payload))
    return ".".join([*parts, "c2ln"])


headers = st.dictionaries(
    st.sampled_from(
        [
            "Authorization",
            "Origin",
            "X-Me",
            "X-To",
            "Cookie",
            "Ocp-Apim-Subscription-Key",
            "Access-Control-Request-Method",
        ]
    ),
    st.text(max_size=40)
    | st.just(f"Bearer {GOOD}")
    | st.builds(lambda h, c: f"Bearer {forged(h, c)}", json_values, claims),
    max_size=5,
)
requests = st.builds(
    Request,
    method=st.sampled_from(["GET", "POST", "OPTIONS", "DELETE", "get", "¶"]),
    url=st.builds(
        Address,
        scheme=st.just("https"),
        host=st.just("localhost"),
        port=st.just(8444),
        path=st.builds("/colors{}".format, st.text(max_size=20)) | st.text(max_size=20) | st.just("/colors"),
        query=st.text(max_size=30),
    ),
    headers=headers.map(lambda found: tuple(found.items())),
    client_address=st.sampled_from(["192.0.2.1", "192.0.2.66", "", "::1", "nonsense"]),
)
responses = st.builds(Response, status=st.integers(100, 599), headers=st.just((("X", "y"),))) | st.sampled_from(
    BackendFailed
)


@given(requests, responses, st.integers(0, 4_000_000_000))
def test_there_is_always_a_verdict(asked: Request, response: Response | BackendFailed, now: int):
    facts = evolve(FACTS, now=NumericDate(now))
    verdict = decide(EVERYTHING, asked, facts)
    answer = conclude(verdict, response, facts) if isinstance(verdict, Forward) else verdict
    assert isinstance(answer, Answer)
    assert 100 <= answer.response.status <= 599
    assert GOOD.split(".")[2] not in repr(verdict.trace)


@given(requests)
def test_nothing_without_the_good_token_is_forwarded(asked: Request):
    """All others are forged, and the key is not known to whoever makes them."""
    verdict = decide(EVERYTHING, asked, FACTS)
    if isinstance(verdict, Forward):
        assert ("Authorization", f"Bearer {GOOD}") in asked.headers
        assert any(one.element == "validate-jwt" for one in verdict.trace)


@given(claims)
def test_a_signed_token_passes_when_it_says_what_is_asked_and_at_no_other_time(said: dict[str, object]):
    made = {"exp": NOW + 60, "scp": "read", **said}
    verdict = decide(EVERYTHING, sent(token(made)), FACTS)
    if isinstance(verdict, Forward):
        assert isinstance(made["exp"], int | float)
        assert made["exp"] >= NOW - 5
        assert "read" in (made["scp"].split() if isinstance(made["scp"], str) else repr(made["scp"]))


def sent(signed: str) -> Request:
    url = Address(scheme="https", host="localhost", port=8444, path="/colors")
    return Request(method="GET", url=url, headers=(("Authorization", f"Bearer {signed}"),), client_address="192.0.2.1")


def test_the_good_token_is_forwarded():
    """Else the properties above would hold of a gateway that lets nobody in."""
    assert isinstance(decide(EVERYTHING, sent(GOOD), FACTS), Forward)
