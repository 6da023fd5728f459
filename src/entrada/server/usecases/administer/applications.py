"""App registrations: create, find, list, change, delete.  Graph: applications; reference sections 37 and 38."""

from collections.abc import Mapping

from attrs import evolve

from entrada.core.directory.administration import application_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Change, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.application import Application
from entrada.core.directory.application_rules import PERSONAL_AUDIENCES
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.graph.application_patch import patched
from entrada.core.directory.ids import ApplicationId, ClientId
from entrada.core.directory.owner import Owner
from entrada.core.directory.presence import presence
from entrada.core.directory.query.condition import Both, Compare, Condition, Either, Op
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.tenant import Tenant
from entrada.core.protocol.effects import RemoveEntity, Unlinked
from entrada.server.usecases.administer.application_lookup import allowed
from entrada.server.usecases.administer.application_names import refuse_app_id, refuse_taken
from entrada.server.usecases.administer.carry_out import Beyond, as_written, carry_out, change_of
from entrada.server.usecases.administer.deleted_links import hanging_on
from entrada.server.usecases.administer.links_of_principal import links_of_principal
from entrada.server.usecases.administer.owns import first_owner
from entrada.server.usecases.administer.quota import refuse_another
from entrada.server.usecases.administer.told_along import gone_along
from entrada.server.usecases.administer.trust import refuse_trusting
from entrada.server.usecases.administer.user_lookup import own_tenant
from entrada.server.usecases.administer.whole_list import whole_list
from entrada.server.usecases.installation import Installation


async def create_application(
    here: Installation,
    actor: Actor,
    members: Mapping[str, object],
    *,
    app_id: ClientId | None = None,
    once: tuple[str, ...] = (),
) -> Application | Problem:
    """*app_id*: the one it had elsewhere, for whoever may change every application here, and only while it is free.

    *once* tells this request from all others: made again, it comes to the application that it made the first time.

    Whoever could not go on with it otherwise owns what they made: a user without a role, an application that may change
    what it owns.
    """

    async def decide() -> Deed[Application] | Problem:
        if not once:
            return await creation(here, actor, members, app_id=app_id)
        own_id = ApplicationId(derived_id("application, once", actor.id or "", *once))
        if await here.store.find_entity(DeletedItem, (actor.tenant_id, own_id)):
            return bad("This form has registered an application already, which was deleted since. Open the form again.")
        there = await here.store.find_entity(Application, (actor.tenant_id, own_id))
        if there is not None:
            return Deed(answer=there, activity=did.ADD_APPLICATION, changes=())
        return await creation(here, actor, members, app_id=app_id, own_id=own_id)

    return await carry_out(here, actor, decide)


async def creation(
    here: Installation,
    actor: Actor,
    members: Mapping[str, object],
    *,
    app_id: ClientId | None = None,
    own_id: ApplicationId | None = None,
) -> Deed[Application] | Problem:
    """What creating it comes to."""
    tenant = await own_tenant(here, actor)
    refused = may(actor, Operation.CREATE_APPLICATION, policies=tenant.policies)
    if refused is None and app_id is not None:
        refused = may(actor, Operation.CHANGE_APPLICATION) or await refuse_app_id(here.store, app_id)
    refused = refused or await refuse_another(here, actor)
    if refused is None and "displayName" not in members:
        refused = bad("A new application needs displayName.", "displayName")
    base = Application(
        id=own_id or ApplicationId(here.new_id()),
        app_id=app_id or ClientId(here.new_id()),
        tenant_id=actor.tenant_id,
        display_name="",
        created_at=here.clock(),
    )
    made = refused or patched(_with_defaults(base, members, tenant), members, tenant, new_id=here.new_id)
    if isinstance(made, Problem):
        return made
    first = await first_owner(here, actor, made, Operation.CHANGE_APPLICATION)
    changes, answer = (Change(None, made), *first.link), as_written(None, made)
    taken = await refuse_taken(here.store, None, made)
    return taken or Deed(answer=answer, activity=did.ADD_APPLICATION, changes=changes, rests_on=first.owner)


