"""Paths that a backend may read as another one than the gateway did.  RFC 3986, sections 3.3 and 5.2.4."""

from urllib.parse import unquote


def is_climbing(path: str) -> bool:
    """Whether a segment would lead upwards, or hides a slash that some backend may see."""
    if not any(odd in path for odd in ("..", "%", "\\", "/.", "\0")):
        return False
    segments = [unquote(segment) for segment in path.split("/")]
    return any(one.partition(";")[0] in (".", "..") or "\\" in one or "\0" in one for one in segments)
