"""Settings of an API, and its security: what the developer console signs people in with to call it."""

from collections.abc import Iterator
from typing import Final

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import AuthorizationServerId, OpenIdProviderId
from entrada.core.gateway.entities.security import (
    AuthenticationSettings,
    BearerTokenSendingMethod,
    OAuth2Settings,
    OpenIdSettings,
)
from entrada.server.usecases.gateway.apis import change_api
from entrada.server.web.portal.gateway.apis import APIS, with_settings
from entrada.server.web.portal.gateway.desk import Desk, finished
from entrada.server.web.portal.gateway.shelf import by_name
from entrada.server.web.signed_in.form import Form

SECURITY: Final = (
    ("none", "None", "The console sends no token of its own accord."),
    ("oauth2", "OAuth 2.0", "The console gets tokens from the servers that are ticked."),
    ("openid", "OpenID Connect", "The console gets tokens from the providers that are ticked."),
)
SENDING: Final = (
    ("authorizationHeader", "In the Authorization header"),
    ("query", "In the query"),
    ("authorizationHeader query", "Either: the developer chooses"),
)


async def settings(desk: Desk, api: Api, problem: Problem | None = None, entered: Form | None = None) -> Response:
    return APIS.page(desk, api, "api_settings.html", "Settings", problem=problem, entered=entered)


async def save_settings(desk: Desk, api: Api, form: Form) -> Response:
    answer = await change_api(desk.here, desk.actor, api.id, lambda kept: with_settings(kept, form), form.seen)
    if isinstance(answer, Problem):
        return await settings(desk, api, answer, form)
    return finished(desk, APIS.path_of(api.id, "/settings"), "The settings are saved.")


async def security(desk: Desk, api: Api, problem: Problem | None = None, entered: Form | None = None) -> Response:
    kept = api.authentication_settings
    return APIS.page(
        desk,
        api,
        "api_security.html",
        "Security",
        problem=problem,
        entered=entered,
        kinds=SECURITY,
        sending=SENDING,
        chosen="oauth2" if kept.oauth2 else "openid" if kept.openid else "none",
        servers=sorted(desk.configuration.authorization_servers.values(), key=by_name),
        providers=sorted(desk.configuration.openid_providers.values(), key=by_name),
        scopes={one.authorization_server_id: one.scope or "" for one in kept.oauth2},
        methods={one.openid_provider_id: " ".join(one.bearer_token_sending_methods) for one in kept.openid},
    )


async def save_security(desk: Desk, api: Api, form: Form) -> Response:
    wanted = _settings(form, api.authentication_settings)
    if isinstance(wanted, Problem):
        return await security(desk, api, wanted, form)
    answer = await change_api(
        desk.here, desk.actor, api.id, lambda kept: evolve(kept, authentication_settings=wanted), form.seen
    )
    if isinstance(answer, Problem):
        return await security(desk, api, answer, form)
    return finished(desk, APIS.path_of(api.id, "/security"), "The security settings are saved.")


def _settings(form: Form, kept: AuthenticationSettings) -> AuthenticationSettings | Problem:
    match form.get("security"):
        case "none" if kept == AuthenticationSettings() and (form.has("servers") or form.has("providers")):
            return bad("None is chosen, and something is ticked below: choose its kind here, or untick it.", "security")
        case "none":
            return AuthenticationSettings()
        case "oauth2":
            oauth2 = tuple(_oauth2(form))
            return AuthenticationSettings(oauth2=oauth2) if oauth2 else bad("Tick at least one server.", "servers")
        case "openid":
            openid = tuple(_openid(form))
            return AuthenticationSettings(openid=openid) if openid else bad("Tick at least one provider.", "providers")
        case _:
            return bad("Choose what the console signs people in with.", "security")


def _oauth2(form: Form) -> Iterator[OAuth2Settings]:
    for name in form.all("servers"):
        yield OAuth2Settings(authorization_server_id=AuthorizationServerId(name), scope=form.text(f"scope.{name}"))


def _openid(form: Form) -> Iterator[OpenIdSettings]:
    for name in form.all("providers"):
        asked = form.get(f"sending.{name}").split()
        methods = tuple(one for one in BearerTokenSendingMethod if one in asked)
        yield OpenIdSettings(
            openid_provider_id=OpenIdProviderId(name),
            bearer_token_sending_methods=methods or (BearerTokenSendingMethod.AUTHORIZATION_HEADER,),
        )
