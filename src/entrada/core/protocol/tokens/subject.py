"""Whom and what a user's tokens speak of: everything both tokens are made from."""

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate, Seconds

# Entra issues tokens that are already five minutes old, which forgives clients whose clock runs behind.
BACKDATED = Seconds(300)
ID_TOKEN_LIFETIME = Seconds(3600)
MIN_ACCESS_TOKEN_LIFETIME = Seconds(3600)
ACCESS_TOKEN_LIFETIME_SPREAD = 1800  # Entra: random, 60 to 90 minutes, so that refreshes do not come in waves
LONGEST_ACCESS_TOKEN = Seconds(MIN_ACCESS_TOKEN_LIFETIME + ACCESS_TOKEN_LIFETIME_SPREAD)


@frozen(kw_only=True)
class Subject:
    origin: str  # https://host[:port], no slash
    user: User
    client: Application
    oidc: frozenset[str]  # openid, profile, email, offline_access: those granted
    pairwise_key: bytes = field(repr=False)
    authenticated_at: NumericDate
    methods: tuple[str, ...]


def access_token_lifetime(random_byte: int) -> Seconds:
    return Seconds(MIN_ACCESS_TOKEN_LIFETIME + ACCESS_TOKEN_LIFETIME_SPREAD * random_byte // 255)
