"""A client proves itself by a token: signed with its certificate, or by an issuer it trusts.

RFC 7521 §4.2; RFC 7523 §3; reference sections 15.3, 20.1 and 20.3.
"""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import Platform
from entrada.core.directory.client_credential import FederatedCredential
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.jwk_set import parse_jwk_set
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.client_authentication.assertion import (
    ASSERTION_TYPE,
    IssuerKeys,
    audiences,
    read_assertion,
)
from entrada.core.protocol.client_authentication.authenticate import (
    Presented,
    authenticate,
    authenticate_confidential,
    authenticate_without_redirect,
)
from tests.drivers.assertions import certified, ec_key, jwt, public_jwk, rsa_key, unpadded
from tests.protocol.known import CLIENT, COMMON, HERE, NOW, ORIGIN, SECRET, TENANT, THERE, as_platform, guid, said

ONE, OTHER = certified("client"), certified("other")
CERTIFIED = evolve(CLIENT, client_secrets=(), certificates=(ONE.registered(),))
TOKEN_ENDPOINT = f"{ORIGIN}/{TENANT.id}/oauth2/v2.0/token"
PS256 = {"alg": "PS256", "typ": "JWT", "x5t#S256": unpadded(ONE.sha256)}
RS256 = {"alg": "RS256", "x5t": unpadded(ONE.sha1)}
CLAIMS = {"aud": TOKEN_ENDPOINT, "iss": CLIENT.app_id, "sub": CLIENT.app_id, "exp": NOW + 600, "jti": "1"}
CERTIFICATE_PROOF = "2"
EXPIRED = ONE.registered(expires_at=NOW)
TO_COME = ONE.registered(not_before=NumericDate(NOW + 1))
UNREADABLE = ONE.registered(der=b"garbage")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
NAMES = st.sampled_from(["iss", "sub", "aud", "exp", "nbf", "iat", "kid", "x5t", "x5t#S256", "crit"]) | st.text()
JSON_OBJECTS = st.dictionaries(NAMES, SCALARS | st.lists(SCALARS) | st.dictionaries(st.text(), SCALARS))
WITHOUT_A_CLIENT = {
    why.MALFORMED_ASSERTION,
    why.ASSERTION_UNVERIFIED,
    why.SUBJECT_IS_NOT_ISSUER,
    why.ASSERTION_OF_ANOTHER_CLIENT,
    why.NO_FEDERATED_CREDENTIAL,
}


def dotted(parts):
    return ".".join(map(unpadded, parts))


def proof(client, assertion, *, kind=ASSERTION_TYPE, segment=TENANT.id, authority=HERE, keys=None, **presented):
    """The proof, or the reason why it is none."""
    read = read_assertion(kind, assertion)
    if isinstance(read, Refusal):
        return read.reason
    known = evolve(read, audiences=audiences(ORIGIN, segment, authority), issuer_keys=keys)
    found = authenticate_confidential(client, Presented(assertion=known, **presented), NOW)
    return getattr(found, "proof", said(found))


def by_certificate(header=PS256, *, key=ONE.key, client=CERTIFIED, **claims):
    made = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    return proof(client, jwt(key, header, made))


