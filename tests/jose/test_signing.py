import json

import pytest

from entrada.core.jose import base64url
from entrada.core.jose.compact import sign
from tests.jose.known_keys import our_key, strangers_key

CLAIMS = {
    "aud": "a",
    "iss": "b",
    "iat": 1,
    "name": "Åda Ünïcode 🌷",
    "groups": ["x", "y"],
    "nested": {"z": 1, "a": None},
}


def parts(token):
    header, payload, signature = token.split(".")
    return base64url.decode(header).decode(), base64url.decode(payload).decode(), base64url.decode(signature)


def test_the_payload_is_compact_utf8_in_the_order_given():
    _, payload, signature = parts(sign(CLAIMS, our_key()))
    assert payload == json.dumps(CLAIMS, separators=(",", ":"), ensure_ascii=False)
    assert len(signature) == 256


# fmt: off
HEADERS = [  # what the caller adds, the header
    pytest.param(None,                              '{"typ":"JWT","alg":"RS256","kid":"K"}',                      id="v2"),
    pytest.param({"x5t": "K"},                      '{"typ":"JWT","alg":"RS256","x5t":"K","kid":"K"}',            id="v1"),
    pytest.param({"nonce": "n", "x5t": "K"},        '{"typ":"JWT","alg":"RS256","nonce":"n","x5t":"K","kid":"K"}', id="Graph's nonce"),
    pytest.param({"typ": "at+jwt"},                 '{"typ":"at+jwt","alg":"RS256","kid":"K"}',                   id="RFC 9068's type"),
]
# fmt: on


@pytest.mark.parametrize(("extra", "header"), HEADERS)
def test_the_header_keeps_entras_order(extra, header):
    token = sign(CLAIMS, our_key(), header=extra and {k: our_key().kid if v == "K" else v for k, v in extra.items()})
    assert parts(token)[0] == header.replace('"K"', f'"{our_key().kid}"')


def test_the_header_kept_for_one_key_is_not_used_for_another():
    for key in (our_key(), strangers_key(), our_key()):
        assert json.loads(parts(sign(CLAIMS, key))[0])["kid"] == key.kid


@pytest.mark.parametrize("name", ["alg", "kid", "crit"])
def test_what_the_signer_says_the_caller_cannot(name):
    with pytest.raises(ValueError, match="signer's to say"):
        sign(CLAIMS, our_key(), header={name: "none"})


UNSIGNABLE = [
    pytest.param({"exp": float("nan")}, ValueError, id="not a number"),
    pytest.param({"exp": float("inf")}, ValueError, id="infinite"),
    pytest.param({"name": "\ud800"}, ValueError, id="half a surrogate pair"),
    pytest.param({"exp": b"1"}, TypeError, id="bytes"),
    pytest.param({"scp": {"a", "b"}}, TypeError, id="a set"),
]


@pytest.mark.parametrize(("claims", "error"), UNSIGNABLE)
def test_what_is_not_json_is_not_signed(claims, error):
    with pytest.raises(error):
        sign(claims, our_key())
