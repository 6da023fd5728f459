"""Grant admin consent: what an application would get for everybody is shown, and what was shown is granted, no more."""

from collections.abc import Collection

from attrs import frozen
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.protocol.consent.permission import ApplicationPermission, Grantable
from entrada.server.usecases.administer.grant_admin_consent import find_ungranted, grant_admin_consent
from entrada.server.web.portal.door import Crumbs, Visitor, done, page, problem_page
from entrada.server.web.signed_in.form import Form

_SHOWN = "shown"


@frozen(kw_only=True)
class Asking:
    """The room it is asked in, of which there are two."""

    app_id: str
    name: str
    at: str
    crumbs: Crumbs
    action: str
    back: str


async def ask(
    visitor: Visitor, asking: Asking, problem: Problem | None = None, shown: Collection[str] | None = None
) -> Response:
    """*shown*: what was asked before; what has come since is marked."""
    asked = await find_ungranted(visitor.here, visitor.actor, asking.app_id)
    if isinstance(asked, Problem):
        return problem_page(visitor, asked, at=asking.at, crumbs=asking.crumbs)
    return page(
        visitor,
        "portal/confirm.html",
        title=f"Grant admin consent to {asking.name}?",
        at=asking.at,
        crumbs=asking.crumbs,
        problem=problem,
        question=f"For everybody in {visitor.tenant.display_name}, the application may then:"
        if asked
        else "There is nothing left to grant: all that the application lists is granted already.",
        consequences=[_line(one, new=shown is not None and one.told not in shown) for one in asked],
        label="Grant admin consent" if asked else "",
        action=asking.action,
        cancel=asking.back,
        fields={_SHOWN: " ".join(one.told for one in asked)},
    )


async def grant(visitor: Visitor, asking: Asking, form: Form) -> Response:
    """Of the list that the form carries.  What an application asks for may have grown since: that is asked again."""
    shown = frozenset(form.get(_SHOWN).split())
    answer = await grant_admin_consent(visitor.here, visitor.actor, asking.app_id, shown=shown)
    if isinstance(answer, Problem):
        return await ask(visitor, asking, answer, shown)
    said = f"Admin consent is granted: everything that was shown, for everybody in {visitor.tenant.display_name}."
    return done(visitor, asking.back, said)


def _line(one: Grantable, *, new: bool) -> str:
    how = " (by itself, without a user)" if isinstance(one, ApplicationPermission) else ""
    through = f" (for {one.through.display_name}, which stands behind it)" if one.through else ""
    return f"{'New: ' if new else ''}{one.resource.display_name}: {one.value}{how}{through}"
