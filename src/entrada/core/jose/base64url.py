"""Bytes as text that fits URLs, without padding.  RFC 7515, section 2; RFC 4648, sections 3.5 and 5."""

from binascii import a2b_base64, b2a_base64
from typing import Final

_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_", b"+/")


def encode(data: bytes) -> str:
    return encode_to_bytes(data).decode("ascii")


def encode_to_bytes(data: bytes) -> bytes:
    """As `encode`, for those who go on with ASCII bytes."""
    return b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=")


def decode(text: str) -> bytes:
    """Read the one spelling `encode` gives; raise ValueError for any other.

    The library skips foreign characters and drops trailing bits, so two texts could mean the same bytes. Encoding what
    was read and comparing refuses padding, whitespace, the other alphabet and non-zero trailing bits in one stroke.
    """
    given = text.encode("ascii")
    data = a2b_base64(given.translate(_FROM_URL) + b"=" * (-len(given) % 4))
    if encode_to_bytes(data) != given:
        raise ValueError("not canonical base64url")
    return data
