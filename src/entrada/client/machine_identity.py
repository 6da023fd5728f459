"""Tokens of the identity that a machine of Azure's gives its programs, or `entrada up --managed-identity`: no secret.

`FederatedToken(lambda: identity.token_for([EXCHANGE]).value)` proves an application by it.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Final, Self

from attrs import define

from entrada.client.connection import AsyncConnection, Connection
from entrada.client.driver import Send, SendAsync, clock, drive, drive_async, entropy
from entrada.client.flow import Flow
from entrada.client.grants.managed_identity import IdentityEndpoint, identity_endpoint, managed_identity
from entrada.client.retrying import Retrying
from entrada.client.token_cache.async_token_source import AsyncTokenSource
from entrada.client.token_cache.memory import MemoryCache
from entrada.client.token_cache.port import Kept, Partition
from entrada.client.token_cache.token_source import TokenSource
from entrada.client.tokens import AccessToken, Tokens
from entrada.core.jose.numeric_date import NumericDate

EXCHANGE: Final = "api://AzureADTokenExchange/.default"  # the audience of federated credentials
_CONNECTED_WITHIN: Final = 3.0  # seconds: elsewhere than on Azure nobody answers at its address


@define(kw_only=True)
class _Machine:
    endpoint: IdentityEndpoint
    client_id: str | None
    clock: Callable[[], NumericDate]

    def renew(self, _: Kept | None, scopes: tuple[str, ...], claims: str | None) -> Flow[Tokens]:
        # These endpoints take no claims: asked anew is all that a challenge can get.
        return managed_identity(self.endpoint, scopes, client_id=self.client_id, now=self.clock())

    def partition(self) -> Partition:
        return Partition(self.endpoint.url, self.client_id or "")


class MachineIdentity:
    """*client_id* chooses among several identities of the machine.  Raises BadSettings."""

    def __init__(
        self,
        client_id: str | None = None,
        *,
        environment: Mapping[str, str] = os.environ,
        send: Send | None = None,
        clock: Callable[[], NumericDate] = clock,
    ) -> None:
        machine = _Machine(endpoint=identity_endpoint(environment), client_id=client_id, clock=clock)
        self._connection = Connection(straight=True, connected_within=_CONNECTED_WITHIN)
        self._send = send or self._connection
        self._retrying = Retrying(clock=clock, entropy=entropy)
        self._source = TokenSource(
            cache=MemoryCache(), partition=machine.partition(), renew=machine.renew, clock=clock, drive=self._run
        )

    def token_for(self, scopes: Iterable[str], *, claims: str | None = None) -> AccessToken:
        """*scopes*: one, `api://name/.default`.  Raises BadCredential where the machine has no such identity."""
        return self._source.token_for(scopes, claims)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, flow: Flow[AccessToken]) -> AccessToken:
        return drive(self._retrying(flow), self._send)


class AsyncMachineIdentity:
    """The same, to be awaited."""

    def __init__(
        self,
        client_id: str | None = None,
        *,
        environment: Mapping[str, str] = os.environ,
        send: SendAsync | None = None,
        clock: Callable[[], NumericDate] = clock,
    ) -> None:
        machine = _Machine(endpoint=identity_endpoint(environment), client_id=client_id, clock=clock)
        self._connection = AsyncConnection(straight=True, connected_within=_CONNECTED_WITHIN)
        self._send = send or self._connection
        self._retrying = Retrying(clock=clock, entropy=entropy)
        self._source = AsyncTokenSource(
            cache=MemoryCache(), partition=machine.partition(), renew=machine.renew, clock=clock, drive=self._run
        )

    async def token_for(self, scopes: Iterable[str], *, claims: str | None = None) -> AccessToken:
        return await self._source.token_for(scopes, claims)

    async def close(self) -> None:
        await self._connection.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _run(self, flow: Flow[AccessToken]) -> AccessToken:
        return await drive_async(self._retrying(flow), self._send)
