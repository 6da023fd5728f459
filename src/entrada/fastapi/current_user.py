"""`CurrentUser`, the parameter of a view that somebody must be signed in to see; `CurrentUser | None`, of any other."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from fastapi import Depends
from starlette.requests import HTTPConnection

from entrada.client.web_sign_in.user import User
from entrada.fastapi.current import current


async def current_user(connection: HTTPConnection) -> User:
    return await current().auth.required(connection)


async def user_if_any(connection: HTTPConnection) -> User | None:
    return await current().auth.user(connection)


if TYPE_CHECKING:
    CurrentUser: TypeAlias = User
else:

    class _OrNone(type(Annotated[int, 0]), _root=True):
        """FastAPI looks for a dependency around the whole annotation: `CurrentUser | None` is one of its own."""

        def __or__(self, other: Any) -> Any:
            return Annotated[User | None, Depends(user_if_any)] if other is None else super().__or__(other)

        def __ror__(self, other: Any) -> Any:
            return self | other if other is None else super().__ror__(other)

    CurrentUser = _OrNone(User, (Depends(current_user),))
