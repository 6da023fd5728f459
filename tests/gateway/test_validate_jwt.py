"""Each row of gateway reference 2 and 3.2: a good request, then every way to spoil it."""

import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.gateway.expressions.context import Jwt
from entrada.core.gateway.tokens.claim import RequiredClaim
from entrada.core.gateway.tokens.refused import TokenRefused
from entrada.core.gateway.tokens.validate import Rules, ValidToken, validate
from entrada.core.gateway.verdict import Forward
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate
from tests.gateway.trial import (
    DOCUMENT,
    ISSUER,
    KEYS,
    NOW,
    SECRET_TEXT,
    answered,
    ask,
    bearer,
    faults,
    forwarded,
    gateway,
    message,
    provider,
    reason,
    request,
    token,
    validate_jwt,
)

CONFIG = f'<openid-config url="{DOCUMENT}" />'
BY_DISCOVERY = f'<validate-jwt header-name="Authorization">{CONFIG}<audiences><audience>colors</audience></audiences></validate-jwt>'
LAB = "Unauthorized. Access token is missing or invalid."


def audiences(*names: str) -> str:
    return f"<audiences>{''.join(f'<audience>{name}</audience>' for name in names)}</audiences>"


def issuers(*names: str) -> str:
    return f"<issuers>{''.join(f'<issuer>{name}</issuer>' for name in names)}</issuers>"


def claims(*values: str, name: str = "scp", attributes: str = "") -> str:
    inside = "".join(f"<value>{value}</value>" for value in values)
    return f'<required-claims><claim name="{name}" {attributes}>{inside}</claim></required-claims>'


