"""The same requests through Envoy, with Python behind it.  Issue 6, point 6."""

import asyncio
import contextlib
import os
import re
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import uvicorn
from attrs import evolve

from entrada.cli.bounded_http import CarryingHttp
from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.entities.ids import ApiId
from entrada.core.gateway.envoy.surroundings import Surroundings
from entrada.server.app import clock
from entrada.server.envoy.binary import Binary, find_binary
from entrada.server.envoy.places import Places
from entrada.server.envoy.supervisor import Supervisor
from entrada.server.gateway import Pushing
from entrada.server.usecases.gateway.records import Policy
from entrada.server.usecases.gateway.tally import Tally
from entrada.testing.in_process import platform
from tests.gateway import corpus
from tests.plugins.postgres import free_port
from tests.web.gateway.place import DOCUMENT, Place, made_place, serving

GROUPS = {"good": corpus.GOOD, "framing": corpus.FRAMING, "paths": corpus.PATHS, "tokens": corpus.TOKENS}


@contextlib.asynccontextmanager
async def on(path: Path, app) -> AsyncIterator[None]:
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
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
        yield
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def behind_envoy(place: Place, folder: Path, *proxies: str) -> AsyncIterator[Supervisor]:
    binary = find_binary(None, os.environ.get("PATH", ""))
    assert isinstance(binary, Binary), binary
    places = Places(folder)
    places.make()
    surroundings = Surroundings(
        addresses=("127.0.0.1",),
        port=free_port(),
        hosts=("localhost",),
        fallback_socket=str(folder / "proxy.sock"),
        backend_bundle="/etc/ssl/certs/ca-certificates.crt",
        routes_file=str(places.resources("rds")),
        authority=place.here.origin,
        trusted_proxies=proxies,
    )
    pushing = Pushing(place.live, Supervisor(binary, folder), surroundings)
    async with on(folder / "proxy.sock", place.proxy):
        assert await pushing.start() is None
        place.port = surroundings.port
        try:
            yield pushing.supervisor
        finally:
            await pushing.supervisor.stop()


@pytest.fixture
async def unfronted(signing_keys) -> AsyncIterator[Place]:
    of_today = await platform(keys=signing_keys)
    of_today = evolve(of_today, here=evolve(of_today.here, clock=clock))  # Envoy has no other
    made = await made_place(of_today, behind_envoy=True)
    async with serving(made.backend) as made.backend_port:
        protected = Policy(scope=PolicyScope(api_id=ApiId("colors")), text=corpus.policy(DOCUMENT))
        await made.put(*made.api("open"), *made.api("colors"), protected)
        await made.live.start()
        await made.live.look_again([DOCUMENT])
        yield made


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="envoy-") as short:  # a socket's path has to be
        yield Path(short)


async def test_every_request_has_an_answer_that_is_right(unfronted: Place, folder: Path):
    async with behind_envoy(unfronted, folder) as supervisor:
        await _judge(unfronted)
        figures = await supervisor.stats("vhost")
    assert 'envoy_route="open/get"' in figures


@pytest.mark.parametrize(
    ("proxies", "said", "seen"),
    [
        ((), "203.0.113.9", "127.0.0.1"),
        (("127.0.0.1", "10.0.0.0/8"), "203.0.113.9", "203.0.113.9"),
        (("127.0.0.1", "10.0.0.0/8"), "198.51.100.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        (("10.0.0.0/8",), "203.0.113.9", "127.0.0.1"),
    ],
)
async def test_the_caller_is_who_named_proxies_say(unfronted: Place, folder: Path, proxies, said: str, seen: str):
    async with behind_envoy(unfronted, folder, *proxies):
        good = evolve(unfronted.issuer, now=clock()).token()
        for raw in (corpus.get("/open/x", f"X-Forwarded-For: {said}"), corpus.bearer(good, f"X-Forwarded-For: {said}")):
            status, _, _ = await unfronted.ask(raw)
            assert status == 200
            assert dict(unfronted.backend.got[-1]["headers"])["x-forwarded-for"] == seen


async def _judge(place: Place) -> None:
    wrong = {}
    for group, rows in GROUPS.items():
        for row in rows:
            try:
                status, _, _ = await place.ask(row.made(evolve(place.issuer, now=clock())), within=3)
            except TimeoutError:
                status = -1
            if status not in row.right:
                wrong[f"{group}: {row.name}"] = status
    assert wrong == {}
    assert not any(control in value for one in place.backend.got for _, value in one["headers"] for control in "\r\n\0")
    assert all("entrada" not in name for one in place.backend.got for name, _ in one["headers"])
    smuggled = [one for one in place.backend.got if not one["path"].startswith("/back/")]
    assert smuggled == []


LIMITS = (
    '<rate-limit-by-key calls="3" renewal-period="60" counter-key="all" remaining-calls-header-name="X-Left" />',
    '<rate-limit-by-key calls="2" renewal-period="60" counter-key="@(context.Request.Headers.GetValueOrDefault(&quot;X-Who&quot;,&quot;?&quot;))" />',
    '<rate-limit-by-key calls="5" renewal-period="60" counter-key="all" increment-count="2" retry-after-header-name="X-Wait" />',
    '<rate-limit-by-key calls="2" renewal-period="60" counter-key="all" increment-condition="@(context.Response.StatusCode == 404)" />',
)
CALLERS = ("a", "a", "b", "a", "b", "b", "c", "a")


async def told(place: Place) -> list[tuple[int, str, bytes]]:
    """Of each call in turn: the status, what is left, and the words of a refusal but for the seconds."""
    found = []
    for who in CALLERS:
        status, headers, body = await place.ask(corpus.get("/open/x", f"X-Who: {who}"))
        found.append((status, headers.get("x-left", ""), b"" if status == 200 else re.sub(rb"\d+ seconds", b"", body)))
    return found


@pytest.mark.parametrize("number", range(len(LIMITS)))
async def test_limits_count_the_same_sequence_in_both_engines(unfronted: Place, folder: Path, number: int):
    limited = Policy(
        scope=PolicyScope(api_id=ApiId("open")),
        text=f"<policies><inbound><base />{LIMITS[number]}</inbound></policies>",
    )
    await unfronted.put(limited)
    await unfronted.live.look()
    async with serving(unfronted.proxy) as unfronted.port:
        in_python = await told(unfronted)
    unfronted.live.tally = Tally()
    async with behind_envoy(unfronted, folder):
        assert await told(unfronted) == in_python
    assert (429 in {status for status, _, _ in in_python}) == (number != 3)
