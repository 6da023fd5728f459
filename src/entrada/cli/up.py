"""`entrada up`: a whole platform for development, on this machine, with people and apps in it."""

import asyncio
import os
import re
import socket
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import click
from attrs import evolve, frozen

from entrada.cli import gateway_front, gateway_seed, managed_identity, sample_apps
from entrada.cli.banner import Situation, banner, terminal_width
from entrada.cli.data_folder import claimed, data_dir_option, development_folder, make_private
from entrada.cli.development import Prepared, prepare
from entrada.cli.endings import INTERRUPTED
from entrada.cli.managed_identity import LocalIdentity, Wanted
from entrada.cli.places import remember_origin, remembered_gateway, remembered_samples
from entrada.cli.sample_apps import COLORS, SAMPLES, Ports, Surroundings
from entrada.cli.servers import Listener, serve
from entrada.cli.sockets import bind_everywhere, bind_loopback, port_of
from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId
from entrada.core.directory.user import User
from entrada.server import app, local_ca, logs, system_roots
from entrada.server.local_ca import TlsFiles, trust_lines
from entrada.server.settings import LOG_FORMATS, LOG_LEVELS, PREFIX, Settings
from entrada.server.usecases.installation import Installation

_OWN_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")
_HOST_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*")
_ON_SCREEN: Final = 3  # trust lines; the others by `entrada trust`


@frozen(kw_only=True)
class Options:
    port: int
    folder: Path
    http: bool
    samples: Ports
    exposed: tuple[str, ...]
    identity: Wanted
    gateway: int | None  # its port; None: not started

    @property
    def hosts(self) -> tuple[str, ...]:
        return (*_OWN_HOSTS, *self.exposed)

    @property
    def origin(self) -> str:
        return self._origin(self.port)

    @property
    def gateway_origin(self) -> str:
        """Empty: there is none."""
        return "" if self.gateway is None else self._origin(self.gateway)

    def _origin(self, port: int) -> str:
        name = self.exposed[0] if self.exposed else "localhost"
        return f"{'http' if self.http else 'https'}://{name}:{port}"

    @property
    def samples_at(self) -> dict[ClientId, str]:
        return {client_id: f"http://localhost:{port}" for client_id, port in self.samples.items()}


class HostNames(click.ParamType[tuple[str, ...]]):
    """Names by which this machine is reached, separated by commas."""

    name = "names"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        names = tuple(dict.fromkeys(name.strip().lower() for name in value.split(",") if name.strip()))
        for name in names:
            if not _is_host(name):
                self.fail(
                    f"{name!r} is no host name such as entrada.test: no scheme, no port, no wildcard.", param, ctx
                )
        return names


def _is_host(name: str) -> bool:
    try:
        return not ip_address(name.strip("[]")).is_unspecified and (":" not in name or name.startswith("["))
    except ValueError:
        return _HOST_NAME.fullmatch(name) is not None


_PORT: Final = click.IntRange(0, 65535)


@click.command()
@click.option("--port", default=8443, show_default=True, type=_PORT, help="Of the platform; 0 takes a free one.")
@gateway_front.options
@sample_apps.options
@data_dir_option("development")
@click.option(
    "--expose",
    "exposed",
    metavar="NAME[,NAME]",
    default="",
    type=HostNames(),
    help="Listen on all interfaces and answer to these Host names too, for containers and CI. No documented password "
    "or secret works then: give yours as ENTRADA_PASSWORD_BEN or ENTRADA_SECRET_REPSYS, or read the ones it makes.",
)
@managed_identity.options
@click.option("--http", is_flag=True, help="Without TLS, for clients that take it. MSAL does not.")
@click.option("--log-format", type=click.Choice(LOG_FORMATS), default="text", show_default=True)
@click.option("--log-level", type=click.Choice(LOG_LEVELS), default="warning", show_default=True)
@click.pass_context
def up(
    ctx: click.Context,
    /,
    *,
    port: int,
    gateway: int | None,
    samples: Ports,
    data_dir: Path | None,
    exposed: tuple[str, ...],
    identity: Wanted,
    http: bool,
    **log: str,
) -> None:
    """Start a platform for development on this machine, with people and apps in it.

    They, their passwords and secrets are those of the documentation, so it answers on loopback only, and only to the
    names localhost, 127.0.0.1 and ::1. What you change is kept in the data folder; delete the folder to begin anew.

    \b
      entrada up                             then open http://localhost:5000
      entrada up --port 9443 --no-samples    beside another one, with its own --data-dir
      entrada up --expose entrada.test       for other containers; it prints new passwords
    """
    if http and exposed and samples:
        click.echo("The samples are not started: they take plain http from localhost alone.", err=True)
        samples = {}
    options = Options(
        port=port,
        folder=development_folder(data_dir),
        http=http,
        samples=samples,
        exposed=exposed,
        identity=identity,
        gateway=gateway,
    )
    logs.configure(log["log_level"], "json" if log["log_format"] == "json" else "text")
    make_private(options.folder)
    sockets = _bind(options)
    options = _with_ports(options, sockets)
    with claimed(options.folder):
        tls = None if http else local_ca.ensure(options.folder / "tls", options.exposed, app.clock())
        interrupted = asyncio.run(_run(options, sockets, tls))
    if interrupted:
        ctx.exit(INTERRUPTED)


