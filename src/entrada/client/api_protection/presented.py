"""The token that a request brings: in its one Authorization header, and nowhere else.  RFC 6750 §2.1; RFC 9110 §11.1.

A token in the query or in a form is not read: addresses end up in logs (RFC 9700 §2.6).
"""

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

_CREDENTIALS: Final = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]+=*)")
_SCHEME: Final = re.compile(r"(?i)bearer(?![^\s,])")


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
    value = authorization[0].strip(" \t")  # which HTTP lets stand around a value
    if _SCHEME.match(value) is None:
        return Amiss.NOTHING
    if "," in value:
        return Amiss.SEVERAL
    found = _CREDENTIALS.fullmatch(value)
    return found[1] if found else Amiss.UNREADABLE
