"""Proof Key for Code Exchange: RFC 7636 §4 and appendix B; downgrade, RFC 9700 §4.8.2."""

import hashlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.errors import catalogue as why
from entrada.core.jose import base64url
from entrada.core.protocol import pkce
from tests.protocol.known import said

# RFC 7636 appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
DIGEST = hashlib.sha256(VERIFIER.encode()).digest()
UNRESERVED = string.ascii_letters + string.digits + "-._~"
LONG = "v" * 128

# fmt: off
CHALLENGES = [  # code_challenge, code_challenge_method, the digest or why not
    pytest.param(CHALLENGE,        "S256",  DIGEST,                                id="S256 as in the RFC's appendix"),
    pytest.param(VERIFIER,         "plain", DIGEST,                                id="plain sends the verifier"),
    pytest.param(VERIFIER,         None,    DIGEST,                                id="a missing method means plain"),
    pytest.param(VERIFIER,         "",      DIGEST,                                id="an empty method means plain"),
    pytest.param(LONG,             "plain", hashlib.sha256(LONG.encode()).digest(), id="128 characters"),
    pytest.param(None,             None,    b"",                                   id="no challenge"),
    pytest.param(None,             "S256",  why.MISSING_CODE_CHALLENGE,            id="a method without a challenge"),
    pytest.param("v" * 42,         "plain", why.MISSING_CODE_CHALLENGE,            id="42 characters"),
    pytest.param("v" * 129,        "plain", why.MISSING_CODE_CHALLENGE,            id="129 characters"),
    pytest.param(CHALLENGE + "=",  "S256",  why.MISSING_CODE_CHALLENGE,            id="padding"),
    pytest.param("+" + CHALLENGE[1:], "S256", why.MISSING_CODE_CHALLENGE,          id="the other base64 alphabet"),
    pytest.param(CHALLENGE + "\n", "S256",  why.MISSING_CODE_CHALLENGE,            id="a line feed behind"),
    pytest.param("é" * 43,         "plain", why.MISSING_CODE_CHALLENGE,            id="letters beyond ASCII"),
    pytest.param("",               "S256",  why.MISSING_CODE_CHALLENGE,            id="an empty challenge"),
    pytest.param(CHALLENGE,        "s256",  why.BAD_CODE_CHALLENGE_METHOD,         id="a method in lower case"),
    pytest.param(CHALLENGE,        "S512",  why.BAD_CODE_CHALLENGE_METHOD,         id="a method that is none"),
    pytest.param(CHALLENGE,        "none",  why.BAD_CODE_CHALLENGE_METHOD,         id="the method none"),
    pytest.param(CHALLENGE + "A",  "S256",  why.BAD_CODE_CHALLENGE_METHOD,         id="S256 with 44 characters"),
    pytest.param(CHALLENGE[:-1] + "N", "S256", why.BAD_CODE_CHALLENGE_METHOD,      id="S256 with bits to spare"),
    pytest.param("~" * 43,         "S256",  why.BAD_CODE_CHALLENGE_METHOD,         id="S256 that is not base64url"),
]
VERIFIERS = [  # code_verifier, the digest, does it open
    pytest.param(VERIFIER,          DIGEST, True,  id="the verifier"),
    pytest.param(None,              b"",    True,  id="neither sent"),
    pytest.param(None,              DIGEST, False, id="the verifier left out"),
    pytest.param("",                DIGEST, False, id="an empty verifier"),
    pytest.param(VERIFIER,          b"",    False, id="a verifier without a challenge: downgrade"),
    pytest.param("",                b"",    False, id="an empty verifier without a challenge"),
    pytest.param(CHALLENGE,         DIGEST, False, id="the challenge itself"),
    pytest.param(VERIFIER + " ",    DIGEST, False, id="a space behind"),
    pytest.param(VERIFIER.lower(),  DIGEST, False, id="another case"),
    pytest.param(VERIFIER[:-1],     DIGEST, False, id="cut short"),
    pytest.param("a",               hashlib.sha256(b"a").digest(), False, id="too short, though it hashes alike"),
    pytest.param("a" * 129,         hashlib.sha256(b"a" * 129).digest(), False, id="too long, though it hashes alike"),
]
# fmt: on


@pytest.mark.parametrize(("challenge", "method", "answer"), CHALLENGES)
def test_reading_a_challenge(challenge, method, answer):
    assert said(pkce.parse_challenge(challenge, method)) == answer


@pytest.mark.parametrize(("verifier", "digest", "opens"), VERIFIERS)
def test_a_verifier_opens_its_challenge(verifier, digest, opens):
    assert pkce.verifies(verifier, digest) == opens


@given(st.text(UNRESERVED, min_size=43, max_size=128))
def test_any_verifier_opens_its_own_challenge_by_either_method(verifier):
    digest = hashlib.sha256(verifier.encode()).digest()
    assert pkce.parse_challenge(base64url.encode(digest), "S256") == digest
    assert pkce.parse_challenge(verifier, "plain") == digest
    assert pkce.verifies(verifier, digest)


@given(st.text())
def test_no_other_verifier_opens_it(verifier):
    assert pkce.verifies(verifier, DIGEST) == (verifier == VERIFIER)


@given(st.text(), st.text())
def test_a_challenge_is_read_or_refused_and_nothing_else(challenge, method):
    assert said(pkce.parse_challenge(challenge, method)) is not None