@frozen
class Sockets:
    platform: list[socket.socket]
    samples: dict[ClientId, list[socket.socket]]
    identity: LocalIdentity | None
    gateway: list[socket.socket]


def _bind(options: Options) -> Sockets:
    listen = bind_everywhere if options.exposed else bind_loopback
    platform = listen(options.port, "--port")
    samples = {
        sample.client_id: listen(options.samples[sample.client_id], sample.option)
        for sample in SAMPLES
        if sample.client_id in options.samples
    }
    gateway = [] if options.gateway is None else listen(options.gateway, "--gateway-port")
    return Sockets(platform, samples, managed_identity.bind(options.identity), gateway)


def _with_ports(options: Options, sockets: Sockets) -> Options:
    """The ports that were free, where 0 was asked for."""
    samples = {client_id: port_of(bound[0]) for client_id, bound in sockets.samples.items()}
    gateway = port_of(sockets.gateway[0]) if sockets.gateway else None
    return evolve(options, port=port_of(sockets.platform[0]), samples=samples, gateway=gateway)


async def _run(options: Options, sockets: Sockets, tls: TlsFiles | None) -> bool:
    """Whether Ctrl-C ended it."""
    egress_allow = os.environ.get(f"{PREFIX}EGRESS_ALLOW", "")
    settings = Settings(
        origin=options.origin,
        data_dir=str(options.folder),
        egress_allow=egress_allow,
        gateway_origin=options.gateway_origin,
        gateway_tenant=COLORS,
    )
    prepared = await prepare(settings, options.folder, exposed=bool(options.exposed))
    colors = options.samples.get(sample_apps.COLORS_API)
    await gateway_seed.ensure_gateway(prepared.here, prepared.made, colors, exposed=bool(options.exposed))
    await managed_identity.require(prepared.here, sockets.identity)
    remember_origin(options.folder, options.origin)
    platform = app.application(prepared.here, app.Exposure(options.hosts, samples=options.samples_at))
    text = banner(await _situation(options, prepared, tls, sockets.identity), terminal_width())
    files = (str(tls.certificate), str(tls.key)) if tls else (None, None)
    around = Surroundings(origin=options.origin, ports=options.samples, hosts=options.hosts, tls=tls)

    async def others() -> list[Listener]:
        identity = [managed_identity.listener(prepared.here, sockets.identity)] if sockets.identity else []
        samples = await sample_apps.started(prepared.here, around, sockets.samples)
        return [*identity, *samples, *await _gateway(options, prepared.here, sockets.gateway, tls)]

    with (
        remembered_samples(options.folder, options.samples),
        remembered_gateway(options.folder, options.gateway_origin),
    ):
        return await serve(Listener(platform, sockets.platform, *files), others, lambda: click.echo(text))


async def _gateway(
    options: Options, here: Installation, sockets: list[socket.socket], tls: TlsFiles | None
) -> list[Listener]:
    if not sockets:
        return []
    wanted = gateway_front.Wanted(
        engine=os.environ.get(f"{PREFIX}GATEWAY_ENGINE", "auto"),
        sockets=sockets,
        hosts=options.hosts,
        certificate=str(tls.certificate) if tls else None,
        key=str(tls.key) if tls else None,
        data_folder=options.folder,
        backend_bundle=tls.bundle if tls else system_roots.written(options.folder / "roots.pem"),
    )
    begun = await gateway_front.begin(here, wanted)
    click.echo(f"The gateway is up, {begun.engine}.")
    return [begun.listener]


async def _situation(
    options: Options, prepared: Prepared, tls: TlsFiles | None, identity: LocalIdentity | None
) -> Situation:
    store = prepared.here.store
    found = sorted(await store.list_tenants(), key=lambda one: (one.id != COLORS, one.display_name))
    tenants = [
        (tenant, await store.list_entities(User, tenant.id), await store.list_entities(Application, tenant.id))
        for tenant in found
    ]
    return Situation(
        origin=options.origin,
        gateway=options.gateway_origin,
        tenants=tenants,
        samples=[(one.name, options.samples_at[one.client_id]) for one in SAMPLES if one.client_id in options.samples],
        trust=trust_lines(tls)[:_ON_SCREEN] if tls else [],
        identity=identity.variables if identity else (),
        made=prepared.made,
        exposed=options.exposed,
        new_certificate=bool(tls and tls.made and not prepared.first_run),
        plain_http=options.http,
        folder=str(options.folder),
        usual_folder=options.folder == development_folder(None),
        now=prepared.here.clock(),
    )
