"""What was deleted and can be brought back: list, find, restore, forget.  Graph: directory/deletedItems.

Restoring puts back the object with everything that hung on it, or says which of its names somebody else has taken.
"""

from collections.abc import Mapping
from typing import Final

from attrs import evolve, frozen

from entrada.core.directory.administration import application_activities as did
from entrada.core.directory.administration import people_activities as did_to_people
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity, Change, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.administration.protection import refuse_over_roles
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import KEPT, DeletedItem
from entrada.core.directory.group import Group
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.query.condition import Both, Compare, Either, Op
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.protocol.effects import RestoreEntity
from entrada.server.usecases.administer.carry_out import Beyond, as_written, carry_out
from entrada.server.usecases.administer.deleted_links import links_that_hold
from entrada.server.usecases.administer.deleted_names import refuse_restoring
from entrada.server.usecases.administer.told_along import back_along
from entrada.server.usecases.administer.trust import refuse_bringing_back
from entrada.server.usecases.administer.whole_list import whole_list
from entrada.server.usecases.installation import Installation

_WHAT: Final = "deleted item"
Deletable = Application | ServicePrincipal | User | Group


@frozen
class _Rules:
    """Of one kind of object."""

    read: Operation
    restore: Operation
    purge: Operation
    restored: Activity
    purged: Activity


_OF_APPLICATIONS: Final = _Rules(
    Operation.READ_DELETED_APPLICATIONS,
    Operation.RESTORE_APPLICATION,
    Operation.DELETE_APPLICATION,
    did.RESTORE_APPLICATION,
    did.PURGE_APPLICATION,
)
_RULES: Final[Mapping[type[Deletable], _Rules]] = {
    Application: _OF_APPLICATIONS,
    ServicePrincipal: _Rules(
        Operation.READ_DELETED_APPLICATIONS,
        Operation.RESTORE_APPLICATION,
        Operation.DELETE_SERVICE_PRINCIPAL,
        did.RESTORE_SERVICE_PRINCIPAL,
        did.PURGE_SERVICE_PRINCIPAL,
    ),
    User: _Rules(
        Operation.READ_DELETED_USERS,
        Operation.RESTORE_USER,
        Operation.DELETE_USER,
        did_to_people.RESTORE_USER,
        did_to_people.PURGE_USER,
    ),
    Group: _Rules(
        Operation.READ_DELETED_GROUPS,
        Operation.RESTORE_GROUP,
        Operation.DELETE_GROUP,
        did_to_people.RESTORE_GROUP,
        did_to_people.PURGE_GROUP,
    ),
}

READING_DELETED: Final = tuple(dict.fromkeys(one.read for one in _RULES.values()))


def subject_of(item: DeletedItem) -> Deletable:
    """What was deleted.  An application's service principal goes with it, and is not the subject."""
    found = item.application or item.user or item.group or item.service_principal
    if found is None:
        raise ValueError("a deleted item of nothing")
    return found


async def list_deleted(
    here: Installation, actor: Actor, query: Query, *, kind: type[Deletable] | None = None
) -> Page[DeletedItem] | Problem:
    """Of each kind by itself: whoever may read no others of a *kind* is shown those they own.

    Without a *kind*, of those that the actor may read.
    """
    kinds = [kind] if kind is not None else [one for one in _RULES if may(actor, _RULES[one].read) is None]
    refused = _refuse_all(actor) if kind is None else may(actor, _RULES[kind].read)
    own_only = refused is not None and kind is not None and may(actor, _RULES[kind].read, owns=True) is None
    if refused is not None and not own_only:
        return refused
    of_kinds = Either(tuple(Compare("kind", Op.EQ, _KINDS[one]) for one in kinds))
    where = Both((query.where, Compare("deleted_at", Op.GT, here.clock() - KEPT), of_kinds))
    query = evolve(query, where=where)
    return await (_own(here, actor, query) if own_only else here.store.list_page(DeletedItem, actor.tenant_id, query))


