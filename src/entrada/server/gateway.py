"""Wire the API gateway: the proxy in Python, and Envoy in front of it where there is one.  Design section 7."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Final

import structlog
from attrs import define, field, frozen
from starlette.types import ASGIApp, Receive, Scope, Send

from entrada.core.gateway.envoy.compile import compile_gateway
from entrada.core.gateway.envoy.snapshot import Snapshot
from entrada.core.gateway.envoy.surroundings import Surroundings
from entrada.core.gateway.service import Service
from entrada.server.app import keep_journal
from entrada.server.envoy.binary import Binary
from entrada.server.envoy.instance import CannotBegin
from entrada.server.envoy.places import Places
from entrada.server.envoy.supervisor import NotAccepted, Supervisor
from entrada.server.usecases.gateway.live import Live
from entrada.server.usecases.installation import GatewayPlace, Installation
from entrada.server.web.gateway.backend.backends import Backends
from entrada.server.web.gateway.metrics_page import metrics_page
from entrada.server.web.gateway.proxy import GatewayProxy
from entrada.server.web.http.hosts import OnlyHosts
from entrada.server.web.http.proxies import NamedProxies

_SOCKET: Final = "proxy.sock"
_WAITING: Final = 1024
_BY_OPERATION: Final = "vhost"  # of Envoy's figures those that tell of operations
_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()


@frozen(kw_only=True)
class Front:
    """How the gateway meets the network."""

    addresses: tuple[str, ...]  # IP addresses
    port: int
    hosts: Collection[str]  # the Host names it answers to; empty: any
    certificate: str | None = None  # PEM files; without, plain http
    key: str | None = None
    folder: Path  # private; Envoy's files lie in it
    backend_bundle: str  # PEM of the authorities that backends' certificates are of
    proxies: tuple[str, ...] = ()  # named ones in front, whose X-Forwarded-For is believed
    access_log: str | None = None
    log_claims: tuple[str, ...] = ()  # of tokens, shown by the log


@frozen(kw_only=True)
class Served:
    """*app* runs until *closing* is done; where Envoy stands in front, it listens on *sockets* of ours alone."""

    app: ASGIApp
    engine: str  # in words, for the start-up screen
    sockets: tuple[socket.socket, ...] = ()
    closing: Callable[[], Awaitable[None]] | None = None
    metrics: ASGIApp


async def in_python(here: Installation, place: GatewayPlace, front: Front, why: str) -> Served:
    """*why*: no Envoy."""
    live = await _live(here, place)
    _log.info("gateway", engine="python", why=why)
    proxy = _proxy(live, front)
    metrics = metrics_page(live, proxy.observer.figures)
    app = _application(proxy, front, [live.run])
    return Served(
        app=NamedProxies(app, front.proxies) if front.proxies else app, engine=f"in Python: {why}", metrics=metrics
    )


async def behind_envoy(here: Installation, place: GatewayPlace, front: Front, binary: Binary) -> Served | CannotBegin:
    """When it returns, Envoy takes requests; what it hands over waits until the app is served."""
    live, places = await _live(here, place), Places(front.folder)
    if why := places.problem():
        return CannotBegin(why)
    places.make()
    own = _unix_socket(front.folder / _SOCKET)
    pushing = Pushing(live, Supervisor(binary, front.folder), _surroundings(here, front, places))
    if (failed := await pushing.start()) is not None:
        own.close()
        return failed
    proxy = _proxy(live, front, behind_envoy=True)
    app = _application(proxy, front, [live.run, pushing.run])
    return Served(
        app=app,
        engine=f"in Envoy {binary.version}",
        sockets=(own,),
        closing=pushing.supervisor.stop,
        metrics=metrics_page(
            live,
            proxy.observer.figures,
            lambda: pushing.supervisor.stats(_BY_OPERATION),
            lambda: pushing.supervisor.in_force is not None,
        ),
    )


@define(eq=False)
class Pushing:
    """Whatever changes here is in force in Envoy, or Envoy hands everything over."""

    live: Live
    supervisor: Supervisor
    surroundings: Surroundings
    _changed: asyncio.Event = field(factory=asyncio.Event)
    _pushed: str = ""

    async def start(self) -> CannotBegin | None:
        self.live.subscribe(lambda _service, _providers: self._changed.set())
        snapshot = await self._compiled()
        self._pushed = snapshot.version
        return await self.supervisor.start(snapshot)

    async def run(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            snapshot = await self._compiled()
            if snapshot.version == self._pushed:
                continue
            self._pushed = snapshot.version
            if isinstance(answer := await self.supervisor.push(snapshot), NotAccepted):
                _log.error("gateway", problem="Envoy does not take it: Python serves everything", why=answer.why)
                await self.supervisor.push(self._everything_handed_over())

    async def _compiled(self) -> Snapshot:
        try:
            live = self.live
            return await asyncio.to_thread(
                compile_gateway, live.service, live.providers, self.surroundings, live.subscriptions
            )
        except Exception:  # noqa: BLE001 - ours to mend; meanwhile nobody is let in by an old key
            _log.exception("gateway", problem="not compiled for Envoy: Python serves everything")
            return self._everything_handed_over()

    def _everything_handed_over(self) -> Snapshot:
        """An Envoy that knows no API leaves every request to Python."""
        return compile_gateway(Service(apis={}), {}, self.surroundings)


async def _live(here: Installation, place: GatewayPlace) -> Live:
    live = Live(here, place.tenant_id, here.egress.fetch_json)
    await live.start()
    return live


def _surroundings(here: Installation, front: Front, places: Places) -> Surroundings:
    return Surroundings(
        addresses=front.addresses,
        port=front.port,
        hosts=tuple(front.hosts),
        fallback_socket=str(front.folder / _SOCKET),
        routes_file=str(places.resources("rds")),
        certificate=front.certificate,
        private_key=front.key,
        backend_bundle=front.backend_bundle,
        trusted_proxies=front.proxies,
        access_log=front.access_log,
        authority=here.origin,
        scheme=(here.origin if here.gateway is None else here.gateway.origin).partition(":")[0],
        log_claims=front.log_claims,
    )


def _unix_socket(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    bound.bind(str(path))
    path.chmod(0o600)
    bound.listen(_WAITING)
    bound.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return bound


def _proxy(live: Live, front: Front, *, behind_envoy: bool = False) -> GatewayProxy:
    backends = Backends(lambda: ssl.create_default_context(cafile=front.backend_bundle))
    return GatewayProxy(live, backends, behind_envoy=behind_envoy, log_claims=front.log_claims)


def _application(proxy: GatewayProxy, front: Front, running: list[Callable[[], Awaitable[None]]]) -> ASGIApp:
    running = [*running, lambda: keep_journal(proxy.live.here)]
    return _WithTasks(OnlyHosts(proxy, front.hosts) if front.hosts else proxy, running)


class _WithTasks:
    """An ASGI application with tasks that run as long as it is served (lifespan)."""

    def __init__(self, app: ASGIApp, running: list[Callable[[], Awaitable[None]]]) -> None:
        self._app, self._running = app, running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        tasks = [asyncio.ensure_future(one()) for one in self._running]
        try:
            await self._app(scope, receive, send)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
