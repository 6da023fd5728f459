import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.jose.numeric_date import NumericDate
from entrada.core.sealing.envelope import Epoch
from entrada.core.sealing.keys import MasterKey, derive, epoch_of, synthetic_nonce
from tests.sealing.known import COLORS, DAY, MASTER, NOW, PETALS

RFC5869 = json.loads((Path(__file__).parents[1] / "vectors/rfc5869_sha256.json").read_text())
WRITTEN = urlsafe_b64encode(MASTER.value).decode().rstrip("=")


def hkdf(secret, salt, info, length):
    """RFC 5869 written out, to hold ours against."""
    key = hmac.digest(salt or bytes(32), secret, hashlib.sha256)
    output, block, count = b"", b"", 1
    while len(output) < length:
        block = hmac.digest(key, block + info + bytes([count]), hashlib.sha256)
        output, count = output + block, count + 1
    return output[:length]


@pytest.mark.parametrize("case", RFC5869["cases"], ids=["with salt and info", "without"])
def test_the_yardstick_is_rfc_5869s(case):
    secret, salt, info, output = (bytes.fromhex(case[name]) for name in ("secret", "salt", "info", "output"))
    assert hkdf(secret, salt, info, len(output)) == output


def test_keys_come_from_an_epoch_key_under_the_master_key():
    above = hkdf(MASTER.value, b"", b"entrada epoch 20833", 32)
    expected = hkdf(above, b"", f"entrada code of {COLORS}".encode(), 32)
    assert derive(MASTER, purpose="code", tenant=COLORS, epoch=Epoch(20833)) == expected


def test_lasting_keys_stand_beside_the_epochs():
    above = hkdf(MASTER.value, b"", b"entrada lasting", 32)
    expected = hkdf(above, b"", f"entrada subject of {COLORS}".encode(), 32)
    assert derive(MASTER, purpose="subject", tenant=COLORS, epoch=None) == expected


def test_every_use_has_a_key_of_its_own():
    uses = [
        derive(master, purpose=purpose, tenant=tenant, epoch=epoch)
        for master in (MASTER, MasterKey(bytes(32)))
        for purpose in ("code", "codes", "cookie")
        for tenant in (COLORS, PETALS)
        for epoch in (Epoch(0), Epoch(1), Epoch(10), None)
    ]
    assert len(set(uses)) == len(uses) == 48
    assert {len(key) for key in uses} == {32}


# fmt: off
DAYS = [
    pytest.param(0,           0,      id="the first second"),
    pytest.param(DAY - 1,     0,      id="the last second of a day"),
    pytest.param(DAY,         1,      id="midnight, UTC"),
    pytest.param(NOW,         20_833, id="2027"),
]
# fmt: on


@pytest.mark.parametrize(("now", "epoch"), DAYS)
def test_an_epoch_is_a_day(now, epoch):
    assert epoch_of(NumericDate(now)) == epoch


def test_a_synthetic_nonce_follows_from_key_and_payload_alone():
    key, payload = bytes(32), b"generation 7"
    nonce = synthetic_nonce(key, payload)
    assert nonce == hmac.digest(hkdf(key, b"", b"entrada synthetic nonce", 32), payload, hashlib.sha256)[:12]
    assert synthetic_nonce(key, b"generation 8") != nonce
    assert synthetic_nonce(bytes([1] * 32), payload) != nonce


READABLE = [
    pytest.param(WRITTEN, id="base64url"),
    pytest.param(MASTER.value.hex(), id="hexadecimal"),
    pytest.param(MASTER.value.hex().upper(), id="hexadecimal in capitals"),
    pytest.param(f"{WRITTEN}\n", id="a key file's line end"),
]


@pytest.mark.parametrize("text", READABLE)
def test_a_master_key_is_read(text):
    assert MasterKey.parse(text) == MASTER


UNREADABLE = [
    pytest.param("", id="empty"),
    pytest.param("changeme", id="a word"),
    pytest.param(WRITTEN[:-1], id="a character short"),
    pytest.param(WRITTEN + "A", id="a character long"),
    pytest.param(WRITTEN + "=", id="padded"),
    pytest.param(WRITTEN[:-1] + "9", id="trailing bits set"),
    pytest.param(MASTER.value.hex()[:-2], id="a byte short in hexadecimal"),
    pytest.param(MASTER.value.hex()[:-2] + "xy", id="no hexadecimal digits"),
    pytest.param("00 " * 21 + "0", id="64 characters, spaces among them"),
    pytest.param(WRITTEN[:20] + "\u00e9" + WRITTEN[21:], id="a letter that is not ASCII"),
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_master_key_says_how_to_make_one_and_repeats_nothing(text):
    with pytest.raises(ValueError, match="token_urlsafe") as refused:
        MasterKey.parse(text)
    assert refused.value.__suppress_context__
    assert not text or text not in str(refused.value)


def test_the_words_for_making_one_make_one():
    MasterKey.parse(secrets.token_urlsafe(32))


@given(st.binary(max_size=64).filter(lambda value: len(value) != 32))
def test_a_master_key_has_32_bytes(value):
    with pytest.raises(ValueError, match="32 random bytes"):
        MasterKey(value)


def test_a_master_key_is_not_shown():
    assert repr(MASTER) == "MasterKey()"