def _with_defaults(base: Application, members: Mapping[str, object], tenant: Tenant) -> Application:
    personal = members.get("signInAudience") in PERSONAL_AUDIENCES
    version = 2 if personal else None  # they get no others (reference section 1.3)
    return evolve(base, publisher_domain=tenant.default_domain, requested_access_token_version=version)


async def find_application(here: Installation, actor: Actor, name: str) -> Application | Problem:
    """By its object id or its appId."""
    return await allowed(here, actor, Operation.READ_APPLICATIONS, name)


async def list_applications(
    here: Installation, actor: Actor, query: Query, *, owned: bool = False
) -> Page[Application] | Problem:
    """*owned*: the actor's own alone; so it is, too, for whoever may read no others."""
    refused = may(actor, Operation.READ_APPLICATIONS)
    if refused is not None and may(actor, Operation.READ_APPLICATIONS, owns=True) is not None:
        return refused
    if owned or refused is not None:
        query = evolve(query, where=Both((query.where, await _own(here, actor))))
    return await here.store.list_page(Application, actor.tenant_id, query)


async def _own(here: Installation, actor: Actor) -> Condition:
    mine = Compare("owner_id", Op.EQ, actor.id)
    owned = await whole_list(here.store, Owner, actor.tenant_id, mine) if actor.id else ()
    return Either(tuple(Compare("id", Op.EQ, one.object_id) for one in owned))


async def change_application(
    here: Installation, actor: Actor, name: str, members: Mapping[str, object], seen: int | None = None
) -> Application | Problem:
    return await carry_out(here, actor, lambda: changing(here, actor, name, members, seen))


async def changing(
    here: Installation, actor: Actor, name: str, members: Mapping[str, object], seen: int | None = None
) -> Deed[Application] | Problem:
    """What changing it comes to."""
    before = await allowed(here, actor, Operation.CHANGE_APPLICATION, name, seen)
    if isinstance(before, Problem):
        return before
    after = patched(before, members, await own_tenant(here, actor), new_id=here.new_id)
    if isinstance(after, Problem):
        return after
    refused = await refuse_trusting(here, actor, before, after) or await refuse_taken(here.store, before, after)
    activity, changes = did.activity_of(before, after), change_of(before, after)
    return refused or Deed(answer=as_written(before, after), activity=activity, changes=changes)


async def delete_application(
    here: Installation, actor: Actor, name: str, seen: int | None = None
) -> DeletedItem | Problem:
    """With its service principal at home and what hangs on both: all of it can be restored for a while."""

    async def decide() -> Beyond[DeletedItem] | Problem:
        application = await allowed(here, actor, Operation.DELETE_APPLICATION, name, seen)
        return application if isinstance(application, Problem) else await _deletion(here, application)

    return await carry_out(here, actor, decide)


async def _deletion(here: Installation, application: Application) -> Beyond[DeletedItem]:
    store, tenant_id = here.store, application.tenant_id
    stored = await store.find_service_principal(tenant_id, application.app_id)
    principal = presence(application, stored, tenant_id)
    links = await links_of_principal(store, principal) if principal else None
    owners = await whole_list(store, Owner, tenant_id, Compare("object_id", Op.EQ, application.id))
    item = DeletedItem(
        tenant_id=tenant_id,
        id=application.id,
        deleted_at=here.clock(),
        application=application,
        service_principal=stored,
        grants=links.grants if links else (),
        assignments=links.assignments if links else (),
        owners=tuple(dict.fromkeys((*owners, *(links.owners if links else ())))),  # its principal may own it
    )
    # Its id may follow from its appId: one that was deleted, and came back by a file, left an item of the same id.
    left = await store.find_entity(DeletedItem, (tenant_id, item.id))
    changes = (Change(application, None), Change(left, item))
    along = gone_along(item)
    deed = Deed(answer=as_written(left, item), activity=did.DELETE_APPLICATION, changes=changes, along=along)
    alone = Unlinked(tenant_id, (application.app_id,))  # no service principal here was made meanwhile
    return Beyond(deed, (*map(RemoveEntity, hanging_on(item)), alone))
