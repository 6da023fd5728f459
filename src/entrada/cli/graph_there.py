"""Graph at a running server, with an access token."""

import os
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import click
import httpx2
from attrs import field, frozen

from entrada.cli.endings import CannotBegin
from entrada.cli.places import Place

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@frozen
class GraphThere:
    client: httpx2.AsyncClient = field(repr=False)

    @classmethod
    def at(cls, server: str, token: str | None, here: Place) -> "GraphThere":
        """Raises UsageError for what is no server of ours to send a token to."""
        parts = urlsplit(server)
        if not _is_server(parts):
            raise click.UsageError("That is no https address of a server, such as https://login.example.com.")
        token = token or os.environ.get("ENTRADA_TOKEN")
        if not token:
            raise click.UsageError("A server wants a token for Microsoft Graph: --token-file, or ENTRADA_TOKEN.")
        if not token.isascii() or not token.isprintable() or " " in token:
            raise click.UsageError("What was given as a token is none.")
        base = f"{parts.scheme}://{parts.netloc}/v1.0"
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "ConsistencyLevel": "eventual"}
        return cls(httpx2.AsyncClient(base_url=base, headers=headers, verify=_trusted(here), timeout=60))

    async def ask(self, method: str, path: str, body: object | None) -> tuple[int, Any]:
        try:
            answer = await self.client.request(method, path, json=body)
        except httpx2.TransportError as error:
            raise CannotBegin(_silence(self.client.base_url.host, error)) from None
        try:
            return answer.status_code, answer.json() if answer.content else None
        except ValueError:
            raise click.ClickException(
                f"{self.client.base_url.host} answered {answer.status_code}, and not as Graph does: is it an entrada?"
            ) from None

    async def close(self) -> None:
        await self.client.aclose()


def _silence(host: str, error: httpx2.TransportError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return f"The certificate of {host} is not trusted here. To trust one of `entrada up`: entrada trust"
    return f"The server {host} does not answer: {error}"


def _is_server(parts: SplitResult) -> bool:
    """A token goes over TLS, or stays on the machine; a password in the address is not for us."""
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    return bool(parts.hostname) and "@" not in parts.netloc and (parts.scheme == "https" or plain)


def _trusted(here: Place) -> ssl.SSLContext:
    """The authorities of this machine, or $SSL_CERT_FILE, and that of a development installation here."""
    context = ssl.create_default_context()
    authority = Path(here.folder) / "tls" / "ca.pem"
    if here.development and authority.exists():
        context.load_verify_locations(authority)
    return context
