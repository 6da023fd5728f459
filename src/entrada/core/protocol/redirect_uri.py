"""Which registered redirect URI a request names.  RFC 6749 §3.1.2, RFC 8252 §7.3, RFC 9700 §4.1.3.

Character by character, scheme and host included: RFC 3986 would fold their case, but no honest client depends on it.
Only the port of a loopback address may differ.
"""

import re
from collections.abc import Iterable

from entrada.core.directory.application import RedirectUri

_LOOPBACK = re.compile(r"(https?://(?:localhost|127\.0\.0\.1|\[::1\]))(?::([1-9][0-9]{0,4}))?((?:[/?].*)?)", re.ASCII)
_LAST_PORT = 65_535


def find_registered(sent: str, registered: Iterable[RedirectUri]) -> RedirectUri | None:
    """The registration that *sent* matches; an exact match before one that differs by a loopback port."""
    among = tuple(registered)
    exact = (one for one in among if one.uri == sent)
    portless = _without_port(sent)
    loopback = (one for one in among if portless is not None and _without_port(one.uri) == portless)
    return next(exact, None) or next(loopback, None)


def _without_port(uri: str) -> tuple[str, str] | None:
    found = _LOOPBACK.fullmatch(uri)
    return (found[1], found[3]) if found and int(found[2] or 1) <= _LAST_PORT else None
