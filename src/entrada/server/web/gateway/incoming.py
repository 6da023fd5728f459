"""A request as it came in, made into one that can be decided on; or what is wrong with its form.

RFC 9110, sections 7.2, 7.6 and 7.8; RFC 9112, section 3.  What would let two programs read one request as two different
ones is refused here, before any policy sees it, and never with a status of 500 or more: it is the caller's.
"""

import re
from functools import lru_cache
from typing import Final
from uuid import UUID

from attrs import frozen
from starlette.types import Scope

from entrada.core.gateway.exchange import Address, Request
from entrada.core.gateway.headers import Headers
from entrada.server.web.gateway.cookies import without_own

MOST_HEADERS: Final = 100  # as Envoy
LARGEST_HEAD: Final = 60 * 1024  # bytes; as Envoy
CLIENT_ADDRESS: Final = b"x-entrada-client-address"
REQUEST_ID: Final = b"x-entrada-request-id"

_HOST: Final = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::([0-9]{1,5}))?")
_PATH: Final = re.compile(rb"/[\x21\x22\x24-\x7e]*")  # no fragment (#), no space
_QUERY: Final = re.compile(rb"[\x21\x22\x24-\x7e]*")
_PORTS: Final = {"https": 443, "http": 80}
# Of one connection alone (RFC 9110 §7.6.1).  `expect` is answered by us, `te` asks for trailers, which we drop.
HOP_BY_HOP: Final = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-connection",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"expect",
    )
)
_BY_PROXIES: Final = frozenset((b"forwarded", b"x-real-ip"))  # said by the caller, so nobody's word
_OF_PROXIES: Final = (b"x-forwarded-", b"x-envoy-")
_UNCHANGED: Final = frozenset((b"h2c",))  # offers of another protocol that may be passed over (RFC 9110 §7.8)


@frozen(kw_only=True)
class Malformed:
    """What the caller is told."""

    status: int
    message: str


@frozen(kw_only=True)
class Incoming:
    request: Request
    host: tuple[str, str]  # the very line: whoever finds another one knows that a policy wrote it
    length: bytes | None  # of the body, where it was said
    is_chunked: bool
    awaits_continue: bool
    offers_upgrade: bool
    request_id: UUID | None = None  # of whoever stands in front of us, where that is one of ours

    @property
    def has_body(self) -> bool:
        return self.is_chunked or self.length not in (None, b"0")


class _Sorted:
    """Header lines, those of the connection apart from those of the message."""

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        self.lines: list[tuple[str, str]] = []
        self.ours: dict[bytes, bytes] = {}
        self.hosts: list[bytes] = []
        self.lengths: list[bytes] = []
        self.codings: list[bytes] = []
        self.upgrade = self.expect = b""
        named = _named_by_connection(headers)
        for name, value in headers:
            plain = _PLAIN.get(name)
            if (plain is None and self._is_apart(name, value)) or name in named:
                continue
            self.lines.append((plain or name.decode("latin-1"), text(value)))

    def _is_apart(self, name: bytes, value: bytes) -> bool:
        """Whether the line is not for the backend as it is; what it says is kept, where it matters."""
        if name == b"host":
            self.hosts.append(value.strip())
        elif name == b"content-length":
            self.lengths.append(value.strip())
        elif name == b"cookie":
            kept = without_own(text(value))
            self.lines += [("cookie", kept)] if kept else []
        elif name in HOP_BY_HOP:
            self._keep_of_connection(name, value.strip())
        elif name.startswith(b"x-entrada-"):
            self.ours[name] = value.strip()
        else:
            return name.startswith(_OF_PROXIES) or name in _BY_PROXIES
        return True

    def _keep_of_connection(self, name: bytes, value: bytes) -> None:
        if name == b"transfer-encoding":
            self.codings.append(value.lower())
        elif name == b"upgrade":
            self.upgrade = value or b"?"
        elif name == b"expect":
            self.expect = value


def read(scope: Scope, *, scheme: str, behind_envoy: bool) -> Incoming | Malformed:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    malformed = _too_much(scope, headers) or _bad_target(scope) or _bad_version(scope)
    if malformed is not None:
        return malformed
    found = _Sorted(headers)
    malformed = _bad_form(found)
    if malformed is not None:
        return malformed
    host = _host_of(found.hosts[0], scheme)
    if host is None:
        return Malformed(status=400, message="The Host header names no host.")
    said = found.hosts[0].decode("ascii")
    host_line = ("Host", said)
    client = _client(scope, found.ours if behind_envoy else {})
    return Incoming(
        request=Request(
            method=scope["method"],
            url=Address(
                scheme=scheme,
                host=host[0],
                port=host[1],
                path=scope["raw_path"].decode("ascii") or "/",
                query=scope["query_string"].decode("ascii"),
            ),
            headers=(host_line, *found.lines, *_forwarded(client, scheme, said)),
            client_address=client,
        ),
        host=host_line,
        length=found.lengths[0] if found.lengths else None,
        is_chunked=bool(found.codings),
        awaits_continue=found.expect.lower() == b"100-continue",
        offers_upgrade=bool(found.upgrade),
        request_id=_request_id(found.ours) if behind_envoy else None,
    )


