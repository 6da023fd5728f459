"""How assertions name their certificate: base64url with and without padding, base64, hexadecimal; SHA-1 and SHA-256."""

from base64 import b64encode, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from entrada.core.jose.certificate import self_signed
from entrada.core.jose.client_certificate import certified_key, is_named, named_thumbprint
from tests.drivers.assertions import EXPIRES_AT, NOT_BEFORE, certified, rsa_key, unpadded

CERTIFIED = certified("client")
KEY = certified_key(CERTIFIED.der)
SHA1, SHA256 = CERTIFIED.sha1, CERTIFIED.sha256

# fmt: off
NAMED = [
    pytest.param({"x5t#S256": urlsafe_b64encode(SHA256).decode()}, id="MSAL Python: x5t#S256 with padding"),
    pytest.param({"x5t#S256": unpadded(SHA256)},                   id="MSAL Node: x5t#S256 without"),
    pytest.param({"x5t#S256": b64encode(SHA256).decode()},         id="MSAL Go, Java: standard base64"),
    pytest.param({"x5t": urlsafe_b64encode(SHA1).decode()},        id="x5t with padding"),
    pytest.param({"x5t": unpadded(SHA1)},                          id="x5t without"),
    pytest.param({"x5t": b64encode(SHA1).decode()},                id="x5t in standard base64"),
    pytest.param({"kid": unpadded(SHA1)},                          id="kid holds SHA-1"),
    pytest.param({"kid": SHA1.hex().upper()},                      id="kid holds SHA-1 as portals show it"),
    pytest.param({"kid": SHA256.hex()},                            id="kid holds SHA-256 in hexadecimal"),
    pytest.param({"x5t": "", "kid": unpadded(SHA1)},               id="an empty x5t beside kid"),
    pytest.param({"x5t#S256": unpadded(SHA256), "kid": "other"},   id="x5t#S256 before kid"),
]
NOT_NAMED = [
    pytest.param({},                                               id="no name"),
    pytest.param({"x5t": 7},                                       id="a number"),
    pytest.param({"x5t": "é"},                                     id="beyond ASCII"),
    pytest.param({"x5t": "not base64!"},                           id="not base64"),
    pytest.param({"x5t": unpadded(SHA1)[:-2]},                     id="the beginning of a thumbprint"),
    pytest.param({"x5t": unpadded(SHA1 + b"x")},                   id="a thumbprint and more"),
    pytest.param({"x5t": unpadded(b"")},                           id="empty"),
    pytest.param({"x5t": unpadded(certified("other").sha1)},       id="another certificate's"),
    pytest.param({"x5t#S256": "other", "x5t": unpadded(SHA1)},     id="x5t does not stand in for a wrong x5t#S256"),
]
# fmt: on


@pytest.mark.parametrize("header", NAMED)
def test_a_certificate_is_known_by_its_thumbprint(header):
    thumbprint = named_thumbprint(header)
    assert thumbprint is not None
    assert is_named(KEY, thumbprint)


@pytest.mark.parametrize("header", NOT_NAMED)
def test_and_by_nothing_else(header):
    thumbprint = named_thumbprint(header)
    assert thumbprint is None or not is_named(KEY, thumbprint)


def test_a_thumbprint_with_every_letter_of_both_alphabets_is_read():
    certificates = (self_signed(rsa_key("client"), "client", NOT_BEFORE, EXPIRES_AT, serial) for serial in range(1, 99))
    keys = [certified_key(one.public_bytes(Encoding.DER)) for one in certificates]
    spelled = [key for key in keys if {"+", "/"} <= set(b64encode(key.thumbprints[1]).decode())]
    assert spelled
    for key in spelled:
        for text in (b64encode(key.thumbprints[1]), urlsafe_b64encode(key.thumbprints[1])):
            thumbprint = named_thumbprint({"x5t": text.decode()})
            assert thumbprint is not None
            assert is_named(key, thumbprint)


@pytest.mark.parametrize("der", [b"", b"0", certified("weak", 1024).der], ids=["nothing", "garbage", "1024 bits"])
def test_what_is_no_certificate_of_a_strong_key_is_refused(der):
    with pytest.raises(ValueError):  # noqa: PT011 - which of the two libraries says it does not matter
        certified_key(der)
