"""Which requests Envoy serves by itself, and why it leaves others to Python: what the compiler says of an API."""

import asyncio
from collections.abc import Mapping
from typing import Final

from attrs import evolve, frozen

from entrada.core.gateway.configuration import Configuration, published
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.envoy.compile import compile_gateway
from entrada.core.gateway.envoy.surroundings import Surroundings
from entrada.server.usecases.gateway.own_documents import OwnDocuments
from entrada.server.usecases.installation import Installation


@frozen
class Left:
    """To Python.  *all*: every request of the operation; otherwise some, the good ones of which may be many."""

    all: bool
    why: str


async def left_to_python(
    here: Installation, configuration: Configuration, api_id: ApiId
) -> Mapping[OperationId | None, Left]:
    """Of operations that are not listed, Envoy serves whatever is let in.  Keys of other issuers count as unknown."""
    alone = evolve(configuration, apis={api_id: configuration.apis[api_id]})
    service = await asyncio.to_thread(published, alone)
    own = OwnDocuments(here)
    providers = await own.read(url for url in service.discovery(here.origin) if own.holds(url))
    subscriptions = tuple(configuration.subscriptions.values())
    around = evolve(_NOWHERE, authority=here.origin)
    snapshot = await asyncio.to_thread(compile_gateway, service, providers, around, subscriptions)
    some = {operation: Left(all=False, why=why) for (_, operation), why in snapshot.partly.items()}
    return some | {operation: Left(all=True, why=why) for (_, operation), why in snapshot.handed_over.items()}


_NOWHERE: Final = Surroundings(addresses=("127.0.0.1",), port=0, fallback_socket="", backend_bundle="", routes_file="")