def text(value: bytes) -> str:
    """What is not UTF-8 comes out again as it came in."""
    return value.decode("utf-8", "surrogateescape")


# ---- what is refused -----------------------------------------------------------------------------------------------


def _too_much(scope: Scope, headers: list[tuple[bytes, bytes]]) -> Malformed | None:
    if len(headers) > MOST_HEADERS:
        return Malformed(status=431, message=f"A request may have {MOST_HEADERS} header lines.")
    size = len(scope["raw_path"]) + len(scope["query_string"])
    for name, value in headers:
        size += len(name) + len(value) + 4
    if size > LARGEST_HEAD:
        return Malformed(status=431, message=f"The URL and the headers may have {LARGEST_HEAD} bytes together.")
    return None


def _bad_target(scope: Scope) -> Malformed | None:
    if not _PATH.fullmatch(scope["raw_path"] or b"/") or not _QUERY.fullmatch(scope["query_string"]):
        return Malformed(status=400, message="The path and the query are printable ASCII; escape everything else.")
    return None


def _bad_version(scope: Scope) -> Malformed | None:
    """HTTP/1.0 has no chunks, no Host, and its proxies are long gone; Envoy refuses it in the same way."""
    if scope["http_version"] not in ("1.1", "2"):
        return Malformed(status=426, message="Use HTTP/1.1.")
    return None


def _bad_form(found: _Sorted) -> Malformed | None:
    if len(found.hosts) != 1:
        return Malformed(status=400, message="A request has one Host header.")
    if len(found.lengths) > 1 or (found.lengths and found.codings):
        return Malformed(status=400, message="The request says in two ways how long it is.")
    if found.lengths and not found.lengths[0].isdigit():
        return Malformed(status=400, message="Content-Length is a number.")
    if found.codings not in ([], [b"chunked"]):
        return Malformed(status=400, message="Transfer-Encoding may be chunked, and nothing else.")
    if found.upgrade and found.upgrade.lower() not in _UNCHANGED:
        return Malformed(status=403, message="WebSocket and other upgrades are not served by this gateway.")
    if found.expect and found.expect.lower() != b"100-continue":
        return Malformed(status=417, message="Expect may be 100-continue, and nothing else.")
    if any("_" in name for name, _ in found.lines):
        # Many a backend reads x_forwarded_for as X-Forwarded-For.
        return Malformed(status=400, message="Names of headers have dashes, no underscores.")
    return None


# ---- what is read --------------------------------------------------------------------------------------------------


# Names that need no look at: most lines of most requests.
_PLAIN: Final = {
    name: name.decode("ascii")
    for name in (b"accept", b"accept-encoding", b"accept-language", b"authorization", b"content-type", b"user-agent")
}


def _named_by_connection(headers: list[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """Further lines that are of this connection alone, as its Connection header says (RFC 9110 §7.6.1)."""
    said = [value for name, value in headers if name == b"connection"]
    if not said or said in ([b"keep-alive"], [b"close"]):
        return frozenset()
    return frozenset(word.strip().lower() for value in said for word in value.split(b","))


@lru_cache(maxsize=256)
def _host_of(value: bytes, scheme: str) -> tuple[str, int] | None:
    found = _HOST.fullmatch(value)
    if found is None:
        return None
    port = int(found[2]) if found[2] else _PORTS[scheme]
    return (found[1].decode("ascii").lower().strip("[]"), port) if 0 < port < 65536 else None


def _client(scope: Scope, ours: dict[bytes, bytes]) -> str:
    said = ours.get(CLIENT_ADDRESS)
    return said.decode("latin-1") if said is not None else address_of(scope)


def address_of(scope: Scope) -> str:
    """Of the connection."""
    peer = scope.get("client")
    address: str = peer[0] if peer else "0.0.0.0"  # noqa: S104 - nobody's: a socket without addresses
    return address.partition("%")[0].removeprefix("::ffff:")


def _request_id(ours: dict[bytes, bytes]) -> UUID | None:
    try:
        return UUID(ours.get(REQUEST_ID, b"").decode("latin-1"))
    except ValueError:
        return None


def _forwarded(client: str, scheme: str, host: str) -> Headers:
    """In place of whatever the caller said: we know."""
    return ("x-forwarded-for", client), ("x-forwarded-proto", scheme), ("x-forwarded-host", host)
