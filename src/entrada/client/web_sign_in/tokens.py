"""Access tokens of whoever is signed in: kept in their session, renewed once however many requests ask, anywhere.

The session is the cache: its row is shared by all processes, so the claim to renew is a note in it.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from attrs import evolve, field, frozen

from entrada.client.errors import InteractionRequired, OAuthError
from entrada.client.flow import Flow
from entrada.client.grants.refresh_token import refresh
from entrada.client.token_cache.port import Kept, Partition
from entrada.client.token_cache.remembering import serving, wanted
from entrada.client.token_cache.renewing import Renewing
from entrada.client.tokens import AccessToken, Account, Tokens
from entrada.client.web_sign_in.desk import Desk
from entrada.client.web_sign_in.session import RENEWAL, Session
from entrada.client.web_sign_in.sessions.sessions import Found, Sessions
from entrada.core.jose.numeric_date import NumericDate

_SIGN_IN: Final = "Sign in again."


def token_for(
    desk: Desk, found: Found, scopes: tuple[str, ...], claims: str | None = None, *, force: bool = False
) -> Flow[AccessToken]:
    """Raises InteractionRequired where only the person can go on; what the grant raises."""
    asked = wanted(scopes)
    kept = found.session.kept
    token = serving(kept, asked, desk.clock()) if claims is None else None
    if token is not None and not force:
        return token
    renewing = Renewing(
        cache=SessionTokens(desk.sessions, found, desk.clock),
        partition=Partition(str(desk.settings.authority), desk.settings.client_id, _key(kept.account)),
        renew=partial(_renewed, desk),
        clock=desk.clock,
    )
    return (yield from renewing.renewed(asked, claims, token))


def _renewed(desk: Desk, kept: Kept | None, scopes: tuple[str, ...], claims: str | None) -> Flow[Tokens]:
    if kept is None or kept.refresh_token is None:
        said = OAuthError(error="login_required", claims=claims)
        raise InteractionRequired("The tokens of this session are gone", said, scopes=scopes, advice=_SIGN_IN)
    return (
        yield from refresh(
            desk.registration,
            kept.refresh_token,
            scopes,
            account=kept.account,
            now=desk.clock(),
            entropy=desk.entropy,
            claims=claims,
        )
    )


def _key(account: Account | None) -> str:
    return account.key if account is not None else ""


@frozen
class SessionTokens:
    """A token cache of one partition: the session's own account."""

    sessions: Sessions
    found: Found
    clock: Callable[[], NumericDate] = field(repr=False)

    @property
    def blocks(self) -> bool:
        return self.sessions.store.blocks

    def read(self, partition: Partition) -> Kept | None:
        found = self.sessions.find_key(self.found.key, self.clock())
        return found.session.kept if found is not None else None

    def change(self, partition: Partition, decide: Callable[[Kept | None], Kept | None]) -> Kept | None:
        """A session that has ended meanwhile stays ended."""

        def decided(session: Session) -> Session:
            return evolve(session, kept=decide(session.kept) or Kept())

        found = self._changed(decided)
        return found.session.kept if found is not None else None

    def claim(self, partition: Partition) -> Callable[[], None] | None:
        """A note in the session, which holds for some seconds: whoever died over it stops nobody for long."""
        now = self.clock()
        mine = NumericDate(now + RENEWAL)
        held = list[bool]()

        def noted(session: Session) -> Session:
            held.append(session.is_renewed_by_another(now))
            return session if held[-1] else evolve(session, renewing_until=mine)

        return self._give_up if self._changed(noted) is None or not held[-1] else None

    def partitions(self) -> tuple[tuple[Partition, Account | None], ...]:
        return ()

    def _give_up(self) -> None:
        self._changed(lambda session: evolve(session, renewing_until=None))

    def _changed(self, decide: Callable[[Session], Session]) -> Found | None:
        """Of what rests there now: what this request found when it came may be what *decide* would leave as it is."""
        now = self.clock()
        newest = self.sessions.find_key(self.found.key, now)
        return self.sessions.change(newest, decide, now) if newest is not None else None
