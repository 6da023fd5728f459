"""Where a sign-out may return to.  OpenID Connect RP-Initiated Logout §3; RFC 9700 §4.11 (no open redirector)."""

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from entrada.core.directory.application import Application
from entrada.core.protocol.redirect_uri import find_registered


def return_uri(asked: str | None, state: str | None, clients: Iterable[Application]) -> str | None:
    """*asked* with *state* added, if one of *clients* registered it: those of the sessions that ended."""
    if asked is None or all(find_registered(asked, client.redirect_uris) is None for client in clients):
        return None
    if state is None:
        return asked
    return f"{asked}{'&' if '?' in asked else '?'}{urlencode({'state': state}, quote_via=quote)}"