# fmt: off
ROWS = [  # attributes, elements, the claims of the token, what becomes of it
    pytest.param("", "", {}, "forwarded", id="good"),
    pytest.param("", audiences("colors"), {}, "forwarded", id="the audience"),
    pytest.param("", audiences("other", "colors"), {}, "forwarded", id="one of the audiences"),
    pytest.param("", audiences("colors"), {"aud": ["x", "colors"]}, "forwarded", id="one of the token's audiences"),
    pytest.param("", audiences("colors"), {"aud": "colors/"}, "TokenAudienceNotAllowed", id="a slash too many"),
    pytest.param("", audiences("colors"), {"aud": None}, "TokenAudienceNotAllowed", id="for nobody"),
    pytest.param("", audiences("@(context.Request.OriginalUrl.Host)"), {"aud": "localhost"}, "forwarded", id="the audience from the host"),
    pytest.param("", audiences("@(context.Request.OriginalUrl.Host)"), {}, "TokenAudienceNotAllowed", id="not the host"),
    pytest.param("", "", {"aud": "anything"}, "forwarded", id="without audiences none is checked"),
    pytest.param("", issuers(ISSUER), {}, "forwarded", id="the issuer"),
    pytest.param("", issuers("https://other/"), {}, "TokenIssuerNotAllowed", id="another issuer"),
    pytest.param("", issuers(ISSUER), {"iss": None}, "TokenIssuerNotAllowed", id="no issuer"),
    pytest.param("", issuers("https://login.example/{tenantid}/v2.0"), {"tid": "11111111-1111-1111-1111-111111111111"}, "forwarded", id="the template with the token's tenant"),
    pytest.param("", issuers("https://login.example/{tenantid}/v2.0"), {"tid": "2"}, "TokenIssuerNotAllowed", id="the template with another tenant"),
    pytest.param("", issuers("https://login.example/{tenantid}/v2.0"), {}, "TokenIssuerNotAllowed", id="the template without a tenant"),
    pytest.param("", issuers("https://login.example/{tenantid}/v2.0"), {"iss": "https://login.example/{tenantid}/v2.0", "tid": "{tenantid}"}, "forwarded", id="a trusted key may sign even this"),
    pytest.param("", "", {"exp": NOW + 1}, "forwarded", id="expires in a second"),
    pytest.param("", "", {"exp": NOW - 1}, "forwarded", id="a skew of 0 is one second"),
    pytest.param("", "", {"exp": NOW - 2}, "TokenExpired", id="expired, at the skew's edge"),
    pytest.param('clock-skew="1"', "", {"exp": NOW - 2}, "TokenExpired", id="a skew of 1 is no more"),
    pytest.param('clock-skew="60"', "", {"exp": NOW - 60}, "forwarded", id="within the skew"),
    pytest.param('clock-skew="60"', "", {"exp": NOW - 61}, "TokenExpired", id="beyond the skew"),
    pytest.param("", "", {"nbf": NOW + 1}, "forwarded", id="begins within the second"),
    pytest.param("", "", {"nbf": NOW + 2}, "JwtInvalid", id="not valid yet"),
    pytest.param('clock-skew="60"', "", {"nbf": NOW + 60}, "forwarded", id="not valid yet, within the skew"),
    pytest.param("", "", {"exp": None}, "JwtInvalid", id="never expires"),
    pytest.param('require-expiration-time="false"', "", {"exp": None}, "forwarded", id="may never expire"),
    pytest.param('require-expiration-time="false"', "", {"exp": NOW - 2}, "TokenExpired", id="but one that does must not have"),
    pytest.param('require-expiration-time="false"', "", {"exp": "tomorrow"}, "JwtInvalid", id="a time in words"),
    pytest.param('require-expiration-time="false"', "", {"exp": True}, "JwtInvalid", id="a time that is true"),
    pytest.param("", claims("a"), {"scp": "a"}, "forwarded", id="the claim"),
    pytest.param("", claims("a"), {"scp": "A"}, "TokenClaimValueNotAllowed", id="in another case"),
    pytest.param("", claims("a"), {}, "TokenClaimNotFound", id="no claim"),
    pytest.param("", claims(), {"scp": "whatever"}, "forwarded", id="presence alone"),
    pytest.param("", claims(), {}, "TokenClaimNotFound", id="not present"),
    pytest.param("", claims(), {"scp": []}, "TokenClaimNotFound", id="an empty array is no value"),
    pytest.param("", claims(), {"scp": None}, "TokenClaimNotFound", id="null is no value"),
    pytest.param("", claims("a"), {"scp": "a b"}, "TokenClaimValueNotAllowed", id="two scopes without a separator"),
    pytest.param("", claims("a", attributes='separator=" "'), {"scp": "b a"}, "forwarded", id="two scopes with a separator"),
    pytest.param("", claims("a", "b", attributes='separator=" "'), {"scp": "b a"}, "forwarded", id="all of two"),
    pytest.param("", claims("a", "c", attributes='separator=" "'), {"scp": "b a"}, "TokenClaimValueNotAllowed", id="not all of two"),
    pytest.param("", claims("a", "c", attributes='separator=" " match="all"'), {"scp": "b a"}, "TokenClaimValueNotAllowed", id="all is the default"),
    pytest.param("", claims("a", "c", attributes='separator=" " match="any"'), {"scp": "b a"}, "forwarded", id="any of two"),
    pytest.param("", claims("x", "y", attributes='match="any"', name="roles"), {"roles": ["a", "y"]}, "forwarded", id="any of an array"),
    pytest.param("", claims("x", "y", name="roles"), {"roles": ["y", "z", "x"]}, "forwarded", id="all within an array"),
    pytest.param("", claims("x", "y", name="roles"), {"roles": ["y"]}, "TokenClaimValueNotAllowed", id="not all within an array"),
    pytest.param("", claims("true", name="admin", attributes='match="any"'), {"admin": True}, "forwarded", id="the lab: a boolean as text"),
    pytest.param("", claims("true", name="adminx", attributes='match="any"'), {"admin": True}, "TokenClaimNotFound", id="the lab: adminx"),
    pytest.param("", claims("True", name="admin"), {"admin": True}, "TokenClaimValueNotAllowed", id="not as C# writes it"),
    pytest.param("", claims("42", name="level"), {"level": 42}, "forwarded", id="a number by its digits"),
    pytest.param("", claims("4", name="level"), {"level": 42}, "TokenClaimValueNotAllowed", id="not by its first digit"),
    pytest.param("", claims("1.5", name="level"), {"level": 1.5}, "forwarded", id="a fraction"),
]
# fmt: on


@pytest.mark.parametrize(("attributes", "elements", "said", "outcome"), ROWS)
def test_a_token_by_a_secret(attributes: str, elements: str, said: dict[str, object], outcome: str):
    assert reason(ask(gateway(validate_jwt(attributes, elements)), bearer(said))) == outcome


