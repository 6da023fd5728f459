"""One application, opened for a visitor: its pages' frame, and the way a form of them changes it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol, TypeVar

from attrs import evolve, frozen
from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application
from entrada.server.usecases.administer.applications import change_application, find_application
from entrada.server.usecases.administer.owns import owns
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.portal.history import history
from entrada.server.web.signed_in.form import Form

T = TypeVar("T")
AT: Final = "applications"
LIST: Final = ("App registrations", "/portal/applications")

_TABS: Final = (
    ("Overview", ""),
    ("Authentication", "/authentication"),
    ("Certificates & secrets", "/credentials"),
    ("Token configuration", "/claims"),
    ("API permissions", "/permissions"),
    ("Expose an API", "/expose"),
    ("App roles", "/roles"),
    ("Owners", "/owners"),
    ("Manifest", "/manifest"),
    ("Branding & properties", "/properties"),
    ("Endpoints", "/endpoints"),
    ("Configuration", "/configuration"),
)


@frozen(kw_only=True)
class Desk:
    visitor: Visitor
    app: Application
    can_change: bool

    @property
    def path(self) -> str:
        """As the visitor came: by its object id or its appId."""
        return f"{LIST[1]}/{self.visitor.param('id')}"


class Again(Protocol):
    """A page shown once more, with what was wrong and what was typed."""

    def __call__(
        self, visitor: Visitor, problem: Problem | None = None, entered: Form | None = None
    ) -> Awaitable[Response]: ...


def path_of(app: Application) -> str:
    return f"/portal/applications/{app.id}"


async def opened(visitor: Visitor) -> Desk | Response:
    app = await find_application(visitor.here, visitor.actor, visitor.param("id"))
    if isinstance(app, Problem):
        return problem_page(visitor, app, at=AT, crumbs=[LIST])
    own = await owns(visitor.here, visitor.actor, app.id)
    return Desk(visitor=visitor, app=app, can_change=visitor.may(Operation.CHANGE_APPLICATION, owns=own))


def show(
    desk: Desk,
    template: str,
    title: str,
    problem: Problem | None = None,
    entered: Form | None = None,
    crumbs: tuple[tuple[str, str], ...] = (),
    **context: object,
) -> Response:
    app = desk.app
    named = [] if title == app.display_name else [(app.display_name, desk.path)]
    return page(
        desk.visitor,
        template,
        title=title,
        at=AT,
        crumbs=[LIST, *named, *crumbs],
        belongs_to=app.display_name if named else None,
        tabs=[
            *((name, desk.path + path) for name, path in _TABS),
            *history(desk.visitor, app.id, signs_in=f"app={app.app_id}"),
        ],
        problem=problem,
        entered=entered,
        app=app,
        base=desk.path,
        can_change=desk.can_change,
        **context,
    )


async def change(
    visitor: Visitor,
    form: Form,
    compose: Callable[[Application], Mapping[str, object] | Problem],
    again: Again,
    *,
    said: str,
    back: str = "",
) -> Response:
    """*compose* makes Graph's members of the form and the application as it is; *back*: below the application's path.

    A form that adds to a list or takes from it replaces the whole list, so it says which version it has seen.
    """
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    members = compose(desk.app)
    answer = (
        members
        if isinstance(members, Problem)
        else await change_application(visitor.here, visitor.actor, desk.app.id, members, form.seen)
    )
    return await settled(visitor, form, answer, again, said=said, path=desk.path + back)


async def settled(visitor: Visitor, form: Form, answer: object, again: Again, *, said: str, path: str) -> Response:
    """The page after a change, or the form again."""
    if isinstance(answer, Problem):
        return await again(visitor, answer, form)
    return done(visitor, path, said)


def beside(problem: Problem | None, fields: Mapping[str, str]) -> Problem | None:
    """With each target's member replaced by the name of the form's field for it."""
    return _aimed(problem, lambda target: fields.get(target.partition("[")[0], target))


def entry_field(problem: Problem | None) -> Problem | None:
    """The target of one entry of a list, as the field of the form of that entry."""
    return _aimed(problem, lambda target: target.rpartition("].")[2] or target)


def _aimed(problem: Problem | None, aim: Callable[[str], str]) -> Problem | None:
    if problem is None:
        return None
    details = tuple(evolve(one, target=aim(one.target)) if one.target else one for one in problem.details)
    return evolve(problem, target=aim(problem.target) if problem.target else None, details=details)
