"""A view that only those see who may: `@auth.login_required`, with or without what it takes."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeAlias, cast

import flask
from flask.typing import ResponseReturnValue

from entrada.client.web_sign_in.exchange import Response
from entrada.client.web_sign_in.guard import Needs
from entrada.client.web_sign_in.user import User
from entrada.flask.exchange import answer_of
from entrada.flask.running import Running, running, this_request

P = ParamSpec("P")
View: TypeAlias = Callable[P, Any]
Guarded: TypeAlias = Callable[P, ResponseReturnValue]
_CONTEXT: Final = "context"  # what the decorator of the `identity` package hands a view


def guarded(view: View[P], needs: Needs) -> Guarded[P]:
    """A view with a parameter `context` is given what the decorator of the `identity` package gives it."""
    wants_context = _CONTEXT in inspect.signature(view).parameters

    @wraps(view)
    def seen(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        here = running()
        found = here.run(here.site.require(this_request(), needs))
        if isinstance(found, Response):
            return answer_of(found)
        here.remember(found)
        if wants_context:
            kwargs[_CONTEXT] = context(here, found, needs)
        return cast("ResponseReturnValue", flask.current_app.ensure_sync(view)(*args, **kwargs))

    return seen


def context(here: Running, user: User, needs: Needs) -> dict[str, object]:
    """`user` and, where scopes were asked for, their token.  The refresh token stays where it is kept."""
    if not needs.scopes:
        return {"user": dict(user.claims)}
    token = here.run(here.site.token_for(this_request(), sorted(needs.scopes)))
    return {
        "user": dict(user.claims),
        "access_token": token.value,
        "token_type": token.token_type,
        "expires_in": token.expires_at - here.site.clock(),
        "scopes": sorted(needs.scopes),
    }
