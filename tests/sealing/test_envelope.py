"""Design invariant: any one-bit change, truncation or extension of any artefact is refused, and any swap of its use."""

from base64 import urlsafe_b64decode

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.jose import base64url
from entrada.core.sealing.envelope import Epoch, Heading, NotSealed, open_, read_heading, seal
from tests.sealing.known import COLORS, PETALS

KEY, NONCE = bytes(range(32)), bytes(range(12))
HEADING = Heading(Epoch(20_833), COLORS)
PAYLOAD = b"who, what and until when"
CODE = seal(PAYLOAD, purpose="code", heading=HEADING, key=KEY, nonce=NONCE)

payloads = st.binary(max_size=200)
tenants = st.uuids().map(str)
epochs = st.integers(0, 0xFFFF).map(Epoch)
purposes = st.sampled_from(["code", "interaction", "refresh_token", "cookie", "c", ""])


def refused(artefact, *, purpose="code", key=KEY):
    try:
        open_(artefact, purpose=purpose, key=key)
    except NotSealed:
        return True
    return False


@given(payloads, tenants, epochs, purposes, st.binary(min_size=32, max_size=32), st.binary(min_size=12, max_size=12))
def test_what_was_sealed_opens(payload, tenant, epoch, purpose, key, nonce):
    heading = Heading(epoch, tenant)
    artefact = seal(payload, purpose=purpose, heading=heading, key=key, nonce=nonce)
    assert read_heading(artefact) == heading
    assert open_(artefact, purpose=purpose, key=key) == payload


def test_the_wire_is_as_documented():
    raw = urlsafe_b64decode(CODE + "=" * (-len(CODE) % 4))
    assert raw[:19] == b"\x01" + (20_833).to_bytes(2, "big") + bytes.fromhex(COLORS.replace("-", ""))
    assert raw[19:31] == NONCE
    assert AESGCM(KEY).decrypt(NONCE, raw[31:], raw[:19] + b"code") == PAYLOAD


def test_every_flipped_bit():
    raw = CODE.encode()
    for at in range(len(raw)):
        for bit in range(8):
            changed = raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]
            assert refused(changed.decode("latin-1")), (at, bit)


def test_every_truncation_at_either_end():
    assert all(refused(CODE[:at]) and refused(CODE[at + 1 :]) for at in range(len(CODE)))


@given(st.text(min_size=1, max_size=8), st.integers(0, len(CODE)))
def test_something_slipped_in_anywhere(more, at):
    assert refused(CODE[:at] + more + CODE[at:])


@given(payloads, st.data())
def test_a_bit_of_any_envelope(payload, data):
    raw = seal(payload, purpose="code", heading=HEADING, key=KEY, nonce=NONCE).encode()
    at, bit = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(0, 7))
    changed = raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]
    assert refused(changed.decode("latin-1"))


@given(purposes)
def test_another_purpose_does_not_open_it(purpose):
    assert refused(CODE, purpose=purpose) == (purpose != "code")


@given(st.binary(min_size=32, max_size=32))
def test_another_key_does_not_open_it(key):
    assert refused(CODE, key=key) == (key != KEY)


@pytest.mark.parametrize(
    "other", [Heading(HEADING.epoch, PETALS), Heading(Epoch(HEADING.epoch + 1), COLORS)], ids=["tenant", "epoch"]
)
def test_another_heading_on_the_same_ciphertext(other):
    moved = seal(PAYLOAD, purpose="code", heading=other, key=KEY, nonce=NONCE)
    # 19 bytes of heading: the 26th character holds its end and the nonce's beginning, which are the same in both.
    assert refused(moved[:26] + CODE[26:])


def test_the_purpose_cannot_slide_into_the_heading():
    assert refused(seal(PAYLOAD, purpose="", heading=HEADING, key=KEY, nonce=NONCE), purpose="code")


def test_another_version_is_refused_even_with_a_true_tag():
    clear = b"\x02" + HEADING.to_bytes()[1:]
    raw = clear + NONCE + AESGCM(KEY).encrypt(NONCE, PAYLOAD, clear + b"code")
    artefact = base64url.encode(raw)
    assert refused(artefact)
    with pytest.raises(NotSealed):
        read_heading(artefact)


def test_the_length_is_looked_at_first():
    assert open_(CODE, purpose="code", key=KEY, max_length=len(CODE)) == PAYLOAD
    with pytest.raises(NotSealed):
        open_(CODE, purpose="code", key=KEY, max_length=len(CODE) - 1)
    large = seal(bytes(4000), purpose="code", heading=HEADING, key=KEY, nonce=NONCE)
    assert refused(large), "4096 characters unless another limit is given"


NO_HEADING = [
    pytest.param("", id="nothing"),
    pytest.param(CODE[:25], id="a heading cut short"),
    pytest.param("A" * 28, id="version 0"),
    pytest.param("_" * 28, id="version 255"),
    pytest.param("=" * 28, id="padding"),
    pytest.param("\u0131" * 28, id="letters that are not ASCII"),
    pytest.param(" " + CODE, id="white space before"),
]


@pytest.mark.parametrize("artefact", NO_HEADING)
def test_what_has_no_heading(artefact):
    with pytest.raises(NotSealed):
        read_heading(artefact)
    assert refused(artefact)


@given(st.text())
def test_any_text_at_all(text):
    assert refused(text)


BAD_HEADINGS = [
    pytest.param(20_833, COLORS.upper(), id="a tenant in capitals"),
    pytest.param(20_833, f"{{{COLORS}}}", id="a tenant in braces"),
    pytest.param(20_833, COLORS.replace("-", ""), id="a tenant without dashes"),
    pytest.param(20_833, COLORS + "\n", id="a tenant and a line end"),
    pytest.param(20_833, "common", id="no GUID"),
    pytest.param(-1, COLORS, id="before 1970"),
    pytest.param(65_536, COLORS, id="after 2149"),
]


@pytest.mark.parametrize(("epoch", "tenant"), BAD_HEADINGS)
def test_a_heading_that_could_not_be_read_back_is_not_made(epoch, tenant):
    with pytest.raises(ValueError, match=r"GUID|epoch"):
        Heading(Epoch(epoch), tenant)


@pytest.mark.parametrize("size", [0, 8, 11, 13, 16])
def test_a_nonce_has_twelve_bytes(size):
    with pytest.raises(ValueError, match="12 bytes"):
        seal(PAYLOAD, purpose="code", heading=HEADING, key=KEY, nonce=bytes(size))


def test_a_key_of_the_wrong_size_is_a_mistake_of_ours_not_a_forgery():
    with pytest.raises(ValueError, match="key"):
        open_(CODE, purpose="code", key=bytes(31))
