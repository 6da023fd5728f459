"""The metadata documents, members in Entra's order.  OpenID Connect Discovery §3, RFC 8414; reference sections 6 and 7.

Only what answers is listed.
"""

from urllib.parse import urlsplit

from attrs import frozen

from entrada.core.protocol.issuer import TEMPLATE, issuer
from entrada.core.protocol.tokens.optional_claims import OPTIONAL_CLAIMS, Token
from entrada.core.protocol.version import Version

Document = dict[str, object]

_CLAIMS = ("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "name", "tid", "ver", "email", "preferred_username")
_V1_CLAIMS = ("sub", "iss", "aud", "exp", "iat", "auth_time", "amr", "nonce", "email", "given_name", "family_name")
_MORE = (
    "oid",
    "idp",
    "roles",
    "groups",
    "wids",
    "c_hash",
    "at_hash",
)  # where a registration asks
_OPTIONAL = tuple(name for name, row in OPTIONAL_CLAIMS.items() if Token.ID in row.may_stand_in)

# fmt: off
_ORDER = {
    Version.V2: (
        "token_endpoint", "token_endpoint_auth_methods_supported", "jwks_uri", "response_modes_supported",
        "subject_types_supported", "id_token_signing_alg_values_supported", "response_types_supported",
        "scopes_supported", "issuer", "request_uri_parameter_supported", "userinfo_endpoint", "authorization_endpoint",
        "device_authorization_endpoint", "http_logout_supported", "end_session_endpoint", "claims_supported",
        "tenant_region_scope", "cloud_instance_name", "cloud_graph_host_name", "msgraph_host",
        "code_challenge_methods_supported", "token_endpoint_auth_signing_alg_values_supported",
    ),
    Version.V1: (
        "authorization_endpoint", "token_endpoint", "device_authorization_endpoint",
        "token_endpoint_auth_methods_supported", "jwks_uri", "response_modes_supported", "subject_types_supported",
        "id_token_signing_alg_values_supported", "http_logout_supported", "end_session_endpoint",
        "response_types_supported", "scopes_supported", "issuer", "claims_supported", "userinfo_endpoint",
        "request_uri_parameter_supported", "tenant_region_scope", "cloud_instance_name", "cloud_graph_host_name",
        "msgraph_host", "code_challenge_methods_supported", "token_endpoint_auth_signing_alg_values_supported",
    ),
}
# fmt: on


def configuration(origin: str, segment: str, version: Version, *, region: str | None) -> Document:
    """*segment* is the tenant's GUID, or `common` or `organizations`, whose issuer is a template."""
    host = origin.partition("://")[2]
    tenant = segment if "-" in segment else TEMPLATE
    base = f"{origin}/{segment}"
    members = {
        **(_v2(origin, base) if version is Version.V2 else _v1(origin, base)),
        "issuer": issuer(origin, tenant, version),
        "request_uri_parameter_supported": False,
        "http_logout_supported": True,
        "tenant_region_scope": region,
        "cloud_instance_name": host,
        "cloud_graph_host_name": host,
        "msgraph_host": host,
    }
    return {name: members[name] for name in _ORDER[version]}


def _shared(base: str, path: str) -> Document:
    return {
        "token_endpoint": f"{base}/{path}/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token"],
        "authorization_endpoint": f"{base}/{path}/authorize",
        "device_authorization_endpoint": f"{base}/{path}/devicecode",
        "end_session_endpoint": f"{base}/{path}/logout",
        # Entra leaves the last two out although PKCE and assertions work; strict libraries want to read them, and
        # RFC 8414 §2 demands the second of whoever lists private_key_jwt.
        "code_challenge_methods_supported": ["S256", "plain"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "PS256"],
    }


def _v2(origin: str, base: str) -> Document:
    return {
        **_shared(base, "oauth2/v2.0"),
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "userinfo_endpoint": f"{origin}/oidc/userinfo",
        "claims_supported": _each_once(*_CLAIMS, *_MORE, *_OPTIONAL),
    }


def _v1(origin: str, base: str) -> Document:
    return {
        **_shared(base, "oauth2"),
        "jwks_uri": f"{origin}/common/discovery/keys",
        "scopes_supported": ["openid"],
        "userinfo_endpoint": f"{base}/openid/userinfo",
        "claims_supported": _each_once(*_V1_CLAIMS, *_MORE, "name", "tid", "unique_name", "ver", *_OPTIONAL),
    }


def _each_once(*claims: str) -> list[str]:
    return list(dict.fromkeys(claims))


@frozen
class AuthorizationEndpoint:
    """The authorize URL that instance discovery is asked about."""

    host: str
    segment: str
    version: Version

    def is_at(self, origin: str) -> bool:
        # Ports are not compared: MSAL Python leaves its authority's port out of this URL.
        return self.host == urlsplit(origin).hostname


def parse_authorization_endpoint(url: str) -> AuthorizationEndpoint | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    segment = parts.path.lstrip("/").partition("/")[0]
    if parts.scheme not in ("https", "http") or not parts.hostname or not segment:
        return None
    version = Version.V2 if "/v2.0/" in parts.path else Version.V1
    return AuthorizationEndpoint(parts.hostname, segment, version)


def instance(origin: str, asked: AuthorizationEndpoint, api_version: str) -> Document:
    """Who this instance is; the clouds are told from api-version 1.1 on.  Reference section 4."""
    host = origin.partition("://")[2]
    version = "/v2.0" if asked.version is Version.V2 else ""
    found = f"{origin}/{asked.segment}{version}/.well-known/openid-configuration"
    if api_version == "1.0":
        return {"tenant_discovery_endpoint": found, "api-version": "1.0"}
    return {
        "tenant_discovery_endpoint": found,
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }


def user_realm(origin: str, domain: str) -> Document:
    """Every account here is managed.  MSAL Go refuses the reply unless all four are there.  Reference section 5."""
    return {
        "ver": "1.0",
        "account_type": "Managed",
        "domain_name": domain,
        "cloud_instance_name": origin.partition("://")[2],
        "cloud_audience_urn": "urn:federation:MicrosoftOnline",
    }
