"""Credentials of the Basic scheme as expressions see them: AsBasic() and TryParseBasic().  RFC 7617 §2."""

from base64 import b64decode
from typing import Final

from entrada.core.gateway.expressions.context import Basic

_SCHEME: Final = "basic "
_LONGEST: Final = 8192


def parse_basic(text: str | None) -> Basic | None:
    """Of the header's value, with or without its scheme."""
    if text is None or len(text) > _LONGEST:
        return None
    encoded = text[len(_SCHEME) :].strip() if text.lower().startswith(_SCHEME) else text.strip()
    try:
        user_id, colon, password = b64decode(encoded, validate=True).decode("utf-8").partition(":")
    except ValueError:
        return None
    return Basic(user_id=user_id, password=password) if colon else None
