"""The token that a request brings: in its one Authorization header, and nowhere else.  RFC 6750 §2.1; RFC 9110 §11.1.

A token in the query or in a form is not read: addresses end up in logs (RFC 9700 §2.6).
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

_SCHEME: Final = "bearer"


class Amiss(Enum):
    NOTHING = auto()  # or credentials of another kind
    SEVERAL = auto()
    UNREADABLE = auto()


def presented_token(authorization: Sequence[str]) -> str | Amiss:
    """*authorization*: the value of each such header; a server of WSGI has joined them by commas."""
    if not authorization:
        return Amiss.NOTHING
    if len(authorization) > 1:
        return Amiss.SEVERAL
    scheme, _, token = authorization[0].strip(" \t").partition(" ")
    if scheme.lower() != _SCHEME:
        return Amiss.UNREADABLE if scheme.lower().startswith(_SCHEME + "\t") else Amiss.NOTHING
    if "," in token:
        return Amiss.SEVERAL
    return token.lstrip(" ") or Amiss.UNREADABLE  # that it is three parts of base64url is checked where they are read
