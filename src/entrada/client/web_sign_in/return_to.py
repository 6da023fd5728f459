"""Where a sign-in may return to: paths of our own.  RFC 9700 §4.11 (no open redirector)."""

from typing import Final
from urllib.parse import urlsplit

HOME: Final = "/"
_LONGEST: Final = 1024  # it travels in a cookie


def safe_return_to(asked: str | None, default: str = HOME) -> str:
    """*asked* if every browser reads it as a path on the same host, else *default*."""
    if not asked or len(asked) > _LONGEST or not asked.isascii() or not asked.isprintable():
        return default
    # Browsers take a backslash for a slash, and what follows two slashes for a host.
    if not asked.startswith("/") or asked.startswith("//") or "\\" in asked or " " in asked:
        return default
    try:
        parts = urlsplit(asked)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else asked
