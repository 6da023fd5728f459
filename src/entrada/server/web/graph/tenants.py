"""`/organization`, its branding and `/domains`.  Reference section 38."""

from collections.abc import Callable
from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.graph.organization_json import branding_json, domain_json, organization_json
from entrada.core.directory.tenant import Tenant
from entrada.server.usecases.administer.branding import change_branding, find_branding
from entrada.server.usecases.administer.domains import (
    add_domain,
    change_domain,
    find_domain,
    list_domains,
    remove_domain,
)
from entrada.server.usecases.administer.organization import change_organization, find_organization
from entrada.server.web.graph import shapes
from entrada.server.web.graph.endpoint import Call, Endpoint, Resource
from entrada.server.web.graph.replies import Json, One, Reply
from entrada.server.web.graph.replying import done, sliced
from entrada.server.web.graph.row import changes, deletes, lists, makes, shows

ORGANIZATION: Final = Resource(set="organization", entity=shapes.ORGANIZATION)
BRANDING: Final = Resource(set="organization/branding", entity=shapes.BRANDING)
DOMAINS: Final = Resource(set="domains", entity=shapes.DOMAIN)


async def _list(call: Call) -> Reply:
    found = await find_organization(call.here, call.actor)
    return found if isinstance(found, Problem) else sliced([found], call, organization_json)


async def _show(call: Call) -> Reply:
    found = await find_organization(call.here, call.actor)
    return found if isinstance(found, Problem) else _elsewhere(call) or _one(found, organization_json)


async def _change(call: Call) -> Reply:
    if elsewhere := _elsewhere(call):
        return elsewhere
    changed = await change_organization(call.here, call.actor, call.members, call.seen)
    return changed if isinstance(changed, Problem) else _one(changed, organization_json, changed=True)


async def _show_branding(call: Call) -> Reply:
    found = await find_branding(call.here, call.actor)
    return found if isinstance(found, Problem) else _elsewhere(call) or _one(found, branding_json)


async def _change_branding(call: Call) -> Reply:
    if elsewhere := _elsewhere(call):
        return elsewhere
    changed = await change_branding(call.here, call.actor, call.members, call.seen)
    return changed if isinstance(changed, Problem) else _one(changed, branding_json, changed=True)


def _elsewhere(call: Call) -> Problem | None:
    """There is one organization in sight, the caller's own."""
    return None if call.id.lower() == call.actor.tenant_id else not_found("organization", call.id)


async def _domains(call: Call) -> Reply:
    found = await list_domains(call.here, call.actor)
    if isinstance(found, Problem):
        return found
    return sliced(found.domains, call, lambda name: domain_json(found, name))


async def _show_domain(call: Call) -> Reply:
    return _domain(await find_domain(call.here, call.actor, call.id), call.id)


async def _add_domain(call: Call) -> Reply:
    name = call.members.get("id")
    return _domain(await add_domain(call.here, call.actor, call.members), str(name), made=True)


async def _change_domain(call: Call) -> Reply:
    changed = await change_domain(call.here, call.actor, call.id, call.members, call.seen)
    return _domain(changed, call.id, changed=True)


async def _remove_domain(call: Call) -> Reply:
    return done(await remove_domain(call.here, call.actor, call.id))


def _domain(tenant: Tenant | Problem, name: str, *, made: bool = False, changed: bool = False) -> Reply:
    if isinstance(tenant, Problem):
        return tenant
    return One(members=domain_json(tenant, name.lower()), version=tenant.version, made=made, changed=changed)


def _one(tenant: Tenant, write: Callable[[Tenant], Json], *, changed: bool = False) -> One:
    return One(members=write(tenant), version=tenant.version, changed=changed)


# fmt: off
_READ: Final = Operation.READ_ORGANIZATION
_CHANGE: Final = Operation.CHANGE_ORGANIZATION
ROWS: Final[tuple[Endpoint, ...]] = (
    lists("/organization", _READ, "The tenant, alone.", ORGANIZATION, _list),
    shows("/organization/{id}", _READ, "The tenant.", ORGANIZATION, _show),
    changes("/organization/{id}", _CHANGE, "Changes its name, country and language.", ORGANIZATION, _change),
    shows("/organization/{id}/branding", _READ, "What its sign-in pages look like.", BRANDING, _show_branding),
    changes("/organization/{id}/branding", _CHANGE, "Changes that, logo aside.", BRANDING, _change_branding),
    lists("/domains", _READ, "The domains of the tenant.", DOMAINS, _domains),
    shows("/domains/{id}", _READ, "One of them.", DOMAINS, _show_domain),
    makes("/domains", _CHANGE, "Adds one: for whoever runs the installation.", DOMAINS, _add_domain),
    changes("/domains/{id}", _CHANGE, "Makes it the default one.", DOMAINS, _change_domain),
    deletes("/domains/{id}", _CHANGE, "Removes it: for whoever runs the installation.", _remove_domain),
)
# fmt: on
