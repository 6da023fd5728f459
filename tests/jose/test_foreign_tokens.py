"""Tokens that others sign: RS256, PS256 and ES256, each with a key of its kind and no other.  RFC 7518, section 3."""

import json
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt as joserfc
from joserfc.jwk import ECKey, RSAKey

from entrada.core.jose import foreign_token
from entrada.core.jose.foreign_token import is_usable
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.jwk_set import chosen_key, parse_jwk_set
from entrada.core.jose.token_parts import MAXIMUM_LENGTH
from tests.drivers.assertions import ec_key, jwt, public_jwk, rsa_key, signature, unpadded

CLAIMS = {"sub": "ada", "exp": 1_800_000_000}
RSA, EC = rsa_key("issuer"), ec_key("issuer")
KEY_OF = {"RS256": RSA, "PS256": RSA, "ES256": EC}
PS256 = jwt(RSA, {"alg": "PS256"}, CLAIMS)


def verified(token, key):
    return dict(foreign_token.verify(foreign_token.read(token), key.public_key()))


def flaw(token, key=RSA):
    with pytest.raises(InvalidToken) as raised:
        verified(token, key)
    return raised.value.reason


@pytest.mark.parametrize("algorithm", KEY_OF)
def test_a_true_signature_is_believed(algorithm):
    key = KEY_OF[algorithm]
    assert verified(jwt(key, {"alg": algorithm}, CLAIMS), key) == CLAIMS


@pytest.mark.parametrize("algorithm", KEY_OF)
def test_joserfc_signs_what_we_verify(algorithm):
    key = KEY_OF[algorithm]
    kind = ECKey if algorithm == "ES256" else RSAKey
    token = joserfc.encode({"alg": algorithm}, dict(CLAIMS), kind.import_key(key), algorithms=[algorithm])
    assert verified(token, key) == CLAIMS


def test_a_padded_token_is_believed_as_it_was_signed():
    # azure-identity 1.27, asynchronous CertificateCredential.
    header, payload = (urlsafe_b64encode(json.dumps(part).encode()) for part in ({"alg": "PS256"}, CLAIMS))
    start = header + b"." + payload
    assert b"=" in start
    padded = start + b"." + urlsafe_b64encode(signature(RSA, "PS256", start))
    assert verified(padded.decode(), RSA) == CLAIMS
    assert flaw(padded.decode().replace("=", "")) == Flaw.BAD_SIGNATURE


def relabelled(algorithm, key=RSA):
    """A true RS256 signature under another name."""
    start = f"{unpadded(json.dumps({'alg': algorithm}).encode())}.{unpadded(json.dumps(CLAIMS).encode())}"
    return f"{start}.{unpadded(signature(key, 'RS256', start.encode()))}"


