"""What `decide` and `conclude` make of a row, in the Python proxy's own reading and writing of HTTP."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from attrs import frozen

from entrada.core.gateway.decide import conclude, decide
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.service import Service
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.gateway.verdict import Answer
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.web.gateway import incoming
from entrada.server.web.gateway.incoming import Malformed
from entrada.server.web.gateway.outgoing import head_for_backend, lines_for_caller
from tests.gateway.differential.rows import Row
from tests.gateway.differential.wire import BACKENDS_OWN

Lines = list[tuple[str, str]]


@frozen
class Expected:
    status: int
    headers: Lines
    body: bytes | None  # None: the backend's
    asked: tuple[str, str, Lines] | None  # of the backend: method, target, headers
    reason: str = ""


def expected(service: Service, row: Row, providers: Mapping[str, Provider], authority: str, now: int) -> Expected:
    read = incoming.read(_scope(row), scheme="http", behind_envoy=False)
    if isinstance(read, Malformed):
        return Expected(read.status, [], b"", None, read.message)
    facts = Facts(
        now=NumericDate(now),
        request_id=UUID(int=7),
        entropy=bytes(16),
        authority=authority,
        providers=providers,
        is_traced=False,
    )
    verdict = decide(service, read.request, facts)
    if isinstance(verdict, Answer):
        reason = "answered" if verdict.failure is None else verdict.failure.reason
        return _of_answer(verdict, None, reason)
    head = head_for_backend(verdict.request, read).decode("utf-8", "surrogateescape")
    first, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    asked = [(name.lower(), value) for name, _, value in (one.partition(": ") for one in lines)]
    answer = conclude(verdict, Response(status=200, headers=BACKENDS_OWN), facts)
    return _of_answer(answer, (method, target, asked), "forwarded")


def _of_answer(answer: Answer, asked: tuple[str, str, Lines] | None, reason: str) -> Expected:
    lines = [(a.decode("latin-1"), b.decode("utf-8")) for a, b in lines_for_caller(answer.response.headers, None)]
    return Expected(answer.response.status, lines, answer.response.body, asked, reason)


def _scope(row: Row) -> dict[str, Any]:
    path, _, query = row.target.partition("?")
    length = [("content-length", str(len(row.body)))] if row.body else []
    lines = [(name.lower().encode(), value.strip(" \t").encode()) for name, value in (*row.headers, *length)]
    return {
        "type": "http",
        "method": row.method,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "http_version": "1.1",
        "headers": lines,
        "client": ("127.0.0.1", 1),
    }
