"""The sign-in log, the story of one request, the audit log: for whoever may read them.

Graph: auditLogs/signIns, auditLogs/directoryAudits.
"""

from collections.abc import Iterable
from typing import Final

from attrs import evolve

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.graph.sign_in import ToldStory
from entrada.core.directory.ids import UserId
from entrada.core.directory.query.condition import AnyElement, Both, Compare, Condition, Either, Not, Op
from entrada.core.directory.query.query import Order, Page, Query
from entrada.core.directory.story import Kind, Story
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application

_NEWEST_FIRST: Final = Order("at", descending=True)
_SIGN_INS: Final = Not(Compare("kind", Op.EQ, Kind.OTHER.value))
_RELATED: Final = 100


async def list_sign_ins(here: Installation, actor: Actor, query: Query) -> Page[ToldStory] | Problem:
    """Newest first, unless asked otherwise."""
    refused = may(actor, Operation.READ_SIGN_INS)
    if refused is not None:
        return refused
    return await _stories(here, actor, evolve(query, where=Both((_SIGN_INS, _with_success(query.where)))))


async def find_story(here: Installation, actor: Actor, trace_id: str) -> ToldStory | Problem:
    """Of any request, a sign-in or not."""
    refused = may(actor, Operation.READ_SIGN_INS)
    if refused is not None:
        return refused
    await here.journal.write(here.store)  # what was decided just now, by this process at least
    story = await here.store.find_story(trace_id)
    if story is None or not (actor.operator or story.tenant_id == actor.tenant_id):
        return not_found("story of a request", trace_id)
    return (await _named(here, (story,)))[0]


async def list_related(here: Installation, actor: Actor, story: Story) -> tuple[ToldStory, ...] | Problem:
    """All that its tenant knows of the same correlation id, in order of time: one attempt of one person, mostly."""
    refused = may(actor, Operation.READ_SIGN_INS)
    if refused is not None:
        return refused
    where = Compare("correlation_id", Op.EQ, story.correlation_id)
    query = Query(where=where, order=Order("at"), top=_RELATED)
    page = await here.store.list_page(Story, story.tenant_id, query)
    return await _named(here, page.items)


async def list_audits(here: Installation, actor: Actor, query: Query) -> Page[DirectoryAudit] | Problem:
    """Newest first, unless asked otherwise."""
    refused = may(actor, Operation.READ_AUDITS)
    if refused is not None:
        return refused
    newest = evolve(query, order=query.order or _NEWEST_FIRST)
    return await here.store.list_page(DirectoryAudit, actor.tenant_id, newest)


async def find_audit(here: Installation, actor: Actor, audit_id: str) -> DirectoryAudit | Problem:
    refused = may(actor, Operation.READ_AUDITS)
    if refused is not None:
        return refused
    query = Query(where=Compare("id", Op.EQ, audit_id), top=1)
    page = await here.store.list_page(DirectoryAudit, actor.tenant_id, query)
    return page.items[0] if page.items else not_found("row of the audit log", audit_id)


async def _stories(here: Installation, actor: Actor, query: Query) -> Page[ToldStory]:
    await here.journal.write(here.store)
    page = await here.store.list_page(Story, actor.tenant_id, evolve(query, order=query.order or _NEWEST_FIRST))
    return Page(await _named(here, page.items), page.more, page.count)


async def _named(here: Installation, stories: Iterable[Story]) -> tuple[ToldStory, ...]:
    told = list(stories)
    ids = {one.client_id for one in told} | {one.resource_id for one in told}
    apps = {app_id: await find_application(here.store, app_id) for app_id in ids if app_id}
    names = {app_id: app.display_name for app_id, app in apps.items() if app is not None}
    people = {
        (one.tenant_id, one.user_id): await here.store.find_user(one.tenant_id, UserId(one.user_id))
        for one in told
        if one.user_id
    }
    shown = {key: user.display_name for key, user in people.items() if user is not None}
    return tuple(
        ToldStory(
            story=one,
            user_display_name=shown.get((one.tenant_id, one.user_id or "")),
            app_display_name=names.get(one.client_id or ""),
            app_object_id=_registration(apps.get(one.client_id or ""), one),
            resource_display_name=names.get(one.resource_id or ""),
        )
        for one in told
    )


def _registration(application: Application | None, story: Story) -> str | None:
    """Its object id in the tenant of the story, where it is registered there."""
    return application.id if application is not None and application.tenant_id == story.tenant_id else None


def _with_success(where: Condition) -> Condition:
    """Whoever was let in has no error: Graph says 0, where we have none."""
    match where:
        case Compare("aadsts", Op.EQ, 0):
            return Compare("granted", Op.EQ, value=True)
        case Compare("aadsts", Op.NE, 0):
            return Compare("granted", Op.EQ, value=False)
        case Both(parts):
            return Both(tuple(map(_with_success, parts)))
        case Either(parts):
            return Either(tuple(map(_with_success, parts)))
        case Not(part):
            return Not(_with_success(part))
        case Compare() | AnyElement():
            return where