# fmt: off
CARRIED = [  # attributes of validate-jwt, the headers and query of the request, what becomes of it
    pytest.param('header-name="Authorization"', {}, "", "TokenNotPresent", id="nothing"),
    pytest.param('header-name="Authorization"', {"Authorization": ""}, "", "TokenNotPresent", id="an empty header"),
    pytest.param('header-name="Authorization"', {"Authorization": "Bearer TOKEN"}, "", "forwarded", id="Bearer"),
    pytest.param('header-name="authorization"', {"AUTHORIZATION": "bEARER TOKEN"}, "", "forwarded", id="the case of names and schemes is free"),
    pytest.param('header-name="Authorization"', {"Authorization": "TOKEN"}, "", "forwarded", id="bare, where no scheme is asked for"),
    pytest.param('header-name="Authorization"', {"Authorization": "Basic TOKEN"}, "", "JwtInvalid", id="another scheme"),
    pytest.param('header-name="Authorization" require-scheme="Bearer"', {"Authorization": "TOKEN"}, "", "TokenNotPresent", id="the scheme is missing"),
    pytest.param('header-name="Authorization" require-scheme="Bearer"', {"Authorization": "bearer TOKEN"}, "", "forwarded", id="the scheme in another case"),
    pytest.param('header-name="Authorization" require-scheme="DPoP"', {"Authorization": "Bearer TOKEN"}, "", "TokenNotPresent", id="not that scheme"),
    pytest.param('header-name="X-Token" require-scheme="Bearer"', {"X-Token": "TOKEN"}, "", "forwarded", id="the scheme is of Authorization alone"),
    pytest.param('header-name="X-Token"', {"X-Token": "Bearer TOKEN"}, "", "JwtInvalid", id="a header of one's own holds the bare token"),
    pytest.param('query-parameter-name="access"', {}, "access=TOKEN", "forwarded", id="in the query"),
    pytest.param('query-parameter-name="access"', {}, "", "TokenNotPresent", id="not in the query"),
    pytest.param('query-parameter-name="access"', {}, "access=TOKEN&access=TOKEN", "JwtInvalid", id="twice in the query"),
    pytest.param("""token-value='@(context.Request.Headers.GetValueOrDefault("X-Token", ""))'""", {"X-Token": "TOKEN"}, "", "forwarded", id="by an expression"),
    pytest.param("""token-value='@(context.Request.Headers.GetValueOrDefault("X-Token", ""))'""", {}, "", "TokenNotPresent", id="an expression that finds none"),
]
# fmt: on


@pytest.mark.parametrize(("attributes", "headers", "query", "outcome"), CARRIED)
def test_where_the_token_is(attributes: str, headers: dict[str, str], query: str, outcome: str):
    good = token()
    policy = validate_jwt().replace('header-name="Authorization"', attributes)
    sent = {name.replace("-", "_"): value.replace("TOKEN", good) for name, value in headers.items()}
    asked = request(query=query.replace("TOKEN", good), **sent)
    assert reason(ask(gateway(policy), asked)) == outcome


def test_two_authorization_headers_are_two_answers_to_who_is_asking():
    twice = bearer()
    twice = evolve(twice, headers=(*twice.headers, *twice.headers))
    assert reason(ask(gateway(validate_jwt()), twice)) == "JwtInvalid"


def test_the_body_of_a_failure_is_azures_to_the_space():
    answer = answered(gateway(validate_jwt(f'failed-validation-error-message="{LAB}"')))
    assert answer.response.status == 401
    assert answer.response.body == f'{{ "statusCode": 401, "message": "{LAB}" }}'.encode()
    assert len(answer.response.body or b"") == 85
    assert ("Content-Type", "application/json") in answer.response.headers


def test_the_message_is_the_documented_one_where_none_is_configured():
    service = gateway(validate_jwt("", claims("x")))
    assert message(answered(service)) == "JWT not present."
    assert message(answered(service, bearer())) == "JWT token is missing the following claims: scp. Access denied."
    assert message(answered(service, bearer({"scp": "y"}))) == "Claim scp value of y is not allowed. Access denied."
    assert message(answered(service, bearer({"exp": 1}))).endswith("Access denied.")


def test_every_missing_claim_is_named():
    several = (
        "<required-claims><claim name='a'/><claim name='b'><value>1</value></claim><claim name='c'/></required-claims>"
    )
    answer = answered(gateway(validate_jwt("", several)), bearer({"c": "here"}))
    assert message(answer) == "JWT token is missing the following claims: a, b. Access denied."


