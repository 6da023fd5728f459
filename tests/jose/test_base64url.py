from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.jose import base64url

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(st.binary())
def test_encodes_as_the_library_without_padding_and_back(data):
    text = base64url.encode(data)
    assert text == urlsafe_b64encode(data).decode().rstrip("=")
    assert base64url.decode(text) == data


@given(st.text(ALPHABET + "+/= \n.", max_size=12))
def test_bytes_have_one_spelling(text):
    try:
        data = base64url.decode(text)
    except ValueError:
        return
    assert base64url.encode(data) == text


REFUSED = [
    pytest.param("QQ==", id="padding"),
    pytest.param("QQ=", id="half the padding"),
    pytest.param("QUI=", id="padding of two bytes"),
    pytest.param("QR", id="trailing bits set, one byte"),
    pytest.param("QUJ", id="trailing bits set, two bytes"),
    pytest.param("A", id="a length no bytes have"),
    pytest.param("QUJDR", id="five characters"),
    pytest.param("+/8A", id="the other alphabet"),
    pytest.param("-_8/", id="both alphabets"),
    pytest.param("QU JD", id="a space"),
    pytest.param("QUJD\n", id="a line end"),
    pytest.param("\tQUJD", id="a tab before"),
    pytest.param("QU.JD", id="a foreign character, which the library skips"),
    pytest.param("QUJÐ", id="a letter that is not ASCII"),
    pytest.param("\uff31\uff35\uff2a\uff24", id="full-width letters"),
    pytest.param("QUJD\x00", id="NUL"),
]


@pytest.mark.parametrize("text", REFUSED)
def test_other_spellings_are_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the library's words
        base64url.decode(text)
