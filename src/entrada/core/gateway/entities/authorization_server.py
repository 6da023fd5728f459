"""An OAuth 2.0 authorization server, as the console uses it.  Gateway reference section 14.1."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from entrada.core.directory.application_rules import Broken
from entrada.core.gateway.entities.ids import AuthorizationServerId, about_name
from entrada.core.gateway.entities.security import BearerTokenSendingMethod
from entrada.core.gateway.entities.url import HOSTS, web_url


class GrantType(StrEnum):
    AUTHORIZATION_CODE = "authorizationCode"
    AUTHORIZATION_CODE_WITH_PKCE = "authorizationCodeWithPkce"
    IMPLICIT = "implicit"
    RESOURCE_OWNER_PASSWORD = "resourceOwnerPassword"
    CLIENT_CREDENTIALS = "clientCredentials"


class ClientAuthenticationMethod(StrEnum):
    BASIC = "Basic"
    BODY = "Body"


class AuthorizationMethod(StrEnum):
    GET = "GET"
    POST = "POST"


_ID: Final = re.compile(r"[A-Za-z0-9-]{1,80}")
_BY_BROWSER: Final = (GrantType.AUTHORIZATION_CODE, GrantType.AUTHORIZATION_CODE_WITH_PKCE, GrantType.IMPLICIT)


@frozen(kw_only=True)
class AuthorizationServer:
    id: AuthorizationServerId
    display_name: str
    description: str = ""
    client_registration_endpoint: str = ""  # a page, for people
    authorization_endpoint: str = ""
    authorization_methods: tuple[AuthorizationMethod, ...] = (AuthorizationMethod.GET,)
    token_endpoint: str = ""
    grant_types: tuple[GrantType, ...] = (GrantType.AUTHORIZATION_CODE,)
    support_state: bool = True
    token_body_parameters: tuple[tuple[str, str], ...] = ()  # version 1 endpoints want `resource`
    client_authentication_method: tuple[ClientAuthenticationMethod, ...] = (ClientAuthenticationMethod.BODY,)
    bearer_token_sending_methods: tuple[BearerTokenSendingMethod, ...] = (
        BearerTokenSendingMethod.AUTHORIZATION_HEADER,
    )
    default_scope: str = ""
    client_id: str = ""
    client_secret: str | None = field(default=None, repr=False)
    resource_owner_username: str | None = None
    resource_owner_password: str | None = field(default=None, repr=False)
    use_in_test_console: bool = True
    use_in_api_documentation: bool = False


def problems(server: AuthorizationServer) -> Iterator[Broken]:
    if not _ID.fullmatch(server.id):
        yield Broken("An id has 1 to 80 letters, digits and hyphens: it is part of the redirect URL.", "name")
    yield from about_name(server.display_name)
    if not server.grant_types:
        yield Broken("Choose at least one grant type.", "grantTypes")
    if not server.client_id:
        yield Broken("Give the client id of the application that the console signs developers in to.", "clientId")
    yield from _about_endpoints(server)
    yield from _about_secrets(server)


def _about_endpoints(server: AuthorizationServer) -> Iterator[Broken]:
    if any(one in _BY_BROWSER for one in server.grant_types) and not server.authorization_endpoint:
        yield Broken("Give the authorization endpoint, from the Endpoints page of the app.", "authorizationEndpoint")
    if any(one is not GrantType.IMPLICIT for one in server.grant_types) and not server.token_endpoint:
        yield Broken("Give the token endpoint, from the Endpoints page of the app.", "tokenEndpoint")
    for value, target in (
        (server.authorization_endpoint, "authorizationEndpoint"),
        (server.token_endpoint, "tokenEndpoint"),
        (server.client_registration_endpoint, "clientRegistrationEndpoint"),
    ):
        if value and web_url(value) is None:
            yield Broken(f"An endpoint is a URL that starts with https:// or http://, {HOSTS}.", target)


def _about_secrets(server: AuthorizationServer) -> Iterator[Broken]:
    if GrantType.CLIENT_CREDENTIALS in server.grant_types and not server.client_secret:
        yield Broken("Client credentials need the secret of the client.", "clientSecret")
    if server.client_secret is not None and not server.client_authentication_method:
        yield Broken("Say how the client sends its secret: Basic or Body.", "clientAuthenticationMethod")
