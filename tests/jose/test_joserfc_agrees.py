"""joserfc is the oracle: it verifies what we sign, and we verify what it signs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet, RSAKey

from entrada.core.jose.compact import Flaw, InvalidToken, sign, verify
from tests.jose.known_keys import our_key, strangers_key

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
# The registered claims have types of their own, which joserfc checks on the way out.
CLAIMS = st.dictionaries(TEXT.filter(lambda name: name not in {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}), JSON)


def in_joserfc(key):
    private_key_pem, _ = key.to_pem()
    return RSAKey.import_key(private_key_pem, {"kid": key.kid})


OURS, OUR_JWK = our_key(), in_joserfc(our_key())
KEYS = {OURS.kid: OURS.verification_key}


@settings(deadline=None)
@given(CLAIMS)
def test_joserfc_verifies_what_we_sign(claims):
    read = jwt.decode(sign(claims, OURS), KeySet([OUR_JWK]), algorithms=["RS256"])
    assert read.claims == claims
    assert read.header == {"typ": "JWT", "alg": "RS256", "kid": OURS.kid}


@settings(deadline=None)
@given(CLAIMS)
def test_we_verify_what_joserfc_signs(claims):
    token = jwt.encode({"alg": "RS256", "kid": OURS.kid}, claims, OUR_JWK)
    assert dict(verify(token, KEYS)) == claims


def test_joserfc_reads_our_jwk():
    published = KeySet.import_key_set({"keys": [OURS.public_jwk("https://issuer.example")]})
    assert jwt.decode(sign({"sub": "ada"}, OURS), published, algorithms=["RS256"]).claims == {"sub": "ada"}


def test_neither_believes_a_stranger_who_uses_our_kid():
    token = jwt.encode({"alg": "RS256", "kid": OURS.kid}, {"sub": "ada"}, in_joserfc(strangers_key()))
    with pytest.raises(InvalidToken):
        verify(token, KEYS)
    with pytest.raises(BadSignatureError):
        jwt.decode(token, KeySet([OUR_JWK]), algorithms=["RS256"])


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_the_same_key_under_another_algorithm_is_refused(algorithm):
    token = jwt.encode({"alg": algorithm, "kid": OURS.kid}, {"sub": "ada"}, OUR_JWK, algorithms=[algorithm])
    with pytest.raises(InvalidToken) as refused:
        verify(token, KEYS)
    assert refused.value.reason is Flaw.WRONG_ALGORITHM