async def _own(here: Installation, actor: Actor, query: Query) -> Page[DeletedItem]:
    """On one page, whole: who owned what was deleted stands in the items alone, and 30 days keep few."""
    found = await whole_list(here.store, DeletedItem, actor.tenant_id, query.where)
    own = sorted((one for one in found if _owned(actor, one)), key=lambda one: (one.display_name.casefold(), one.id))
    return Page(tuple(own), None, len(own) if query.count else None)


async def find_deleted(here: Installation, actor: Actor, item_id: str) -> DeletedItem | Problem:
    """By the id of what was deleted; its owners may see it, too."""
    item = await _item(here, actor, item_id)
    if item is None:
        return _refuse_all(actor) or not_found(_WHAT, item_id)
    rules, owned = _RULES[type(subject_of(item))], _owned(actor, item)
    refused = may(actor, rules.read, owns=owned)
    return item if may(actor, rules.restore, owns=owned) is None else refused or item


def _refuse_all(actor: Actor) -> Problem | None:
    """Whoever may read no kind does not learn which there are."""
    refusals = [may(actor, one) for one in READING_DELETED]
    return refusals[0] if all(refusals) else None


async def restore_deleted(here: Installation, actor: Actor, item_id: str) -> Deletable | Problem:
    async def decide() -> Beyond[Deletable] | Problem:
        item = await _item(here, actor, item_id)
        if item is None:
            return _refuse_all(actor) or not_found(_WHAT, item_id)
        rules, subject = _RULES[type(subject_of(item))], subject_of(item)
        refused = _refuse(actor, rules.restore, item) or await refuse_bringing_back(here, actor, item)
        refused = refused or await refuse_restoring(here.store, item)
        return refused or await _restoration(here, item, subject, rules)

    return await carry_out(here, actor, decide)


async def purge_deleted(here: Installation, actor: Actor, item_id: str) -> Problem | None:
    """For good: at once, what time would do after 30 days."""

    async def decide() -> Deed[None] | Problem:
        item = await _item(here, actor, item_id)
        if item is None:
            return _refuse_all(actor) or not_found(_WHAT, item_id)
        rules = _RULES[type(subject_of(item))]
        refused = _refuse(actor, rules.purge, item)
        gone = (Change(item, None),)
        return refused or Deed(answer=None, activity=rules.purged, changes=gone, about=subject_of(item))

    return await carry_out(here, actor, decide)


async def _restoration(here: Installation, item: DeletedItem, subject: Deletable, rules: _Rules) -> Beyond[Deletable]:
    returning = await links_that_hold(here.store, item)
    principal = (item.service_principal,) if item.application and item.service_principal else ()
    changes = (Change(None, subject), Change(item, None), *returning.waiting)
    answer = as_written(None, subject)
    back = (*principal, *returning.links)
    deed = Deed[Deletable](
        answer=answer,
        activity=rules.restored,
        changes=changes,
        rests_on=returning.ends,
        along=back_along(item, back),
    )
    return Beyond(deed, tuple(map(RestoreEntity, back)))


async def _item(here: Installation, actor: Actor, item_id: str) -> DeletedItem | None:
    guid = parse_guid(item_id)
    item = await here.store.find_entity(DeletedItem, (actor.tenant_id, guid)) if guid else None
    return item if item is not None and here.clock() < item.deleted_at + KEPT else None


def _refuse(actor: Actor, operation: Operation, item: DeletedItem) -> Problem | None:
    refused = may(actor, operation, owns=_owned(actor, item))
    return refuse_over_roles(actor, item.user) if refused is None and item.user else refused


def _owned(actor: Actor, item: DeletedItem) -> bool:
    return any(one.object_id == item.id and one.owner_id == actor.id for one in item.owners)


_KINDS: Final[Mapping[type[Deletable], str]] = {
    Application: "application",
    ServicePrincipal: "servicePrincipal",
    User: "user",
    Group: "group",
}
