"""Protect an API made with FastAPI: a dependency that gives the caller, and a documentation page that signs in.

api = BearerAuth(settings, scopes={"Colors.Read": "Read colors"})

@app.get("/colors")
async def colors(caller: Annotated[Principal, Security(api, scopes=["Colors.Read"])]): ...
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

from attrs import evolve
from fastapi import HTTPException, WebSocketException
from fastapi.openapi.models import OAuth2, OAuthFlowAuthorizationCode, OAuthFlows, OpenIdConnect
from fastapi.openapi.models import SecurityBase as Model
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase
from starlette.requests import HTTPConnection

from entrada.client.api_protection import bearer_auth
from entrada.client.api_protection.asgi import POLICY_VIOLATION
from entrada.client.api_protection.challenge import Challenge
from entrada.client.api_protection.needs import Names, Needs, needs
from entrada.client.api_protection.principal import Principal
from entrada.client.authority import Shape
from entrada.client.driver import Send, clock
from entrada.client.settings import Settings
from entrada.core.jose.numeric_date import NumericDate

__all__ = ["BearerAuth", "Principal"]

_SCHEME: Final = "entrada"


class BearerAuth(bearer_auth.BearerAuth, SecurityBase):
    """A dependency.  Without scopes and roles, anybody whose token is for this API may pass."""

    def __init__(
        self,
        settings: Settings,
        *,
        scopes: Mapping[str, str] | None = None,
        allowed_applications: Iterable[str] = (),
        send: Send | None = None,
        clock: Callable[[], NumericDate] = clock,
    ) -> None:
        """*scopes*: those that the API has, each with its words for the documentation page."""
        super().__init__(settings, allowed_applications=allowed_applications, send=send, clock=clock)
        self._told = {self._full(name): words for name, words in (scopes or {}).items()}
        self.model = self._model()
        self.scheme_name = _SCHEME

    def needs(
        self, *, scopes: Names = (), roles: Names = (), any_of: bool = False, contexts: Names = ()
    ) -> Callable[..., Awaitable[Principal]]:
        """A dependency that asks for more: `Security(api.needs(roles=["Colors.ReadAll"]), scopes=["Colors.Read"])`.

        Where both are named, people need the scopes and applications the roles; with roles alone, everybody needs them.
        """
        return _Asking(self, needs(scopes=scopes, roles=roles, any_of=any_of, contexts=contexts))

    async def __call__(self, connection: HTTPConnection, security_scopes: SecurityScopes) -> Principal:
        return await self.admit(connection, needs(scopes=security_scopes.scopes))

    async def admit(self, connection: HTTPConnection, needed: Needs) -> Principal:
        """Raises what FastAPI answers with; a WebSocket is closed."""
        answer = await self._guard.check_async(connection.headers.getlist("authorization"), needed)
        if not isinstance(answer, Challenge):
            return answer
        if connection.scope["type"] == "websocket":
            raise WebSocketException(POLICY_VIOLATION, answer.error)
        raise HTTPException(answer.status, answer.description, dict(answer.headers))

    # ---- the documentation page ----

    def init_oauth(self, client_id: str, *, scopes: Names | None = None) -> dict[str, Any]:
        """For FastAPI's `swagger_ui_init_oauth`; *client_id*: the single-page application that the page signs in as.

        *scopes*: those that it asks for unless told otherwise; None: all.
        """
        chosen = self._told if scopes is None else map(self._full, needs(scopes=scopes).scopes)
        return {"clientId": client_id, "scopes": " ".join(sorted(chosen)), "usePkceWithAuthorizationCodeGrant": True}

    def _model(self) -> Model:
        authority = self._guard.api.authority
        if authority.shape is Shape.OIDC:
            return OpenIdConnect(openIdConnectUrl=authority.metadata_url)
        flow = OAuthFlowAuthorizationCode(
            authorizationUrl=f"{authority}/oauth2/v2.0/authorize",
            tokenUrl=f"{authority}/oauth2/v2.0/token",
            scopes=self._told,
        )
        return OAuth2(flows=OAuthFlows(authorizationCode=flow))

    def _full(self, scope: str) -> str:
        """As a client asks for it, where `scp` has the last word alone."""
        api = self._guard.api
        return scope if "://" in scope or api.authority.shape is Shape.OIDC else f"api://{api.client_id}/{scope}"


class _Asking(SecurityBase):
    """The same scheme to the documentation page."""

    def __init__(self, api: BearerAuth, needed: Needs) -> None:
        self._api, self._needed = api, needed
        self.model, self.scheme_name = api.model, api.scheme_name

    async def __call__(self, connection: HTTPConnection, security_scopes: SecurityScopes) -> Principal:
        needed = evolve(self._needed, scopes=self._needed.scopes.union(security_scopes.scopes))
        return await self._api.admit(connection, needed)