# fmt: off
SPOILT = [  # the token, the flaw
    pytest.param(relabelled("PS256"),                                 Flaw.BAD_SIGNATURE,      id="an RS256 signature that calls itself PS256"),
    pytest.param(relabelled("ES256"),                                 Flaw.WRONG_ALGORITHM,    id="ES256 with an RSA key"),
    pytest.param(relabelled("none"),                                  Flaw.WRONG_ALGORITHM,    id="none"),
    pytest.param(relabelled("HS256"),                                 Flaw.WRONG_ALGORITHM,    id="HMAC"),
    pytest.param(relabelled("RS512"),                                 Flaw.WRONG_ALGORITHM,    id="RS512"),
    pytest.param(relabelled("rs256"),                                 Flaw.WRONG_ALGORITHM,    id="rs256"),
    pytest.param(jwt(RSA, {}, CLAIMS),                                Flaw.WRONG_ALGORITHM,    id="no alg"),
    pytest.param(jwt(RSA, {"alg": ["RS256"]}, CLAIMS),                Flaw.WRONG_ALGORITHM,    id="alg in an array"),
    pytest.param(jwt(RSA, {"alg": "RS256", "crit": ["b64"], "b64": True}, CLAIMS), Flaw.CRITICAL_EXTENSION, id="crit"),
    pytest.param(jwt(RSA, {"alg": "RS256", "crit": []}, CLAIMS),      Flaw.CRITICAL_EXTENSION, id="an empty crit"),
    pytest.param(jwt(rsa_key("stranger"), {"alg": "PS256"}, CLAIMS),  Flaw.BAD_SIGNATURE,      id="a stranger's signature"),
    pytest.param(PS256.rpartition(".")[0] + ".",                      Flaw.BAD_SIGNATURE,      id="no signature"),
    pytest.param(PS256.rpartition(".")[0],                            Flaw.NOT_COMPACT,        id="two parts"),
    pytest.param(PS256 + ".",                                         Flaw.NOT_COMPACT,        id="four parts"),
    pytest.param(PS256 + "=",                                         Flaw.NOT_BASE64URL,      id="half its padding"),
    pytest.param(PS256 + "======",                                    Flaw.NOT_BASE64URL,      id="more than its padding"),
    pytest.param(PS256.replace(".", "=.", 1),                         Flaw.NOT_BASE64URL,      id="padding that is not due"),
    pytest.param("é" + PS256,                                         Flaw.NOT_BASE64URL,      id="beyond ASCII"),
    pytest.param(jwt(RSA, {"alg": "RS256"}, "[]"),                    Flaw.CLAIMS_UNREADABLE,  id="claims that are no object"),
    pytest.param(jwt(RSA, {"alg": "RS256"}, '{"a":1,"a":2}'),         Flaw.CLAIMS_UNREADABLE,  id="a claim said twice"),
    pytest.param(jwt(RSA, {"alg": "RS256"}, json.dumps({"a": "x" * MAXIMUM_LENGTH})), Flaw.TOO_LONG, id="longer than 16 kB"),
    pytest.param("",                                                  Flaw.NOT_COMPACT,        id="nothing"),
]
KEYS = [  # JWKs, the kid that a header names, is a key found
    pytest.param([public_jwk(RSA, kid="one")],                        "one",  True,  id="by its kid"),
    pytest.param([public_jwk(EC, kid="one", use="sig")],              "one",  True,  id="P-256, for signatures"),
    pytest.param([public_jwk(RSA, kid="one")],                        "two",  False, id="another kid"),
    pytest.param([public_jwk(RSA, kid="one")],                        None,   True,  id="no kid, one key"),
    pytest.param([public_jwk(RSA)],                                   None,   True,  id="no kid anywhere"),
    pytest.param([public_jwk(RSA)],                                   "one",  False, id="a kid that the only key does not have"),
    pytest.param([public_jwk(RSA, kid="one"), public_jwk(EC, kid="two")], None, False, id="no kid, two keys"),
    pytest.param([public_jwk(RSA, kid="one", use="enc")],             "one",  False, id="a key for encryption"),
    pytest.param([public_jwk(rsa_key("short", 1024), kid="one")],     "one",  False, id="RSA of 1024 bits"),
    pytest.param([{"kty": "oct", "k": "AAAA", "kid": "one"}],         "one",  False, id="a shared secret"),
    pytest.param([{"kty": "RSA", "kid": "one"}],                      "one",  False, id="RSA without numbers"),
    pytest.param([{"kty": "RSA", "e": "AQAB", "n": "A" * 4000, "kid": "one"}], "one", False, id="a key that would cost too much"),
    pytest.param([{"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ", "kid": "one"}], "one", False, id="a point beside the curve"),
    pytest.param(["key", None, public_jwk(RSA, kid="one")],           "one",  True,  id="others that are no keys"),
    pytest.param([],                                                  "one",  False, id="no keys"),
]
# fmt: on


@pytest.mark.parametrize(("token", "expected"), SPOILT)
def test_spoilt_tokens_are_refused(token, expected):
    assert flaw(token) == expected


def test_a_key_of_another_kind_is_refused():
    assert flaw(PS256, EC) == Flaw.WRONG_ALGORITHM


@pytest.mark.parametrize("length", [0, 63, 65, 128])
def test_an_es256_signature_has_its_one_length(length):
    start = jwt(EC, {"alg": "ES256"}, CLAIMS).rpartition(".")[0]
    assert flaw(f"{start}.{unpadded(b'1' * length)}", EC) == Flaw.BAD_SIGNATURE


@given(st.data())
def test_any_one_bit_changed_is_noticed(data):
    token = jwt(RSA, {"alg": "PS256"}, CLAIMS)
    at = data.draw(st.integers(0, len(token) - 1))
    changed = chr(ord(token[at]) ^ 1 << data.draw(st.integers(0, 6)))
    with pytest.raises(InvalidToken):
        verified(token[:at] + changed + token[at + 1 :], RSA)


@pytest.mark.parametrize(("jwks", "kid", "found"), KEYS)
def test_choosing_a_published_key(jwks, kid, found):
    assert (chosen_key(parse_jwk_set({"keys": jwks}), kid) is not None) == found


@pytest.mark.parametrize("document", [{}, {"keys": {}}, {"keys": "abc"}])
def test_a_document_without_keys_is_no_set(document):
    with pytest.raises(ValueError, match="keys"):
        parse_jwk_set(document)


def test_keys_have_a_size():
    assert is_usable(RSA.public_key())
    assert not is_usable(rsa_key("short", 1024).public_key())
    assert not is_usable("a text")