# fmt: off
GOOD = [  # header, claims that differ
    pytest.param(PS256,                                      {},                                     id="PS256 by x5t#S256"),
    pytest.param(RS256,                                      {},                                     id="RS256 by x5t"),
    pytest.param({**RS256, "x5t": None, "x5t#S256": PS256["x5t#S256"]}, {},                          id="MSAL Java: RS256 by x5t#S256"),
    pytest.param({"alg": "PS256", "kid": unpadded(ONE.sha1)}, {},                                    id="by kid"),
    pytest.param({**PS256, "x5c": ["MII..."]},               {},                                     id="x5c is not read"),
    pytest.param(PS256, {"exp": NOW + 600.5, "iat": NOW + 0.5},                                      id="MSAL Python: times are floats"),
    pytest.param(PS256, {"exp": str(NOW + 600), "nbf": str(NOW)},                                    id="MSAL .NET: times are strings"),
    pytest.param(PS256, {"nbf": NOW + 300},                                                          id="a clock that runs five minutes ahead"),
    pytest.param(PS256, {"exp": NOW + 10**7},                                                        id="there is no upper bound"),
    pytest.param(PS256, {"aud": [TOKEN_ENDPOINT]},                                                   id="aud is an array of one"),
    pytest.param(PS256, {"aud": f"{ORIGIN}/{TENANT.id}/oauth2/token"},                               id="aud is the v1.0 token endpoint"),
    pytest.param(PS256, {"aud": f"{ORIGIN}/{TENANT.id}/v2.0"},                                       id="aud is the v2.0 issuer"),
    pytest.param(PS256, {"aud": f"{ORIGIN}/{TENANT.id}/"},                                           id="aud is the v1.0 issuer"),
    pytest.param(PS256, {"aud": f"{ORIGIN}/colors.example/oauth2/v2.0/token"},                       id="aud names the tenant by its domain"),
    pytest.param(PS256, {"jti": None},                                                               id="no jti"),
    pytest.param(PS256, {"iss": CLIENT.app_id.upper(), "sub": CLIENT.app_id.upper()},                id="a client id in capitals"),
]
SPOILT = [  # header, claims that differ, the reason
    pytest.param({**PS256, "alg": "none"},                   {}, why.MALFORMED_ASSERTION,            id="alg none"),
    pytest.param({**PS256, "alg": "HS256"},                  {}, why.MALFORMED_ASSERTION,            id="HMAC"),
    pytest.param({**PS256, "crit": ["exp"]},                 {}, why.MALFORMED_ASSERTION,            id="an unknown crit"),
    pytest.param({**PS256, "alg": "ES256"},                  {}, why.ASSERTION_UNVERIFIED,           id="ES256 with an RSA certificate"),
    pytest.param({"alg": "PS256"},                           {}, why.ASSERTION_UNVERIFIED,           id="no thumbprint"),
    pytest.param({**PS256, "x5t#S256": unpadded(OTHER.sha256)}, {}, why.ASSERTION_UNVERIFIED,        id="a certificate that is not registered"),
    pytest.param(PS256, {"exp": None},                       why.MALFORMED_ASSERTION,                id="no exp"),
    pytest.param(PS256, {"exp": "soon"},                     why.MALFORMED_ASSERTION,                id="exp is a word"),
    pytest.param(PS256, {"exp": "nan"},                      why.MALFORMED_ASSERTION,                id="exp is not a number"),
    pytest.param(PS256, {"exp": "inf"},                      why.MALFORMED_ASSERTION,                id="exp is infinite"),
    pytest.param(PS256, {"exp": True},                       why.MALFORMED_ASSERTION,                id="exp is true"),
    pytest.param(PS256, {"exp": 10**400},                    why.MALFORMED_ASSERTION,                id="exp beyond every float"),
    pytest.param(PS256, {"iat": "today"},                    why.MALFORMED_ASSERTION,                id="iat is a word"),
    pytest.param(PS256, {"exp": NOW},                        why.ASSERTION_OUT_OF_TIME,              id="expires this second"),
    pytest.param(PS256, {"exp": str(NOW - 0.5)},             why.ASSERTION_OUT_OF_TIME,              id="expired half a second ago"),
    pytest.param(PS256, {"nbf": NOW + 301},                  why.ASSERTION_OUT_OF_TIME,              id="not valid for more than five minutes"),
    pytest.param(PS256, {"aud": f"{ORIGIN}/{THERE.name}/oauth2/v2.0/token"}, why.ASSERTION_FOR_ANOTHER_AUDIENCE, id="another tenant's token endpoint"),
    pytest.param(PS256, {"aud": "https://login.microsoftonline.com/common/oauth2/v2.0/token"}, why.ASSERTION_FOR_ANOTHER_AUDIENCE, id="another server's"),
    pytest.param(PS256, {"aud": [TOKEN_ENDPOINT, "https://else.example"]}, why.ASSERTION_FOR_ANOTHER_AUDIENCE, id="for somebody else too"),
    pytest.param(PS256, {"aud": []},                         why.ASSERTION_FOR_ANOTHER_AUDIENCE,     id="for nobody"),
    pytest.param(PS256, {"aud": None},                       why.ASSERTION_FOR_ANOTHER_AUDIENCE,     id="no aud"),
    pytest.param(PS256, {"aud": TOKEN_ENDPOINT + "/"},       why.ASSERTION_FOR_ANOTHER_AUDIENCE,     id="a slash more"),
    pytest.param(PS256, {"sub": guid(7)},                    why.SUBJECT_IS_NOT_ISSUER,              id="sub is not iss"),
    pytest.param(PS256, {"sub": None},                       why.SUBJECT_IS_NOT_ISSUER,              id="no sub"),
    pytest.param(PS256, {"iss": None, "sub": None},          why.ASSERTION_OF_ANOTHER_CLIENT,        id="neither"),
    pytest.param(PS256, {"iss": guid(7), "sub": guid(7)},    why.ASSERTION_OF_ANOTHER_CLIENT,        id="of another client"),
    pytest.param(PS256, {"iss": 7, "sub": 7},                why.ASSERTION_OF_ANOTHER_CLIENT,        id="iss is a number"),
]
REGISTERED = [  # what is registered, the answer
    pytest.param((OTHER.registered(), ONE.registered()),     CERTIFICATE_PROOF,                      id="the second of two"),
    pytest.param((UNREADABLE, ONE.registered()),             CERTIFICATE_PROOF,                      id="beside one that cannot be read"),
    pytest.param((EXPIRED,),                                 why.CERTIFICATE_EXPIRED,                id="it expires this second"),
    pytest.param((TO_COME,),                                 why.CERTIFICATE_NOT_YET_VALID,          id="it is not valid yet"),
    pytest.param((OTHER.registered(),),                      why.ASSERTION_UNVERIFIED,               id="another one"),
    pytest.param((),                                         why.ASSERTION_UNVERIFIED,               id="none"),
]
# fmt: on


