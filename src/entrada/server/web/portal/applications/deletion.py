"""Delete an application, and bring it back."""

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.server.usecases.administer.applications import delete_application
from entrada.server.web.portal.applications.desk import AT, LIST, opened
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.signed_in.form import Form


async def confirm(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    return page(
        visitor,
        "portal/confirm.html",
        title=f"Delete {desk.app.display_name}",
        at=AT,
        crumbs=[LIST, (desk.app.display_name, desk.path)],
        problem=problem,
        entered=entered,
        question="Delete this application, its service principal, and what was granted to it?",
        consequences=[
            "Nobody can sign in to it any more, and it gets no tokens: those it has end within the hour or so.",
            "Its names are free for others.",
            "It can be restored for 30 days, with everything that hung on it, from Deleted applications.",
        ],
        label="Delete",
        action=f"{desk.path}/delete",
        cancel=desk.path,
        fields={"seen": desk.app.version},
    )


async def delete(visitor: Visitor, form: Form) -> Response:
    answer = await delete_application(visitor.here, visitor.actor, visitor.param("id"), form.seen)
    if isinstance(answer, Problem):
        return await confirm(visitor, answer, form) if answer.status == 412 else problem_page(visitor, answer, at=AT)
    return done(visitor, "/portal/applications/deleted", f"{answer.display_name} is deleted.")
