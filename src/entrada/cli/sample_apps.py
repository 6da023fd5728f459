"""The samples that `entrada up` starts beside the platform, and the secrets they are given."""

import os
import socket
from collections.abc import Collection, Mapping
from typing import Final

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
_DOCUMENTED: Final = "repsys-dev-secret"
_RUN: Final = Seconds(365 * 24 * 60 * 60)  # no `entrada up` runs for longer


@frozen(kw_only=True)
class Surroundings:
    origin: str  # of the platform
    port: int  # of the sample
    hosts: Collection[str]
    tls: TlsFiles | None


async def repsys(here: Installation, around: Surroundings, sockets: list[socket.socket]) -> Listener:
    from entrada.samples.repsys import RepsysSettings, application  # the platform answers first

    settings = RepsysSettings(
        origin=f"http://localhost:{around.port}",
        authority=f"{around.origin}/{COLORS}/v2.0",
        graph=f"{around.origin}/v1.0",
        client_secret=await repsys_secret(here, os.environ),
        ca_bundle=str(around.tls.bundle) if around.tls else None,
    )
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
