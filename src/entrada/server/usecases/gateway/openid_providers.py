"""OpenID Connect providers: list, find, create, change, delete, their secrets.  Gateway reference section 14.2."""

from attrs import evolve

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.gateway.console.signers import provider_redirect_path
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
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
from entrada.server.usecases.gateway.secrets_shown import ClientSecret
from entrada.server.usecases.gateway.state import State
from entrada.server.usecases.installation import Installation


async def list_openid_providers(here: Installation, actor: Actor) -> tuple[Kept[OpenIdProvider], ...] | Problem:
    return await list_nouns(here, actor, OpenIdProvider)


async def find_openid_provider(here: Installation, actor: Actor, name: str) -> Kept[OpenIdProvider] | Problem:
    return await find_noun(here, actor, OpenIdProvider, name)


async def create_openid_provider(
    here: Installation, actor: Actor, provider: OpenIdProvider
) -> Kept[OpenIdProvider] | Problem:
    return await create_noun(here, actor, provider)


async def change_openid_provider(
    here: Installation, actor: Actor, name: str, changed: Changed[OpenIdProvider], seen: int | None = None
) -> Kept[OpenIdProvider] | Problem:
    return await change_noun(here, actor, OpenIdProvider, name, changed, seen)


async def delete_openid_provider(
    here: Installation, actor: Actor, name: str, seen: int | None = None, *, force: bool = False
) -> Problem | None:
    """One that APIs use is deleted by *force* alone: these lose it."""

    def along(state: State) -> Wanted | Problem:
        using = [one for one in state.configuration.apis.values() if name in _providers_of(one)]
        if using and not force:
            return in_use("OpenID Connect provider", name, using)
        kept = tuple(_without(one, name) for one in using)
        return Wanted(activity=did.deleting(RecordKind.OPENID_PROVIDER), put=kept)

    return await delete_noun(here, actor, RecordKind.OPENID_PROVIDER, name, seen, along)


async def openid_provider_secret(here: Installation, actor: Actor, name: str) -> ClientSecret | Problem:
    """For whoever may change the gateway."""
    state = await seen_gateway(here, actor, Operation.CHANGE_GATEWAY)
    if isinstance(state, Problem):
        return state
    provider = state.find(OpenIdProvider, name)
    return missing(RecordKind.OPENID_PROVIDER, name) if provider is None else ClientSecret(provider.client_secret)


def redirect_url(here: Installation, provider_id: str) -> str:
    """As of an authorization server, and never the same as one's."""
    return here.origin + provider_redirect_path(provider_id)


def _providers_of(api: Api) -> frozenset[str]:
    return frozenset(one.openid_provider_id for one in api.authentication_settings.openid)


def _without(api: Api, name: str) -> Api:
    settings = api.authentication_settings
    left = tuple(one for one in settings.openid if one.openid_provider_id != name)
    return evolve(api, authentication_settings=evolve(settings, openid=left))
