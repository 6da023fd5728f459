"""The API gateway as a command starts it: in Envoy where there is one, in Python elsewhere."""

import functools
import os
import socket
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import frozen
from starlette.types import ASGIApp

from entrada.cli.endings import CannotBegin
from entrada.cli.servers import Listener
from entrada.cli.sockets import bind, port_of
from entrada.server.usecases.installation import GatewayPlace, Installation

if TYPE_CHECKING:
    from entrada.server import gateway

PORT: Final = 8444
_FOLDER: Final = "gateway"


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Two options; the command receives both as `gateway`: its port, or None for no gateway."""

    @functools.wraps(command)
    def with_gateway(*arguments: object, gateway_port: int, no_gateway: bool, **others: object) -> object:
        return command(*arguments, gateway=None if no_gateway else gateway_port, **others)

    none = click.option("--no-gateway", is_flag=True, help="Start no API gateway.")
    port = click.option(
        "--gateway-port",
        default=PORT,
        show_default=True,
        type=click.IntRange(0, 65535),
        help="Of the API gateway; 0 takes a free one.",
    )
    return port(none(with_gateway))


@frozen(kw_only=True)
class Wanted:
    engine: str  # auto, envoy or python
    sockets: Sequence[socket.socket]  # bound: the addresses are ours
    hosts: Collection[str]  # empty: any
    certificate: str | None
    key: str | None
    data_folder: Path
    backend_bundle: Path  # PEM: whose certificates backends may have
    option: str = "--gateway-port"  # what chooses another port
    log_claims: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    logs_requests: bool = False
    envoy: Path | None = None  # the one to run; None: whichever is installed


@frozen
class Begun:
    listener: Listener
    engine: str  # in words
    metrics: ASGIApp


async def begin(here: Installation, wanted: Wanted) -> Begun:
    """Raises CannotBegin."""
    from entrada.server import gateway  # the platform answers first

    if here.gateway is None:
        raise CannotBegin("There is no gateway to serve: set ENTRADA_GATEWAY_ORIGIN and ENTRADA_GATEWAY_TENANT.")
    front = gateway.Front(
        addresses=tuple(one.getsockname()[0] for one in wanted.sockets),
        port=port_of(wanted.sockets[0]),
        hosts=wanted.hosts,
        certificate=wanted.certificate,
        key=wanted.key,
        folder=wanted.data_folder / _FOLDER,
        backend_bundle=str(wanted.backend_bundle),
        log_claims=wanted.log_claims,
        proxies=wanted.proxies,
        access_log="-" if wanted.logs_requests else None,  # of Envoy, which is heard and told on
    )
    begun = "as it was asked to" if wanted.engine == "python" else await _in_envoy(here, here.gateway, wanted, front)
    if isinstance(begun, Begun):
        return begun
    if wanted.engine == "envoy":
        raise CannotBegin(f"The gateway cannot run in Envoy: {begun}.")
    served = await gateway.in_python(here, here.gateway, front, begun)
    sockets = [
        one if one.fileno() >= 0 else bind(address, front.port, wanted.option)  # given up for an Envoy that did not run
        for one, address in zip(wanted.sockets, front.addresses, strict=True)
    ]
    return Begun(
        Listener(served.app, sockets, wanted.certificate, wanted.key, carries=True), served.engine, served.metrics
    )


async def _in_envoy(here: Installation, place: GatewayPlace, wanted: Wanted, front: "gateway.Front") -> Begun | str:
    """Or why not."""
    from entrada.server import gateway
    from entrada.server.envoy.binary import NoBinary, find_binary

    binary = find_binary(wanted.envoy, os.environ.get("PATH", ""))
    if isinstance(binary, NoBinary):
        return binary.why
    for one in wanted.sockets:
        one.close()  # Envoy binds them itself
    begun = await gateway.behind_envoy(here, place, front, binary)
    if not isinstance(begun, gateway.Served):
        return begun.why
    return Begun(
        Listener(begun.app, list(begun.sockets), carries=True, closing=begun.closing), begun.engine, begun.metrics
    )
