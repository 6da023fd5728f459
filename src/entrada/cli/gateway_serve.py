"""`entrada gateway serve`: the API gateway in production, in a process of its own."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
import uvloop

from entrada.cli.data_folder import data_dir_option, make_private
from entrada.cli.databases import require_tables
from entrada.cli.endings import INTERRUPTED, CannotBegin
from entrada.cli.gateway_front import Wanted, begin
from entrada.cli.places import Place, config_option, master_key, production
from entrada.cli.serve import require_certificate
from entrada.cli.servers import Listener
from entrada.cli.servers import serve as serve_all
from entrada.cli.sockets import bind
from entrada.core.sealing.keys import MasterKey
from entrada.server import app, logs, system_roots
from entrada.server.settings import ENGINES, Settings, check_production, known

_OPTIONS: Final = (
    "gateway_origin",
    "gateway_tenant",
    "gateway_listen",
    "gateway_engine",
    "gateway_tls_certificate",
    "gateway_tls_key",
)


def _setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    words = {one.name: one.metadata["doc"] for one in known()}
    for name in reversed(_OPTIONS):
        kind = click.Choice(ENGINES) if name == "gateway_engine" else None
        command = click.option(_option(name), name, type=kind, help=words[name])(command)
    return command


def _option(name: str) -> str:
    return "--" + name.removeprefix("gateway_").replace("_", "-")


@click.command()
@config_option("The TOML file of settings that `entrada serve` has too.")
@data_dir_option("production")
@_setting_options
@click.pass_context
def serve(ctx: click.Context, /, config: Path | None, data_dir: Path | None, **given: object) -> None:
    """Serve the API gateway, beside `entrada serve`, on the same database and with the same settings.

    It takes up every change of its APIs and policies, and every rotation of keys, within a second, and drops no
    request for it. Envoy carries the traffic where it is installed (entrada[gateway]); elsewhere Python does, slower.

    \b
      export ENTRADA_GATEWAY_ORIGIN=https://api.example.com ENTRADA_GATEWAY_TENANT=c0105000-…
      entrada gateway serve --listen 0.0.0.0:443
    """
    settings = production(config, os.environ, data_dir=str(data_dir) if data_dir else None, **given)
    check_production(settings)
    _check(settings)
    master = master_key(Place(settings, development=False))
    make_private(Path(settings.data_dir))
    certificate, key = settings.gateway_certificate
    require_certificate(certificate, key)
    require_tables(settings)
    logs.configure(settings.log_level, "json" if settings.log_format == "json" else "text")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if runner.run(_serve(settings, master)):
            ctx.exit(INTERRUPTED)


def _check(settings: Settings) -> None:
    """Raises CannotBegin."""
    if not settings.gateway_origin:
        raise CannotBegin("There is no gateway to serve: set ENTRADA_GATEWAY_ORIGIN and ENTRADA_GATEWAY_TENANT.")
    https, (certificate, _) = settings.gateway_origin.startswith("https://"), settings.gateway_certificate
    if https and not certificate and not settings.proxies:
        raise CannotBegin(
            "The gateway's origin is https, but nothing ends TLS: set ENTRADA_GATEWAY_TLS_CERTIFICATE and "
            "ENTRADA_GATEWAY_TLS_KEY, or name the proxy that does in ENTRADA_TRUSTED_PROXIES."
        )
    if certificate and not https:
        raise CannotBegin("There is a certificate, but the gateway's origin is http: set ENTRADA_GATEWAY_ORIGIN.")


async def _serve(settings: Settings, master: MasterKey) -> bool:
    """Whether Ctrl-C ended it."""
    here = app.install(settings, master, development=False)
    certificate, key = settings.gateway_certificate
    wanted = Wanted(
        engine=settings.gateway_engine,
        sockets=[bind(*settings.gateway_address, "--listen")],
        hosts=(),
        certificate=certificate or None,
        key=key or None,
        data_folder=Path(settings.data_dir),
        backend_bundle=system_roots.written(Path(settings.data_dir) / "roots.pem"),
        option="--listen",
        log_claims=settings.logged_claims,
        proxies=settings.proxies,
        logs_requests=settings.log_level.lower() in ("debug", "info"),
        envoy=Path(settings.gateway_envoy) if settings.gateway_envoy else None,
    )
    try:
        if here.gateway is None or await here.store.find_tenant(here.gateway.tenant_id) is None:
            raise CannotBegin("ENTRADA_GATEWAY_TENANT names no tenant here; entrada tenant list shows them.")
        begun = await begin(here, wanted)
        words = f"The gateway answers at {settings.gateway_origin}, {begun.engine}."
        metrics = settings.metrics_address
        figures = [] if metrics is None else [Listener(begun.metrics, [bind(*metrics, "ENTRADA_GATEWAY_METRICS")])]

        async def others() -> list[Listener]:
            return figures

        return await serve_all(begun.listener, others, lambda: click.echo(words, err=True))
    finally:
        await here.store.close()
