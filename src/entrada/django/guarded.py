"""A view that only those see who may: `@require(roles=…)`, `@require_roles(…)`, `@require_scopes(…)`.

Of plain and of asynchronous views; of a class by Django's `method_decorator`.  For people who are signed in and no more
there is Django's own `@login_required`.
"""

from collections.abc import Awaitable, Callable, Collection
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar, cast

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse

from entrada.client.web_sign_in.exchange import Response
from entrada.client.web_sign_in.guard import Needs
from entrada.core.jose.numeric_date import Seconds
from entrada.django.exchange import answer_of
from entrada.django.running import running

P = ParamSpec("P")
R = TypeVar("R")
View: TypeAlias = Callable[Concatenate[HttpRequest, P], R]


def require(
    *,
    roles: Collection[str] = (),
    scopes: Collection[str] = (),
    groups: Collection[str] = (),
    any_of: bool = False,
    acr: str | None = None,
    max_age: int | None = None,
) -> Callable[[View[P, R]], View[P, R]]:
    """All *roles* and *groups* are needed, or of each *any_of* them.

    Browsers are sent to sign in and come back; scripts get 401 as JSON.
    """
    age = Seconds(max_age) if max_age is not None else None
    needs = Needs(roles=roles, scopes=scopes, groups=groups, any_of=any_of, acr=acr, max_age=age)

    def guarded(view: View[P, R]) -> View[P, R]:
        return cast("View[P, R]", _awaited(view, needs) if iscoroutinefunction(view) else _called(view, needs))

    return guarded


def require_roles(*roles: str, any_of: bool = False) -> Callable[[View[P, R]], View[P, R]]:
    return require(roles=roles, any_of=any_of)


def require_scopes(*scopes: str) -> Callable[[View[P, R]], View[P, R]]:
    """Whoever has not consented to them yet is sent to."""
    return require(scopes=scopes)


def refused(request: HttpRequest, needs: Needs) -> HttpResponse | None:
    """What to send instead of the view; None: they may see it."""
    here = running()
    asked = here.asked(request)
    if not request.user.is_authenticated:  # a user whom Django switched off may still be signed in otherwise
        return answer_of(here.run(here.site.sign_in(asked)))
    found = here.run(here.site.require(asked, needs))
    if isinstance(found, Response):
        return answer_of(found)
    here.remember(request, found)
    return None


def _called(view: Callable[..., Any], needs: Needs) -> Callable[..., Any]:
    @wraps(view)
    def seen(request: HttpRequest, *args: object, **kwargs: object) -> object:
        return refused(request, needs) or view(request, *args, **kwargs)

    return seen


def _awaited(view: Callable[..., Awaitable[Any]], needs: Needs) -> Callable[..., Awaitable[Any]]:
    @wraps(view)
    async def seen(request: HttpRequest, *args: object, **kwargs: object) -> object:
        return await sync_to_async(refused)(request, needs) or await view(request, *args, **kwargs)

    return seen
