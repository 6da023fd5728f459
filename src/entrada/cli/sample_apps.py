"""The samples that `entrada up` starts beside the platform, and the secrets they are given."""

import functools
import os
import socket
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import click
from attrs import frozen

from entrada.cli.servers import Listener
from entrada.core.directory.ids import ClientId
from entrada.core.jose.numeric_date import Seconds
from entrada.server.local_ca import TlsFiles
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.renew_client_secret import knows, renew_client_secret
from entrada.server.web.http.hosts import OnlyHosts

COLORS: Final = "c0105000-0000-4000-8000-000000000001"
REPSYS: Final = ClientId("c0105000-0000-4000-8000-00000000e951")
COLORS_API: Final = ClientId("c0105000-0000-4000-8000-00000000ba51")
_DOCUMENTED: Final = "repsys-dev-secret"
_RUN: Final = Seconds(365 * 24 * 60 * 60)  # no `entrada up` runs for longer


@frozen(kw_only=True)
class Sample:
    client_id: ClientId
    name: str
    option: str
    port: int


SAMPLES: Final = (
    Sample(client_id=REPSYS, name="repsys", option="--sample-port", port=5000),
    Sample(client_id=COLORS_API, name="Colors API", option="--colors-port", port=5001),
)
Ports = Mapping[ClientId, int]


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command receives all of them as `samples`: the port of each sample that is to run."""

    @functools.wraps(command)
    def with_samples(
        *arguments: object, sample_port: int, colors_port: int, no_samples: bool, **others: object
    ) -> object:
        ports = {} if no_samples else {REPSYS: sample_port, COLORS_API: colors_port}
        return command(*arguments, samples=ports, **others)

    wrapped = click.option("--no-samples", is_flag=True, help="Start no samples.")(with_samples)
    for sample in reversed(SAMPLES):
        wrapped = click.option(
            sample.option,
            default=sample.port,
            show_default=True,
            type=click.IntRange(0, 65535),
            help=f"Of the sample {sample.name}.",
        )(wrapped)
    return wrapped


@frozen(kw_only=True)
class Surroundings:
    origin: str  # of the platform
    ports: Ports
    hosts: Collection[str]
    tls: TlsFiles | None


async def started(
    here: Installation, around: Surroundings, sockets: Mapping[ClientId, list[socket.socket]]
) -> list[Listener]:
    if not sockets:
        return []
    return [await repsys(here, around, sockets[REPSYS]), colors_api(around, sockets[COLORS_API])]


async def repsys(here: Installation, around: Surroundings, sockets: list[socket.socket]) -> Listener:
    from entrada.samples.repsys import RepsysSettings, application  # the platform answers first

    settings = RepsysSettings(
        origin=f"http://localhost:{around.ports[REPSYS]}",
        authority=f"{around.origin}/{COLORS}",
        graph=f"{around.origin}/v1.0",
        colors=f"http://127.0.0.1:{around.ports[COLORS_API]}",
        client_secret=await repsys_secret(here, os.environ),
        ca_file=around.tls.bundle if around.tls else None,
    )
    return Listener(OnlyHosts(application(settings, os.urandom), around.hosts), sockets)


def colors_api(around: Surroundings, sockets: list[socket.socket]) -> Listener:
    from entrada.samples.colors import ColorsSettings, application

    settings = ColorsSettings(authority=f"{around.origin}/{COLORS}", ca_file=around.tls.bundle if around.tls else None)
    return Listener(OnlyHosts(application(settings, os.urandom), around.hosts), sockets)


async def repsys_secret(here: Installation, environment: Mapping[str, str]) -> str:
    """One that the directory knows: the given one, the documented one, or one made for this run.

    A secret that was made once and printed is known to nobody after a restart; keeping it in a file would only be one
    more thing to guard.
    """
    app = await here.store.find_application(REPSYS)
    for known in (environment.get("ENTRADA_SECRET_REPSYS"), _DOCUMENTED):
        if app is not None and known and knows(app, known, here.clock()):
            return known
    return await renew_client_secret(here, REPSYS, "made by entrada up for its sample", _RUN) or _DOCUMENTED
