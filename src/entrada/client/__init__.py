"""The toolkit: what programs do with Entra, External ID, entrada or any OpenID Connect issuer.  Never sees the server.

    client = Client(Settings.from_environment())
    token = client.token_for(["api://colors/.default"])

A name is loaded when it is first used (PEP 562): importing this costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from entrada.client.async_client import AsyncClient
    from entrada.client.authority import Authority, entra_authority, oidc_authority, tenant_authority
    from entrada.client.azure import AsyncAzureCredential, AzureCredential
    from entrada.client.client import Client
    from entrada.client.driver import Send, SendAsync, Told
    from entrada.client.errors import (
        AuthorityRefused,
        BadAnswer,
        BadCredential,
        BadMetadata,
        BadSettings,
        EntradaError,
        InteractionRequired,
        NoBrowser,
        NotConnected,
        NoWay,
        OAuthError,
        PortTaken,
        SignInCancelled,
        StorageError,
        TimedOut,
        TokenRejected,
        Unreachable,
    )
    from entrada.client.flow import Call, Reply, Tell
    from entrada.client.grants.certificate import Certificate, parse_certificate, read_certificate
    from entrada.client.grants.client_authentication import ClientProof, ClientSecret, FederatedToken
    from entrada.client.machine_identity import AsyncMachineIdentity, MachineIdentity
    from entrada.client.settings import Settings
    from entrada.client.token_cache.memory import MemoryCache
    from entrada.client.token_cache.port import TokenCache
    from entrada.client.tokens import AccessToken, Account, Tokens
    from entrada.client.web_sign_in.sign_in import Asked

__all__ = [
    "AccessToken",
    "Account",
    "Asked",
    "AsyncAzureCredential",
    "AsyncClient",
    "AsyncMachineIdentity",
    "Authority",
    "AuthorityRefused",
    "AzureCredential",
    "BadAnswer",
    "BadCredential",
    "BadMetadata",
    "BadSettings",
    "Call",
    "Certificate",
    "Client",
    "ClientProof",
    "ClientSecret",
    "EntradaError",
    "FederatedToken",
    "InteractionRequired",
    "MachineIdentity",
    "MemoryCache",
    "NoBrowser",
    "NoWay",
    "NotConnected",
    "OAuthError",
    "PortTaken",
    "Reply",
    "Send",
    "SendAsync",
    "Settings",
    "SignInCancelled",
    "StorageError",
    "Tell",
    "TimedOut",
    "TokenCache",
    "TokenRejected",
    "Tokens",
    "Told",
    "Unreachable",
    "entra_authority",
    "oidc_authority",
    "parse_certificate",
    "read_certificate",
    "tenant_authority",
]

_ROOMS: Final = {
    "async_client": ("AsyncClient",),
    "authority": ("Authority", "entra_authority", "oidc_authority", "tenant_authority"),
    "azure": ("AsyncAzureCredential", "AzureCredential"),
    "client": ("Client",),
    "driver": ("Send", "SendAsync", "Told"),
    "flow": ("Call", "Reply", "Tell"),
    "grants.certificate": ("Certificate", "parse_certificate", "read_certificate"),
    "grants.client_authentication": ("ClientProof", "ClientSecret", "FederatedToken"),
    "machine_identity": ("AsyncMachineIdentity", "MachineIdentity"),
    "settings": ("Settings",),
    "token_cache.memory": ("MemoryCache",),
    "token_cache.port": ("TokenCache",),
    "tokens": ("AccessToken", "Account", "Tokens"),
    "web_sign_in.sign_in": ("Asked",),
}
_HOME: Final = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOME.get(name, 'errors')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
