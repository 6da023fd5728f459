"""Tokens for a program: the application's own, and those of the people who sign in to it.

`Client` waits; `async_client` has the same to be awaited.  A token that is at hand and serves for a minute is answered
at once; else it is renewed, once however many ask.
"""

import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeVar

from entrada.client.application import Application
from entrada.client.authority import Authority
from entrada.client.connection import Connection
from entrada.client.driver import Send, Told, clock, drive, entropy
from entrada.client.flow import Flow, Tell
from entrada.client.grants.client_authentication import ClientProof
from entrada.client.retrying import Retrying
from entrada.client.settings import Settings
from entrada.client.token_cache.memory import MemoryCache
from entrada.client.token_cache.port import Partition, TokenCache
from entrada.client.token_cache.token_source import TokenSource
from entrada.client.tokens import AccessToken, Account, Tokens
from entrada.core.jose.numeric_date import NumericDate

if TYPE_CHECKING:
    from entrada.client.web_sign_in.sign_in import Asked

T = TypeVar("T")
MOST_CALLERS: Final = 1000  # whose tokens for other APIs are remembered, in memory alone
PERSON_WITHIN: Final = 300.0  # seconds, for signing in with a browser


def aloud(told: Tell) -> None:
    """For programs in a terminal; standard output stays the program's own."""
    sys.stderr.write(f"{told.message}\n")
    sys.stderr.flush()


class Client:
    """*credential*: instead of the settings'.  *cache*: memory, unless another is given.  *send* makes the calls, for a
    test, instead of HTTP over httpx2.

    To be kept for the life of the program, and closed.  Threads may share it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        credential: ClientProof | None = None,
        cache: TokenCache | None = None,
        send: Send | None = None,
        tell: Told = aloud,
        clock: Callable[[], NumericDate] = clock,
        entropy: Callable[[int], bytes] = entropy,
    ) -> None:
        self._application = Application(
            settings=settings, credential=credential, cache=cache or MemoryCache(), clock=clock, entropy=entropy
        )
        self._connection = Connection(settings.ca_file)
        self._send = send or self._connection
        self._tell = tell
        self._retrying = Retrying(clock=clock, entropy=entropy)
        self._sources = dict[Partition, TokenSource]()
        self._of_callers = lru_cache(MOST_CALLERS)(self._of_caller)
        self._lock = Lock()

    @property
    def authority(self) -> Authority:
        return self._application.settings.authority

    def token_for(
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
        whose = self._application.whose(account, asked)
        return self._source(whose).token_for(asked, claims, force=force)

    def on_behalf_of(self, token: str, scopes: Iterable[str], *, claims: str | None = None) -> AccessToken:
        """For an API that was called with *token*, which it has verified."""
        with self._lock:
            source = self._of_callers(token)
        return source.token_for(scopes, claims)

    def sign_in_interactively(
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
        return self._run(
            self._application.interactive(
                scopes,
                asked=asked,
                redirect_uri=redirect_uri,
                port=port,
                within=within,
                open_browser=open_browser,
            )
        )

    def sign_in_by_device_code(self, scopes: Iterable[str] | None = None, *, claims: str | None = None) -> Tokens:
        """On another screen: `tell` says where, and which code to enter.  Raises TimedOut, SignInCancelled."""
        return self._run(self._application.by_device_code(scopes, claims))

    def accounts(self) -> tuple[Account, ...]:
        """Who has signed in and is remembered."""
        return self._application.accounts()

    def sign_out(self, account: Account) -> None:
        """Forget what is kept of them here; `logout_url` is where the authority forgets them."""
        self._sources.pop(self._application.partition(account), None)
        self._run(self._application.forgotten(account))

    def logout_url(self, account: Account | None = None, *, return_to: str | None = None) -> str | None:
        """Where to send the browser so that the authority ends its session; None: it has no such page.

        Asked before `sign_out`, which forgets whom it names.  *return_to*: a registered redirect URI.
        """
        return self._run(self._application.logout_url(account, return_to))

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, flow: Flow[T]) -> T:
        return drive(self._retrying(flow), self._send, tell=self._tell)

    def _source(self, account: Account | None) -> TokenSource:
        partition = self._application.partition(account)
        with self._lock:
            known = self._sources.get(partition)
            if known is None:
                known = self._sources[partition] = TokenSource(
                    cache=self._application.cache,
                    partition=partition,
                    renew=self._application.renew(account),
                    clock=self._application.clock,
                    drive=self._run,
                )
            return known

    def _of_caller(self, token: str) -> TokenSource:
        return TokenSource(
            cache=MemoryCache(),
            partition=self._application.partition(None),
            renew=self._application.on_behalf_of(token),
            clock=self._application.clock,
            drive=self._run,
        )
