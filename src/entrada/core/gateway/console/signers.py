"""Who can give a token for an API, and in which ways: its authorization servers and OpenID providers.  Reference 14.

Implicit is not among them: it would put the token into the address of a page (RFC 9700 §2.1.2).
"""

import re
from typing import Final

from attrs import field, frozen

from entrada.core.directory.portal import CONSOLE
from entrada.core.gateway.configuration import Configuration
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import (
    AuthorizationServer,
    ClientAuthenticationMethod,
    GrantType,
)
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.security import BearerTokenSendingMethod

CODE: Final = "code"
CLIENT: Final = "client"
PASSWORD: Final = "password"
_OFFERED: Final = {
    GrantType.AUTHORIZATION_CODE: CODE,
    GrantType.AUTHORIZATION_CODE_WITH_PKCE: CODE,
    GrantType.CLIENT_CREDENTIALS: CLIENT,
    GrantType.RESOURCE_OWNER_PASSWORD: PASSWORD,
}
WORDS: Final = {
    CODE: "authorization code (with PKCE)",
    CLIENT: "client credentials",
    PASSWORD: "resource owner password",
}
_ENTRA: Final = re.compile(r"/oauth2/v2\.0/(?:token|authorize)/?\Z")
_OF_OPENID: Final = ("openid", "profile", "offline_access")


_SERVER: Final = "oauth2/"
_PROVIDER: Final = "openid/"


def server_redirect_path(name: str) -> str:
    return f"{CONSOLE}/signin-oauth/code/callback/{name.lower()}"


def provider_redirect_path(name: str) -> str:
    """Not a server's, whatever the ids: who answers is told by the path that the answer comes to (RFC 9700 §4.4)."""
    return f"{CONSOLE}/signin-openid/code/callback/{name.lower()}"


def key_of(one: AuthorizationServer | OpenIdProvider) -> str:
    return f"{_SERVER if isinstance(one, AuthorizationServer) else _PROVIDER}{one.id}"


@frozen(kw_only=True)
class Signer:
    key: str  # of _SERVER or _PROVIDER, and the id
    id: str
    display_name: str
    description: str = ""
    ways: tuple[str, ...]
    has_implicit: bool = False
    authorization_endpoint: str = ""
    token_endpoint: str = ""
    metadata_endpoint: str = ""  # of an OpenID provider, whose endpoints its document names
    issuer: str = ""  # known of an OpenID provider
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    secret_in_header: bool = False
    body_parameters: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    default_scope: str = ""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    in_query: bool = False  # how the API takes the token

    @property
    def redirect_path(self) -> str:
        of_provider = self.key.startswith(_PROVIDER)
        return provider_redirect_path(self.id) if of_provider else server_redirect_path(self.id)

    def scope_for(self, way: str, wanted: str = "") -> str:
        """*wanted* as somebody typed it, or what is configured; for a refresh token and a name where they are had."""
        scope = " ".join((wanted or self.default_scope).split())
        if way == CLIENT:
            return scope if wanted else self._for_itself(scope)
        parts = scope.split()
        if self.metadata_endpoint or _ENTRA.search(self.token_endpoint):
            parts += [one for one in _OF_OPENID if one not in parts]
        return " ".join(parts)

    def _for_itself(self, scope: str) -> str:
        """The Microsoft identity platform gives an application itself what was granted to it: `{api}/.default`."""
        resource, slash, name = scope.partition(" ")[0].rpartition("/")
        if not _ENTRA.search(self.token_endpoint) or not slash or not resource or name == ".default":
            return scope
        return f"{resource}/.default"


def signers(configuration: Configuration, api: Api) -> tuple[Signer, ...]:
    settings = api.authentication_settings
    servers = [
        (configuration.authorization_servers.get(one.authorization_server_id), one.scope) for one in settings.oauth2
    ]
    providers = [
        (configuration.openid_providers.get(one.openid_provider_id), one.bearer_token_sending_methods)
        for one in settings.openid
    ]
    return (
        *(_of_server(one, scope) for one, scope in servers if one is not None and one.use_in_test_console),
        *(_of_provider(one, methods) for one, methods in providers if one is not None and one.use_in_test_console),
    )


def _of_server(server: AuthorizationServer, scope: str | None) -> Signer:
    methods = server.client_authentication_method
    return Signer(
        key=key_of(server),
        id=server.id,
        display_name=server.display_name,
        description=server.description,
        ways=tuple(dict.fromkeys(_OFFERED[one] for one in server.grant_types if one in _OFFERED)),
        has_implicit=GrantType.IMPLICIT in server.grant_types,
        authorization_endpoint=server.authorization_endpoint,
        token_endpoint=server.token_endpoint,
        client_id=server.client_id,
        client_secret=server.client_secret,
        secret_in_header=bool(methods) and methods[0] is ClientAuthenticationMethod.BASIC,
        body_parameters=server.token_body_parameters,
        default_scope=scope or server.default_scope,
        username=server.resource_owner_username,
        password=server.resource_owner_password,
        in_query=_in_query(server.bearer_token_sending_methods),
    )


def _of_provider(provider: OpenIdProvider, methods: tuple[BearerTokenSendingMethod, ...]) -> Signer:
    return Signer(
        key=key_of(provider),
        id=provider.id,
        display_name=provider.display_name,
        description=provider.description,
        ways=(CODE,),
        metadata_endpoint=provider.metadata_endpoint,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        in_query=_in_query(methods),
    )


def _in_query(methods: tuple[BearerTokenSendingMethod, ...]) -> bool:
    """The header, wherever it is among them."""
    return bool(methods) and BearerTokenSendingMethod.AUTHORIZATION_HEADER not in methods
