"""`entrada serve`: production.  Whatever is unsafe is refused before the first request, in one line."""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click
import structlog
import uvloop
from attrs import Attribute

from entrada.cli.data_folder import data_dir_option, make_private
from entrada.cli.databases import require_tables
from entrada.cli.endings import INTERRUPTED, CannotBegin
from entrada.cli.places import Place, config_option, master_key, production
from entrada.cli.servers import Listener, Running
from entrada.cli.servers import serve as serve_all
from entrada.cli.sockets import bind, can_share, reserve, share
from entrada.cli.workers import Workers
from entrada.core.sealing.envelope import NotSealed
from entrada.core.sealing.keys import MasterKey
from entrada.server import app, logs
from entrada.server.settings import ENGINES, LOG_FORMATS, LOG_LEVELS, NUMBERS, PREFIX, Settings, check_production, known
from entrada.server.usecases import rotate_keys
from entrada.server.usecases.gateway.documented import find_documented
from entrada.server.web.http.throttle import Limits

_log = structlog.get_logger("entrada.serve")

_CHOICES: Final = {
    "log_level": click.Choice(LOG_LEVELS),
    "log_format": click.Choice(LOG_FORMATS),
    "gateway_engine": click.Choice(ENGINES),
}
# The master key never stands on a command line, where every user of the machine can read it; nor does a database's URL
# that may hold a password.  --data-dir and --config are options that other commands have too.
_NO_OPTION: Final = frozenset({"master_key", "database", "data_dir"})


def _setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each setting, in their order, with their words."""
    for one in reversed(known()):
        if one.name not in _NO_OPTION:
            kind = int if one.name in NUMBERS else _CHOICES.get(one.name)
            option = click.option(f"--{one.name.replace('_', '-')}", type=kind, help=_words(one))
            command = option(command)
    return command


def _words(one: "Attribute[Any]") -> str:
    default = f"; default: {one.default}" if one.default else ""
    return f"{one.metadata['doc']}  [env var: {PREFIX}{one.name.upper()}{default}]"


@click.command()
@config_option('A TOML file of settings: origin = "https://login.example.com", a line for each.')
@data_dir_option("production")
@_setting_options
@click.pass_context
def serve(ctx: click.Context, /, config: Path | None, data_dir: Path | None, **given: object) -> None:
    """Serve real people: the platform with safe settings only.

    Settings come from the file, then from the environment (ENTRADA_ and the option's name in capitals), then from
    options. A database with a password and the master key belong in the environment or in files: ENTRADA_DATABASE,
    ENTRADA_MASTER_KEY or ENTRADA_MASTER_KEY_FILE.

    An unsafe setting is refused by one line that says how to mend it, and exit code 2. SIGTERM finishes the requests
    under way, then ends with 0.
    """
    settings = production(config, os.environ, data_dir=str(data_dir) if data_dir else None, **given)
    check_production(settings)
    master = master_key(Place(settings, development=False))
    make_private(Path(settings.data_dir))
    require_certificate(settings.tls_certificate, settings.tls_key)
    spread = settings.workers > 1 and can_share()
    with (reserve if spread else bind)(*settings.address, "--listen") as bound:
        require_tables(settings)
        asyncio.run(_make_ready(settings, master))
        interrupted = _serve(settings, master, bound, spread=spread)
    if interrupted:
        ctx.exit(INTERRUPTED)


def require_certificate(certificate: str, key: str) -> None:
    """Raises CannotBegin for one that cannot be used; none is fine."""
    if not certificate:
        return
    try:
        # An empty password, so that OpenSSL does not stop and ask for one.
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key, password="")
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or "not readable"
        raise CannotBegin(
            f"The certificate {certificate} and the key {key} cannot be used ({reason}): "
            "they must belong together, be PEM, and the key have no password."
        ) from None


async def _make_ready(settings: Settings, master: MasterKey) -> None:
    """Signing keys on a new installation; a refusal where a known credential or another master key is left."""
    here = app.install(settings, master, development=False)
    try:
        if (seed := await here.store.find_seed()) is not None:
            raise CannotBegin(
                f"{seed} is as the documentation prints it: change it, or disable who has it by `entrada apply`."
            )
        if (seed := await find_documented(here)) is not None:
            raise CannotBegin(f"{seed} is as the documentation prints it: change it by `entrada gateway apply`.")
        await rotate_keys.ensure(here)
        await here.signing_keys.signer(here.clock())
    except NotSealed:
        raise CannotBegin(
            "The signing keys in the database are sealed under another master key: set the one they were made with."
        ) from None
    finally:
        await here.store.close()


def _serve(settings: Settings, master: MasterKey, bound: socket.socket, *, spread: bool) -> bool:
    """Whether Ctrl-C ended it."""
    logs.configure(settings.log_level, "json" if settings.log_format == "json" else "text")
    _log.info("serving", origin=settings.origin, listen=settings.listen, workers=settings.workers)

    def work(lifeline: int | None) -> bool:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            own = share(bound) if spread else bound
            return runner.run(_serve_here(settings, master, own, lifeline))

    if settings.workers == 1:
        return work(None)
    workers = Workers(settings.workers, work, [bound])
    workers.run()
    return workers.interrupted


async def _serve_here(settings: Settings, master: MasterKey, bound: socket.socket, lifeline: int | None) -> bool:
    here = app.install(settings, master, development=False)
    limits = Limits(address=settings.throttle_address, client=settings.throttle_client)
    exposure = app.Exposure((_host(settings.origin),), settings.proxies, limits=limits, probes_by_any_name=True)
    listener = Listener(
        app.application(here, exposure), [bound], settings.tls_certificate or None, settings.tls_key or None
    )
    running = Running()
    if lifeline is not None:
        asyncio.get_running_loop().add_reader(lifeline, running.stop)
    return await serve_all(listener, _no_others, lambda: None, running)


async def _no_others() -> list[Listener]:
    return []


def _host(origin: str) -> str:
    """As a Host header writes it, without the port."""
    name = urlsplit(origin).hostname or ""
    return f"[{name}]" if ":" in name else name
