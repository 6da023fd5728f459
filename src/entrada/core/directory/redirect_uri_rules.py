"""Which redirect URIs may be registered.  RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1 and §4.1, Entra's own rules.

Whoever may register is not always whoever is harmed, so a URI is refused when it could carry a code somewhere its
reader would not expect: a script, another host than it seems, plain http on a network, a place browsers normalize to.
"""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from entrada.core.directory.application import Platform

MAX_LENGTH = 256
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"

_URI_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_FORBIDDEN = frozenset("!$'(),;")  # Entra's list
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(.*)")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[a-z0-9]([a-z0-9\-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9\-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
# fmt: off
_NEVER_AN_APP = frozenset({
    "about", "blob", "chrome", "content", "data", "file", "filesystem", "ftp", "intent", "jar", "javascript", "mailto",
    "sms", "tel", "vbscript", "view-source", "ws", "wss",
})
_RESPONSE_PARAMETERS = frozenset({
    "access_token", "client_info", "code", "error", "error_codes", "error_description", "error_subcode", "error_uri",
    "expires_in", "id_token", "iss", "response", "scope", "session_state", "state", "token_type",
})
# fmt: on


def fault(uri: str, platform: Platform) -> str | None:
    """Why *uri* may not be registered under *platform*, as a sentence; None when it may."""
    return next((said for check in _CHECKS if (said := check(uri, platform))), None)


def logout_url_fault(url: str) -> str | None:
    """Why *url* may not be the front-channel logout URL: the rules of a web redirect URI, save the query."""
    return next((said for check in _CHECKS if check is not _query and (said := check(url, Platform.WEB))), None)


def _length(uri: str, platform: Platform) -> str | None:
    if not uri:
        return "A redirect URI is empty."
    return f"A redirect URI has at most {MAX_LENGTH} characters, not {len(uri)}." if len(uri) > MAX_LENGTH else None


def _characters(uri: str, platform: Platform) -> str | None:
    if "*" in uri:
        return "A redirect URI is compared character by character: a wildcard (*) would match nothing."
    if not _URI_CHARACTERS.fullmatch(uri):
        return "A redirect URI holds a character that URIs do not have; percent-encode it."
    if found := sorted(_FORBIDDEN & set(uri)):
        return f"A redirect URI may not hold {' '.join(found)}."
    return (
        "A percent sign in a redirect URI is followed by two hexadecimal digits." if _BAD_ESCAPE.search(uri) else None
    )


def _fragment(uri: str, platform: Platform) -> str | None:
    return "A redirect URI has no fragment (#)." if "#" in uri else None


def _scheme(uri: str, platform: Platform) -> str | None:
    if not (parts := _SCHEME.fullmatch(uri)):
        return "A redirect URI is absolute: it begins with a scheme, such as https://."
    scheme = parts[1]
    if scheme.lower() in _NEVER_AN_APP:
        return f"The scheme {scheme.lower()}: never leads back to an application."
    if scheme != scheme.lower():
        return "The scheme of a redirect URI is written in lower case."
    return None if scheme in {"http", "https"} else _custom_scheme(parts[2], uri, platform)


def _custom_scheme(rest: str, uri: str, platform: Platform) -> str | None:
    if platform is not Platform.PUBLIC_CLIENT:
        return f"Only a publicClient redirect URI may have a scheme of its own; {platform} takes https."
    if uri != OUT_OF_BAND and not rest.strip("/"):
        return "A redirect URI with a scheme of its own names a place after it, such as myapp://auth."
    return (
        None if uri == OUT_OF_BAND or rest.startswith("/") else "After its scheme a redirect URI goes on with a slash."
    )


def _authority(uri: str, platform: Platform) -> str | None:
    if not uri.startswith(("http:", "https:")):
        return None
    if not (parts := _split(uri)) or not uri.startswith((f"{parts.scheme}://",)):
        return "This is not a URI: it goes scheme, ://, host."
    if "@" in parts.netloc:
        return "A redirect URI names no user (the part before @)."
    host, port = _host_and_port(parts.netloc)
    if host != host.lower():
        return "The host of a redirect URI is written in lower case."
    if not _HOST.fullmatch(host):
        return f"“{host}” is not a host name."
    if port is not None and not (_PORT.fullmatch(port) and int(port) <= 65535):
        return f"“{port}” is not a port."
    if parts.scheme == "http" and host not in LOOPBACK_HOSTS:
        return f"Plain http is for localhost, 127.0.0.1 and [::1] alone; {host} needs https."
    return None


def _split(uri: str) -> SplitResult | None:
    try:
        return urlsplit(uri)
    except ValueError:
        return None


def _host_and_port(netloc: str) -> tuple[str, str | None]:
    host, colon, port = netloc.rpartition(":")
    if not colon or netloc.endswith("]"):
        return netloc, None
    return host, port


def _path(uri: str, platform: Platform) -> str | None:
    # Browsers resolve these before they send: what arrives would not be what was registered.
    path = uri.partition("?")[0]
    segments = re.split(r"[/\\]", unquote(path))
    return "A redirect URI has no . or .. segments in its path." if {".", ".."} & set(segments) else None


def _query(uri: str, platform: Platform) -> str | None:
    names = {name.lower() for name, _ in parse_qsl(uri.partition("?")[2], keep_blank_values=True)}
    if taken := sorted(names & _RESPONSE_PARAMETERS):
        return f"The query of a redirect URI may not hold {', '.join(taken)}: the answer to the application does."
    return None


_CHECKS: tuple[Callable[[str, Platform], str | None], ...] = (
    _length,
    _characters,
    _fragment,
    _scheme,
    _authority,
    _path,
    _query,
)
