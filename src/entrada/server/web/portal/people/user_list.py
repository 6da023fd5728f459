"""The users of the directory: find them, and make another one."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.query.condition import EVERYTHING, AnyElement, Both, Compare, Condition, Op
from entrada.core.directory.query.query import Order
from entrada.core.directory.user import User
from entrada.server.usecases.administer.user_passwords import offer_password_link, reset_password
from entrada.server.usecases.administer.users import create_user, list_users
from entrada.server.usecases.handed_over import Link, Temporary
from entrada.server.web.portal.door import Visitor, page, problem_page
from entrada.server.web.portal.finding import named
from entrada.server.web.portal.paging import pager, query_of
from entrada.server.web.signed_in.form import Form

AT: Final = "users"
PATH: Final = "/portal/users"
CRUMBS: Final = (("Users", PATH),)
ADDRESSES: Final = ("user_principal_name", "mail")
HOLDS_A_ROLE: Final = AnyElement("directory_roles", Op.CONTAINS, "")  # any at all
_BY_NAME: Final = Order("display_name")
_SHOWN: Final[dict[str, tuple[str, Condition]]] = {
    "": ("All", EVERYTHING),
    "guests": ("Guests", Compare("user_type", Op.EQ, "Guest")),
    "disabled": ("Disabled", Compare("account_enabled", Op.EQ, value=False)),
    "administrators": ("With a directory role", HOLDS_A_ROLE),
}


async def show(visitor: Visitor) -> Response:
    text, shown = visitor.query("filter"), visitor.query("show")
    shown = shown if shown in _SHOWN else ""
    where = Both((named(text, "display_name", addresses=ADDRESSES), _SHOWN[shown][1]))
    found = await list_users(visitor.here, visitor.actor, query_of(visitor, User, where, _BY_NAME))
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT)
    return page(
        visitor,
        "portal/people/users.html",
        title="Users",
        at=AT,
        users=found.items,
        pager=pager(visitor, found),
        filter=text,
        show=shown,
        choices=[(key, title) for key, (title, _) in _SHOWN.items()],
        may_create=visitor.may(Operation.CREATE_USER),
    )


async def start(visitor: Visitor) -> Response:
    refused = may(visitor.actor, Operation.CREATE_USER)
    return problem_page(visitor, refused, at=AT, crumbs=CRUMBS) if refused else _new(visitor)


async def create(visitor: Visitor, form: Form) -> Response:
    """The password, or the link that leads to one, is in this answer alone: a reload makes no second user."""
    made = await create_user(visitor.here, visitor.actor, _members(form), needs_password=False)
    if isinstance(made, Problem):
        return _new(visitor, made, form)
    by_link = form.get("password") == "link"
    handed = await (offer_password_link if by_link else reset_password)(visitor.here, visitor.actor, made.id)
    if isinstance(handed, Problem):
        return problem_page(visitor, handed, at=AT, crumbs=(*CRUMBS, (made.display_name, f"{PATH}/{made.id}")))
    return handed_over(visitor, made, handed, f"{made.display_name} can sign in now", crumbs=CRUMBS)


def handed_over(
    visitor: Visitor, user: User, handed: Link | Temporary, title: str, *, crumbs: tuple[tuple[str, str], ...]
) -> Response:
    """What opens the first sign-in, shown once."""
    return page(
        visitor,
        "portal/people/handed_over.html",
        title=title,
        at=AT,
        crumbs=crumbs,
        user=user,
        link=handed.url if isinstance(handed, Link) else None,
        password=handed.password if isinstance(handed, Temporary) else None,
        back=f"{PATH}/{user.id}",
    )


def _members(form: Form) -> dict[str, object]:
    local, domain = form.get("local").strip(), form.get("domain")
    optional = {name: form.text(name) for name in ("givenName", "surname", "jobTitle", "department", "mail")}
    return {
        "userPrincipalName": f"{local}@{domain}",
        "mailNickname": form.text("mailNickname") or local,
        "displayName": form.get("displayName").strip(),
        "accountEnabled": form.has("accountEnabled"),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _new(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    return page(
        visitor,
        "portal/people/user_new.html",
        title="New user",
        at=AT,
        crumbs=CRUMBS,
        problem=problem,
        entered=entered,
        domains=[(one, f"@{one}") for one in visitor.tenant.domains],
    )