def test_the_configured_status_and_message_may_be_computed():
    attributes = (
        """failed-validation-httpcode="@(403)" failed-validation-error-message='@("No " + context.Request.Method)'"""
    )
    answer = answered(gateway(validate_jwt(attributes)))
    assert (answer.response.status, message(answer)) == (403, "No GET")


# fmt: off
CHALLENGES = [  # status, request, the challenge (RFC 6750 §3)
    pytest.param("401", request(query="access_token=secret"), 'Bearer realm="entrada"', id="nothing was presented, so nothing was wrong"),
    pytest.param("401", bearer({"exp": 1}), 'Bearer realm="entrada", error="invalid_token", error_description="The token has expired."', id="expired"),
    pytest.param("401", bearer(), 'Bearer realm="entrada", error="invalid_token", error_description="The token misses a claim that is required."', id="a claim, as Azure answers"),
    pytest.param("403", bearer(), 'Bearer realm="entrada", error="insufficient_scope", error_description="The token misses a claim that is required."', id="a claim, where the author says 403"),
    pytest.param("400", bearer(), None, id="no challenge to a request that is called bad"),
]
# fmt: on


@pytest.mark.parametrize(("status", "asked", "challenge"), CHALLENGES)
def test_the_challenge(status, asked, challenge):
    service = gateway(validate_jwt(f'failed-validation-httpcode="{status}"', claims("x")))
    lines = dict(answered(service, asked).response.headers)
    assert lines.get("WWW-Authenticate") == challenge


