"""Codes for the day the phone is lost: 80 bits each, so that digests of them may stand in the directory.

NIST SP 800-63B-4 §3.1.2 (look-up secrets).  Each is used once.
"""

from base64 import b32encode
from hashlib import sha256
from typing import Final

COUNT: Final = 10
BYTES: Final = 10  # each; base32 makes 16 characters of them
_GROUP: Final = 4
# Base32 has neither 0 nor 1: whoever reads one has seen the letter beside it.
_MISREAD: Final = str.maketrans("01", "OI")


def generate(dice: bytes) -> tuple[str, ...]:
    """`COUNT` codes out of COUNT * BYTES random bytes, grouped for reading: ABCD-EFGH-IJKL-MNOP."""
    return tuple(_grouped(dice[at : at + BYTES]) for at in range(0, COUNT * BYTES, BYTES))


def digest(code: str) -> str:
    """As the directory keeps it, however it was typed: in lower case, without the dashes, with blanks."""
    letters = "".join(code.split()).replace("-", "").upper().translate(_MISREAD)
    return sha256(letters.encode()).hexdigest()


def digests(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(digest, codes))


def _grouped(dice: bytes) -> str:
    text = b32encode(dice).decode()
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))
