"""Where do browsers reach this application?  RFC 9110 §7.2; a Host header is anybody's to write.

From the settings in production; on a loopback host, from the request; from what a proxy adds only for the host names
that the settings list.  Anything else is refused, because tokens would follow.
"""

from typing import Final
from urllib.parse import quote, urlsplit

from attrs import frozen

from entrada.client.authority import LOOPBACK
from entrada.client.errors import BadSettings
from entrada.client.web_sign_in.exchange import Request
from entrada.client.web_sign_in.return_to import safe_return_to
from entrada.client.web_sign_in.web_settings import WebSettings

_IN_PATHS: Final = "/:@!$&'()*+,;=~-._"


@frozen
class Place:
    origin: str  # https://app.example
    root: str  # where the application is mounted there; empty: at the top

    @property
    def is_secure(self) -> bool:
        return self.origin.startswith("https:")

    @property
    def home(self) -> str:
        return self.root + "/"

    def url(self, path: str) -> str:
        return self.origin + self.root + path

    def here(self, request: Request) -> str:
        """The page that was asked for, as a path to come back to."""
        query = f"?{request.query_string}" if request.query_string else ""
        return safe_return_to(self.root + quote(request.path, safe=_IN_PATHS) + query, self.home)

    def page_of(self, request: Request) -> str:
        """Where a browser returns to after a sign-in: here, or to what led here after a form or script."""
        return self.here(request) if request.is_safe and request.navigates else self.before(request)

    def before(self, request: Request) -> str:
        """The page that a script or form stands on."""
        parts = urlsplit(_referer(request))
        query = f"?{parts.query}" if parts.query else ""
        if f"{parts.scheme}://{parts.netloc}" != self.origin:
            return self.home
        return safe_return_to(parts.path + query, self.home)


def place_of(request: Request, settings: WebSettings) -> Place:
    """Raises BadSettings."""
    if settings.public_url is not None:
        parts = urlsplit(settings.public_url)
        return Place(f"{parts.scheme}://{parts.netloc}", parts.path or _root(request.root_path))
    return _forwarded(request, settings) or _local(request)


def _forwarded(request: Request, settings: WebSettings) -> Place | None:
    host = request.headers.get("x-forwarded-host", "").lower()
    scheme = _over_http(request.headers.get("x-forwarded-proto", "").lower())
    if host not in settings.forwarded_hosts or scheme not in ("http", "https"):
        return None
    return Place(f"{scheme}://{host}", _root(request.headers.get("x-forwarded-prefix") or request.root_path))


def _local(request: Request) -> Place:
    scheme = _over_http(request.scheme)
    origin = f"{scheme}://{request.host.lower()}"
    if scheme not in ("http", "https") or _host(origin) not in LOOPBACK:
        raise BadSettings(
            "This application does not know under which address browsers reach it",
            advice="Set public_url, as https://app.example; behind a proxy, or forwarded_hosts.",
        )
    return Place(origin, _root(request.root_path))


def _over_http(scheme: str) -> str:
    """A page that opens a websocket is of the scheme that carries it (RFC 6455 §3, §4.1)."""
    return {"ws": "http", "wss": "https"}.get(scheme, scheme)


def _host(origin: str) -> str | None:
    try:
        parts = urlsplit(origin)
        return parts.hostname if parts.port != 0 and parts.netloc == origin.partition("://")[2] else None
    except ValueError:
        return None


def _root(path: str) -> str:
    root = quote(path.rstrip("/"), safe=_IN_PATHS)
    return root if root and safe_return_to(root, "") == root else ""


def _referer(request: Request) -> str:
    referer = request.headers.get("referer", "")
    try:
        urlsplit(referer)
    except ValueError:
        return ""
    return referer
