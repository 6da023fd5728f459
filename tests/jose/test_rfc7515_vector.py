"""The RS256 example of RFC 7515, appendix A.2."""

import pytest
from cryptography.exceptions import InvalidSignature

from entrada.core.jose import base64url, rs256
from entrada.core.jose.compact import Flaw, InvalidToken, verify
from entrada.core.jose.json_object import parse_object
from tests.jose.known_keys import RFC7515_A2, our_key, rfc_private_key

SIGNING_INPUT = RFC7515_A2["signing_input"]
SIGNATURE = RFC7515_A2["signature"]


def test_the_signature_comes_out_as_published():
    assert base64url.encode(rs256.sign(SIGNING_INPUT.encode(), rfc_private_key())) == SIGNATURE


def test_the_published_signature_verifies_and_no_other():
    signature, public_key = base64url.decode(SIGNATURE), rfc_private_key().public_key()
    rs256.verify(signature, SIGNING_INPUT.encode(), public_key)
    with pytest.raises(InvalidSignature):
        rs256.verify(signature, SIGNING_INPUT.encode() + b"A", public_key)


def test_the_payload_reads_as_published():
    payload = base64url.decode(SIGNING_INPUT.partition(".")[2])
    assert payload.decode() == RFC7515_A2["payload"]
    assert parse_object(payload) == {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}


def test_the_whole_example_is_refused_since_it_names_no_key():
    key = our_key().verification_key
    with pytest.raises(InvalidToken) as refused:
        verify(f"{SIGNING_INPUT}.{SIGNATURE}", {key.kid: key})
    assert refused.value.reason is Flaw.UNKNOWN_KEY
