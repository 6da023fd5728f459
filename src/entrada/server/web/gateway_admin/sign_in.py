"""`/authorizationServers` and `/openidConnectProviders`, and their secrets."""

from typing import Final

from entrada.core.directory.administration.operations import Operation as Permission
from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.server.usecases.gateway.authorization_servers import (
    authorization_server_secrets,
    change_authorization_server,
    create_authorization_server,
    delete_authorization_server,
    find_authorization_server,
    list_authorization_servers,
)
from entrada.server.usecases.gateway.openid_providers import (
    change_openid_provider,
    create_openid_provider,
    delete_openid_provider,
    find_openid_provider,
    list_openid_providers,
    openid_provider_secret,
)
from entrada.server.web.gateway_admin.nouns import Noun
from entrada.server.web.gateway_admin.row import Call, One, Reply, Row

_FORCE: Final = {"force": "true: also while APIs use it; these lose it."}
SERVERS: Final = Noun(
    kind=AuthorizationServer,
    path="/authorizationServers",
    word="an authorization server; a secret that is not said stays",
    words="The OAuth 2.0 authorization servers, without their secrets",
    list=lambda call: list_authorization_servers(call.here, call.actor),
    find=lambda call: find_authorization_server(call.here, call.actor, call.id),
    create=lambda call, one: create_authorization_server(call.here, call.actor, one),
    change=lambda call, changed: change_authorization_server(call.here, call.actor, call.id, changed, call.seen),
    delete=lambda call: delete_authorization_server(
        call.here, call.actor, call.id, call.seen, force=call.query.get("force") == "true"
    ),
    hidden=("clientSecret", "resourceOwnerPassword"),
    query=_FORCE,
)
PROVIDERS: Final = Noun(
    kind=OpenIdProvider,
    path="/openidConnectProviders",
    word="a provider; a secret that is not said stays",
    words="The OpenID Connect providers, without their secrets",
    list=lambda call: list_openid_providers(call.here, call.actor),
    find=lambda call: find_openid_provider(call.here, call.actor, call.id),
    create=lambda call, one: create_openid_provider(call.here, call.actor, one),
    change=lambda call, changed: change_openid_provider(call.here, call.actor, call.id, changed, call.seen),
    delete=lambda call: delete_openid_provider(
        call.here, call.actor, call.id, call.seen, force=call.query.get("force") == "true"
    ),
    hidden=("clientSecret",),
    query=_FORCE,
)


async def _secrets(call: Call) -> Reply:
    found = await authorization_server_secrets(call.here, call.actor, call.id)
    if isinstance(found, Problem):
        return found
    password = found.resource_owner_password
    return One(members={"clientSecret": found.client_secret, "resourceOwnerPassword": password})


async def _secret(call: Call) -> Reply:
    found = await openid_provider_secret(call.here, call.actor, call.id)
    return found if isinstance(found, Problem) else One(members={"clientSecret": found.client_secret})


# fmt: off
ROWS: Final = (
    *SERVERS.rows,
    Row(method="POST", path="/authorizationServers/{id}/listSecrets", permission=Permission.CHANGE_GATEWAY,
        words="Its secrets.", handle=_secrets),
    *PROVIDERS.rows,
    Row(method="POST", path="/openidConnectProviders/{id}/listSecrets", permission=Permission.CHANGE_GATEWAY,
        words="Its secret.", handle=_secret),
)
# fmt: on
