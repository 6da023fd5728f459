"""Take the browser's answer on 127.0.0.1 and tell the person there how it ended.  RFC 8252 §7.3, §8.3.

Anybody on this machine, and any page in the browser, can send requests here.  Only the one that repeats the `state` of
the sign-in at its path is the answer; the others are turned away and the wait goes on.  The `Host` must be a loopback
name, so that no other name that was made to point here (DNS rebinding) is answered.
"""

import errno
import hashlib
import hmac
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Event, Lock, Thread
from typing import Final, cast
from urllib.parse import parse_qsl, urlsplit

from attrs import define, field

from entrada.client.authority import LOOPBACK
from entrada.client.errors import BadSettings, PortTaken, TimedOut
from entrada.client.interactive import page
from entrada.client.interactive.page import Page

_ADDRESS: Final = "127.0.0.1"
_LONGEST: Final = 65_536  # bytes of an answer
_MOST_FIELDS: Final = 50
_READ_WITHIN: Final = 10.0  # seconds: browsers open connections ahead of need
_VERDICT_WITHIN: Final = 120.0
_SHOWN_WITHIN: Final = 2.0
_DOOR: Final = "/start/"
_FORM: Final = "application/x-www-form-urlencoded"


@define(eq=False)
class Receiver:
    """Made by `listening`; to be closed."""

    redirect_uri: str
    _server: "_Server" = field(repr=False)
    _state: str = field(default="", repr=False)
    _leads_to: str | None = field(default=None, repr=False, init=False)
    _came: Event = field(factory=Event, repr=False, init=False)
    _answer: Mapping[str, str] | None = field(default=None, repr=False, init=False)
    _verdict: Page = field(default=page.INTERRUPTED, repr=False, init=False)
    _arrived: Event = field(factory=Event, repr=False, init=False)
    _judged: Event = field(factory=Event, repr=False, init=False)
    _shown: Event = field(factory=Event, repr=False, init=False)
    _lock: Lock = field(factory=Lock, repr=False, init=False)

    def start(self, state: str) -> None:
        """Listen for the answer that repeats *state*."""
        self._state = state
        self._server.receiver = self
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def way_to(self, url: str) -> str:
        """An address here that leads there, once: everybody sees with what arguments a browser is started.

        Who can read an authorization request, its state and nonce, can begin a sign-in of their own with them.
        """
        self._leads_to = url
        return self.redirect_uri.removesuffix(urlsplit(self.redirect_uri).path) + self._door()

    def wait_for_the_browser(self, seconds: float) -> None:
        """Raises TimedOut."""
        if not self._came.wait(seconds):
            raise TimedOut(f"The browser did not come within {seconds:.0f} seconds", advice="Was it closed?")

    def wait(self, seconds: float) -> Mapping[str, str]:
        """Raises TimedOut."""
        if self._arrived.wait(seconds) and self._answer is not None:
            return self._answer
        raise TimedOut(
            f"Nobody finished signing in within {seconds:.0f} seconds", advice="Begin again, or wait for longer."
        )

    def tell(self, verdict: Page) -> None:
        self._verdict = verdict

    def close(self) -> None:
        """The person sees the verdict first."""
        self._arrived.set()
        self._judged.set()
        if self._answer is not None:
            self._shown.wait(_SHOWN_WITHIN)
        if self._state:
            self._server.shutdown()
        self._server.server_close()

    # ---- for the threads that serve ----

    def led(self, path: str) -> str | None:
        """Where somebody who came to *path* is led to; None: it is no such path, or somebody was there before."""
        if not hmac.compare_digest(path.encode(errors="replace"), self._door().encode()):
            return None
        with self._lock:
            url, self._leads_to = self._leads_to, None
        return url

    def came(self) -> None:
        self._came.set()

    def _door(self) -> str:
        return _DOOR + hashlib.sha256(f"door {self._state}".encode()).hexdigest()  # which tells nothing of the state

    def path(self) -> str:
        return urlsplit(self.redirect_uri).path or "/"

    def accepts(self, parameters: Mapping[str, str]) -> bool:
        if not hmac.compare_digest(parameters.get("state", "").encode(errors="replace"), self._state.encode()):
            return False
        with self._lock:
            if self._answer is None:
                self._answer = parameters
        self._arrived.set()
        return True

    def verdict(self) -> Page:
        return self._verdict if self._judged.wait(_VERDICT_WITHIN) else page.INTERRUPTED

    def shown(self) -> None:
        self._shown.set()


