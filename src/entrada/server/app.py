"""Wire settings, store, keys, clock and web into one ASGI application."""

import asyncio
import contextlib
import gc
import os
import ssl
import time
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Final

import structlog
from attrs import field, frozen
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.sealing.keyring import Keyring
from entrada.core.sealing.keys import MasterKey
from entrada.server.argon2_hasher import Argon2Hasher
from entrada.server.egress.fetch import Egress
from entrada.server.egress.issuer_keys import IssuerKeys
from entrada.server.settings import Settings, UnsafeSetting
from entrada.server.store.port import Store, StoreUnavailable
from entrada.server.store.sql.engine import open_store
from entrada.server.usecases import rotate_keys
from entrada.server.usecases.installation import GatewayPlace, Installation
from entrada.server.usecases.signing_keys import SigningKeys
from entrada.server.web import account, console, gateway_admin, graph, identity, portal
from entrada.server.web.http import branding
from entrada.server.web.http.cookies import Cookies
from entrada.server.web.http.faults import Faults, unrouted
from entrada.server.web.http.hosts import OnlyHosts
from entrada.server.web.http.later import Later
from entrada.server.web.http.pages import STATIC_FOLDER, STATIC_PREFIX, Pages
from entrada.server.web.http.paths import CollapseSlashes
from entrada.server.web.http.proxies import NamedProxies
from entrada.server.web.http.queries import AsciiQuery
from entrada.server.web.http.site import Site
from entrada.server.web.http.storyteller import Storyteller
from entrada.server.web.http.throttle import Limits, Throttle

_JOURNALLED: Final = 1.0  # seconds at most from a decision to its story
TENDING: Final = 60.0  # seconds between two looks at what time asks for
_BREATH: Final = 2.0  # seconds, in which whoever has started us gets a first token
_COLLECT_AFTER: Final = 20_000  # objects; Python's 700 is a collection every few requests
_PAGE: Final = 4096
_PROBES: Final = ("/healthz", "/readyz")
SWEPT_AT_ONCE: Final = 100_000  # rows a minute; the store deletes them in small batches
_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()
_HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def clock() -> NumericDate:
    return NumericDate(int(time.time()))


def milliseconds() -> int:
    return time.time_ns() // 1_000_000


class Entropy:
    """Random bytes, fetched by the page.

    Each call into the system lets other threads run Python meanwhile, and waiting for our turn again costs far more
    than the bytes do.  A fork would share what is left of the page, so it is thrown away in the child.
    """

    def __init__(self) -> None:
        self._page, self._used, self._lock = b"", 0, Lock()
        os.register_at_fork(after_in_child=self._throw_away)

    def __call__(self, count: int) -> bytes:
        with self._lock:
            if self._used + count > len(self._page):
                self._page, self._used = os.urandom(max(_PAGE, count)), 0
            taken = self._page[self._used : self._used + count]
            self._used += count
        return taken

    def _throw_away(self) -> None:
        self._page, self._used, self._lock = b"", 0, Lock()


def install(settings: Settings, master: MasterKey, *, development: bool, store: Store | None = None) -> Installation:
    """One installation on its database, whose tables are up to date.  Raises UnsafeSetting."""
    opened = store or open_store(settings.database_url)
    keyring, entropy = Keyring(master), Entropy()
    return Installation(
        origin=settings.origin,
        development=development,
        store=opened,
        keyring=keyring,
        signing_keys=SigningKeys(opened, keyring),
        clock=clock,
        milliseconds=milliseconds,
        entropy=entropy,
        hasher=Argon2Hasher(dummy=base64url.encode(entropy(16))),
        external_issuers=IssuerKeys(Egress(settings.destinations).fetch_json, clock),
        gateway=_gateway(settings),
        egress=_egress(settings, development=development),
    )


def _egress(settings: Settings, *, development: bool) -> Egress:
    """Also to what this installation serves itself, whose certificate is in development one of this machine's."""
    own = [origin for origin in (settings.origin, settings.gateway_origin) if origin]
    ca = Path(settings.data_dir) / "tls" / "ca.pem" if development else None
    return Egress(settings.destinations.trusting(*own), context=partial(_trusted, ca))


