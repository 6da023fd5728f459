"""Managed identity for unmodified programs: what Azure answers on a machine's own address, on a listener of its own.

Whoever may send a request here gets a token, so it listens on loopback only and never beside the public endpoints.
"""

from collections.abc import Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from entrada.core.directory.ids import ClientId
from entrada.server.usecases.installation import Installation
from entrada.server.web.http.hosts import OnlyHosts
from entrada.server.web.http.paths import CollapseSlashes
from entrada.server.web.http.storyteller import Storyteller
from entrada.server.web.managed_identity import app_service, instance_metadata
from entrada.server.web.managed_identity.door import Machine

_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")  # a page that rebinds its own name gets nothing


def application(here: Installation, served: Sequence[ClientId], header: str) -> ASGIApp:
    """*header* is the secret of App Service's shape; the other has none."""
    machine = Machine(here, tuple(served), header)
    routes = [*instance_metadata.routes(machine), *app_service.routes(machine)]
    inner = Starlette(routes=routes, middleware=[Middleware(Storyteller, here)])
    return OnlyHosts(CollapseSlashes(inner), _HOSTS)


__all__ = ["app_service", "application", "instance_metadata"]
