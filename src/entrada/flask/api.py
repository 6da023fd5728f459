"""Protect an API made with Flask: a decorator, and the caller in `g.principal`.

api = BearerAuth(settings)

@app.get("/colors")
@api.api_required(scopes="Colors.Read")
def colors(): ...
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app, g, jsonify, request
from flask.wrappers import Response

from entrada.client.api_protection import bearer_auth
from entrada.client.api_protection.challenge import Challenge
from entrada.client.api_protection.needs import Names, needs
from entrada.client.api_protection.principal import Principal
from entrada.client.api_protection.wsgi import authorization_of

__all__ = ["BearerAuth", "Principal"]

P = ParamSpec("P")
T = TypeVar("T")


class BearerAuth(bearer_auth.BearerAuth):
    """It has no `init_app`: nothing of it belongs to one application."""

    def api_required(
        self, *, scopes: Names = (), roles: Names = (), any_of: bool = False, contexts: Names = ()
    ) -> Callable[[Callable[P, T]], Callable[P, T | Response]]:
        """Of a view, also an asynchronous one.

        Where both are named, people need the scopes and applications the roles; with roles alone, everybody needs them.
        """
        needed = needs(scopes=scopes, roles=roles, any_of=any_of, contexts=contexts)

        def protected(view: Callable[P, T]) -> Callable[P, T | Response]:
            @wraps(view)
            def checked(*args: P.args, **kwargs: P.kwargs) -> T | Response:
                answer = self._guard.check(authorization_of(request.environ), needed)
                if isinstance(answer, Challenge):
                    return _refused(answer)
                g.principal = answer
                called: Callable[..., Any] = current_app.ensure_sync(view)
                answered: T = called(*args, **kwargs)
                return answered

            return checked

        return protected


def _refused(answer: Challenge) -> Response:
    response = jsonify(answer.body)
    response.status_code = answer.status
    response.headers.update(answer.headers)
    return response