def _trusted(ca: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca is not None and ca.exists():
        context.load_verify_locations(ca)
    return context


def _gateway(settings: Settings) -> GatewayPlace | None:
    if not settings.gateway_origin:
        return None
    return GatewayPlace(tenant_id=TenantId(settings.gateway_tenant.lower()), origin=settings.gateway_origin)


def read_master_key(settings: Settings) -> MasterKey:
    """Raises UnsafeSetting."""
    text = settings.master_key
    try:
        if not text:
            text = Path(settings.master_key_file).read_text(encoding="ascii")
        return MasterKey.parse(text)
    except OSError as error:
        raise UnsafeSetting(f"The master key file cannot be read: {error}") from None
    except ValueError as error:
        raise UnsafeSetting(str(error)) from None


@frozen
class Exposure:
    """How the application meets the network."""

    hosts: Collection[str]  # the Host names it answers to; empty: a proxy or the certificate decides
    proxies: tuple[str, ...] = ()
    samples: Mapping[ClientId, str] = field(factory=dict[ClientId, str])  # in development, for the home page
    limits: Limits = field(factory=Limits)
    probes_by_any_name: bool = False  # /healthz and /readyz: what asks them knows an address, no name


def application(here: Installation, exposure: Exposure) -> ASGIApp:
    secure = here.origin.startswith("https://")
    pages = Pages.of(
        Path(identity.__file__).parent / "templates",
        Path(account.__file__).parent / "templates",
        portal.TEMPLATES,
        console.TEMPLATES,
    )
    site = Site(here, pages, Cookies(secure), exposure.samples)

    async def ready(_request: Request) -> Response:
        return await _ready(here)

    routes = [
        Route(_PROBES[0], _healthy),
        Route(_PROBES[1], ready),
        Mount(STATIC_PREFIX, StaticFiles(directory=STATIC_FOLDER)),
        *branding.routes(site),
        *graph.routes(site),
        *gateway_admin.routes(site),
        *identity.routes(site),
        *account.routes(site),
        *portal.doors(site),
        *console.doors(site),
    ]
    inner = Starlette(
        routes=routes,
        lifespan=_lifespan(here, [route for route in routes if isinstance(route, Later)]),
        exception_handlers={HTTPException: unrouted(site)},
        # Inside of Starlette, or its own page for surprises, a bare 500, is quicker than ours.
        middleware=[
            Middleware(Storyteller, here),
            Middleware(Faults, site),
            Middleware(Throttle, site, exposure.limits, graph.too_many),
        ],
    )
    app: ASGIApp = CollapseSlashes(AsciiQuery(inner))
    if exposure.proxies:
        app = NamedProxies(app, exposure.proxies)
    if secure and not here.development:
        app = Hsts(app)
    by_any_name = _PROBES if exposure.probes_by_any_name else ()
    return OnlyHosts(app, exposure.hosts, by_any_name) if exposure.hosts else app


class Hsts:
    """HTTP Strict Transport Security, RFC 6797; never in development, whose certificate is for a laptop only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], _HSTS]}
            await send(message)

        await self._app(scope, receive, strict)


async def _healthy(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


async def _ready(here: Installation) -> Response:
    try:
        await here.store.list_signing_keys()
    except StoreUnavailable:
        return PlainTextResponse("the database does not answer\n", 503)
    return PlainTextResponse("ready\n")


def _lifespan(
    here: Installation, later: Sequence[Later]
) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        with contextlib.suppress(StoreUnavailable):  # it may come later
            await here.signing_keys.published(here.clock())
        # What is loaded by now stays: the collector need not walk through it again and again under load.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_COLLECT_AFTER)
        tasks = [asyncio.create_task(_tend(here)), asyncio.create_task(keep_journal(here))]
        tasks.append(asyncio.create_task(_load(later)))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            await _write_journal(here)  # what was decided last
            await here.store.close()

    return lifespan


async def _load(later: Sequence[Later]) -> None:
    """What a start did not wait for, once the first requests have their answers."""
    await asyncio.sleep(_BREATH)
    for route in later:
        await asyncio.to_thread(lambda: route.routes)  # noqa: B023 - awaited here


async def _tend(here: Installation) -> None:
    """Rotate keys when they are due, and sweep away what has ended."""
    while True:
        await asyncio.sleep(TENDING)
        try:
            await rotate_keys.tend(here)
            await here.store.sweep(here.clock(), limit=SWEPT_AT_ONCE)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next look may go well
            _log.error("tending", exc_info=error)


async def keep_journal(here: Installation) -> None:
    while True:
        await here.journal.until_due(_JOURNALLED)
        await _write_journal(here)


async def _write_journal(here: Installation) -> None:
    try:
        await here.journal.write(here.store)
    except Exception as error:  # noqa: BLE001 - a journal that cannot be written stops nothing
        _log.error("journal", error=f"{type(error).__name__}: {error}"[:200])
    journal = here.journal
    if journal.dropped or journal.strangers:
        _log.warning("journal", dropped=journal.dropped, strangers_not_told_of=journal.strangers)
        journal.dropped = journal.strangers = 0
