"""What was deleted in the last thirty days: bring it back, or end it for good."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import KEPT, DeletedItem
from entrada.core.directory.group import Group
from entrada.core.directory.query.condition import Both
from entrada.core.directory.query.query import Order
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.administer.deleted_items import (
    Deletable,
    find_deleted,
    list_deleted,
    purge_deleted,
    restore_deleted,
    subject_of,
)
from entrada.server.usecases.administer.service_principals import installed
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.portal.finding import named
from entrada.server.web.portal.paging import pager, query_of
from entrada.server.web.portal.people.picker import Row
from entrada.server.web.signed_in.form import Form

PATH: Final = "/portal/deleted"
_AT: Final = "deleted"
_CRUMBS: Final = (("Deleted items", PATH),)
_KINDS: Final[dict[str, tuple[str, type[Deletable] | None]]] = {
    "": ("All", None),
    "users": ("Users", User),
    "groups": ("Groups", Group),
    "applications": ("App registrations", Application),
    "enterprise": ("Enterprise applications", ServicePrincipal),
}


async def show(visitor: Visitor) -> Response:
    return await _shown(visitor)


async def restore(visitor: Visitor, form: Form) -> Response:
    restored = await restore_deleted(visitor.here, visitor.actor, form.get("id"))
    if isinstance(restored, Problem):
        return await _shown(visitor, restored)
    row = await _row(visitor, restored)
    return done(visitor, row.href, f"{row.name} is back, with all that hung on it.")


async def ask_to_purge(visitor: Visitor) -> Response:
    item = await find_deleted(visitor.here, visitor.actor, visitor.param("id"))
    if isinstance(item, Problem):
        return problem_page(visitor, item, at=_AT, crumbs=_CRUMBS)
    row = await _row(visitor, subject_of(item))
    return page(
        visitor,
        "portal/confirm.html",
        title=f"Delete {row.name} for good?",
        at=_AT,
        crumbs=_CRUMBS,
        question="Nobody can bring it back then, with nothing that hung on it.",
        consequences=[],
        label="Delete for good",
        action=f"{PATH}/{item.id}/purge",
        cancel=PATH,
        fields={},
    )


async def purge(visitor: Visitor, _form: Form) -> Response:
    problem = await purge_deleted(visitor.here, visitor.actor, visitor.param("id"))
    if problem is not None:
        return await _shown(visitor, problem)
    return done(visitor, PATH, "It is deleted for good.")


async def _shown(visitor: Visitor, problem: Problem | None = None) -> Response:
    text, shown = visitor.query("filter"), visitor.query("show")
    kind = _KINDS.get(shown, _KINDS[""])[1]
    where = Both((named(text, "display_name", ids=("id", "app_id")),))
    query = query_of(visitor, DeletedItem, where, Order("deleted_at", descending=True))
    found = await list_deleted(visitor.here, visitor.actor, query, kind=kind)
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=_AT)
    return page(
        visitor,
        "portal/settings/deleted.html",
        title="Deleted items",
        at=_AT,
        problem=problem,
        rows=[(one, await _row(visitor, subject_of(one)), _gone_at(one)) for one in found.items],
        pager=pager(visitor, found),
        filter=text,
        show=shown,
        choices=[(key, title) for key, (title, _) in _KINDS.items()],
    )


def _gone_at(item: DeletedItem) -> NumericDate:
    return NumericDate(item.deleted_at + KEPT)


async def _row(visitor: Visitor, one: Deletable) -> Row:
    """What it is called, and where it stands once it is back."""
    match one:
        case User():
            href = f"/portal/users/{one.id}"
            return Row(id=one.id, name=one.display_name, detail=one.user_principal_name, kind="User", href=href)
        case Group():
            return Row(id=one.id, name=one.display_name, detail="", kind="Group", href=f"/portal/groups/{one.id}")
        case Application():
            href = f"/portal/applications/{one.id}"
            return Row(id=one.id, name=one.display_name, detail=one.app_id, kind="App registration", href=href)
        case ServicePrincipal():
            name = (await installed(visitor.here, one)).display_name
            href = f"/portal/enterprise/{one.id}"
            return Row(id=one.id, name=name, detail=one.app_id, kind="Enterprise application", href=href)
