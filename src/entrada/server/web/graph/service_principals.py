"""`/servicePrincipals`.  Reference sections 37 and 38."""

from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.service_principal_json import Installed, service_principal_json
from entrada.core.directory.ids import ClientId, parse_guid
from entrada.core.directory.query import odata_properties
from entrada.server.usecases.administer.service_principal_owners import list_service_principal_owners
from entrada.server.usecases.administer.service_principals import (
    change_service_principal,
    create_service_principal,
    delete_service_principal,
    find_service_principal,
    find_service_principal_of,
    list_service_principals,
)
from entrada.server.web.graph import shapes
from entrada.server.web.graph.endpoint import Call, Endpoint, Resource
from entrada.server.web.graph.expanding import expanding_owners
from entrada.server.web.graph.find_endpoint import alternate
from entrada.server.web.graph.replies import One, Reply
from entrada.server.web.graph.replying import counting, done, listing
from entrada.server.web.graph.row import changes, counts, deletes, lists, makes, shows

SERVICE_PRINCIPALS: Final = Resource(
    set="servicePrincipals",
    entity=shapes.SERVICE_PRINCIPAL,
    known=odata_properties.SERVICE_PRINCIPAL,
    expands={"owners": expanding_owners(list_service_principal_owners)},
)


async def principal_id(call: Call) -> str:
    """The object id that the path names; what is no key of any stays as it is, for the use case to refuse."""
    app_id = alternate(call.id)
    if app_id is None:
        return call.id
    guid = parse_guid(app_id)
    found = await call.here.store.find_service_principal(call.actor.tenant_id, ClientId(guid)) if guid else None
    return found.id if found else f"appId={app_id}"


async def _show(call: Call) -> Reply:
    app_id = alternate(call.id)
    if app_id is not None:
        return _one(await find_service_principal_of(call.here, call.actor, app_id))
    return _one(await find_service_principal(call.here, call.actor, call.id))


async def _make(call: Call) -> Reply:
    return _one(await create_service_principal(call.here, call.actor, call.members), made=True)


async def _change(call: Call) -> Reply:
    named = await principal_id(call)
    return _one(await change_service_principal(call.here, call.actor, named, call.members, call.seen), changed=True)


async def _delete(call: Call) -> Reply:
    return done(await delete_service_principal(call.here, call.actor, await principal_id(call), call.seen))


def _one(found: Installed | Problem, *, made: bool = False, changed: bool = False) -> Reply:
    if isinstance(found, Problem):
        return found
    members, version = service_principal_json(found), found.principal.version
    return One(members=members, version=version, made=made, changed=changed)


# fmt: off
ROWS: Final[tuple[Endpoint, ...]] = (
    lists("/servicePrincipals", Operation.READ_SERVICE_PRINCIPALS, "The applications this tenant knows.",
          SERVICE_PRINCIPALS, listing(list_service_principals, service_principal_json)),
    counts("/servicePrincipals/$count", Operation.READ_SERVICE_PRINCIPALS, "How many of them.",
           SERVICE_PRINCIPALS, counting(list_service_principals)),
    makes("/servicePrincipals", Operation.CREATE_SERVICE_PRINCIPAL, "Makes an application known here, by its appId.",
          SERVICE_PRINCIPALS, _make),
    shows("/servicePrincipals/{id}", Operation.READ_SERVICE_PRINCIPALS, "One of them.", SERVICE_PRINCIPALS, _show),
    changes("/servicePrincipals/{id}", Operation.CHANGE_SERVICE_PRINCIPAL,
            "Changes it: enables, disables, asks for assignment.", SERVICE_PRINCIPALS, _change),
    deletes("/servicePrincipals/{id}", Operation.DELETE_SERVICE_PRINCIPAL,
            "Removes the application from this tenant, with all that was granted to it.", _delete),
)
# fmt: on
