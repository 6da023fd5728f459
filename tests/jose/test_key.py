import hashlib
from base64 import b64decode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from entrada.core.jose.certificate import self_signed
from entrada.core.jose.key import SigningKey, VerificationKey
from entrada.core.jose.numeric_date import NumericDate, as_datetime
from tests.jose.known_keys import RFC7515_A2, b64, our_key, rfc_private_key, strangers_key

ISSUER = "https://localhost:8443/c0105000-0000-4000-8000-000000000001/v2.0"


def pem(private_key, encryption=None):
    return private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())


def test_the_kid_is_the_thumbprint_of_the_certificate():
    der = our_key().certificate.public_bytes(Encoding.DER)
    assert our_key().kid == b64(hashlib.sha1(der).digest())
    assert len(our_key().kid) == 27


def test_a_key_survives_its_pem():
    back = SigningKey.from_pem(*our_key().to_pem())
    assert back == our_key()
    assert back.private_key.private_numbers() == our_key().private_key.private_numbers()


def test_the_jwk_has_entras_members_in_entras_order():
    jwk = our_key().public_jwk(ISSUER)
    assert list(jwk) == ["kty", "use", "kid", "x5t", "n", "e", "x5c", "issuer"]
    assert jwk["kid"] == jwk["x5t"] == our_key().kid
    assert (jwk["kty"], jwk["use"], jwk["e"], jwk["issuer"]) == ("RSA", "sig", "AQAB", ISSUER)
    assert jwk["n"] == RFC7515_A2["key"]["n"]


def test_the_x5c_is_the_certificate_in_ordinary_base64():
    (text,) = our_key().public_jwk()["x5c"]
    certificate = x509.load_der_x509_certificate(b64decode(text, validate=True))
    assert certificate == our_key().certificate


def test_without_issuer_or_certificate_the_jwk_leaves_them_out():
    assert list(our_key().public_jwk()) == ["kty", "use", "kid", "x5t", "n", "e", "x5c"]
    bare = VerificationKey("k", rfc_private_key().public_key())
    assert list(bare.jwk()) == ["kty", "use", "kid", "n", "e"]


def test_no_private_number_is_shown():
    shown = repr(our_key())
    assert "private" not in shown
    assert our_key().kid in shown


def test_the_certificate_says_what_was_asked():
    key = rfc_private_key()
    start, end = NumericDate(1_735_689_600), NumericDate(1_893_456_000)
    certificate = self_signed(key, "entrada.example", start, end, 4711)
    assert certificate.subject == certificate.issuer
    assert certificate.subject.rfc4514_string() == "CN=entrada.example"
    assert (certificate.not_valid_before_utc, certificate.not_valid_after_utc) == (as_datetime(start), as_datetime(end))
    assert certificate.serial_number == 4711
    assert isinstance(certificate.public_key(), RSAPublicKey)
    certificate.verify_directly_issued_by(certificate)
    assert certificate == self_signed(key, "entrada.example", start, end, 4711), "the same facts, the same certificate"


def refused_pems():
    _, certificate = our_key().to_pem()
    short = generate_private_key(65537, 1024)
    short_certificate = self_signed(short, "short", NumericDate(0), NumericDate(9), 1).public_bytes(Encoding.PEM)
    yield "a short RSA key", pem(short), short_certificate
    yield "an elliptic curve key", pem(ec.generate_private_key(ec.SECP256R1())), certificate
    yield "an Ed25519 key", pem(ed25519.Ed25519PrivateKey.generate()), certificate
    yield "another key's certificate", pem(strangers_key().private_key), certificate
    yield "no PEM at all", b"key", certificate
    yield "no certificate", our_key().to_pem()[0], b"certificate"


@pytest.mark.parametrize(
    ("private_key", "certificate"), [pytest.param(*pems, id=name) for name, *pems in refused_pems()]
)
def test_what_cannot_sign_is_refused(private_key, certificate):
    with pytest.raises(ValueError):  # noqa: PT011 - some words are the library's
        SigningKey.from_pem(private_key, certificate)


def test_an_encrypted_key_is_not_mistaken_for_one_in_clear():
    locked = pem(rfc_private_key(), BestAvailableEncryption(b"secret"))
    with pytest.raises(TypeError):
        SigningKey.from_pem(locked, our_key().to_pem()[1])


def test_a_short_public_key_verifies_nothing():
    with pytest.raises(ValueError, match="at least 2048 bits"):
        VerificationKey("k", generate_private_key(65537, 1024).public_key())
