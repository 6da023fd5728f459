"""entrada discover: what an authority publishes, checked by tables; fetched from a live one."""

import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from entrada.cli.discovering.checks import Level, of_clock, of_document
from entrada.cli.discovering.keys import of_keys
from entrada.cli.discovering.meant import authority_of
from entrada.client.authority import Shape, entra_authority, oidc_authority
from entrada.client.errors import BadSettings
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate
from tests.jose.known_keys import our_key, strangers_key

NOW = NumericDate(1_800_000_000)
OIDC = oidc_authority("https://a.example")
GOOD = {
    "issuer": "https://a.example",
    "authorization_endpoint": "https://a.example/authorize",
    "token_endpoint": "https://a.example/token",
    "jwks_uri": "https://a.example/keys",
    "response_types_supported": ["code"],
    "code_challenge_methods_supported": ["S256"],
    "id_token_signing_alg_values_supported": ["RS256"],
}


def levels(checks, level: Level) -> list[str]:
    return [f"{one.what}: {one.words}" for one in checks if one.level is level]


def test_a_good_document():
    checks = of_document(GOOD, OIDC)
    assert {one.level for one in checks} == {Level.GOOD}
    assert len(checks) == 7


# fmt: off
DOCUMENTS = [  # what is other, the level, what is said
    pytest.param({"issuer": "https://a.example/"},                     Level.BAD,  "to the letter",        id="an issuer with a slash more"),
    pytest.param({"issuer": "https://b.example"},                      Level.BAD,  "may name",             id="another issuer"),
    pytest.param({"token_endpoint": "http://a.example/token"},         Level.BAD,  "token_endpoint: .*not https", id="plain http"),
    pytest.param({"userinfo_endpoint": 7},                             Level.BAD,  "userinfo_endpoint",    id="no URL"),
    pytest.param({"token_endpoint": "https://b.example/token"},        Level.NOTE, "another host",         id="tokens from elsewhere"),
    pytest.param({"id_token_signing_alg_values_supported": ["none"]},  Level.BAD,  "anybody write",        id="alg none"),
    pytest.param({"id_token_signing_alg_values_supported": ["HS256"]}, Level.BAD,  "read here",            id="nothing that is read"),
    pytest.param({"response_types_supported": ["id_token"]},           Level.BAD,  "code is not among",    id="no code flow"),
    pytest.param({"code_challenge_methods_supported": ["plain"]},      Level.BAD,  "S256 is not",          id="plain PKCE"),
    pytest.param({"code_challenge_methods_supported": None},           Level.NOTE, "does not say",         id="PKCE unsaid"),
    pytest.param({"jwks_uri": None},                                   Level.BAD,  "lacks jwks_uri",       id="no keys"),
]
# fmt: on


@pytest.mark.parametrize(("other", "level", "said"), DOCUMENTS)
def test_what_is_wrong_with_a_document(other, level, said):
    found = levels(of_document(GOOD | other, OIDC), level)
    assert any(re.search(said, one) for one in found), found


def test_a_document_of_every_tenant():
    common = entra_authority("https://login.microsoftonline.com/common")
    named = "https://login.microsoftonline.com/{tenantid}/v2.0"
    checks = of_document(GOOD | {"issuer": named}, common)
    assert "each tenant in its own name" in levels(checks, Level.GOOD)[0]


# ---- keys ----


def number(value: int) -> str:
    return base64url.encode(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@pytest.fixture(scope="module")
def rsa() -> dict[str, str]:
    numbers = generate_private_key(65537, 2048).public_key().public_numbers()
    return {"kty": "RSA", "kid": "r", "n": number(numbers.n), "e": number(numbers.e)}


def ec() -> dict[str, str]:
    numbers = generate_ec(SECP256R1()).public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "kid": "e", "x": number(numbers.x), "y": number(numbers.y)}


def test_good_keys(rsa):
    checks = of_keys({"keys": [rsa, ec(), {"kty": "OKP", "kid": "o"}]}, NOW)
    assert levels(checks, Level.BAD) == []
    assert "RSA 2048" in levels(checks, Level.GOOD)[0]
    assert "not of a kind" in levels(checks, Level.NOTE)[0]


def test_bad_keys(rsa):
    def bad(*keys: object) -> str:
        return " ".join(levels(of_keys({"keys": [*keys]}, NOW), Level.BAD))

    assert "There are none" in bad()
    assert "private half" in bad(rsa | {"d": "AQ"})
    assert "private half" in bad({"kty": "oct", "k": "AQ"}, rsa)
    assert "given twice" in bad(rsa, rsa)
    assert "no kid" in bad(rsa, {name: value for name, value in ec().items() if name != "kid"})
    assert "None is of a kind" in bad({"kty": "OKP", "kid": "o"})
    assert "cannot be read" in bad(rsa | {"x5c": ["AAAA"]})
    small = generate_private_key(65537, 1024).public_key().public_numbers()
    assert "None is of a kind" in bad(rsa | {"n": number(small.n)})


