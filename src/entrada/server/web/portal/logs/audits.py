"""Who changed what in the directory: the list, and one row with the values before and after."""

import json
from typing import Final

from attrs import frozen
from starlette.responses import Response

from entrada.core.directory.administration.actor import Via
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.directory_audit import AuditTarget, DirectoryAudit, Initiator, ModifiedProperty
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.query.condition import AnyElement, Compare, Condition, Either, Op
from entrada.server.usecases.administer.logs import find_audit, list_audits
from entrada.server.web.portal.door import Visitor, page, problem_page
from entrada.server.web.portal.logs import gateway_targets
from entrada.server.web.portal.logs.filters import Field, filter_of, guid, one_of, since, until
from entrada.server.web.portal.logs.sign_ins import NEWEST
from entrada.server.web.portal.paging import pager, query_of

AT: Final = "audits"
PATH: Final = "/portal/audits"
_CRUMBS: Final = (("Audit log", PATH),)
_WHEN: Final = "Write a date and a time in UTC, such as 2026-01-31T18:00."
_PLACES: Final = {
    "Application": "/portal/applications/",
    "User": "/portal/users/",
    "Group": "/portal/groups/",
    "ServicePrincipal": "/portal/enterprise/",
}


def _who(text: str) -> Condition | None:
    named = parse_guid(text.strip("{}"))
    if named is not None:
        return Compare("actor_id", Op.EQ, named)
    return Compare("actor_user_principal_name", Op.STARTS_WITH, text)


def _object(text: str) -> Condition | None:
    named = parse_guid(text.strip("{}"))
    if named is not None:
        return AnyElement("target_id", Op.EQ, named)
    by_name = AnyElement("target_name", Op.STARTS_WITH, text)
    # What has no GUID is known by what it joins, or by its kind and its name: api/colors.
    return Either((AnyElement("target_id", Op.EQ, text), by_name)) if "/" in text else by_name


def _what(text: str) -> Condition | None:
    return Either((Compare("activity", Op.STARTS_WITH, text), Compare("category", Op.EQ, text)))


_FIELDS: Final = (
    Field("who", _who),
    Field("object", _object),
    Field("what", _what),
    Field("via", one_of("via", [one.value for one in Via]), "Choose one of the list."),
    Field("from", since("at"), _WHEN),
    Field("to", until("at"), _WHEN),
    Field("correlation", guid("correlation_id"), "A correlation id is a GUID."),
)


@frozen
class Difference:
    display_name: str
    old_value: str | None
    new_value: str | None


@frozen
class ShownTarget:
    target: AuditTarget
    kind: str
    place: str | None
    differences: tuple[Difference, ...]


async def show(visitor: Visitor) -> Response:
    chosen = filter_of(visitor, _FIELDS)
    found = await list_audits(visitor.here, visitor.actor, query_of(visitor, DirectoryAudit, chosen.where, NEWEST))
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT)
    return page(
        visitor,
        "portal/logs/audits.html",
        title="Audit log",
        at=AT,
        audits=[(one, who(one.initiated_by)) for one in found.items],
        pager=pager(visitor, found),
        filter=chosen.entered,
        unread=chosen.unread,
        filtered=chosen.any,
        doors=[(one.value, one.value.capitalize()) for one in Via],
    )


async def show_one(visitor: Visitor) -> Response:
    audit_id = parse_guid(visitor.param("id")) or visitor.param("id")[:100]
    found = await find_audit(visitor.here, visitor.actor, audit_id)
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT, crumbs=_CRUMBS)
    return page(
        visitor,
        "portal/logs/audit.html",
        title=found.activity,
        at=AT,
        crumbs=_CRUMBS,
        audit=found,
        who=who(found.initiated_by),
        targets=[_shown(found, one) for one in found.targets],
    )


def who(by: Initiator) -> str:
    if by.user_principal_name is not None:
        return by.user_principal_name
    return by.app_display_name or by.app_id or "Whoever was at the machine"


def _shown(audit: DirectoryAudit, target: AuditTarget) -> ShownTarget:
    """With a link, unless it is gone; whether it still is there, its page says."""
    of_gateway = target.type == gateway_targets.TYPE
    return ShownTarget(
        target=target,
        kind=gateway_targets.words_of(target.id) if of_gateway else target.type,
        place=_place(target, of_gateway=of_gateway) if audit.operation.value != "Delete" else None,
        differences=tuple(map(_difference, target.modified)),
    )


def _place(target: AuditTarget, *, of_gateway: bool) -> str | None:
    if of_gateway:
        return gateway_targets.place_of(target.id)
    place = _PLACES.get(target.type)
    return f"{place}{target.id}" if place and parse_guid(target.id) else None


def _difference(one: ModifiedProperty) -> Difference:
    return Difference(one.display_name, _readable(one.old_value), _readable(one.new_value))


def _readable(value: str | None) -> str | None:
    """Text as it is, lists and objects line by line; a value that was cut is no JSON any more."""
    if value is None:
        return None
    try:
        found = json.loads(value)
    except ValueError:
        return value
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, indent=2)
