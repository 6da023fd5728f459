"""How an application proves itself: secrets, certificates of either packing, and tokens of other issuers."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from entrada.client.authority import entra_authority
from entrada.client.errors import BadCredential, BadSettings
from entrada.client.grants.certificate import Algorithm, parse_certificate, read_certificate
from entrada.client.grants.client_authentication import ASSERTION_TYPE, ClientSecret, FederatedToken
from entrada.client.grants.credential import credential_of
from entrada.client.settings import Settings
from entrada.core.jose import base64url, foreign_token
from tests.client.fake_authority import AUTHORITY, CLIENT, KEY, NOW, OTHER_KEY

URL = f"{AUTHORITY}/oauth2/v2.0/token"
SETTINGS = Settings(authority=entra_authority(AUTHORITY), client_id=CLIENT)


def certificate(key=KEY, days=3650, name="app"):
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.fromtimestamp(NOW, UTC)
    builder = x509.CertificateBuilder(
        issuer_name=named, subject_name=named, public_key=key.public_key(), serial_number=7,
        not_valid_before=now - timedelta(days=1), not_valid_after=now + timedelta(days=days),
    )  # fmt: skip
    return builder.sign(key, SHA256())


def key_pem(key=KEY, password=None):
    protection = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)


LEAF, ISSUER = certificate(), certificate(OTHER_KEY, name="issuer")
LEAF_PEM = LEAF.public_bytes(Encoding.PEM)
CHAIN_PEM = ISSUER.public_bytes(Encoding.PEM)


def bundle(password=None, key=KEY, leaf=LEAF, others=None):
    protection = BestAvailableEncryption(password) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"app", key, leaf, others, protection)


# fmt: off
GOOD = [
    pytest.param(key_pem() + LEAF_PEM,                      None, id="PEM, the key first"),
    pytest.param(LEAF_PEM + key_pem(),                      None, id="PEM, the certificate first"),
    pytest.param(CHAIN_PEM + LEAF_PEM + key_pem(),          None, id="PEM, the chain out of order"),
    pytest.param(b"Bag Attributes\n" + LEAF_PEM + key_pem(), None, id="PEM with words before it"),
    pytest.param(key_pem(password=b"p") + LEAF_PEM,         "p",  id="PEM with a password"),
    pytest.param(bundle(),                                  None, id="PKCS#12"),
    pytest.param(bundle(b"p", others=[ISSUER]),             "p",  id="PKCS#12 with a password and a chain"),
]
BAD = [  # what is given, the password, words of the answer
    pytest.param(b"",                                       None, "cannot be used",       id="nothing"),
    pytest.param(b"\x30\x82",                               None, "cannot be used",       id="half of something"),
    pytest.param(LEAF_PEM,                                  None, "cannot be used",       id="no key"),
    pytest.param(key_pem(),                                 None, "cannot be used|none of", id="no certificate"),
    pytest.param(key_pem(password=b"p") + LEAF_PEM,         None, "password",             id="its password is missing"),
    pytest.param(key_pem(password=b"p") + LEAF_PEM,         "q",  "password",             id="its password is wrong"),
    pytest.param(bundle(b"p"),                              "q",  "password",             id="that of the PKCS#12 is wrong"),
    pytest.param(key_pem() + CHAIN_PEM,                     None, "none of the certificates", id="another key's certificate"),
]
# fmt: on


@pytest.mark.parametrize(("data", "password"), GOOD)
@pytest.mark.parametrize("algorithm", Algorithm)
def test_an_assertion_is_what_entra_asks_for(data, password, algorithm):
    found = evolve(parse_certificate(data, CLIENT, password), algorithm=algorithm)
    form = found.proof(URL, NOW, os.urandom)
    assert form["client_assertion_type"] == ASSERTION_TYPE
    token = foreign_token.read(form["client_assertion"])
    claims = foreign_token.verify(token, KEY.public_key())
    assert (claims["aud"], claims["iss"], claims["sub"]) == (URL, CLIENT, CLIENT)
    assert (claims["nbf"], claims["exp"]) == (NOW, NOW + 600)
    assert set(claims) == {"aud", "iss", "sub", "jti", "nbf", "exp"}
    assert token.header == {
        "alg": algorithm.value, "typ": "JWT", "x5t#S256": base64url.encode(LEAF.fingerprint(SHA256()))
    }  # fmt: skip


@pytest.mark.parametrize(("data", "password", "words"), BAD)
def test_a_certificate_that_cannot_be_used(data, password, words):
    with pytest.raises(BadCredential, match=words) as error:
        parse_certificate(data, CLIENT, password)
    assert error.value.advice
    assert "-----BEGIN" not in str(error.value)


def test_a_key_that_is_too_weak_or_of_another_kind():
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    curve = ec.generate_private_key(ec.SECP256R1())
    for key in (weak, curve):
        with pytest.raises(BadCredential, match="RSA of 2048"):
            parse_certificate(key_pem(key) + certificate(key).public_bytes(Encoding.PEM), CLIENT)


def test_no_two_assertions_have_one_name():
    found = parse_certificate(bundle(), CLIENT)
    names = {foreign_token.read(found.proof(URL, NOW, os.urandom)["client_assertion"]).claims["jti"] for _ in range(20)}
    assert len(names) == 20


def test_the_chain_is_sent_where_the_registration_names_its_issuer():
    found = parse_certificate(CHAIN_PEM + LEAF_PEM + key_pem(), CLIENT, sends_chain=True)
    header = foreign_token.read(found.proof(URL, NOW, os.urandom)["client_assertion"]).header
    assert len(header["x5c"]) == 2
    first = x509.load_pem_x509_certificate(
        f"-----BEGIN CERTIFICATE-----\n{header['x5c'][0]}\n-----END CERTIFICATE-----".encode()
    )
    assert first == LEAF


def test_an_expired_certificate_is_told_before_the_authority_is_asked():
    found = parse_certificate(key_pem() + certificate(days=1).public_bytes(Encoding.PEM), CLIENT)
    assert found.proof(URL, NOW + 24 * 3600 - 1, os.urandom)
    with pytest.raises(BadCredential, match="expired on 2027-01-16"):
        found.proof(URL, NOW + 24 * 3600, os.urandom)


def test_secrets_are_in_no_representation(tmp_path):
    (tmp_path / "app.pem").write_bytes(key_pem() + LEAF_PEM)
    for one in (ClientSecret("hush"), read_certificate(tmp_path / "app.pem", CLIENT)):
        assert "hush" not in repr(one)
        assert "PRIVATE" not in repr(one)


def test_a_federated_token_is_read_anew_each_time(tmp_path):
    file = tmp_path / "token"
    proof = FederatedToken(file)
    for token in ("a.b.c", "d.e.f"):
        file.write_text(f"{token}\n")
        assert proof.proof(URL, NOW, os.urandom) == {"client_assertion_type": ASSERTION_TYPE, "client_assertion": token}


@pytest.mark.parametrize("content", [b"", b" \n", b"a\nb", "ä.b.c".encode(), b"a" * 20_000])
def test_a_federated_token_file_that_holds_none(tmp_path, content):
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(BadCredential, match="gives no token"):
        FederatedToken(tmp_path / "token").proof(URL, NOW, os.urandom)


def test_a_federated_token_file_that_is_not_there(tmp_path):
    with pytest.raises(BadCredential, match="No such file"):
        FederatedToken(tmp_path / "token").proof(URL, NOW, os.urandom)


def test_a_federated_token_of_a_function():
    assert FederatedToken(lambda: "a.b.c").proof(URL, NOW, os.urandom)["client_assertion"] == "a.b.c"


def test_the_settings_name_one_credential(tmp_path):
    (tmp_path / "app.pfx").write_bytes(bundle(b"p"))
    assert credential_of(SETTINGS) is None
    assert credential_of(evolve(SETTINGS, client_secret="s")) == ClientSecret("s")
    assert credential_of(evolve(SETTINGS, federated_token_file=tmp_path)) == FederatedToken(tmp_path)
    by_certificate = credential_of(evolve(SETTINGS, certificate=tmp_path / "app.pfx", certificate_password="p"))
    assert by_certificate.client_id == CLIENT
    with pytest.raises(BadSettings, match="more than one"):
        credential_of(evolve(SETTINGS, client_secret="s", certificate=tmp_path))
