"""`/directory/deletedItems` and `/directoryObjects`.  Reference section 38."""

from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.graph.json_members import Members, each, reading, text, written_moment
from entrada.core.directory.group import Group
from entrada.core.directory.query import odata_properties
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.usecases.administer.deleted_items import (
    find_deleted,
    list_deleted,
    purge_deleted,
    restore_deleted,
)
from entrada.server.usecases.administer.directory_objects import KINDS, find_object, find_objects
from entrada.server.web.graph import shapes
from entrada.server.web.graph.directory_objects import DIRECTORY_OBJECTS, seen_json, typed_json
from entrada.server.web.graph.endpoint import Call, Endpoint, Gives, Handle, Resource
from entrada.server.web.graph.replies import Json, One, Plain, Reply
from entrada.server.web.graph.replying import done, page_of, whichever_version
from entrada.server.web.graph.row import deletes, does, lists, shows

DELETED: Final = Resource(
    set="directoryObjects",
    entity=shapes.DIRECTORY_OBJECT,
    known=odata_properties.DELETED_ITEM,
    more=DIRECTORY_OBJECTS.more,
)
_SPACE: Final = "microsoft.graph."
_ANY: Final = "directoryObject"
_OF_PARTNERS: Final = "directoryObjectPartnerReference"  # az names it among the others; there is none here


def _deleted(kind: type[Application | User | Group | ServicePrincipal] | None = None) -> Handle:
    async def handle(call: Call) -> Reply:
        return page_of(await list_deleted(call.here, call.actor, call.query, kind=kind), _item_json)

    return handle


async def _show_deleted(call: Call) -> Reply:
    found = await find_deleted(call.here, call.actor, call.id)
    return found if isinstance(found, Problem) else One(members=_item_json(found))


@whichever_version
async def _restore(call: Call) -> Reply:
    found = await restore_deleted(call.here, call.actor, call.id)
    return found if isinstance(found, Problem) else One(members=typed_json(found), version=found.version)


@whichever_version
async def _purge(call: Call) -> Reply:
    return done(await purge_deleted(call.here, call.actor, call.id))


def _item_json(item: DeletedItem) -> Json:
    subject = item.application or item.user or item.group or item.service_principal
    members = typed_json(subject) if subject is not None else dict[str, object]()
    return {**members, "deletedDateTime": written_moment(item.deleted_at)}


async def _show_object(call: Call) -> Reply:
    found = await find_object(call.here, call.actor, call.id)
    return found if isinstance(found, Problem) else One(members=seen_json(call)(found))


async def _by_ids(call: Call) -> Reply:
    asked = reading(lambda: _ids(Members(call.members, "request")))
    if isinstance(asked, Problem):
        return asked
    ids, types = asked
    named = [one.removeprefix(_SPACE) for one in types] or [_ANY]
    odd = next((one for one in named if one not in {*KINDS, _ANY, _OF_PARTNERS}), None)
    if odd is not None:
        return bad(f"types names '{odd[:80]}', which is not among {', '.join(KINDS)}.", "types")
    kinds = KINDS if _ANY in named else [one for one in named if one in KINDS]
    found = await find_objects(call.here, call.actor, ids, kinds)
    if isinstance(found, Problem):
        return found
    return Plain("directoryObjects", {"value": list(map(seen_json(call), found))})


def _ids(members: Members) -> tuple[tuple[str, ...], tuple[str, ...]]:
    none = tuple[str, ...]()
    found = members.required("ids", each(text)), members.emptied("types", each(text), none, none)
    members.finish()
    return found


# fmt: off
_APPLICATIONS: Final = Operation.READ_DELETED_APPLICATIONS
ROWS: Final[tuple[Endpoint, ...]] = (
    lists("/directory/deletedItems/microsoft.graph.application", _APPLICATIONS,
          "The applications deleted within 30 days.", DELETED, _deleted(Application)),
    lists("/directory/deletedItems/microsoft.graph.servicePrincipal", _APPLICATIONS, "The service principals.",
          DELETED, _deleted(ServicePrincipal)),
    lists("/directory/deletedItems/microsoft.graph.user", Operation.READ_DELETED_USERS, "The users.", DELETED,
          _deleted(User)),
    lists("/directory/deletedItems/microsoft.graph.group", Operation.READ_DELETED_GROUPS, "The groups.", DELETED,
          _deleted(Group)),
    shows("/directory/deletedItems/{id}", _APPLICATIONS, "One of them.", DELETED, _show_deleted),
    Endpoint(method="POST", path="/directory/deletedItems/{id}/restore", operation=Operation.RESTORE_APPLICATION,
             words="Brings it back with everything that hung on it, or says which name is taken.", handle=_restore,
             gives=Gives.ONE, resource=DELETED),
    deletes("/directory/deletedItems/{id}", Operation.DELETE_APPLICATION, "Deletes it for good.", _purge),
    shows("/directoryObjects/{id}", Operation.READ_USERS, "Whatever has this id, as far as the caller may read it.",
          DIRECTORY_OBJECTS, _show_object),
    does("/directoryObjects/getByIds", Operation.READ_USERS, "Those of up to 1000 that the caller may read.",
         _by_ids, shapes.OBJECT_IDS, shapes.OBJECTS_VALUE),
)
# fmt: on
