"""OAuth 2.0 authorization servers: list, find, create, change, delete, show secrets.  Gateway reference 14.1."""

from attrs import evolve

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.gateway.console.signers import server_redirect_path
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.server.usecases.gateway.in_use import in_use
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.nouns import (
    Changed,
    change_noun,
    create_noun,
    delete_noun,
    find_noun,
    list_nouns,
    missing,
    seen_gateway,
)
from entrada.server.usecases.gateway.outcome import Wanted
from entrada.server.usecases.gateway.secrets_shown import AuthorizationServerSecrets
from entrada.server.usecases.gateway.state import State
from entrada.server.usecases.installation import Installation


async def list_authorization_servers(
    here: Installation, actor: Actor
) -> tuple[Kept[AuthorizationServer], ...] | Problem:
    return await list_nouns(here, actor, AuthorizationServer)


async def find_authorization_server(here: Installation, actor: Actor, name: str) -> Kept[AuthorizationServer] | Problem:
    return await find_noun(here, actor, AuthorizationServer, name)


async def create_authorization_server(
    here: Installation, actor: Actor, server: AuthorizationServer
) -> Kept[AuthorizationServer] | Problem:
    return await create_noun(here, actor, server)


async def change_authorization_server(
    here: Installation, actor: Actor, name: str, changed: Changed[AuthorizationServer], seen: int | None = None
) -> Kept[AuthorizationServer] | Problem:
    return await change_noun(here, actor, AuthorizationServer, name, changed, seen)


async def delete_authorization_server(
    here: Installation, actor: Actor, name: str, seen: int | None = None, *, force: bool = False
) -> Problem | None:
    """One that APIs use is deleted by *force* alone: these lose it."""

    def along(state: State) -> Wanted | Problem:
        using = [one for one in state.configuration.apis.values() if name in servers_of(one)]
        if using and not force:
            return in_use("authorization server", name, using)
        kept = tuple(_without(one, name) for one in using)
        return Wanted(activity=did.deleting(RecordKind.AUTHORIZATION_SERVER), put=kept)

    return await delete_noun(here, actor, RecordKind.AUTHORIZATION_SERVER, name, seen, along)


async def authorization_server_secrets(
    here: Installation, actor: Actor, name: str
) -> AuthorizationServerSecrets | Problem:
    """For whoever may change the gateway."""
    state = await seen_gateway(here, actor, Operation.CHANGE_GATEWAY)
    if isinstance(state, Problem):
        return state
    server = state.find(AuthorizationServer, name)
    if server is None:
        return missing(RecordKind.AUTHORIZATION_SERVER, name)
    return AuthorizationServerSecrets(server.client_secret, server.resource_owner_password)


def redirect_url(here: Installation, server_id: str) -> str:
    """Of the console, for the client's registration: where the authorization endpoint sends developers back to."""
    return here.origin + server_redirect_path(server_id)


def servers_of(api: Api) -> frozenset[str]:
    return frozenset(one.authorization_server_id for one in api.authentication_settings.oauth2)


def _without(api: Api, name: str) -> Api:
    settings = api.authentication_settings
    left = tuple(one for one in settings.oauth2 if one.authorization_server_id != name)
    return evolve(api, authentication_settings=evolve(settings, oauth2=left))
