"""Paths that a backend may read as another one than the gateway did.  RFC 3986, sections 3.3 and 5.2.4."""

from urllib.parse import unquote


def is_climbing(path: str) -> bool:
    """Whether a segment would lead upwards, or hides a slash that some backend may see."""
    if not any(odd in path for odd in ("..", "%", "\\", "/.", "\0")):
        return False
    # Unescaped first: a backend that reads %2f as a slash finds the same segments.
    plain = unquote(path)
    return "\\" in plain or "\0" in plain or any(one.partition(";")[0] in (".", "..") for one in plain.split("/"))
