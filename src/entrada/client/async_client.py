"""The same as `client`, for programs with an event loop: to be awaited."""

import asyncio
from collections.abc import Callable, Iterable
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from entrada.client.application import Application
from entrada.client.authority import Authority
from entrada.client.client import MOST_CALLERS, PERSON_WITHIN, aloud
from entrada.client.connection import AsyncConnection
from entrada.client.driver import SendAsync, Told, clock, drive_async, entropy
from entrada.client.flow import Flow
from entrada.client.grants.client_authentication import ClientProof
from entrada.client.retrying import Retrying
from entrada.client.settings import Settings
from entrada.client.token_cache.async_token_source import AsyncTokenSource
from entrada.client.token_cache.memory import MemoryCache
from entrada.client.token_cache.port import Partition, TokenCache
from entrada.client.tokens import AccessToken, Account, Tokens
from entrada.core.jose.numeric_date import NumericDate

if TYPE_CHECKING:
    from entrada.client.web_sign_in.sign_in import Asked

T = TypeVar("T")


class AsyncClient:
    """*credential*: instead of the settings'.  *cache*: memory, unless another is given.  *send* makes the calls, for a
    test, instead of HTTP over httpx2.

    To be kept for the life of the program, and closed.  Tasks may share it; as to event loops, one for each.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        credential: ClientProof | None = None,
        cache: TokenCache | None = None,
        send: SendAsync | None = None,
        tell: Told = aloud,
        clock: Callable[[], NumericDate] = clock,
        entropy: Callable[[int], bytes] = entropy,
    ) -> None:
        self._application = Application(
            settings=settings, credential=credential, cache=cache or MemoryCache(), clock=clock, entropy=entropy
        )
        self._connection = AsyncConnection(settings.ca_file)
        self._send = send or self._connection
        self._tell = tell
        self._retrying = Retrying(clock=clock, entropy=entropy)
        self._sources = dict[Partition, AsyncTokenSource]()
        self._of_callers = lru_cache(MOST_CALLERS)(self._of_caller)

    @property
    def authority(self) -> Authority:
        return self._application.settings.authority

    async def token_for(
        self,
        scopes: Iterable[str],
        *,
        account: Account | None = None,
        claims: str | None = None,
        force: bool = False,
    ) -> AccessToken:
        """The application's own, or that of *account*; of a public client, of whoever alone is signed in.

        *claims*: the challenge of an API, as JSON; neither it nor *force* takes a token that was there before.
        Raises InteractionRequired where only the person can go on.
        """
        asked = self._application.asked(scopes)
        whose = await asyncio.to_thread(self._application.whose, account, asked)
        return await self._source(whose).token_for(asked, claims, force=force)

    async def on_behalf_of(self, token: str, scopes: Iterable[str], *, claims: str | None = None) -> AccessToken:
        """For an API that was called with *token*, which it has verified."""
        return await self._of_callers(token).token_for(scopes, claims)

    async def sign_in_interactively(
        self,
        scopes: Iterable[str] | None = None,
        *,
        asked: "Asked | None" = None,
        redirect_uri: str = "http://localhost",
        port: int = 0,
        within: float = PERSON_WITHIN,
        open_browser: Callable[[str], None] | None = None,
    ) -> Tokens:
        """By the browser of this machine.  Raises NoBrowser, PortTaken, TimedOut, SignInCancelled.

        *scopes*: those of the settings, unless others are named.  *port*: any that is free.
        """
        return await self._run(
            self._application.interactive(
                scopes,
                asked=asked,
                redirect_uri=redirect_uri,
                port=port,
                within=within,
                open_browser=open_browser,
            )
        )

    async def sign_in_by_device_code(self, scopes: Iterable[str] | None = None, *, claims: str | None = None) -> Tokens:
        """On another screen: `tell` says where, and which code to enter.  Raises TimedOut, SignInCancelled."""
        return await self._run(self._application.by_device_code(scopes, claims))

    async def accounts(self) -> tuple[Account, ...]:
        """Who has signed in and is remembered."""
        return await asyncio.to_thread(self._application.accounts)

    async def sign_out(self, account: Account) -> None:
        """Forget what is kept of them here; `logout_url` is where the authority forgets them."""
        self._sources.pop(self._application.partition(account), None)
        await self._run(self._application.forgotten(account))

    async def logout_url(self, account: Account | None = None, *, return_to: str | None = None) -> str | None:
        """Where to send the browser so that the authority ends its session; None: it has no such page.

        Asked before `sign_out`, which forgets whom it names.  *return_to*: a registered redirect URI.
        """
        return await self._run(self._application.logout_url(account, return_to))

    async def close(self) -> None:
        await self._connection.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _run(self, flow: Flow[T]) -> T:
        return await drive_async(self._retrying(flow), self._send, tell=self._tell)

    def _source(self, account: Account | None) -> AsyncTokenSource:
        partition = self._application.partition(account)
        known = self._sources.get(partition)
        if known is None:
            known = self._sources[partition] = AsyncTokenSource(
                cache=self._application.cache,
                partition=partition,
                renew=self._application.renew(account),
                clock=self._application.clock,
                drive=self._run,
            )
        return known

    def _of_caller(self, token: str) -> AsyncTokenSource:
        return AsyncTokenSource(
            cache=MemoryCache(),
            partition=self._application.partition(None),
            renew=self._application.on_behalf_of(token),
            clock=self._application.clock,
            drive=self._run,
        )
