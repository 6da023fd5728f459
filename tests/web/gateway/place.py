"""A gateway on a socket, with a backend that tells what it got, an issuer that is not ours, and a store in memory."""

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping
from typing import Any

import structlog
import uvicorn
from attrs import define, evolve, field
from joserfc.jwk import RSAKey
from structlog.testing import capture_logs

from entrada.cli.bounded_http import CarryingHttp
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.ids import TenantId
from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.protocol.effects import PutEntity, RemoveEntity
from entrada.server.usecases.gateway.live import Live
from entrada.server.usecases.gateway.records import KINDS, Noun, OperationOfApi, Policy, record_id, record_of
from entrada.server.usecases.installation import GatewayPlace, Installation
from entrada.server.web.gateway.proxy import GatewayProxy
from entrada.testing.in_process import Platform
from tests.gateway.corpus import Issuer

COLORS = TenantId("c0105000-0000-4000-8000-000000000001")
ISSUER = "https://issuer.example/v2.0"
DOCUMENT = f"{ISSUER}/.well-known/openid-configuration"
LARGE = 128  # megabytes
METHODS = ("GET", "POST", "PUT", "HEAD", "DELETE")


@define
class ForeignIssuer:
    """Answers `fetch`; *keys* are what it publishes now."""

    keys: list[RSAKey]
    fetched: int = 0
    fails: bool = False

    async def fetch(self, url: str) -> dict[str, object]:
        self.fetched += 1
        await asyncio.sleep(0)
        if self.fails:
            raise OSError("it is away")
        if url == DOCUMENT:
            return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
        return {"keys": [one.as_dict(private=False) for one in self.keys]}


@define
class Backend:
    """Answers by what the path asks for, and remembers requests."""

    got: list[dict[str, Any]] = field(factory=list)
    gone: asyncio.Event = field(factory=asyncio.Event)
    released: asyncio.Event = field(factory=asyncio.Event)

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        kind = scope["path"].rpartition("/")[2]
        size = 0
        while True:
            message = await receive()
            size += len(message.get("body", b""))
            if message["type"] == "http.disconnect":
                self.gone.set()
                return
            if not message.get("more_body"):
                break
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        path = scope["raw_path"].decode()
        query = scope["query_string"].decode()
        seen = {"method": scope["method"], "path": path, "query": query, "headers": headers, "size": size}
        self.got.append(seen)
        await getattr(self, f"_{kind}", self._told)(seen, receive, send)

    async def _told(self, seen, receive, send):
        body = json.dumps(seen).encode()
        lines = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"x-secret"),
            (b"x-secret", b"of this connection"),
            (b"date", b"Mon, 01 Jan 2024 00:00:00 GMT"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": lines})
        await send({"type": "http.response.body", "body": body})

    async def _large(self, seen, receive, send):
        """In chunks of a megabyte."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(LARGE):
            await send({"type": "http.response.body", "body": bytes(1 << 20), "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _endless(self, seen, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        watching = asyncio.ensure_future(receive())
        while not watching.done():
            await send({"type": "http.response.body", "body": b"tick\n", "more_body": True})
            await asyncio.sleep(0.02)
        self.gone.set()

    async def _broken(self, seen, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("the backend breaks")

    async def _waits(self, seen, receive, send):
        await self.released.wait()
        await self._told(seen, receive, send)

    async def _none(self, seen, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _unchanged(self, seen, receive, send):
        await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", b'"1"')]})
        await send({"type": "http.response.body", "body": b""})


@define
class Place:
    here: Installation
    live: Live
    proxy: GatewayProxy
    backend: Backend
    foreign: ForeignIssuer
    issuer: Issuer
    backend_port: int
    port: int = 0

    async def put(self, *nouns: Noun) -> None:
        """Save, as the verbs of administration do."""
        for one in nouns:
            found = await self.here.store.find_entity(GatewayRecord, (COLORS, KINDS[type(one)].value, record_id(one)))
            assert await self.here.store.commit([PutEntity(record_of(self.here, COLORS, one, found))])

    async def remove(self, noun: Noun) -> None:
        key = (COLORS, KINDS[type(noun)].value, record_id(noun))
        found = await self.here.store.find_entity(GatewayRecord, key)
        assert found
        assert await self.here.store.commit([RemoveEntity(found)])

    def api(self, name: str) -> tuple[Noun, ...]:
        api_id = ApiId(name)
        api = Api(
            id=api_id,
            display_name=name,
            path=name,
            service_url=f"http://127.0.0.1:{self.backend_port}/back",
            subscription_required=False,
        )
        operations = (
            Operation(id=OperationId(one.lower()), display_name=one, method=one, url_template="/{*rest}")
            for one in METHODS
        )
        return api, *(OperationOfApi(api_id=api_id, operation=one) for one in operations)

    async def ask(self, raw: bytes, *, within: float = 5.0) -> tuple[int, dict[str, str], bytes]:
        """Status (0: closed without an answer), headers and body."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(raw)
            return await asyncio.wait_for(answer(reader, is_head=raw.startswith(b"HEAD")), within)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def answer(reader: asyncio.StreamReader, *, is_head: bool = False) -> tuple[int, dict[str, str], bytes]:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return 0, {}, b""
    status = int(head[0].split(" ")[1])
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    if is_head or status in (204, 304):
        return status, headers, b""
    if "content-length" in headers:
        return status, headers, await reader.readexactly(int(headers["content-length"]))
    body = b""
    while size := int((await reader.readline()).strip() or b"0", 16):
        body += (await reader.readexactly(size + 2))[:-2]
    return status, headers, body


def policy(inbound: str, api: str = "colors", outbound: str = "<base/>") -> Policy:
    text = (
        f"<policies><inbound><base/>{inbound}</inbound><backend><base/></backend>"
        f"<outbound>{outbound}</outbound><on-error><base/></on-error></policies>"
    )
    return Policy(scope=PolicyScope(api_id=ApiId(api)), text=text)


async def made_place(platform: Platform, *, behind_envoy: bool = False) -> Place:
    here = evolve(platform.here, gateway=GatewayPlace(tenant_id=COLORS, origin="http://localhost:8444"))
    key = RSAKey.generate_key(2048, {"kid": "known"})
    foreign = ForeignIssuer([key])
    live = Live(here, COLORS, foreign.fetch)
    backend = Backend()
    proxy = GatewayProxy(live, behind_envoy=behind_envoy, log_claims=("sub",))
    return Place(here, live, proxy, backend, foreign, Issuer(ISSUER, key, here.clock()), 0)


@contextlib.asynccontextmanager
async def serving(app: Callable[..., Any]) -> AsyncIterator[int]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    config = uvicorn.Config(
        app, http=CarryingHttp, log_config=None, access_log=False, server_header=False, date_header=False,
        proxy_headers=False, ws="none", timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.ensure_future(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.005)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def opened(platform: Platform, *, behind_envoy: bool = False) -> AsyncIterator[Place]:
    place = await made_place(platform, behind_envoy=behind_envoy)
    async with serving(place.backend) as place.backend_port, serving(place.proxy) as place.port:
        await place.put(*place.api("open"), *place.api("colors"))
        await place.live.start()
        running = asyncio.ensure_future(place.live.run())
        try:
            yield place
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@contextlib.contextmanager
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is written to the log, which is silent in the tests of web."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    try:
        with capture_logs() as lines:
            yield lines
    finally:
        structlog.configure(**before)
