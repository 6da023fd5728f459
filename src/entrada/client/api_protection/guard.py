"""What stands before an API: asked of each request, it answers with who calls or with what to send back.

One for the life of the application: it remembers the authority's keys.  Every framework's adapter stands over it.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Final

import httpx2
from attrs import define, field

from entrada.client.api_protection.admission import admission, decide
from entrada.client.api_protection.challenge import Challenge
from entrada.client.api_protection.fake_authority import FakeAuthority, somebody
from entrada.client.api_protection.needs import ANYBODY, Names, Needs, needs
from entrada.client.api_protection.principal import Principal
from entrada.client.api_protection.protected_api import ProtectedApi, protected_api
from entrada.client.discovery.provider import Provider
from entrada.client.driver import Send, clock, drive, drive_async
from entrada.client.flow import Call, Reply
from entrada.client.settings import Settings
from entrada.client.transport import over
from entrada.core.jose.numeric_date import NumericDate

TIMEOUT: Final = 10.0  # seconds, of a question to the authority
_LOG: Final = logging.getLogger("entrada.api_protection")


@define
class Guard:
    api: ProtectedApi
    _send: Send = field(repr=False)
    _clock: Callable[[], NumericDate] = field(default=clock, repr=False)
    _provider: Provider = field(init=False, repr=False)
    _acting: Principal | None = field(default=None, init=False)  # in tests: whom every request comes from

    def __attrs_post_init__(self) -> None:
        self._provider = Provider(self.api.authority)

    def check(self, authorization: Sequence[str], needed: Needs = ANYBODY) -> Principal | Challenge:
        """*authorization*: the value of each Authorization header of the request."""
        if self._acting is not None:
            return _told(decide(self._acting, needed, self.api))
        flow = admission(authorization, needed, api=self.api, provider=self._provider, now=self._clock())
        return _told(drive(flow, self._send))

    async def check_async(self, authorization: Sequence[str], needed: Needs = ANYBODY) -> Principal | Challenge:
        if self._acting is not None:
            return _told(decide(self._acting, needed, self.api))
        flow = admission(authorization, needed, api=self.api, provider=self._provider, now=self._clock())
        return _told(await drive_async(flow, self._fetched))

    async def _fetched(self, call: Call) -> Reply:
        # In a thread, so that no connection belongs to an event loop: an hour later there may be another one.
        return await asyncio.to_thread(self._send, call)

    # ---- in tests ----

    @contextmanager
    def as_principal(
        self, principal: Principal | None = None, *, scopes: Names = (), roles: Names = (), application: bool = False
    ) -> Generator[Principal]:
        """Meanwhile every request comes from them, whatever it brings; what routes ask is still asked."""
        asked, before = needs(scopes=scopes, roles=roles), self._acting
        self._acting = acting = principal or somebody(scopes=asked.scopes, roles=asked.roles, application=application)
        try:
            yield acting
        finally:
            self._acting = before

    @contextmanager
    def fake_authority(self) -> Generator[FakeAuthority]:
        """Meanwhile tokens are those that it makes: signed by a key of its own, and verified like any other."""
        before = self._send, self._provider
        fake = FakeAuthority(self.api, self._clock)
        self._send, self._provider = fake, Provider(self.api.authority)
        try:
            yield fake
        finally:
            self._send, self._provider = before


def guard(
    settings: Settings,
    *,
    allowed_applications: Iterable[str] = (),
    send: Send | None = None,
    clock: Callable[[], NumericDate] = clock,
) -> Guard:
    """*send*: what makes the calls to the authority; None: ours, which trusts `settings.ca_file`."""
    return Guard(protected_api(settings, allowed_applications), send or _sender(settings), clock)


def _sender(settings: Settings) -> Send:
    def send(call: Call) -> Reply:
        # Made anew for each of the few calls an hour: nothing to close, and a renewed root counts at once.
        trusted = ssl.create_default_context(cafile=settings.ca_file)
        with httpx2.Client(verify=trusted, timeout=TIMEOUT) as client:
            return over(client)(call)

    return send


def _told(answer: Principal | Challenge) -> Principal | Challenge:
    if isinstance(answer, Challenge):
        _LOG.log(_level(answer), "%d %s: %s", answer.status, answer.error or "no token", answer.reason)
    return answer


def _level(answer: Challenge) -> int:
    return logging.WARNING if answer.status >= 500 else logging.INFO
