"""One user: who that is, the profile, whether they may sign in, and the end of the account."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.user import User
from entrada.server.usecases.administer.users import change_user, delete_user, find_user
from entrada.server.web.portal.door import Visitor, done, object_page, page, problem_page
from entrada.server.web.portal.history import history
from entrada.server.web.portal.of_one import OfOne
from entrada.server.web.portal.people.user_list import AT, CRUMBS, PATH
from entrada.server.web.signed_in.form import Form

_OWN: Final = ("mobilePhone", "businessPhones", "preferredLanguage")  # what people may change of themselves
_PROFILE: Final = (
    *("displayName", "givenName", "surname", "userPrincipalName", "mailNickname", "mail", "jobTitle", "department"),
    *("companyName", "officeLocation", "employeeId", "usageLocation", *_OWN),
)
_REQUIRED: Final = ("displayName", "userPrincipalName", "mailNickname")


_OF_ONE: Final = OfOne(find=find_user, at=AT, crumbs=CRUMBS)
of_user, to_user = _OF_ONE.show, _OF_ONE.do


def user_page(
    visitor: Visitor,
    user: User,
    template: str,
    *,
    problem: Problem | None = None,
    entered: Form | None = None,
    **context: object,
) -> Response:
    return object_page(
        visitor,
        template,
        name=user.display_name,
        at=AT,
        crumbs=CRUMBS,
        tabs=[*_tabs(user), *history(visitor, user.id, signs_in=f"user={user.id}")],
        problem=problem,
        entered=entered,
        user=user,
        base=f"{PATH}/{user.id}",
        **context,
    )


def _tabs(user: User) -> list[tuple[str, str]]:
    base = f"{PATH}/{user.id}"
    return [
        ("Overview", base),
        ("Profile", f"{base}/profile"),
        ("Sign-in", f"{base}/sign-in"),
        ("Groups", f"{base}/groups"),
        ("Roles", f"{base}/roles"),
        ("Applications", f"{base}/applications"),
    ]


async def overview(visitor: Visitor, user: User) -> Response:
    return user_page(
        visitor,
        user,
        "portal/people/user.html",
        roles=sorted(ROLE_NAMES.get(one, one) for one in user.directory_roles),
        may_change=visitor.may(Operation.CHANGE_USER) and user.id != visitor.user.id,
        may_delete=visitor.may(Operation.DELETE_USER) and user.id != visitor.user.id,
    )


async def profile(visitor: Visitor, user: User) -> Response:
    return _profile(visitor, user)


async def change_profile(visitor: Visitor, user: User, form: Form) -> Response:
    changed = await change_user(visitor.here, visitor.actor, user.id, _members(form), form.seen)
    if isinstance(changed, Problem):
        return _profile(visitor, user, changed, form)
    return done(visitor, f"{PATH}/{user.id}/profile", "The profile is changed.")


async def switch(visitor: Visitor, user: User, form: Form) -> Response:
    enabled = form.get("accountEnabled") == "true"
    changed = await change_user(visitor.here, visitor.actor, user.id, {"accountEnabled": enabled}, form.seen)
    if isinstance(changed, Problem):
        return user_problem(visitor, user, changed)
    said = "may sign in again." if enabled else "is disabled: nothing it was signed in to goes on."
    return done(visitor, f"{PATH}/{user.id}", f"{user.display_name} {said}")


async def ask_to_delete(visitor: Visitor, user: User) -> Response:
    refused = may(visitor.actor, Operation.DELETE_USER)
    if refused is not None:
        return user_problem(visitor, user, refused)
    return page(
        visitor,
        "portal/confirm.html",
        title=f"Delete {user.display_name}?",
        at=AT,
        crumbs=(*CRUMBS, (user.display_name, f"{PATH}/{user.id}")),
        question="The account is gone at once, and everything it is signed in to ends.",
        consequences=["For 30 days it can be restored, with its groups, its app roles and what it consented to."],
        label="Delete user",
        action=f"{PATH}/{user.id}/delete",
        cancel=f"{PATH}/{user.id}",
        fields={"seen": user.version},
    )


async def delete(visitor: Visitor, user: User, form: Form) -> Response:
    gone = await delete_user(visitor.here, visitor.actor, user.id, form.seen)
    if isinstance(gone, Problem):
        return user_problem(visitor, user, gone)
    return done(
        visitor, PATH, f"{user.display_name} is deleted, and can be restored from the deleted items for 30 days."
    )


def user_problem(visitor: Visitor, user: User, problem: Problem) -> Response:
    return problem_page(visitor, problem, at=AT, crumbs=(*CRUMBS, (user.display_name, f"{PATH}/{user.id}")))


def _profile(visitor: Visitor, user: User, problem: Problem | None = None, entered: Form | None = None) -> Response:
    administers, itself = visitor.may(Operation.CHANGE_USER), user.id == visitor.user.id
    members = _PROFILE if administers else _OWN if itself else ()
    return user_page(
        visitor,
        user,
        "portal/people/user_profile.html",
        problem=problem,
        entered=entered,
        members=members,
        all=administers,
    )


def _members(form: Form) -> dict[str, object]:
    """Only what the page offered; an emptied field is none."""
    members: dict[str, object] = {}
    for name in _PROFILE:
        if not form.has(name):
            continue
        text = form.text(name)
        members[name] = (text or "") if name in _REQUIRED else text
    if "businessPhones" in members:
        members["businessPhones"] = form.lines("businessPhones")
    if members.get("mailNickname") == "":
        del members["mailNickname"]  # somebody who never had one
    return members
