"""An identity provider of somebody else, as a workload meets it: a configuration, a key set, and tokens."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

from attrs import define, field

from tests.drivers.assertions import jwt, public_jwk, rsa_key

SUBJECT, AUDIENCE = "system:serviceaccount:colors:painter", "api://AzureADTokenExchange"


@define
class ExternalIssuer:
    url: str
    asked: list[str] = field(factory=list)

    def token(self, *, key: str = "issuer", subject: str = SUBJECT, audience: str = AUDIENCE) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "sub": subject, "aud": audience, "iat": now, "nbf": now, "exp": now + 600}
        return jwt(rsa_key(key), {"alg": "RS256", "kid": "one", "typ": "JWT"}, claims)


class _Documents(BaseHTTPRequestHandler):
    issuer: ClassVar[ExternalIssuer]

    def do_GET(self) -> None:
        self.issuer.asked.append(self.path)
        url = self.issuer.url
        documents: dict[str, object] = {
            "/.well-known/openid-configuration": {"issuer": url, "jwks_uri": f"{url}/keys"},
            "/keys": {"keys": [public_jwk(rsa_key("issuer"), kid="one", use="sig")]},
        }
        if self.path not in documents:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(documents[self.path]).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        pass


@contextmanager
def external_issuer() -> Iterator[ExternalIssuer]:
    handler = type("Handler", (_Documents,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        handler.issuer = ExternalIssuer(f"http://localhost:{server.server_address[1]}")  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield handler.issuer  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()
