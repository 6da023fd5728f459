"""Protect an API made with Django: a decorator for views, and the caller in `request.principal`.

    api = BearerAuth(settings)

    @api.api_required(scopes="Colors.Read")
    def colors(request): ...

For Django REST framework there are classes in `entrada.django.rest`.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from entrada.client.api_protection import bearer_auth
from entrada.client.api_protection.challenge import Challenge
from entrada.client.api_protection.guard import Guard
from entrada.client.api_protection.needs import Names, needs
from entrada.client.api_protection.principal import Principal
from entrada.client.api_protection.wsgi import authorization_of

__all__ = ["BearerAuth", "Principal"]

View = Callable[..., HttpResponseBase]
AsyncView = Callable[..., Awaitable[HttpResponseBase]]


class BearerAuth(bearer_auth.BearerAuth):
    """Made in a module of the project, beside its views."""

    @property
    def guard(self) -> Guard:
        return self._guard

    def api_required(
        self, *, scopes: Names = (), roles: Names = (), any_of: bool = False, contexts: Names = ()
    ) -> Callable[[Any], Any]:
        """Of a view, also an asynchronous one.

        Where both are named, people need the scopes and applications the roles; with roles alone, everybody needs them.
        """
        needed = needs(scopes=scopes, roles=roles, any_of=any_of, contexts=contexts)

        def protected(view: View | AsyncView) -> View | AsyncView:
            @wraps(view)
            def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
                refused = _admitted(request, self._guard.check(authorization_of(request.META), needed))
                return refused or cast("View", view)(request, *args, **kwargs)

            @wraps(view)
            async def checked_async(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
                answer = await self._guard.check_async(authorization_of(request.META), needed)
                return _admitted(request, answer) or await cast("AsyncView", view)(request, *args, **kwargs)

            # No cookie opens such a view, so no other site's form can either.
            return csrf_exempt(checked_async if iscoroutinefunction(view) else checked)

        return protected


def _admitted(request: HttpRequest, answer: Principal | Challenge) -> HttpResponseBase | None:
    if isinstance(answer, Challenge):
        return JsonResponse(answer.body, status=answer.status, headers=dict(answer.headers))
    request.principal = answer  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    return None
