"""`--trace`: each request and response of a flow as it happens, on standard error, without what is secret.

By allow-lists, since what is secret has no list: of a request those that the platform itself goes by, of a response the
members below.  Of every other value only its length is told.
"""

import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Final, cast
from urllib.parse import parse_qsl, urlsplit

import click
from attrs import frozen

from entrada.cli.line_breaks import broken
from entrada.cli.unseen import one_line
from entrada.client.driver import Send, Told
from entrada.client.flow import Call, Reply, Tell
from entrada.core.protocol.shown_parameters import LONGEST, measured, shown

Rows = Iterable[tuple[str, str]]

_SHOWN: Final = """
    authorization_endpoint claims cloud_instance_name correlation_id device_authorization_endpoint end_session_endpoint
    error error_codes error_description error_uri expires_in expires_on ext_expires_in foci interval issuer jwks_uri
    not_before refresh_in resource scope suberror tenant_region_scope timestamp token_endpoint token_type trace_id
    userinfo_endpoint verification_uri verification_url
"""
_IS_SHOWN: Final = frozenset(_SHOWN.split())
_HEADERS: Final = (
    "date",
    "content-type",
    "retry-after",
    "www-authenticate",
    "x-ms-request-id",
    "client-request-id",
)
_LEFT_MARGIN: Final = 4
_NAME_COLUMN: Final = 20


@frozen
class Trace:
    """*width*: of the terminal."""

    width: int

    def over(self, send: Send) -> Send:
        def traced(call: Call) -> Reply:
            self._request("GET" if call.form is None else "POST", call.url, call.form or {})
            began = time.monotonic()
            try:
                reply = send(call)
            except Exception as error:
                self._head("<-", f"no answer: {error}", "red")
                raise
            self._response(reply, time.monotonic() - began)
            return reply

        return traced

    def telling(self, tell: Told) -> Told:
        """What goes through the browser goes past this program: the address it is sent to is shown."""

        def traced(words: Tell) -> None:
            if words.url and urlsplit(words.url).query:
                self._request("browser:", words.url, {})
            tell(words)

        return traced

    def note(self, text: str) -> None:
        self._head("--", text, "cyan")

    # ---- its parts ----

    def _request(self, method: str, url: str, form: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        self._head("->", f"{method} {parts._replace(query='', fragment='').geturl()}", "cyan")
        asked = [*parse_qsl(parts.query, keep_blank_values=True), *form.items()]
        self._rows((fact.name, fact.value) for fact in shown(asked))

    def _response(self, reply: Reply, took: float) -> None:
        colour = "green" if reply.status < HTTPStatus.BAD_REQUEST else "red"
        self._head("<-", f"{_status(reply.status)}  {took * 1000:.0f} ms", colour)
        headers = [(name, reply.headers[name]) for name in _HEADERS if name in reply.headers]
        self._rows([*headers, *_of_body(reply)])

    def _head(self, arrow: str, text: str, colour: str) -> None:
        first, *others = broken(one_line(text), max(self.width, 20) - _LEFT_MARGIN)
        _say(f"{click.style(arrow, fg=colour)} {first}")
        for line in others:
            _say(f"{' ' * _LEFT_MARGIN}{line}")

    def _rows(self, rows: Rows) -> None:
        found = [(one_line(name), one_line(value)) for name, value in rows]
        longest = min(max((len(name) for name, _ in found), default=0), _NAME_COLUMN)
        for name, value in found:
            for line in _laid_out(name, value, longest, self.width):
                _say(line)


def trace_here() -> Trace:
    return Trace(shutil.get_terminal_size((100, 24)).columns)


def _say(line: str) -> None:
    click.echo(line, err=True)
    sys.stderr.flush()


def _laid_out(name: str, value: str, longest: int, width: int) -> Iterator[str]:
    """Beside each other where both fit; else the value below, an id or a number in one piece."""
    margin = " " * _LEFT_MARGIN
    beside = f"{margin}{name.ljust(longest)}  {value}"
    if len(beside) <= width:
        yield f"{margin}{click.style(name.ljust(longest), dim=True)}  {value}"
        return
    yield f"{margin}{click.style(name, dim=True)}"
    yield from (f"{margin}  {line}" for line in broken(value, max(width, 20) - _LEFT_MARGIN - 2))


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _of_body(reply: Reply) -> list[tuple[str, str]]:
    if not reply.body:
        return []
    try:
        members = reply.members()
    except ValueError:
        return [("body", f"({len(reply.body)} bytes, not shown)")]
    rows = [
        (name, _told(name, value)) for name, value in members.items() if name in _IS_SHOWN or isinstance(value, str)
    ]
    others = len(members) - len(rows)
    return [*rows, ("others", f"{others} members, not shown")] if others else rows


def _told(name: str, value: object) -> str:
    return _cut(value) if name in _IS_SHOWN else measured(str(value))


def _cut(value: object) -> str:
    text = " ".join(map(str, cast("Sequence[object]", value))) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"
