"""Which applications are told of a sign-out, and how.  OpenID Connect Front-Channel Logout 1.0 §3.

Reference section 36.
Entra sends `sid` alone, never `iss`, and so do we.  The frame brings no cookie of the application's, hence the `sid`.
"""

from collections.abc import Iterable
from urllib.parse import quote

from entrada.core.directory.application import Application
from entrada.core.directory.ids import SessionId


def frontchannel_url(client: Application, session_id: SessionId) -> str | None:
    if client.logout_url is None:
        return None
    separator = "&" if "?" in client.logout_url else "?"
    return f"{client.logout_url}{separator}sid={quote(session_id)}"


def frontchannel_urls(apps: Iterable[tuple[Application, SessionId]]) -> tuple[str, ...]:
    """One for each application that has a logout URL, and each session of it that ends."""
    urls = (frontchannel_url(client, session_id) for client, session_id in apps)
    return tuple(dict.fromkeys(url for url in urls if url is not None))
