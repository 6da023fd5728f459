"""The part of Authlib's client that repsys uses, with its types: Authlib has none of its own."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol, cast

from authlib.integrations.starlette_client import OAuth
from starlette.requests import Request
from starlette.responses import Response

from entrada.samples.repsys.settings import SCOPE, RepsysSettings

Token = dict[str, Any]
KeepRenewed = Callable[..., Coroutine[Any, Any, None]]
"""Called with the client's name, the new token, and the refresh token it replaces as `refresh_token`."""


class ApiAnswer(Protocol):
    status_code: int

    def json(self) -> Any: ...


class Platform(Protocol):
    """The identity platform as a web app sees it."""

    async def authorize_redirect(self, request: Request, redirect_uri: str) -> Response: ...
    async def authorize_access_token(self, request: Request) -> Token:
        """Check state, redeem the code with its verifier, validate the ID token and its nonce.

        Raises OAuthError when the platform or a check said no.
        """
        ...

    async def get(self, url: str, *, token: Token) -> ApiAnswer:
        """Call an API; an expired access token is renewed first."""
        ...

    async def load_server_metadata(self) -> Mapping[str, str]: ...


def connect(settings: RepsysSettings, keep_renewed: KeepRenewed) -> Platform:
    oauth = cast("Any", OAuth(update_token=keep_renewed))
    registered = oauth.register(
        "entrada",
        server_metadata_url=f"{settings.authority}/.well-known/openid-configuration",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "verify": settings.ca_bundle or True},
    )
    return cast("Platform", registered)
