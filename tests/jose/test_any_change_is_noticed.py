"""Design invariant: any one-bit change, truncation or extension of any token is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrada.core.jose.compact import InvalidToken, sign, verify
from tests.jose.known_keys import our_key

KEY = our_key()
KEYS = {KEY.kid: KEY.verification_key}
TOKEN = sign({"aud": "c0105000-0000-4000-8000-00000000ba51", "sub": "ada", "exp": 1_800_000_000}, KEY)
TOKENS = st.dictionaries(st.text("abcdef", max_size=6), st.text("xyzäöü🌷", max_size=30), max_size=4).map(
    lambda claims: sign(claims, KEY)
)


def refused(token):
    try:
        verify(token, KEYS)
    except InvalidToken:
        return True
    return False


def test_the_token_itself_is_believed():
    assert not refused(TOKEN)


def test_every_flipped_bit():
    raw = TOKEN.encode()
    for at in range(len(raw)):
        for bit in range(8):
            changed = raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]
            assert refused(changed.decode("latin-1")), (at, bit)


def test_every_truncation_at_either_end():
    assert all(refused(TOKEN[:at]) and refused(TOKEN[at + 1 :]) for at in range(len(TOKEN)))


@settings(deadline=None)
@given(TOKENS, st.data())
def test_a_bit_of_any_token(token, data):
    raw = token.encode()
    at, bit = data.draw(st.integers(0, len(raw) - 1)), data.draw(st.integers(0, 7))
    changed = raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]
    assert refused(changed.decode("latin-1"))


@settings(deadline=None)
@given(TOKENS, st.text(min_size=1, max_size=8), st.data())
def test_something_slipped_in_anywhere(token, more, data):
    at = data.draw(st.integers(0, len(token)))
    assert refused(token[:at] + more + token[at:])


@settings(deadline=None)
@given(TOKENS, TOKENS, st.sampled_from([0, 1, 2]))
def test_parts_of_two_tokens_do_not_mix(one, other, part):
    mixed = one.split(".")
    mixed[part] = other.split(".")[part]
    same = ".".join(mixed) in {one, other}
    assert same or refused(".".join(mixed))


@given(st.text())
def test_any_text_at_all(text):
    with pytest.raises(InvalidToken):
        verify(text, KEYS)
