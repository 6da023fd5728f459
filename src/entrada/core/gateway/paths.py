"""Paths that a backend may read as another one than the gateway did.  RFC 3986, sections 2.3, 3.3, 5.2.4 and 6.2.2."""

import re
from typing import Final
from urllib.parse import unquote

_AMBIGUOUS: Final = re.compile(r"//|%2[Ff]|%(?![0-9A-Fa-f]{2})")  # a bare % could become an escape when others are read
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def normalised(path: str) -> str | None:
    """The one spelling that is decided on and sent on; None where a backend could read another path."""
    if is_climbing(path) or _AMBIGUOUS.search(path):
        return None
    return _ESCAPE.sub(_plain, path) if "%" in path else path


def is_climbing(path: str) -> bool:
    """Whether a segment would lead upwards, or hides a slash that some backend may see."""
    if not any(odd in path for odd in ("..", "%", "\\", "/.", "\0")):
        return False
    # Unescaped first: a backend that reads %2f as a slash finds the same segments.
    plain = unquote(path)
    return "\\" in plain or "\0" in plain or any(one.partition(";")[0] in (".", "..") for one in plain.split("/"))


def _plain(escape: re.Match[str]) -> str:
    octet = chr(int(escape[0][1:], 16))
    return octet if octet in _UNRESERVED else escape[0].upper()