@pytest.mark.parametrize(("header", "claims"), GOOD)
def test_a_certificate_proves_its_client(header, claims):
    assert by_certificate({name: value for name, value in header.items() if value}, **claims) == CERTIFICATE_PROOF


@pytest.mark.parametrize(("header", "claims", "reason"), SPOILT)
def test_a_spoilt_assertion_proves_nothing(header, claims, reason):
    assert by_certificate(header, **claims) == reason


@pytest.mark.parametrize(("certificates", "answer"), REGISTERED)
def test_what_is_registered_counts(certificates, answer):
    assert by_certificate(client=evolve(CERTIFIED, certificates=certificates)) == answer


def test_another_key_under_the_registered_thumbprint_is_noticed():
    assert by_certificate(key=OTHER.key) == why.ASSERTION_UNVERIFIED


@pytest.mark.parametrize("kind", [None, "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"])
def test_only_jwts_are_taken(kind):
    assert proof(CERTIFIED, jwt(ONE.key, PS256, CLAIMS), kind=kind) == why.MALFORMED_ASSERTION


@pytest.mark.parametrize("text", ["abc", "a.b.c", "é.é.é", "x" * 20_000, jwt(ONE.key, PS256, CLAIMS) + "a"])
def test_garbage_is_malformed_or_unverified(text):
    assert proof(CERTIFIED, text) in (why.MALFORMED_ASSERTION, why.ASSERTION_UNVERIFIED)


@given(st.text() | st.lists(st.binary(max_size=60), min_size=3, max_size=3).map(dotted))
def test_no_text_is_too_strange_to_be_refused(text):
    assert proof(CERTIFIED, text) in (why.MALFORMED_ASSERTION, why.ASSERTION_UNVERIFIED)


@given(header=JSON_OBJECTS, claims=JSON_OBJECTS)
def test_whatever_a_registered_key_signs_is_judged(header, claims):
    said_of_it = proof(CERTIFIED, jwt(ONE.key, {**PS256, **header}, claims))
    assert said_of_it in WITHOUT_A_CLIENT


