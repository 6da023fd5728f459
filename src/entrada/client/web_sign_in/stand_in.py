"""Somebody who is signed in without having signed in: for an application's own tests."""

from collections.abc import Iterable

from attrs import field, frozen

from entrada.client.tokens import AccessToken
from entrada.client.web_sign_in.user import User
from entrada.core.jose.numeric_date import NumericDate, Seconds

_LIFETIME = Seconds(60 * 60)


@frozen(kw_only=True)
class StandIn:
    user: User
    token: str = field(default="a-token-of-a-test", repr=False)  # for whatever scopes

    def token_for(self, scopes: tuple[str, ...], now: NumericDate) -> AccessToken:
        return AccessToken(value=self.token, scopes=frozenset(scopes), expires_at=NumericDate(now + _LIFETIME))


def stand_in(
    *,
    name: str = "Test User",
    username: str = "test@example.com",
    tenant_id: str = "00000000-0000-4000-8000-000000000001",
    user_id: str = "00000000-0000-4000-8000-0000000000aa",
    roles: Iterable[str] = (),
    scopes: Iterable[str] = (),
    groups: Iterable[str] | None = (),
    token: str = "a-token-of-a-test",
) -> StandIn:
    """*groups*: None is somebody in too many for a token."""
    user = User(
        issuer=f"https://login.example/{tenant_id}/v2.0",
        tenant_id=tenant_id,
        user_id=user_id,
        subject=f"subject of {user_id}",
        name=name,
        username=username,
        roles=frozenset(roles),
        scopes=frozenset(scopes),
        known_groups=None if groups is None else frozenset(groups),
    )
    return StandIn(user=user, token=token)
