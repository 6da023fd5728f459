"""`entrada up`: a whole platform for development, on this machine, with people and apps in it."""

import asyncio
import os
import socket
from pathlib import Path

import click
from attrs import frozen

from entrada.cli.banner import Situation, banner
from entrada.cli.data_folder import data_dir_option, default_folder, make_private
from entrada.cli.development import Prepared, prepare
from entrada.cli.servers import Listener, serve
from entrada.cli.sockets import bind, bind_loopback
from entrada.core.directory.application import Application
from entrada.core.directory.user import User
from entrada.server import app, local_ca, logs
from entrada.server.local_ca import TlsFiles, trust_lines
from entrada.server.settings import Settings
from entrada.server.web.http.hosts import OnlyHosts

_OWN_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_COLORS = "c0105000-0000-4000-8000-000000000001"
_ON_SCREEN = 3  # trust lines; the others by `entrada trust`


@frozen(kw_only=True)
class Options:
    port: int
    sample_port: int
    folder: Path
    http: bool
    samples: bool
    exposed: tuple[str, ...]
    log_format: str
    log_level: str

    @property
    def hosts(self) -> tuple[str, ...]:
        return (*_OWN_HOSTS, *self.exposed)

    @property
    def origin(self) -> str:
        name = self.exposed[0] if self.exposed else "localhost"
        return f"{'http' if self.http else 'https'}://{name}:{self.port}"


@click.command()
@click.option("--port", default=8443, show_default=True, type=click.IntRange(0, 65535), help="Of the platform.")
@click.option("--sample-port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="Of repsys.")
@data_dir_option
@click.option(
    "--expose",
    metavar="NAME,…",
    default="",
    help="Listen on all interfaces and answer to these Host names too, for containers and CI. No documented password "
    "or secret works then: give them in the environment, or read the ones it makes and prints.",
)
@click.option("--http", is_flag=True, help="Without TLS, for clients that take it. MSAL does not.")
@click.option("--no-samples", is_flag=True, help="Start the platform only.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="warning", show_default=True
)
def up(
    port: int,
    sample_port: int,
    data_dir: Path | None,
    expose: str,
    http: bool,
    no_samples: bool,
    log_format: str,
    log_level: str,
) -> None:
    """Start a seeded platform for development on this machine.

    People, passwords, apps and secrets in it are those of the documentation, so it answers on loopback only, and only to
    the names localhost, 127.0.0.1 and ::1.
    """
    options = Options(
        port=port,
        sample_port=sample_port,
        folder=data_dir or default_folder() / "development",
        http=http,
        samples=not no_samples,
        exposed=tuple(name.strip().lower() for name in expose.split(",") if name.strip()),
        log_format=log_format,
        log_level=log_level,
    )
    logs.configure(options.log_level, "json" if log_format == "json" else "text")
    make_private(options.folder)
    sockets = _bind(options)
    tls = None if http else local_ca.ensure(options.folder / "tls", options.exposed, app.clock())
    asyncio.run(_run(options, sockets, tls))


@frozen
class Sockets:
    platform: list[socket.socket]
    sample: list[socket.socket]


def _bind(options: Options) -> Sockets:
    platform = [bind("0.0.0.0", options.port)] if options.exposed else bind_loopback(options.port)  # noqa: S104 - asked for by name
    if not options.samples:
        return Sockets(platform, [])
    sample = [bind("0.0.0.0", options.sample_port)] if options.exposed else bind_loopback(options.sample_port)  # noqa: S104
    return Sockets(platform, sample)


async def _run(options: Options, sockets: Sockets, tls: TlsFiles | None) -> None:
    settings = Settings(origin=options.origin, data_dir=str(options.folder))
    prepared = await prepare(settings, options.folder, exposed=bool(options.exposed))
    platform = app.application(prepared.here, app.Exposure(options.hosts))
    text = banner(await _situation(options, prepared, tls))
    files = (str(tls.certificate), str(tls.key)) if tls else (None, None)

    def samples() -> list[Listener]:
        return [_repsys(options, sockets.sample, tls)] if options.samples else []

    await serve(Listener(platform, sockets.platform, *files), samples, lambda: click.echo(text))


def _repsys(options: Options, sockets: list[socket.socket], tls: TlsFiles | None) -> Listener:
    from entrada.samples.repsys import RepsysSettings, application  # noqa: PLC0415 - the platform answers first

    settings = RepsysSettings(
        origin=f"http://localhost:{options.sample_port}",
        authority=f"{options.origin}/{_COLORS}/v2.0",
        graph=f"{options.origin}/v1.0",
        client_secret=os.environ.get("ENTRADA_SECRET_REPSYS", "repsys-dev-secret"),
        ca_bundle=str(tls.bundle) if tls else None,
    )
    return Listener(OnlyHosts(application(settings, os.urandom), options.hosts), sockets)


async def _situation(options: Options, prepared: Prepared, tls: TlsFiles | None) -> Situation:
    store = prepared.here.store
    tenants = [
        (tenant, await store.list_entities(User, tenant.id), await store.list_entities(Application, tenant.id))
        for tenant in await store.list_tenants()
    ]
    return Situation(
        origin=options.origin,
        tenants=tenants,
        samples=[("repsys", f"http://localhost:{options.sample_port}")] if options.samples else [],
        trust=trust_lines(tls)[:_ON_SCREEN] if tls else [],
        made=prepared.made,
        exposed=bool(options.exposed),
        new_certificate=bool(tls and tls.made and not prepared.first_run),
        plain_http=options.http,
        folder=str(options.folder),
    )
