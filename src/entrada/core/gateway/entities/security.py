"""What the console signs developers in with, by API.  Gateway reference section 14.3: authenticationSettings."""

from collections.abc import Iterator
from enum import StrEnum

from attrs import frozen

from entrada.core.directory.application_rules import Broken
from entrada.core.gateway.entities.ids import AuthorizationServerId, OpenIdProviderId


class BearerTokenSendingMethod(StrEnum):
    AUTHORIZATION_HEADER = "authorizationHeader"
    QUERY = "query"


@frozen(kw_only=True)
class OAuth2Settings:
    authorization_server_id: AuthorizationServerId
    scope: str | None = None  # in place of the server's default scope


@frozen(kw_only=True)
class OpenIdSettings:
    openid_provider_id: OpenIdProviderId
    bearer_token_sending_methods: tuple[BearerTokenSendingMethod, ...] = (
        BearerTokenSendingMethod.AUTHORIZATION_HEADER,
    )


@frozen(kw_only=True)
class AuthenticationSettings:
    """Several of a kind: the developer chooses."""

    oauth2: tuple[OAuth2Settings, ...] = ()
    openid: tuple[OpenIdSettings, ...] = ()


def problems(settings: AuthenticationSettings) -> Iterator[Broken]:
    servers = [one.authorization_server_id for one in settings.oauth2]
    providers = [one.openid_provider_id for one in settings.openid]
    if len(set(servers)) < len(servers):
        yield Broken("An authorization server is listed twice.", "authenticationSettings.oAuth2AuthenticationSettings")
    if len(set(providers)) < len(providers):
        yield Broken("An OpenID provider is listed twice.", "authenticationSettings.openidAuthenticationSettings")
