"""What a token endpoint gives.  RFC 6749 §5.1; OpenID Connect Core 1.0 §3.1.3.3."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from entrada.core.jose.numeric_date import NumericDate, Seconds

RENEWED_BEFORE = Seconds(60)  # an access token that close to its end is renewed first


def scopes_of(named: Iterable[str]) -> tuple[str, ...]:
    """Each once.  A text is what the protocol has: names with spaces between (RFC 6749 §3.3), one for the most part."""
    return tuple(dict.fromkeys(named.split() if isinstance(named, str) else named))


@frozen(kw_only=True)
class Account:
    """Who signed in, as a cache knows them: never by a name or an address, which others may get."""

    issuer: str  # `iss`
    tenant_id: str  # `tid`; empty where there are no tenants
    user_id: str  # `oid`, or `sub` where there is none
    username: str = ""  # to show and to choose by
    name: str = ""

    @property
    def key(self) -> str:
        return f"{self.issuer} {self.user_id}"


@frozen(kw_only=True)
class AccessToken:
    value: str = field(repr=False)
    scopes: frozenset[str]  # as granted
    asked: frozenset[str] | None = None  # set by a cache: the question that it answers again, `.default` for one
    expires_at: NumericDate
    refresh_at: NumericDate | None = None  # `refresh_in`: better to renew from then on, though it still serves
    token_type: str = "Bearer"
    kept_at: NumericDate | None = None  # set by a cache

    def serves(self, now: NumericDate) -> bool:
        """Not where it was kept in what is the future now: the clock was ahead then, and its end is too late."""
        comes_yet = self.kept_at is not None and now < self.kept_at - RENEWED_BEFORE
        return now < self.expires_at - RENEWED_BEFORE and not comes_yet


@frozen(kw_only=True)
class Tokens:
    """A whole answer, and what its ID token was verified to say."""

    access: AccessToken
    refresh_token: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)
    claims: Mapping[str, object] = field(factory=dict[str, object], repr=False)  # verified; empty without an ID token
    account: Account | None = None  # None: the token is the application's own
