"""Graph in this process, over the database of the installation here."""

import contextlib
from typing import Any

import click
from attrs import define, field

from entrada.cli.places import Place, opened_installation
from entrada.cli.sample_apps import COLORS
from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.ids import TenantId
from entrada.core.directory.tenant import Tenant
from entrada.server.store.port import Store
from entrada.server.usecases.installation import Installation
from entrada.server.web.graph.in_process import ask


@define
class GraphHere:
    """Opened with the first request, so that `--help` and mistakes cost nothing."""

    place: Place
    tenant: str | None
    _opened: contextlib.AsyncExitStack = field(factory=contextlib.AsyncExitStack)
    _here: Installation | None = None
    _actor: Actor | None = None

    async def ask(self, method: str, path: str, body: object | None) -> tuple[int, Any]:
        if self._here is None or self._actor is None:
            self._here = await self._opened.enter_async_context(opened_installation(self.place))
            self._actor = operator(self._here, await chosen_tenant(self.place, self._here.store, self.tenant))
        return await ask(self._here, self._actor, method, path, body)

    async def close(self) -> None:
        await self._opened.aclose()


def operator(here: Installation, tenant: Tenant) -> Actor:
    """Whoever holds the master key, at the machine."""
    return Actor(tenant_id=tenant.id, via=Via.COMMAND_LINE, correlation_id=here.new_id(), operator=True)


async def chosen_tenant(here: Place, store: Store, named: str | None) -> Tenant:
    if named is not None:
        found = await store.find_tenant_by_domain(named.lower()) or await store.find_tenant(TenantId(named.lower()))
        if found is None:
            raise click.ClickException(f"There is no tenant {named}. See: entrada tenant list")
        return found
    if here.development and (usual := await store.find_tenant(TenantId(COLORS))):
        return usual
    tenants = await store.list_tenants()
    if len(tenants) == 1:
        return tenants[0]
    if not tenants:
        raise click.ClickException("There is no tenant yet. Make one with: entrada tenant create")
    domains = " or ".join(f"--tenant {one.default_domain}" for one in tenants[:3])
    raise click.UsageError(f"Say whose directory is meant: {domains}.")