# fmt: off
SEGMENTS = [  # the tenant segment of the request, how aud spells it, the answer
    pytest.param("colors.example",  HERE,   "colors.example",  CERTIFICATE_PROOF,                  id="the domain"),
    pytest.param("Colors.Example",  HERE,   "Colors.Example",  CERTIFICATE_PROOF,                  id="as spelled in the request"),
    pytest.param("Colors.Example",  HERE,   "colors.example",  CERTIFICATE_PROOF,                  id="the request in capitals"),
    pytest.param("common",          COMMON, "common",          CERTIFICATE_PROOF,                  id="/common"),
    pytest.param("common",          COMMON, "organizations",   why.ASSERTION_FOR_ANOTHER_AUDIENCE, id="/organizations at /common"),
    pytest.param("common",          COMMON, TENANT.id,         why.ASSERTION_FOR_ANOTHER_AUDIENCE, id="a tenant at /common"),
    pytest.param(TENANT.id,         HERE,   "common",          why.ASSERTION_FOR_ANOTHER_AUDIENCE, id="/common at a tenant"),
]
# fmt: on


@pytest.mark.parametrize(("segment", "authority", "spelled", "answer"), SEGMENTS)
def test_an_assertion_is_for_the_authority_it_is_sent_to(segment, authority, spelled, answer):
    claims = {**CLAIMS, "aud": f"{ORIGIN}/{spelled}/oauth2/v2.0/token"}
    assert proof(CERTIFIED, jwt(ONE.key, PS256, claims), segment=segment, authority=authority) == answer


def presented(**more):
    read = read_assertion(ASSERTION_TYPE, jwt(ONE.key, PS256, CLAIMS))
    assert not isinstance(read, Refusal)
    return Presented(assertion=evolve(read, audiences=frozenset({TOKEN_ENDPOINT})), **more)


def test_it_may_be_used_again_until_it_expires():
    again = presented()
    for _ in range(2):
        assert authenticate_confidential(CERTIFIED, again, NOW).proof == CERTIFICATE_PROOF
    assert said(authenticate_confidential(CERTIFIED, again, NumericDate(NOW + 600))) == why.ASSERTION_OUT_OF_TIME


# fmt: off
DOORS = [  # what is asked, the answer
    pytest.param(lambda: authenticate(CERTIFIED, presented(), Platform.WEB, NOW),                            CERTIFICATE_PROOF, id="a web client's code"),
    pytest.param(lambda: authenticate(CERTIFIED, presented(), None, NOW),                                    CERTIFICATE_PROOF, id="an unreadable code"),
    pytest.param(lambda: authenticate(as_platform(CERTIFIED, Platform.PUBLIC_CLIENT), presented(), None, NOW), CERTIFICATE_PROOF, id="an unreadable code of a client that is public too"),
    pytest.param(lambda: authenticate(CERTIFIED, presented(), Platform.PUBLIC_CLIENT, NOW),                  why.PUBLIC_CLIENT_WITH_CREDENTIAL, id="a public client's code"),
    pytest.param(lambda: authenticate(CERTIFIED, presented(origin="https://a.example"), Platform.SPA, NOW),  why.PUBLIC_CLIENT_WITH_CREDENTIAL, id="a single-page application's code"),
    pytest.param(lambda: authenticate(CERTIFIED, presented(origin="https://a.example"), Platform.WEB, NOW),  why.ORIGIN_NEEDS_SPA, id="from a script"),
    pytest.param(lambda: authenticate_confidential(CERTIFIED, presented(origin="null"), NOW),                why.ORIGIN_NEEDS_SPA, id="for itself, from a script"),
    pytest.param(lambda: authenticate_confidential(CERTIFIED, Presented(), NOW),                             why.CREDENTIAL_MISSING, id="for itself, without a credential"),
    pytest.param(lambda: authenticate_without_redirect(CERTIFIED, presented(), NOW),                         CERTIFICATE_PROOF, id="no redirect URI, a confidential client"),
    pytest.param(lambda: authenticate_without_redirect(CERTIFIED, Presented(), NOW),                         why.CREDENTIAL_MISSING, id="no redirect URI, nothing to prove it"),
    pytest.param(lambda: authenticate_without_redirect(evolve(CERTIFIED, is_fallback_public_client=True), presented(), NOW), why.PUBLIC_CLIENT_WITH_CREDENTIAL, id="no redirect URI, a public client with an assertion"),
    pytest.param(lambda: authenticate_without_redirect(evolve(CLIENT, is_fallback_public_client=True), Presented(secret=SECRET), NOW), why.PUBLIC_CLIENT_WITH_CREDENTIAL, id="no redirect URI, a public client with a secret"),
    pytest.param(lambda: authenticate_without_redirect(evolve(CLIENT, is_fallback_public_client=True), Presented(), NOW), "0", id="no redirect URI, a public client"),
    pytest.param(lambda: authenticate_without_redirect(evolve(CLIENT, is_fallback_public_client=True), Presented(origin="null"), NOW), why.ORIGIN_NEEDS_SPA, id="no redirect URI, a public client, from a script"),
]
# fmt: on


