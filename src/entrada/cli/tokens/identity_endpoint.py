"""A managed identity for one program's lifetime, in the shape of App Service (2019-08-01; reference 45).

On loopback, under a port and a secret of its own: whoever does not hold the header gets nothing.
"""

import hmac
import json
import os
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import ClassVar, Final, cast
from urllib.parse import parse_qsl, urlsplit

import click
from attrs import field, frozen

from entrada.cli.endings import of_client
from entrada.cli.tokens.got import found
from entrada.cli.tokens.options import Options
from entrada.cli.tokens.question import Question
from entrada.cli.unseen import one_line
from entrada.client.errors import EntradaError, Unreachable
from entrada.core.jose import base64url

_ADDRESS: Final = "127.0.0.1"
_PATH: Final = "/msi/token"
_SECRET_BYTES: Final = 32
_LONGEST: Final = 1000  # characters of a resource
Answer = tuple[int, Mapping[str, object]]


@frozen(kw_only=True, eq=False)
class Identity:
    asked: Question
    options: Options
    secret: str = field(repr=False)
    _one: Lock = field(factory=Lock, init=False, repr=False)  # who asks at the same time waits for the first

    def answer(self, path: str, header: str) -> Answer:
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query))
        if not hmac.compare_digest(header.encode(), self.secret.encode()):
            return 401, _fault("unauthorized_client", "X-IDENTITY-HEADER is not the one of this program's environment.")
        if parts.path != _PATH:
            return 404, _fault("invalid_request", f"There is {_PATH} here, and no more.")
        named = query.get("client_id", self.asked.client_id)
        if named.lower() != self.asked.client_id.lower():
            return 400, _fault("invalid_request", f"The identity here is {self.asked.client_id}, not {named[:100]}.")
        resource = query.get("resource", "")
        if not resource or len(resource) > _LONGEST or any(letter in resource for letter in ' ,"\\'):
            return 400, _fault("invalid_request", "resource is missing, or none.")
        return self._token(resource)

    def _token(self, resource: str) -> Answer:
        wanted = self.asked._replace(scopes=(resource if _names_a_scope(resource) else f"{resource}/.default",))
        try:
            with self._one:
                token = found(wanted, self.options).token
        except (EntradaError, click.ClickException) as error:
            line = of_client(error).message if isinstance(error, EntradaError) else error.format_message()
            click.echo(f"entrada: No token for {one_line(resource)}: {one_line(line)}", err=True)
            return 503 if isinstance(error, Unreachable) else 400, _fault("invalid_request", line)
        return 200, {
            "access_token": token.value,
            "expires_on": str(token.expires_at),
            "resource": resource,
            "token_type": token.token_type,
            "client_id": self.asked.client_id,
        }


def _names_a_scope(resource: str) -> bool:
    return resource.endswith("/.default")


def _fault(error: str, description: str) -> dict[str, object]:
    return {"error": error, "error_description": description, "statusCode": 400, "message": description}


@contextmanager
def serving(asked: Question, options: Options) -> Generator[Mapping[str, str]]:
    """What of it goes into the program's environment."""
    identity = Identity(asked=asked, options=options, secret=base64url.encode(os.urandom(_SECRET_BYTES)))
    server = _Server((_ADDRESS, 0), _Handler)
    server.identity = identity
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield {
            "IDENTITY_ENDPOINT": f"http://{_ADDRESS}:{server.server_port}{_PATH}",
            "IDENTITY_HEADER": identity.secret,
        }
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    identity: Identity

    def handle_error(self, request: object, client_address: object) -> None:
        """Anybody can come and break off; what is wrong with us is said in a line."""
        fault = sys.exc_info()[1]
        if not isinstance(fault, OSError):
            click.echo(f"entrada: No token: this should not happen ({type(fault).__name__}).", err=True)


class _Handler(BaseHTTPRequestHandler):
    server_version = "entrada"
    sys_version = ""
    timeout: ClassVar[float | None] = 30.0

    def do_GET(self) -> None:
        server = cast("_Server", self.server)
        hosts = {f"{name}:{server.server_port}" for name in (_ADDRESS, "localhost")}
        if self.headers.get("host", "").lower() not in hosts:  # a name that was made to point here
            self._say(403, _fault("invalid_request", "That is no name of this machine."))
            return
        self._say(*server.identity.answer(self.path, self.headers.get("x-identity-header", "")))

    def _say(self, status: int, members: Mapping[str, object]) -> None:
        body = json.dumps(members).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name for it
        """Say nothing: standard error is the program's."""
