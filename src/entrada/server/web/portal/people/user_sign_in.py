"""How one user signs in: password, authenticator, lockout, sessions; and the deeds that help somebody back in."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.authentication_method_json import METHOD_OF_AUTHENTICATOR
from entrada.core.directory.user import User
from entrada.server.usecases.administer.user_methods import delete_method, list_methods
from entrada.server.usecases.administer.user_passwords import reset_password, reset_password_by_link, unlock
from entrada.server.usecases.administer.user_sessions import revoke_sessions
from entrada.server.usecases.handed_over import Link, Temporary
from entrada.server.web.portal.deeds import deed_of
from entrada.server.web.portal.door import Visitor, done, problem_page
from entrada.server.web.portal.people.user_list import AT, CRUMBS, PATH, handed_over
from entrada.server.web.portal.people.user_page import user_page
from entrada.server.web.signed_in.form import Form

Told = str | Link | Temporary | Problem


async def show(visitor: Visitor, user: User) -> Response:
    return await _shown(visitor, user)


async def do(visitor: Visitor, user: User, form: Form) -> Response:
    deed = deed_of(form, _DEEDS)
    told = deed if isinstance(deed, Problem) else await deed(visitor, user)
    match told:
        case Problem():
            return await _shown(visitor, user, told)
        case str():
            return done(visitor, f"{PATH}/{user.id}/sign-in", told)
        case Link() | Temporary():
            crumbs = (*CRUMBS, (user.display_name, f"{PATH}/{user.id}"))
            return handed_over(visitor, user, told, "The password is reset", crumbs=crumbs)


async def _temporary(visitor: Visitor, user: User) -> Told:
    return await reset_password(visitor.here, visitor.actor, user.id)


async def _link(visitor: Visitor, user: User) -> Told:
    return await reset_password_by_link(visitor.here, visitor.actor, user.id)


async def _unlock(visitor: Visitor, user: User) -> Told:
    answer = await unlock(visitor.here, visitor.actor, user.id)
    return answer if isinstance(answer, Problem) else "Failed sign-ins are forgotten, and a lockout has ended."


async def _revoke(visitor: Visitor, user: User) -> Told:
    answer = await revoke_sessions(visitor.here, visitor.actor, user.id)
    return answer if isinstance(answer, Problem) else f"{user.display_name} is signed out everywhere."


async def _remove_authenticator(visitor: Visitor, user: User) -> Told:
    answer = await delete_method(visitor.here, visitor.actor, user.id, METHOD_OF_AUTHENTICATOR)
    return answer if isinstance(answer, Problem) else "The authenticator is removed, and all that was signed in ended."


_DEEDS: Final[Mapping[str, Callable[[Visitor, User], Awaitable[Told]]]] = {
    "temporary": _temporary,
    "link": _link,
    "unlock": _unlock,
    "revoke": _revoke,
    "remove-authenticator": _remove_authenticator,
}


async def _shown(visitor: Visitor, user: User, problem: Problem | None = None) -> Response:
    methods = await list_methods(visitor.here, visitor.actor, user.id)
    itself = user.id == visitor.user.id
    if isinstance(methods, Problem) and not visitor.may(Operation.RESET_PASSWORD) and not itself:
        crumbs = (*CRUMBS, (user.display_name, f"{PATH}/{user.id}"))
        return problem_page(visitor, methods, at=AT, crumbs=crumbs)
    return user_page(
        visitor,
        user,
        "portal/people/user_sign_in.html",
        problem=problem,
        itself=itself,
        shows_methods=not isinstance(methods, Problem),
        may_reset=visitor.may(Operation.RESET_PASSWORD) and not itself and user.home is None,
        may_unlock=visitor.may(Operation.RESET_PASSWORD) and user.home is None,
        may_revoke=(itself or visitor.may(Operation.REVOKE_SESSIONS)) and user.home is None,
        may_remove=visitor.may(Operation.CHANGE_METHODS) and not itself,
    )
