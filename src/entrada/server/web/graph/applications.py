"""`/applications`.  Reference sections 37 and 38."""

from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application
from entrada.core.directory.graph.application import application_json
from entrada.core.directory.query import odata_properties
from entrada.server.usecases.administer.applications import (
    change_application,
    create_application,
    delete_application,
    find_application,
    list_applications,
)
from entrada.server.usecases.administer.owners import list_owners
from entrada.server.web.graph import shapes
from entrada.server.web.graph.endpoint import Call, Endpoint, Resource
from entrada.server.web.graph.expanding import expanding_owners
from entrada.server.web.graph.find_endpoint import named
from entrada.server.web.graph.replies import One, Reply
from entrada.server.web.graph.replying import counting, done, listing
from entrada.server.web.graph.row import changes, counts, deletes, lists, makes, shows

APPLICATIONS: Final = Resource(
    set="applications",
    entity=shapes.APPLICATION,
    known=odata_properties.APPLICATION,
    expands={"owners": expanding_owners(list_owners)},
)


async def _show(call: Call) -> Reply:
    found = await find_application(call.here, call.actor, named(call.id))
    if isinstance(found, Problem):
        return found
    # As at Graph, the certificates themselves are told to whoever asks for them of one object.
    with_keys = "keyCredentials" in call.options.select
    return One(members=application_json(found, with_keys=with_keys), version=found.version)


async def _make(call: Call) -> Reply:
    made = await create_application(call.here, call.actor, call.members)
    return _one(made, made=True)


async def _change(call: Call) -> Reply:
    return _one(await change_application(call.here, call.actor, named(call.id), call.members, call.seen), changed=True)


async def _delete(call: Call) -> Reply:
    return done(await delete_application(call.here, call.actor, named(call.id), call.seen))


def _one(found: Application | Problem, *, made: bool = False, changed: bool = False) -> Reply:
    if isinstance(found, Problem):
        return found
    return One(members=application_json(found), version=found.version, made=made, changed=changed)


ROWS: Final[tuple[Endpoint, ...]] = (
    lists(
        "/applications",
        Operation.READ_APPLICATIONS,
        "The registered applications.",
        APPLICATIONS,
        listing(list_applications, application_json),
    ),
    counts(
        "/applications/$count",
        Operation.READ_APPLICATIONS,
        "How many of them.",
        APPLICATIONS,
        counting(list_applications),
    ),
    makes("/applications", Operation.CREATE_APPLICATION, "Registers an application.", APPLICATIONS, _make),
    shows("/applications/{id}", Operation.READ_APPLICATIONS, "One of them.", APPLICATIONS, _show),
    changes(
        "/applications/{id}",
        Operation.CHANGE_APPLICATION,
        "Changes the members it is given; lists are replaced.",
        APPLICATIONS,
        _change,
    ),
    deletes("/applications/{id}", Operation.DELETE_APPLICATION, "Deletes it; it can be restored for 30 days.", _delete),
)
