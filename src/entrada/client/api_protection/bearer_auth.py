"""What `BearerAuth` of every framework has in common: how it is made, and how tests act as somebody."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from entrada.client.api_protection.fake_authority import FakeAuthority
from entrada.client.api_protection.guard import guard
from entrada.client.api_protection.needs import Names
from entrada.client.api_protection.principal import Principal
from entrada.client.driver import Send, clock
from entrada.client.settings import Settings
from entrada.core.jose.numeric_date import NumericDate


class BearerAuth:
    """One for the life of the application: it remembers the authority's keys."""

    def __init__(
        self,
        settings: Settings,
        *,
        allowed_applications: Iterable[str] = (),
        send: Send | None = None,
        clock: Callable[[], NumericDate] = clock,
    ) -> None:
        """*allowed_applications*: client ids that may come for themselves without a role.

        *send* makes the calls to the authority, and *clock* says the time: for tests.
        """
        self._guard = guard(settings, allowed_applications=allowed_applications, send=send, clock=clock)

    def as_principal(
        self, principal: Principal | None = None, *, scopes: Names = (), roles: Names = (), application: bool = False
    ) -> AbstractContextManager[Principal]:
        """In tests: meanwhile every request comes from them, whatever it brings; what a route asks is still asked."""
        return self._guard.as_principal(principal, scopes=scopes, roles=roles, application=application)

    def fake_authority(self) -> AbstractContextManager[FakeAuthority]:
        """In tests: meanwhile tokens are those of its `test_token`, verified like any other."""
        return self._guard.fake_authority()
