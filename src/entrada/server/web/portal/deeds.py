"""What the button of a form stands for; a word that no page of ours sends does nothing, and grants nothing."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar

from starlette.responses import Response

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, bad
from entrada.server.usecases.installation import Installation
from entrada.server.web.portal.door import Visitor, done
from entrada.server.web.signed_in.form import Form

Link = Callable[[Installation, Actor, str, str], Awaitable[object]]
"""Joins the page's object and another, by their ids, or parts them."""

T = TypeVar("T")
_UNKNOWN: Final = bad("The form asks for something this page does not do. Nothing was changed; open the page again.")


def deed_of(form: Form, deeds: Mapping[str, T]) -> T | Problem:
    """By the word of its button, `do`."""
    return deeds.get(form.get("do"), _UNKNOWN)


async def linked(
    visitor: Visitor,
    form: Form,
    deeds: Mapping[str, tuple[Link, str]],
    object_id: str,
    *,
    again: Callable[[Problem], Awaitable[Response]],
    back: str,
) -> Response:
    """What the button stands for, done to the object and the one the form names; *again* shows the page as it was."""
    deed = deed_of(form, deeds)
    if isinstance(deed, Problem):
        return await again(deed)
    link, said = deed
    answer = await link(visitor.here, visitor.actor, object_id, form.get("id"))
    return await again(answer) if isinstance(answer, Problem) else done(visitor, back, said)