class _Server(ThreadingMixIn, TCPServer):
    daemon_threads = True
    allow_reuse_address = True
    receiver: Receiver

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: anybody can come and break off, and standard error is the caller's."""


def listening(redirect_uri: str = "http://localhost", port: int = 0) -> Receiver:
    """*redirect_uri* may name the port; 0 is any that is free, which authorities do not compare (RFC 8252 §7.3).

    Raises BadSettings and PortTaken.
    """
    host, named, path = _parts(redirect_uri)
    wanted = named or port
    try:
        server = _Server((_ADDRESS, wanted), _Handler)
    except OSError as error:
        why = "something else listens there" if error.errno == errno.EADDRINUSE else error.strerror
        raise PortTaken(
            f"Port {wanted} of {_ADDRESS} cannot be had: {why}", advice="Choose another port, or none for any."
        ) from error
    except OverflowError:
        raise BadSettings(f"{wanted} is no port", advice="Ports go from 1 to 65535.") from None
    return Receiver(f"http://{host}:{server.server_address[1]}{path}", server)


def _parts(redirect_uri: str) -> tuple[str, int, str]:
    try:
        parts = urlsplit(redirect_uri)
        port = parts.port or 0
    except ValueError as error:
        raise BadSettings(f"The redirect URI is none: {error}") from None
    # On ::1 nobody listens here; browsers ask both addresses of localhost.
    if parts.scheme != "http" or parts.hostname not in LOOPBACK - {"::1"} or parts.query or parts.fragment:
        raise BadSettings(
            f"{redirect_uri} is no redirect URI of a program on this machine",
            advice="Use http://localhost with a port and path as registered.",
        )
    return str(parts.hostname), port, parts.path


class _Handler(BaseHTTPRequestHandler):
    server_version = "entrada"
    sys_version = ""
    timeout = _READ_WITHIN  # type: ignore[mutable-override]

    def do_GET(self) -> None:
        url = self._receiver.led(self.path) if self._is_local() else None
        if url is not None:
            self._lead(url)
            return
        self._judge(urlsplit(self.path).query)

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        kind = self.headers.get_content_type()
        if kind != _FORM or not length.isdigit() or len(length) > 6 or int(length) > _LONGEST:
            self._show(400, page.NOT_THAT_ANSWER)
            return
        self._judge(self.rfile.read(int(length)).decode("utf-8", "replace"))

    @property
    def _receiver(self) -> Receiver:
        return cast("_Server", self.server).receiver

    def _judge(self, fields: str) -> None:
        receiver = self._receiver
        if not self._is_local() or self.path.partition("?")[0] != receiver.path():
            self._show(404, page.NOT_HERE)
            return
        parameters = _once(fields)
        if parameters is None or not receiver.accepts(parameters):
            self._show(400, page.NOT_THAT_ANSWER)
            return
        self._show(200, receiver.verdict())
        receiver.shown()

    def _lead(self, url: str) -> None:
        self.send_response(302)
        for name, value in {**page.HEADERS, "Location": url, "Content-Length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()
        self._receiver.came()

    def _is_local(self) -> bool:
        named = self.headers.get_all("host", [])
        port = urlsplit(self._receiver.redirect_uri).port
        return len(named) == 1 and named[0].lower() in {f"{host}:{port}" for host in ("localhost", _ADDRESS)}

    def _show(self, status: int, shown: Page) -> None:
        body = shown.html()
        self.send_response(status)
        for name, value in page.HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the parser turns away, and every other method."""
        self.close_connection = True
        self._show(code, page.NOT_THAT_ANSWER)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name for it
        """Say nothing: a request line holds the code, and standard error is the caller's."""


def _once(fields: str) -> Mapping[str, str] | None:
    """None for what says something twice: readers differ in which one they take."""
    try:
        pairs = parse_qsl(fields, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    found = dict(pairs)
    return found if len(found) == len(pairs) else None
