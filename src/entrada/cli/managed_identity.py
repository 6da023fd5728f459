"""The managed identities that `entrada up` gives to the programs of this machine, if it is asked to."""

import functools
import os
import socket
from collections.abc import Callable
from typing import Any, Final

import click
from attrs import field, frozen

from entrada.cli.endings import CannotBegin
from entrada.cli.servers import Listener
from entrada.cli.sockets import bind_loopback, port_of
from entrada.core.directory.ids import ClientId, parse_guid
from entrada.core.jose import base64url
from entrada.server.usecases.installation import Installation
from entrada.server.web.managed_identity import app_service, application

DAEMON: Final = "c0105000-0000-4000-8000-0000000dae01"
_PORT: Final = 8445
_HEADER_BYTES: Final = 24


class AppIds(click.ParamType[tuple[ClientId, ...]]):
    """Application ids, separated by commas."""

    name = "app ids"

    def convert(
        self, value: str | tuple[ClientId, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[ClientId, ...]:
        if isinstance(value, tuple):
            return value
        words = [word.strip() for word in value.split(",") if word.strip()]
        ids = [parse_guid(word) for word in words]
        if None in ids:
            self.fail(f"{words[ids.index(None)]!r} is no application (client) id, such as {DAEMON}.", param, ctx)
        return tuple(dict.fromkeys(ClientId(one) for one in ids if one))


@frozen
class Wanted:
    """Of the command line; no application: no identity."""

    served: tuple[ClientId, ...]
    port: int


@frozen
class LocalIdentity:
    served: tuple[ClientId, ...]
    sockets: list[socket.socket]
    header: str = field(repr=False)

    @property
    def variables(self) -> tuple[tuple[str, str, str], ...]:
        """What a program needs in its environment: one of the two lines."""
        origin = f"http://localhost:{port_of(self.sockets[0])}"
        app_service_line = f"export IDENTITY_ENDPOINT={origin}{app_service.PATH} IDENTITY_HEADER={self.header}"
        return (
            ("App Service", app_service_line, ""),
            ("or machine", f"export AZURE_POD_IDENTITY_AUTHORITY_HOST={origin}", ""),
        )


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Two options; the command receives both as `identity`."""

    @functools.wraps(command)
    def with_identity(
        *arguments: object, managed_identity: tuple[ClientId, ...], managed_identity_port: int, **others: object
    ) -> object:
        return command(*arguments, identity=Wanted(managed_identity, managed_identity_port), **others)

    port = click.option(
        "--managed-identity-port",
        default=_PORT,
        show_default=True,
        type=click.IntRange(0, 65535),
        help="Of the managed identity, on loopback only.",
    )
    identities = click.option(
        "--managed-identity",
        metavar="[APP_ID,...]",
        default="",
        is_flag=False,
        flag_value=DAEMON,
        type=AppIds(),
        help="Let every program on this machine get tokens as these applications, without a secret, as on a machine "
        "of Azure's. The first is its own identity; without a name it is the sample daemon.",
    )
    return identities(port(with_identity))


def bind(wanted: Wanted) -> LocalIdentity | None:
    """Loopback only, whatever else is exposed: it asks nobody for a secret.  None: not asked for."""
    if not wanted.served:
        return None
    sockets = bind_loopback(wanted.port, "--managed-identity-port")
    return LocalIdentity(wanted.served, sockets, base64url.encode(os.urandom(_HEADER_BYTES)))


def listener(here: Installation, identity: LocalIdentity) -> Listener:
    return Listener(application(here, identity.served, identity.header), identity.sockets)


async def require(here: Installation, identity: LocalIdentity | None) -> None:
    """Raise CannotBegin for an application that does not exist, rather than refuse each request for its tokens."""
    for app_id in identity.served if identity else ():
        if await here.store.find_application(app_id) is None:
            raise CannotBegin(
                f"--managed-identity names {app_id}, which is no application here; entrada apply adds it."
            )
