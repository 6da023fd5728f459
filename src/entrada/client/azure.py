"""Credentials that the Azure SDKs take: what azure-core's `TokenCredential` and `SupportsTokenInfo` are shaped like.

azure-core is not imported: it knows credentials by their methods and tokens by their fields.
"""

from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self, cast

from entrada.client.async_client import AsyncClient
from entrada.client.authority import Authority
from entrada.client.client import Client
from entrada.client.errors import BadSettings
from entrada.client.machine_identity import AsyncMachineIdentity, MachineIdentity
from entrada.client.tokens import AccessToken, Account
from entrada.core.directory.ids import parse_guid

if TYPE_CHECKING:  # for the checkers of those who have it
    from azure.core.credentials import AccessToken as AsToken
    from azure.core.credentials import AccessTokenInfo as AsTokenInfo
    from azure.core.credentials import TokenRequestOptions


class AzureToken(NamedTuple):
    """As `azure.core.credentials.AccessToken`, which is a pair too."""

    token: str
    expires_on: int

    def __repr__(self) -> str:
        """Without the token: representations end up in logs."""
        return f"AzureToken(expires_on={self.expires_on})"


class AzureTokenInfo(NamedTuple):
    """As `azure.core.credentials.AccessTokenInfo`."""

    token: str
    expires_on: int
    token_type: str = "Bearer"
    refresh_on: int | None = None

    def __repr__(self) -> str:
        return f"AzureTokenInfo(expires_on={self.expires_on}, refresh_on={self.refresh_on})"


class AzureCredential:
    """The tokens of *source* for the clients of the Azure SDKs; of *account*, where a person's are wanted.

    It closes *source* when an SDK closes it.
    """

    def __init__(self, source: Client | MachineIdentity, *, account: Account | None = None) -> None:
        self._source = source
        self._authority = source.authority if isinstance(source, Client) else None
        self._ask = partial(source.token_for, account=account) if isinstance(source, Client) else source.token_for

    def get_token(
        self,
        *scopes: str,
        claims: str | None = None,
        tenant_id: str | None = None,
        enable_cae: bool = False,
        **others: object,
    ) -> "AsToken":
        return _token(self._found(scopes, claims, tenant_id))

    def get_token_info(self, *scopes: str, options: "TokenRequestOptions | None" = None) -> "AsTokenInfo":
        claims, tenant = _asked(options)
        return _info(self._found(scopes, claims, tenant))

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _found(self, scopes: tuple[str, ...], claims: str | None, tenant: str | None) -> AccessToken:
        _require_tenant(self._authority, tenant)
        return self._ask(scopes, claims=claims)


class AsyncAzureCredential:
    """The same, for the SDKs' `aio` clients."""

    def __init__(self, source: AsyncClient | AsyncMachineIdentity, *, account: Account | None = None) -> None:
        self._source = source
        self._authority = source.authority if isinstance(source, AsyncClient) else None
        self._ask = partial(source.token_for, account=account) if isinstance(source, AsyncClient) else source.token_for

    async def get_token(
        self,
        *scopes: str,
        claims: str | None = None,
        tenant_id: str | None = None,
        enable_cae: bool = False,
        **others: object,
    ) -> "AsToken":
        return _token(await self._found(scopes, claims, tenant_id))

    async def get_token_info(self, *scopes: str, options: "TokenRequestOptions | None" = None) -> "AsTokenInfo":
        claims, tenant = _asked(options)
        return _info(await self._found(scopes, claims, tenant))

    async def close(self) -> None:
        await self._source.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.close()

    async def _found(self, scopes: tuple[str, ...], claims: str | None, tenant: str | None) -> AccessToken:
        _require_tenant(self._authority, tenant)
        return await self._ask(scopes, claims=claims)


def _asked(options: "TokenRequestOptions | None") -> tuple[str | None, str | None]:
    return (options.get("claims"), options.get("tenant_id")) if options else (None, None)


def _token(found: AccessToken) -> "AsToken":
    return cast("AsToken", AzureToken(found.value, found.expires_at))


def _info(found: AccessToken) -> "AsTokenInfo":
    return cast("AsTokenInfo", AzureTokenInfo(found.value, found.expires_at, found.token_type, found.refresh_at))


def _require_tenant(authority: Authority | None, asked: str | None) -> None:
    """A resource may name its tenant in a challenge: for another than ours our token is none."""
    ours = parse_guid(authority.tenant or "") if authority is not None else None
    if ours is not None and asked is not None and parse_guid(asked) not in (None, ours):
        raise BadSettings(
            f"The resource asks for a token of the tenant {asked}, and this client asks {authority}",
            advice="Use a client whose authority is that tenant.",
        )
