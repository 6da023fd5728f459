"""The registrations: all, one's own, deleted ones; and a new one."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application, Platform, SignInAudience
from entrada.core.directory.deleted_item import KEPT, DeletedItem
from entrada.core.directory.query.condition import Both
from entrada.core.directory.query.query import Order
from entrada.core.jose import base64url
from entrada.server.usecases.administer.applications import create_application, list_applications
from entrada.server.usecases.administer.deleted_items import find_deleted, list_deleted, purge_deleted, restore_deleted
from entrada.server.usecases.administer.service_principals import create_service_principal
from entrada.server.web.portal.applications.desk import AT, LIST, beside, path_of
from entrada.server.web.portal.applications.expiry import SOON, expired, expires_soon
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.portal.finding import named
from entrada.server.web.portal.paging import pager, query_of
from entrada.server.web.signed_in.form import Form

_ONCE_BYTES: Final = 16
AUDIENCES: Final = (
    (SignInAudience.MY_ORG.value, "Accounts in this directory only", "Single tenant"),
    (SignInAudience.MULTIPLE_ORGS.value, "Accounts in any directory", "Multitenant: every organization of this server"),
    (
        SignInAudience.ORGS_AND_PERSONAL.value,
        "Accounts in any directory and personal accounts",
        "There are no personal accounts here; kept so that a registration can move to Entra unchanged",
    ),
    (SignInAudience.PERSONAL.value, "Personal accounts only", "Nobody here could sign in to it"),
)
PLATFORMS: Final = (
    (Platform.WEB.value, "Web"),
    (Platform.SPA.value, "Single-page application (SPA)"),
    (Platform.PUBLIC_CLIENT.value, "Mobile and desktop (public client)"),
)
DELETED: Final = ("Deleted applications", "/portal/applications/deleted")
TABS: Final = (
    ("All applications", "/portal/applications"),
    ("Owned applications", "/portal/applications/owned"),
    DELETED,
)
SHOWN: Final = (("", "All"), ("expiring", "A secret expires within 30 days"), ("expired", "A secret has expired"))


async def show_all(visitor: Visitor) -> Response:
    return await _show(visitor, owned=False)


async def show_owned(visitor: Visitor) -> Response:
    return await _show(visitor, owned=True)


async def _show(visitor: Visitor, *, owned: bool) -> Response:
    shown, now = visitor.query("show"), visitor.here.clock()
    ends = {"expiring": expires_soon, "expired": expired}.get(shown)
    named_so = named(visitor.query("filter"), "display_name", ids=("id", "app_id"))
    where = Both((named_so, ends(now))) if ends else named_so
    query = query_of(visitor, Application, where, Order("display_name"), count=True)
    found = await list_applications(visitor.here, visitor.actor, query, owned=owned)
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT)
    return page(
        visitor,
        "portal/applications/list.html",
        title="App registrations",
        at=AT,
        tabs=TABS,
        rows=found.items,
        pager=pager(visitor, found),
        filter=visitor.query("filter"),
        owned=owned,
        show=shown if ends else "",
        choices=SHOWN,
        soon=SOON,
        may_create=visitor.may(Operation.CREATE_APPLICATION),
    )


async def show_new(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    return page(
        visitor,
        "portal/applications/new.html",
        title="Register an application",
        at=AT,
        crumbs=[LIST],
        problem=beside(problem, {f"{one.value}.redirectUris": "redirectUri" for one in Platform}),
        entered=entered,
        audiences=AUDIENCES,
        platforms=PLATFORMS,
        once=base64url.encode(visitor.here.entropy(_ONCE_BYTES)),
    )


async def create(visitor: Visitor, form: Form) -> Response:
    """With its service principal, so that it can be assigned, granted and signed in to at once.

    A button that is pressed twice registers one; the same form filled in otherwise is another.
    """
    platform, uri = form.get("platform"), form.text("redirectUri")
    known = {one.value for one in Platform}
    members = {
        "displayName": form.get("displayName").strip(),
        "signInAudience": form.get("signInAudience"),
        **({platform: {"redirectUris": [uri]}} if uri and platform in known else {}),
    }
    once = (form.get("once"), *map(form.get, ("displayName", "signInAudience", "platform", "redirectUri")))
    made = await create_application(visitor.here, visitor.actor, members, once=once if form.get("once") else ())
    if isinstance(made, Problem):
        return await show_new(visitor, made, form)
    await create_service_principal(visitor.here, visitor.actor, {"appId": made.app_id})
    return done(visitor, path_of(made), "The application is registered.")


async def show_deleted(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    where = named(visitor.query("filter"), "display_name", ids=("id", "app_id"))
    query = query_of(visitor, DeletedItem, where, Order("display_name"), count=True)
    found = await list_deleted(visitor.here, visitor.actor, query, kind=Application)
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT, crumbs=[LIST])
    return page(
        visitor,
        "portal/applications/deleted.html",
        title="App registrations",
        at=AT,
        tabs=TABS,
        problem=problem,
        rows=found.items,
        kept=KEPT,
        own_only=not visitor.may(Operation.READ_DELETED_APPLICATIONS),
        pager=pager(visitor, found),
        filter=visitor.query("filter"),
    )


async def restore(visitor: Visitor, form: Form) -> Response:
    answer = await restore_deleted(visitor.here, visitor.actor, visitor.param("id"))
    if isinstance(answer, Problem):
        return await show_deleted(visitor, answer)
    return done(visitor, f"/portal/applications/{visitor.param('id')}", "The application is restored, with all it had.")


async def ask_to_purge(visitor: Visitor) -> Response:
    item = await find_deleted(visitor.here, visitor.actor, visitor.param("id"))
    if isinstance(item, Problem):
        return problem_page(visitor, item, at=AT, crumbs=[LIST, DELETED])
    return page(
        visitor,
        "portal/confirm.html",
        title=f"Delete {item.display_name} for good?",
        at=AT,
        crumbs=[LIST, DELETED],
        question="Nobody can bring it back then, with nothing that hung on it.",
        consequences=[],
        label="Delete for good",
        action=f"{DELETED[1]}/{item.id}/purge",
        cancel=DELETED[1],
        fields={},
    )


async def purge(visitor: Visitor, form: Form) -> Response:
    answer = await purge_deleted(visitor.here, visitor.actor, visitor.param("id"))
    if isinstance(answer, Problem):
        return await show_deleted(visitor, answer)
    return done(visitor, DELETED[1], "It is gone for good.")