# fmt: off
CLOCKS = [
    pytest.param("Fri, 15 Jan 2027 08:00:05 GMT", Level.GOOD, "as ours",              id="five seconds"),
    pytest.param("Fri, 15 Jan 2027 08:02:00 GMT", Level.NOTE, "ours is 2 min behind", id="two minutes"),
    pytest.param("Fri, 15 Jan 2027 07:00:00 GMT", Level.BAD,  "ours is 1 h ahead",    id="an hour"),
    pytest.param("yesterday",                     Level.NOTE, "did not say",          id="no date"),
    pytest.param("Mon, 01 Jan 99999999999999 00:00:00 GMT", Level.NOTE, "did not say", id="a year that never comes"),
    pytest.param(None,                            Level.NOTE, "did not say",          id="none"),
]
# fmt: on


@pytest.mark.parametrize(("date", "level", "said"), CLOCKS)
def test_the_clock(date, level, said):
    check = of_clock(date, NOW)
    assert (check.level, said in check.words) == (level, True), check


# fmt: off
MEANT = [
    pytest.param("contoso.example",                     "https://login.microsoftonline.com/contoso.example", Shape.ENTRA, id="a tenant"),
    pytest.param("https://h.example/common/v2.0",       "https://h.example/common",       Shape.ENTRA, id="v2.0"),
    pytest.param("https://h.example/common/v2.0/.well-known/openid-configuration", "https://h.example/common", Shape.ENTRA, id="the document of a tenant"),
    pytest.param("https://h.example/.well-known/openid-configuration", "https://h.example", Shape.OIDC, id="the document of an issuer"),
    pytest.param("https://h.example/realms/x",          "https://h.example/realms/x",     Shape.OIDC,  id="two segments"),
    pytest.param("https://h.example/",                  "https://h.example/",             Shape.OIDC,  id="no path"),
]
# fmt: on


@pytest.mark.parametrize(("named", "url", "shape"), MEANT)
def test_which_authority_is_meant(named, url, shape):
    found = authority_of(named)
    assert (found.url, found.shape) == (url, shape)


def test_what_is_no_authority():
    with pytest.raises(BadSettings):
        authority_of("no tenant")


# ---- the command ----


def test_the_running_platform_is_found_and_good(live, entrada):
    here = {"ENTRADA_DATA_DIR": str(live.folder)}
    done = entrada("discover", "-o", "json", **here)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["authority"], found["ok"]) == (live.authority, True)
    assert found["document"]["issuer"].startswith(live.origin)
    assert found["keys"]["keys"]
    shown = entrada("discover", f"{live.origin}/common", **here)
    assert (shown.exit_code, "each tenant in its own name" in shown.stdout) == (0, True), shown.output
    none = entrada("discover", "--issuer", f"{live.origin}/none", "--ca", live.ca)
    assert (none.exit_code, none.stdout) == (5, ""), none.output


def test_what_it_is_not(entrada):
    assert "entrada app list" in entrada("discover", "-t", "contoso.example", "-s", "x*").stderr
    assert entrada("discover", "-t", "a.b.c").exit_code == 8
    assert entrada("discover").exit_code == 2
    assert entrada("discover", "https://a.example", "-p", "x").exit_code == 2
    silent = entrada("discover", "http://127.0.0.1:9/common")
    assert (silent.exit_code, len(silent.stderr.splitlines())) == (5, 1), silent.output


ENDS = NumericDate(1_893_456_000)  # 2030-01-01, of the certificates of known_keys


def of_certified(now: int, **other: object):
    jwk = our_key().public_jwk() | other
    return of_keys({"keys": [jwk]}, NumericDate(now))[0]


# fmt: off
CERTIFICATES = [
    pytest.param(NOW,                {},  Level.GOOD, "ends 2030-01-01",  id="for years"),
    pytest.param(ENDS - 2 * 86_400,  {},  Level.NOTE, "ends in 2 d",      id="nearly over"),
    pytest.param(ENDS,               {},  Level.NOTE, "ended 2030-01-01", id="over"),
    pytest.param(NOW, {"x5c": strangers_key().public_jwk()["x5c"]}, Level.BAD, "of another key", id="of another key"),
    pytest.param(NOW, {"x5c": ["?"]}, Level.BAD, "cannot be read",        id="none"),
]
# fmt: on


@pytest.mark.parametrize(("now", "other", "level", "said"), CERTIFICATES)
def test_the_certificate_of_a_key(now, other, level, said):
    check = of_certified(now, **other)
    assert (check.level, said in check.words) == (level, True), check
