"""Take a compact token apart, and believe nothing of it.  RFC 7515, sections 3.1, 4.1.11 and 7.1."""

from collections.abc import Container
from typing import Final

from entrada.core.jose import base64url
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.json_object import parse_object

MAXIMUM_LENGTH: Final = 16_384  # characters; checked before any work is done for a stranger
_PARTS: Final = 3


def split(token: str) -> list[str]:
    """Header, payload and signature as they stand; raise InvalidToken where there are not three of them."""
    if len(token) > MAXIMUM_LENGTH:
        raise InvalidToken(Flaw.TOO_LONG)
    parts = token.split(".", _PARTS)
    if len(parts) != _PARTS:
        raise InvalidToken(Flaw.NOT_COMPACT)
    return parts


def decoded(part: str) -> bytes:
    try:
        return base64url.decode(part)
    except ValueError:
        raise InvalidToken(Flaw.NOT_BASE64URL) from None


def parsed_header(data: bytes, algorithms: Container[object]) -> dict[str, object]:
    """Raise InvalidToken unless its algorithm is one of *algorithms*, and nothing is in it that must be understood."""
    members = _parsed(data, Flaw.HEADER_UNREADABLE)
    if "crit" in members:
        raise InvalidToken(Flaw.CRITICAL_EXTENSION)
    if members.get("alg") not in algorithms:
        raise InvalidToken(Flaw.WRONG_ALGORITHM)
    return members


def parsed_claims(data: bytes) -> dict[str, object]:
    return _parsed(data, Flaw.CLAIMS_UNREADABLE)


def _parsed(data: bytes, flaw: Flaw) -> dict[str, object]:
    try:
        return parse_object(data)
    except ValueError:
        raise InvalidToken(flaw) from None