@pytest.mark.parametrize(("ask", "answer"), DOORS)
def test_each_door_takes_it_or_not(ask, answer):
    found = ask()
    assert getattr(found, "proof", said(found)) == answer


# ---- an external issuer ----

ISSUER, SUBJECT, AUDIENCE = "https://tokens.example/oidc", "repo:colors/paint:ref:refs/heads/main", "api://exchange"
CREDENTIAL = FederatedCredential(id=guid(0xF1C), name="ci", issuer=ISSUER, subject=SUBJECT, audience=AUDIENCE)
FEDERATED = evolve(CLIENT, client_secrets=(), federated_credentials=(CREDENTIAL,))
KEYS = IssuerKeys(
    keys=parse_jwk_set({"keys": [public_jwk(rsa_key("issuer"), kid="r"), public_jwk(ec_key("issuer"), kid="e")]})
)
ISSUER_KEY = rsa_key("issuer")
EXTERNAL = {"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "exp": NOW + 300}
SIGNED = {"alg": "RS256", "kid": "r"}
UNREACHABLE = IssuerKeys(keys=None)
OWN = IssuerKeys(keys=KEYS.keys, ours=True)
APP = {"oid": SUBJECT}


def by_issuer(header=SIGNED, *, key=ISSUER_KEY, client=FEDERATED, keys=KEYS, **claims):
    made = {name: value for name, value in {**EXTERNAL, **claims}.items() if value is not None}
    return proof(client, jwt(key, header, made), keys=keys)


# fmt: off
FEDERATION = [  # header, claims that differ, the issuer's keys, the answer
    pytest.param(SIGNED,                          {},                            KEYS, CERTIFICATE_PROOF,           id="RS256"),
    pytest.param({**SIGNED, "alg": "PS256"},      {},                            KEYS, CERTIFICATE_PROOF,           id="PS256"),
    pytest.param(SIGNED,                          {"aud": [AUDIENCE]},           KEYS, CERTIFICATE_PROOF,           id="an array of one audience"),
    pytest.param(SIGNED,                          {"iss": ISSUER + "/"},         KEYS, why.FEDERATED_ISSUER_UNKNOWN, id="the issuer with a slash more"),
    pytest.param(SIGNED,                          {"iss": "https://evil.example"}, KEYS, why.FEDERATED_ISSUER_UNKNOWN, id="another issuer"),
    pytest.param(SIGNED,                          {"sub": SUBJECT.upper()},      KEYS, why.FEDERATED_SUBJECT_UNKNOWN, id="the subject in capitals"),
    pytest.param(SIGNED,                          {"sub": SUBJECT + "2"},        KEYS, why.FEDERATED_SUBJECT_UNKNOWN, id="a subject that begins alike"),
    pytest.param(SIGNED,                          {"sub": None},                 KEYS, why.FEDERATED_SUBJECT_UNKNOWN, id="no subject"),
    pytest.param(SIGNED,                          {"aud": "sts.amazonaws.com"},  KEYS, why.FEDERATED_AUDIENCE_UNKNOWN, id="another audience"),
    pytest.param(SIGNED,                          {"aud": [AUDIENCE, "x"]},      KEYS, why.FEDERATED_AUDIENCE_UNKNOWN, id="two audiences"),
    pytest.param(SIGNED,                          {"aud": TOKEN_ENDPOINT},       KEYS, why.FEDERATED_AUDIENCE_UNKNOWN, id="our token endpoint"),
    pytest.param(SIGNED,                          {"exp": NOW},                  KEYS, why.ASSERTION_OUT_OF_TIME,   id="expires this second"),
    pytest.param(SIGNED,                          {"exp": None},                 KEYS, why.MALFORMED_ASSERTION,     id="no exp"),
    pytest.param({**SIGNED, "kid": "other"},      {},                            KEYS, why.ASSERTION_UNVERIFIED,    id="a kid that is not published"),
    pytest.param({"alg": "RS256"},                {},                            KEYS, why.ASSERTION_UNVERIFIED,    id="no kid, two keys"),
    pytest.param({**SIGNED, "kid": "e"},          {},                            KEYS, why.ASSERTION_UNVERIFIED,    id="RS256 under the key for ES256"),
    pytest.param(SIGNED,                          {},                     UNREACHABLE, why.ISSUER_UNREACHABLE,      id="an issuer that does not answer"),
    pytest.param(SIGNED,                          {},                            None, why.ISSUER_UNREACHABLE,      id="keys nobody gathered"),
    pytest.param(SIGNED,                          APP,                            OWN, CERTIFICATE_PROOF,           id="our own token, an application's"),
    pytest.param(SIGNED,                          {**APP, "scp": "User.Read"},    OWN, why.FORBIDDEN_TOKEN_TYPE,    id="our own token, a user's"),
    pytest.param(SIGNED,                          {"oid": guid(7)},               OWN, why.FORBIDDEN_TOKEN_TYPE,    id="our own token, an ID token"),
    pytest.param(SIGNED,                          {},                             OWN, why.FORBIDDEN_TOKEN_TYPE,    id="our own token, without an oid"),
]
# fmt: on


@pytest.mark.parametrize(("header", "claims", "keys", "answer"), FEDERATION)
def test_an_issuers_token_stands_for_the_client_or_not(header, claims, keys, answer):
    assert by_issuer(header, keys=keys, **claims) == answer


def test_es256_is_taken_with_its_key():
    assert by_issuer({"alg": "ES256", "kid": "e"}, key=ec_key("issuer")) == CERTIFICATE_PROOF
    assert by_issuer({"alg": "ES256", "kid": "e"}, key=ec_key("stranger")) == why.ASSERTION_UNVERIFIED


def test_a_strangers_signature_is_noticed():
    assert by_issuer(key=rsa_key("stranger")) == why.ASSERTION_UNVERIFIED


def test_a_client_that_trusts_nobody_says_so():
    assert by_issuer(client=CERTIFIED) == why.NO_FEDERATED_CREDENTIAL


def test_subject_and_audience_are_of_one_credential():
    second = evolve(CREDENTIAL, name="other", subject="other", audience="api://other")
    both = evolve(FEDERATED, federated_credentials=(CREDENTIAL, second))
    assert by_issuer(client=both, sub="other", aud="api://other") == CERTIFICATE_PROOF
    assert by_issuer(client=both, sub="other") == why.FEDERATED_AUDIENCE_UNKNOWN


@given(st.text())
def test_no_other_subject_stands_for_the_client(subject):
    assert (by_issuer(sub=subject) == CERTIFICATE_PROOF) == (subject == SUBJECT)


def test_an_assertion_stays_out_of_representations():
    shown = repr(presented())
    assert CLIENT.app_id not in shown
    assert "sub" not in shown
