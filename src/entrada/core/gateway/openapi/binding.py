"""Which of the console's settings a document's security schemes stand for.  Gateway reference section 14."""

from collections.abc import Iterable

from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.ids import AuthorizationServerId
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.security import AuthenticationSettings, OAuth2Settings, OpenIdSettings
from entrada.core.gateway.openapi.imported import OAuthFlow, Security, SecurityScheme, normalised


def fitting(
    security: Security, servers: Iterable[AuthorizationServer], providers: Iterable[OpenIdProvider]
) -> AuthenticationSettings:
    """Those that are there already: with the same endpoints, with the same discovery document."""
    oauth2 = (one for one in servers if any(_has(one, flow) for scheme in security.schemes for flow in scheme.flows))
    urls = {scheme.openid_connect_url for scheme in security.schemes} - {""}
    openid = (one for one in providers if one.metadata_endpoint in urls)
    return AuthenticationSettings(
        oauth2=tuple(OAuth2Settings(authorization_server_id=one.id) for one in oauth2),
        openid=tuple(OpenIdSettings(openid_provider_id=one.id) for one in openid),
    )


def _has(server: AuthorizationServer, flow: OAuthFlow) -> bool:
    """The endpoints that the flow uses; the way there is the server's author's choice."""
    named = ((flow.authorization_url, server.authorization_endpoint), (flow.token_url, server.token_endpoint))
    return any(given for given, _ in named) and all(given in ("", endpoint) for given, endpoint in named)


def proposed(scheme: SecurityScheme) -> AuthorizationServer | None:
    """What its author still has to give: the client.  None for a scheme without endpoints of OAuth 2.0."""
    if not scheme.flows:
        return None
    scopes = dict.fromkeys(scope for flow in scheme.flows for scope in flow.scopes)
    return AuthorizationServer(
        id=AuthorizationServerId(normalised(scheme.name) or "oauth2"),
        display_name=scheme.name,
        description=scheme.description,
        authorization_endpoint=next((flow.authorization_url for flow in scheme.flows if flow.authorization_url), ""),
        token_endpoint=next((flow.token_url for flow in scheme.flows if flow.token_url), ""),
        grant_types=tuple(dict.fromkeys(flow.grant_type for flow in scheme.flows)),
        default_scope=" ".join(scopes),
    )