# fmt: off
SIGNED = [  # algorithm, key, the keys that are published, what becomes of it
    *(pytest.param(name, "rsa", ("rsa",), "forwarded", id=name) for name in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")),
    pytest.param("ES256", "p256", ("p256",), "forwarded", id="ES256"),
    pytest.param("ES384", "p384", ("p384",), "forwarded", id="ES384"),
    pytest.param("ES512", "p521", ("p521",), "forwarded", id="ES512"),
    pytest.param("EdDSA", "ed", ("ed",), "forwarded", id="EdDSA"),
    pytest.param("RS256", "rsa2", ("rsa",), "TokenSignatureKeyNotFound", id="a key that is not published"),
    pytest.param("RS256", "rsa", (), "JwtInvalid", id="no key is known"),
    pytest.param("HS256", "oct", ("rsa",), "TokenSignatureKeyNotFound", id="a secret never is a published key"),
]
# fmt: on


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize(("algorithm", "key", "published", "outcome"), SIGNED)
def test_a_token_by_a_published_key(algorithm: str, key: str, published: tuple[str, ...], outcome: str):
    asked = bearer(None, algorithm, key, kid=key)
    assert reason(ask(gateway(BY_DISCOVERY), asked, providers={DOCUMENT: provider(*published)})) == outcome


def test_without_an_id_each_key_is_tried():
    providers = {DOCUMENT: provider("p256", "rsa2", "rsa")}
    assert reason(ask(gateway(BY_DISCOVERY), bearer(None, "RS256", "rsa"), providers=providers)) == "forwarded"


def test_another_key_under_a_known_id_does_not_verify():
    providers = {DOCUMENT: provider("rsa")}
    assert (
        reason(ask(gateway(BY_DISCOVERY), bearer(None, "RS256", "rsa2", kid="rsa"), providers=providers))
        == "TokenSignatureInvalid"
    )


def test_the_keys_of_one_issuer_sign_for_no_other():
    other = "https://other.example/.well-known/openid-configuration"
    both = f'<validate-jwt header-name="Authorization">{CONFIG}<openid-config url="{other}" /></validate-jwt>'
    providers = {DOCUMENT: provider("rsa"), other: provider("rsa2", issuer="https://other.example")}
    ours, theirs = {"iss": ISSUER}, {"iss": "https://other.example"}
    service = gateway(both)
    assert reason(ask(service, bearer(ours, "RS256", "rsa", kid="rsa"), providers=providers)) == "forwarded"
    assert reason(ask(service, bearer(theirs, "RS256", "rsa2", kid="rsa2"), providers=providers)) == "forwarded"
    assert (
        reason(ask(service, bearer(ours, "RS256", "rsa2", kid="rsa2"), providers=providers))
        == "TokenSignatureKeyNotFound"
    )
    assert reason(ask(service, bearer(theirs, "RS256", "rsa"), providers=providers)) == "TokenSignatureInvalid"


def test_an_issuer_that_the_policy_adds_may_use_the_keys_of_its_documents():
    """Version 1 tokens against the document of version 2."""
    v1 = "https://sts.example/1/"
    policy = f'<validate-jwt header-name="Authorization">{CONFIG}{issuers(v1)}</validate-jwt>'
    asked = bearer({"iss": v1}, "RS256", "rsa", kid="rsa")
    assert reason(ask(gateway(policy), asked, providers={DOCUMENT: provider("rsa")})) == "forwarded"


def test_a_refused_version_1_token_is_told_apart():
    asked = bearer({"iss": "https://sts.example/1/", "ver": "1.0"}, "RS256", "rsa", kid="rsa")
    answer = answered(gateway(BY_DISCOVERY), asked, providers={DOCUMENT: provider("rsa")})
    assert reason(answer) == "TokenIssuerNotAllowed"
    assert "requestedAccessTokenVersion" in str(answer.trace[-1].would_pass)


def test_the_issuer_of_every_tenant_is_bound_to_the_tenant_of_the_token():
    providers = {DOCUMENT: provider("rsa", issuer="https://login.example/{tenantid}/v2.0")}
    tenant = "11111111-1111-1111-1111-111111111111"
    good, bad = ({"tid": one} for one in (tenant, "22222222-2222-2222-2222-222222222222"))
    service = gateway(BY_DISCOVERY)
    assert reason(ask(service, bearer(good, "RS256", "rsa", kid="rsa"), providers=providers)) == "forwarded"
    assert reason(ask(service, bearer(bad, "RS256", "rsa", kid="rsa"), providers=providers)) == "TokenIssuerNotAllowed"


def test_keys_that_nobody_could_fetch_are_not_the_callers_fault():
    answer = answered(gateway(BY_DISCOVERY), bearer(None, "RS256", "rsa", kid="rsa"))
    assert (reason(answer), answer.response.status) == ("JwtInvalid", 500)


def with_header(said: dict[str, object]) -> str:
    _, payload, signature = token().split(".")
    return ".".join([urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode(), payload, signature])


# fmt: off
TRICKS = [
    pytest.param(lambda: with_header({"alg": "none"}), id="no algorithm"),
    pytest.param(lambda: with_header({"alg": "None"}), id="no algorithm, in another case"),
    pytest.param(lambda: token().rsplit(".", 1)[0] + ".", id="the signature left out"),
    pytest.param(lambda: with_header({"alg": "HS256", "crit": ["b64"], "b64": False}), id="an extension that must be understood"),
    pytest.param(lambda: with_header({"alg": "HS256", "kid": "../../dev/null"}), id="a path as the key's id"),
    pytest.param(lambda: with_header({"alg": "HS256", "kid": {"a": 1}}), id="an object as the key's id"),
    pytest.param(lambda: with_header({"alg": ["HS256"]}), id="a list of algorithms"),
    pytest.param(lambda: with_header({"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}}), id="a key in the header"),
    pytest.param(lambda: "a.b", id="two parts"), pytest.param(lambda: "a.b.c.d.e", id="an encrypted token"),
    pytest.param(lambda: "ü.ü.ü", id="not ASCII"), pytest.param(lambda: token() + "=", id="padding"),
    pytest.param(lambda: "a" * 20_000, id="oversized"), pytest.param(lambda: f'"{token()}"', id="quotes"),
]
# fmt: on


@pytest.mark.parametrize("make", TRICKS)
def test_tricks(make):
    answer = answered(gateway(validate_jwt()), request(Authorization=f"Bearer {make()}"))
    assert answer.response.status == 401


def test_a_public_key_is_no_secret():
    """HS256 with the text of the public key: the oldest trick."""
    pem = KEYS["rsa"].as_pem(private=False).decode().strip()
    policy = f"<validate-jwt header-name='Authorization'><issuer-signing-keys><key>{pem}</key></issuer-signing-keys></validate-jwt>"
    import hmac

    from joserfc.jws import JWSRegistry  # noqa: F401

    header, payload, _ = token().split(".")
    forged = hmac.digest(pem.encode(), f"{header}.{payload}".encode(), "sha256")
    spoiled = f"{header}.{payload}.{urlsafe_b64encode(forged).rstrip(b'=').decode()}"
    service = gateway(policy)
    assert reason(ask(service, request(Authorization=spoiled))) == "TokenSignatureInvalid"
    assert reason(ask(service, bearer(None, "RS256", "rsa"))) == "forwarded"


def test_a_certificate_may_be_pasted():
    from cryptography.hazmat.primitives.serialization import Encoding

    from tests.jose.known_keys import b64, our_key, rsa_signed

    der = our_key().certificate.public_bytes(Encoding.DER)
    policy = f"<validate-jwt header-name='Authorization'><issuer-signing-keys><key>{b64encode(der).decode()}</key></issuer-signing-keys></validate-jwt>"
    signed = rsa_signed(f"{b64(json.dumps({'alg': 'RS256'}))}.{b64(json.dumps({'exp': NOW + 60}))}", our_key())
    assert reason(ask(gateway(policy), request(Authorization=f"Bearer {signed}"))) == "forwarded"


def test_n_and_e():
    numbers = KEYS["rsa"].as_dict(private=False)
    policy = f"<validate-jwt header-name='Authorization'><issuer-signing-keys><key id='k' n='{numbers['n']}' e='{numbers['e']}'/></issuer-signing-keys></validate-jwt>"
    service = gateway(policy)
    assert reason(ask(service, bearer(None, "RS256", "rsa", kid="k"))) == "forwarded"
    assert reason(ask(service, bearer(None, "RS256", "rsa", kid="other"))) == "TokenSignatureKeyNotFound"


@pytest.mark.parametrize(
    ("size", "algorithm", "outcome"),
    [
        (32, "HS256", "forwarded"),
        (32, "HS384", "TokenSignatureInvalid"),
        (48, "HS384", "forwarded"),
        (48, "HS512", "TokenSignatureInvalid"),
        (64, "HS512", "forwarded"),
    ],
)
def test_a_secret_is_at_least_as_long_as_the_hash(size: int, algorithm: str, outcome: str):
    from joserfc import jwt
    from joserfc.jwk import OctKey

    secret = b"0123456789abcdef" * (size // 16)
    policy = validate_jwt().replace(SECRET_TEXT, b64encode(secret).decode())
    signed = jwt.encode({"alg": algorithm}, {"exp": NOW + 60}, OctKey.import_key(secret), algorithms=[algorithm])
    assert reason(ask(gateway(policy), request(Authorization=f"Bearer {signed}"))) == outcome


def test_what_the_token_says_is_kept_for_later_policies():
    forward = forwarded(gateway(validate_jwt('output-token-variable-name="jwt"')), bearer({"name": "Ben"}))
    kept = forward.passage.variables["jwt"]
    assert isinstance(kept, Jwt)
    assert kept.claims.get("name") == ("Ben",)


def test_a_token_in_the_query_does_not_reach_the_backend():
    policy = validate_jwt().replace('header-name="Authorization"', 'query-parameter-name="access"')
    forward = forwarded(gateway(policy), request(query=f"a=1&access={token()}&b=2"))
    assert forward.request.url.query == "a=1&b=2"


def test_the_header_travels_on():
    forward = forwarded(gateway(validate_jwt()), bearer())
    assert "Authorization" in dict(forward.request.headers)


# fmt: off
FAULTS = [  # the element, what is said of it
    pytest.param("<validate-jwt/>", "has no attribute `header-name`", id="nothing says where the token is"),
    pytest.param("<validate-jwt header-name='a' query-parameter-name='b'/>", "in 2 ways", id="two places"),
    pytest.param("<validate-jwt header-name='Authorization'/>", "names no key", id="no key"),
    pytest.param(validate_jwt('require-signed-tokens="false"'), "without a signature are never let in", id="unsigned tokens"),
    pytest.param(validate_jwt('require-signed-tokens="@(1 == 2)"'), "without a signature are never let in", id="perhaps unsigned tokens"),
    pytest.param(validate_jwt("", "<decryption-keys><key>x</key></decryption-keys>"), "Encrypted tokens", id="decryption keys"),
    pytest.param(validate_jwt("", "<audiences/>"), "holds no <audience>", id="no audience"),
    pytest.param(validate_jwt("", "<audiences><audience/></audiences>"), "<audience> is empty", id="an empty audience"),
    pytest.param(validate_jwt("", "<issuers><issuer>a</issuer></issuers><audiences><audience>b</audience></audiences>"), "stands behind <issuers>", id="out of order"),
    pytest.param(validate_jwt('clock-skew="-1"'), "`clock-skew` is '-1'", id="a negative skew"),
    pytest.param(validate_jwt('clock-skew="00:05:00"'), "`clock-skew` is", id="a skew as a clock shows it"),
    pytest.param(validate_jwt('failed-validation-httpcode="200"'), "`failed-validation-httpcode` is '200'", id="a failure that looks like success"),
    pytest.param(validate_jwt('require-expiration-time="maybe"'), "`require-expiration-time` is 'maybe'", id="neither true nor false"),
    pytest.param(validate_jwt('header="x"'), "takes no attribute `header`", id="an unknown attribute"),
    pytest.param(validate_jwt("", "<tenants/>"), "<tenants> cannot stand in <validate-jwt>", id="an unknown element"),
    pytest.param(validate_jwt("", claims("a", attributes='match="some"')), "`match` is 'some'", id="a match of its own"),
    pytest.param(validate_jwt("", "<required-claims><claim/></required-claims>"), "has no attribute `name`", id="a claim without a name"),
    pytest.param(validate_jwt("", "words"), "Text stands directly in <validate-jwt>", id="text between the elements"),
    pytest.param(validate_jwt("", "<openid-config url='x'/>"), "stands behind", id="discovery behind the keys"),
    pytest.param("<validate-jwt header-name='a'><openid-config url='ftp://x'/></validate-jwt>", "no URL of a discovery document", id="no URL"),
    pytest.param("<validate-jwt header-name='a'><openid-config/></validate-jwt>", "has no attribute `url`", id="no URL at all"),
    pytest.param("<validate-jwt header-name='a'><openid-config url='@(context.Api.Id)'/></validate-jwt>", "takes no expression", id="a URL only the request knows"),
    pytest.param(validate_jwt().replace(SECRET_TEXT, "short"), "not Base64", id="no Base64"),
    pytest.param(validate_jwt().replace(SECRET_TEXT, b64encode(b"short").decode()), "has 5 bytes", id="a weak secret"),
    pytest.param(validate_jwt().replace("<key>", "<key certificate-id='c'>"), "Certificates are not stored", id="a stored certificate"),
    pytest.param(validate_jwt().replace(f"<key>{SECRET_TEXT}</key>", "<key n='AQAB'/>"), "neither a text nor a pair", id="half a key"),
]
# fmt: on


@pytest.mark.parametrize(("element", "said"), FAULTS)
def test_what_is_refused_when_it_is_saved(element: str, said: str):
    found = faults(element)
    assert any(said in one.what for one in found), found
    assert all(one.instead for one in found)


def test_all_faults_are_told_at_once_each_with_its_place():
    found = faults(
        "\n<validate-jwt\n  header-name='a'\n  colour='red'\n  clock-skew='soon'>\n  <size/>\n</validate-jwt>"
    )
    assert [(one.place.line, one.place.column) for one in found] == [(2, 1), (4, 3), (5, 15), (6, 3)]


def test_it_stands_in_inbound_alone():
    assert any("cannot stand in outbound" in one.what for one in faults(outbound=validate_jwt()))


@given(st.data())
def test_no_change_of_one_character_is_let_in(data: st.DataObject):
    good = token()
    at = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.sampled_from([one for one in "AQgw-_.z0" if one != good[at]]))
    spoiled = good[:at] + other + good[at + 1 :]
    assert not isinstance(ask(gateway(validate_jwt()), request(Authorization=f"Bearer {spoiled}")), Forward)


def test_the_decoder_of_these_tests_can_be_trusted():
    payload = token().split(".")[1]
    assert json.loads(urlsafe_b64decode(payload + "=="))["sub"] == "ben"


def test_a_signature_that_was_verified_once_vouches_for_nothing_else():
    issuer, text = provider("rsa"), token(algorithm="RS256", key="rsa")
    rules = Rules(providers=(issuer,), audiences=("colors",))
    first, again = validate(text, rules, NumericDate(NOW)), validate(text, rules, NumericDate(NOW))
    assert isinstance(first, ValidToken)
    assert first == again
    (key,) = issuer.keys
    assert len(key._verified) == 1
    head, payload, signature = text.split(".")
    made = base64url.decode(signature)
    other_head = base64url.encode(b'{"alg":"RS512"}')
    spoiled = [
        f"{head}.{payload}.{base64url.encode(bytes([made[0] ^ 1]) + made[1:])}",
        f"{other_head}.{payload}.{signature}",
        f"{head}.{payload}A.{signature}",
        f"{text}=",
    ]
    assert all(isinstance(validate(one, rules, NumericDate(NOW)), TokenRefused) for one in spoiled)
    assert len(key._verified) == 1


def test_what_a_key_remembers_is_asked_the_rest_each_time():
    issuer, text, now = provider("rsa"), token(algorithm="RS256", key="rsa"), NumericDate(NOW)
    rules = Rules(providers=(issuer,), audiences=("colors",))
    assert isinstance(validate(text, rules, now), ValidToken)
    refusing = [
        (evolve(rules, audiences=("another",)), now),
        (evolve(rules, providers=(evolve(issuer, issuer="https://another.example"),)), now),
        (evolve(rules, claims=(RequiredClaim(name="scp", values=("Colors.Read",)),)), now),
        (rules, NumericDate(NOW + 3600)),
        (evolve(rules, providers=(provider("rsa2"),)), now),  # the key is gone, and with it what it knew
    ]
    assert all(isinstance(validate(text, *one), TokenRefused) for one in refusing)


def test_a_key_remembers_so_many_tokens_and_no_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("entrada.core.gateway.tokens.key.MOST_REMEMBERED", 2)
    (key,) = provider("rsa").keys
    for one in (b"1", b"2", b"3"):
        key.remember(one, one)
    assert [key.remembered(one) for one in (b"1", b"2", b"3")] == [None, None, b"3"]


def test_a_document_that_is_not_known_is_named_with_its_reason() -> None:
    answer = answered(gateway(BY_DISCOVERY), bearer(), providers={}, failures={DOCUMENT: "it answers 404"})
    assert answer.failure is not None
    assert f"nothing is known of {DOCUMENT}: it answers 404" in str(answer.failure.saw)
    bare = answered(gateway(BY_DISCOVERY), bearer(), providers={})
    assert bare.failure is not None
    assert f"nothing is known of {DOCUMENT}: it could not be fetched" in str(bare.failure.saw)


@pytest.mark.parametrize(("tenant", "hints"), [("t1", "This one is of version 1"), ("t2", "of another tenant, t2")])
def test_the_version_is_hinted_at_only_within_the_tenant(tenant: str, hints: str) -> None:
    rules = Rules(keys=provider("rsa").keys, issuers=("https://login.example/t1/v2.0",))
    said = {"iss": f"https://sts.example/{tenant}/", "tid": tenant, "ver": "1.0"}
    refused = validate(token(said, "RS256", "rsa"), rules, NumericDate(NOW))
    assert isinstance(refused, TokenRefused)
    assert hints in refused.would_pass
    assert ("version" in refused.would_pass) == (tenant == "t1")


def test_a_token_that_says_little_is_told_in_words() -> None:
    key = f"<issuer-signing-keys><key>{SECRET_TEXT}</key></issuer-signing-keys>"
    inbound = f'<validate-jwt header-name="Authorization">{key}</validate-jwt>'
    forward = forwarded(gateway(inbound), bearer({"iss": None, "aud": None}))
    assert [one.saw for one in forward.trace if one.element == "validate-jwt"] == [
        "a token of no issuer for no audience, signed with HS256"
    ]


def test_a_header_that_is_not_there_is_told_in_words() -> None:
    setting = '<set-header name="username"><value>ben</value></set-header>'
    again = '<set-header name="username" exists-action="append"><value>ada</value></set-header>'
    forward = forwarded(gateway(setting + again), request())
    said = [one.saw for one in forward.trace if one.element == "set-header"]
    assert said == ["no username", "username"]


def test_a_claim_that_is_missing_is_asked_for_with_its_values() -> None:
    inbound = validate_jwt("", claims("Colors.ReadAll", "Admin", name="roles", attributes='match="any"'))
    answer = answered(gateway(inbound), bearer())
    assert "A token that has roles with Colors.ReadAll or Admin." in str(answer.trace[-1].would_pass)
    assert message(answer) == "JWT token is missing the following claims: roles. Access denied."
