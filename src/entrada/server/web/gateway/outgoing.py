"""A request as the backend gets it, byte by byte, and its response as the caller gets it.  RFC 9110, section 7.6.

What policies wrote passes here too: whatever they say of the length of a message, we know it.
"""

from typing import Final
from urllib.parse import quote

from entrada.core.gateway.exchange import Address, Request
from entrada.core.gateway.headers import Headers
from entrada.server.web.gateway.backend.connection import Lines
from entrada.server.web.gateway.incoming import HOP_BY_HOP, Incoming, text

_PRINTABLE: Final = "".join(chr(one) for one in range(0x21, 0x7F))
_PORTS: Final = {"https": 443, "http": 80}
_BODY_EXPECTED: Final = frozenset(("POST", "PUT", "PATCH"))
_DROPPED: Final = frozenset((*(one.decode("ascii") for one in HOP_BY_HOP), "content-length"))


class Unwritable(Exception):
    """A policy has written what cannot stand in a request."""


def head_for_backend(request: Request, incoming: Incoming) -> bytes:
    """Raise Unwritable."""
    url = request.url
    host, lines = _host(request, incoming), list[str]()
    for name, value in request.headers:
        lowered = name.lower()
        if lowered not in _DROPPED and lowered != "host":
            lines.append(f"{name}: {value}")
    lines += _framing(request.method, incoming)
    target = _target(url)
    head = "\r\n".join((f"{request.method} {target} HTTP/1.1", f"host: {host}", *lines, "", ""))
    written = head.encode("utf-8", "surrogateescape")
    ends = len(lines) + 3
    if written.count(b"\r") != ends or written.count(b"\n") != ends or b"\0" in written:
        raise Unwritable  # a line end within a line would make two requests of one
    return written


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def lines_of(answer: Lines) -> Headers:
    """Those of a backend's response that are of the message; its framing is ours to say."""
    named = {
        word.strip().lower() for name, value in answer if name == b"connection" for word in value.split(b",")
    } or _NONE
    return tuple(
        (name.decode("latin-1"), text(value)) for name, value in answer if name not in HOP_BY_HOP and name not in named
    )


def lines_for_caller(headers: Headers, length: int | None) -> list[tuple[bytes, bytes]]:
    """*length* where we know it; None leaves it to chunks."""
    found = [
        (name.lower().encode("latin-1"), value.encode("utf-8", "surrogateescape"))
        for name, value in headers
        if name.lower() not in _DROPPED
    ]
    if length is not None:
        found.append((b"content-length", b"%d" % length))
    return found


_NONE: Final[frozenset[bytes]] = frozenset()


def _host(request: Request, incoming: Incoming) -> str:
    """The backend's own, unless a policy wrote another line than the caller did."""
    written = [pair for pair in request.headers if pair[0].lower() == "host" and pair is not incoming.host]
    return written[-1][1] if written else authority(request.url)


def authority(url: Address) -> str:
    host = f"[{url.host}]" if ":" in url.host else url.host
    return host if _PORTS.get(url.scheme) == url.port else f"{host}:{url.port}"


def _target(url: Address) -> str:
    target = f"{url.path}?{url.query}" if url.query else url.path
    return target if target.isascii() and target.isprintable() and " " not in target else quote(target, _PRINTABLE)


def _framing(method: str, incoming: Incoming) -> list[str]:
    if incoming.is_chunked:
        return ["transfer-encoding: chunked"]
    if incoming.length is not None:
        return [f"content-length: {incoming.length.decode('ascii')}"]
    return ["content-length: 0"] if method in _BODY_EXPECTED else []
