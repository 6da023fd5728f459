"""Who signed in, and who was refused."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.query.condition import EVERYTHING, Both, Compare, Condition, Either, Op
from entrada.core.directory.query.query import Order, Query
from entrada.core.directory.story import Kind, Story
from entrada.server.usecases.administer.applications import list_applications
from entrada.server.usecases.administer.logs import list_sign_ins
from entrada.server.web.portal.door import Visitor, page, problem_page
from entrada.server.web.portal.finding import named
from entrada.server.web.portal.logs.filters import Field, filter_of, guid, one_of, same, since, until
from entrada.server.web.portal.paging import pager, query_of

AT: Final = "sign-ins"
PATH: Final = "/portal/sign-ins"
NEWEST: Final = Order("at", descending=True)
KINDS: Final = {
    Kind.INTERACTIVE: "Interactive",
    Kind.NON_INTERACTIVE: "Without interaction",
    Kind.SERVICE_PRINCIPAL: "An application by itself",
    Kind.MANAGED_IDENTITY: "Managed identity",
    Kind.OTHER: "No sign-in",
}
_STATUS: Final = {"success": "Granted", "failure": "Refused"}
_NAMED_SO: Final = 10
_WHEN: Final = "Write a date and a time in UTC, such as 2026-01-31T18:00."


def _user(text: str) -> Condition | None:
    user_id = parse_guid(text)
    if user_id is not None:
        return Compare("user_id", Op.EQ, user_id)
    return Compare("user_principal_name", Op.STARTS_WITH, text)


def _status(text: str) -> Condition | None:
    return Compare("granted", Op.EQ, text == "success") if text in _STATUS else None


def _code(text: str) -> Condition | None:
    digits = text.upper().removeprefix("AADSTS")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
    return Compare("aadsts", Op.EQ, number) if number is not None else None


_FIELDS: Final = (
    Field("user", _user),
    Field("status", _status, "Choose one of the list."),
    Field("code", _code, "Write the number of an error, such as 50126 or AADSTS50126."),
    Field("kind", one_of("kind", [one.value for one in KINDS]), "Choose one of the list."),
    Field("from", since("at"), _WHEN),
    Field("to", until("at"), _WHEN),
    Field("address", same("address")),
    Field("correlation", guid("correlation_id"), "A correlation id is a GUID."),
)


async def show(visitor: Visitor) -> Response:
    chosen, app = filter_of(visitor, _FIELDS), visitor.query("app")[:200]
    of_application, said = await _of_application(visitor, app)
    where = Both((chosen.where, of_application))
    found = await list_sign_ins(visitor.here, visitor.actor, query_of(visitor, Story, where, NEWEST))
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT)
    return page(
        visitor,
        "portal/logs/sign_ins.html",
        title="Sign-in logs",
        at=AT,
        told=found.items,
        pager=pager(visitor, found),
        filter={**chosen.entered, "app": app},
        unread={**chosen.unread, **({"app": said} if said else {})},
        filtered=chosen.any or bool(app),
        kinds=[(one.value, words) for one, words in KINDS.items() if one is not Kind.OTHER],
        words_of=KINDS,
        states=list(_STATUS.items()),
    )


async def _of_application(visitor: Visitor, text: str) -> tuple[Condition, str]:
    """By its id, or by the names of registrations here; and what to change where too many go by that."""
    app_id = parse_guid(text.strip("{}")) if text else None
    if not text or app_id is not None:
        return (Compare("client_id", Op.EQ, app_id) if app_id else EVERYTHING), ""
    query = Query(where=named(text, "display_name", ids=("app_id",)), top=_NAMED_SO)
    apps = await list_applications(visitor.here, visitor.actor, query)
    if isinstance(apps, Problem) or apps.more is not None:
        return EVERYTHING, f"More than {_NAMED_SO} applications go by that: write more of the name."
    return Either(tuple(Compare("client_id", Op.EQ, one.app_id) for one in apps.items)), ""
