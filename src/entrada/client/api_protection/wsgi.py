"""Protect any WSGI application: what gets through has its caller in `environ["entrada.principal"]`.  PEP 3333."""

import json
from collections.abc import Collection, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from entrada.client.api_protection.challenge import Challenge
from entrada.client.api_protection.guard import Guard
from entrada.client.api_protection.needs import ANYBODY, Needs

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PRINCIPAL: Final = "entrada.principal"


class BearerMiddleware:
    def __init__(
        self, app: "WSGIApplication", guard: Guard, needed: Needs = ANYBODY, *, open_paths: Collection[str] = ()
    ):
        """*open_paths* ask for no token."""
        self._app, self._guard, self._needed = app, guard, needed
        self._open = frozenset(open_paths)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ.pop(PRINCIPAL, None)
        if environ.get("PATH_INFO", "") in self._open:
            return self._app(environ, start_response)
        answer = self._guard.check(authorization_of(environ), self._needed)
        if isinstance(answer, Challenge):
            return _refuse(answer, start_response)
        environ[PRINCIPAL] = answer
        return self._app(environ, start_response)


def authorization_of(environ: "WSGIEnvironment") -> list[str]:
    sent = environ.get("HTTP_AUTHORIZATION")
    return [] if sent is None else [sent]


def _refuse(answer: Challenge, start_response: "StartResponse") -> Iterable[bytes]:
    body = json.dumps(answer.body).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **answer.headers}
    start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(headers.items()))
    return [body]
