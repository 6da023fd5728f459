"""Tokens with what their ID token was verified to say of the person.  OpenID Connect Core 1.0 §3.1.3.3, §12.2."""

from attrs import field, frozen

from entrada.client.errors import BadAnswer
from entrada.client.flow import Flow
from entrada.client.grants.registration import Registration
from entrada.client.grants.token_endpoint import Granted
from entrada.client.id_token import Expected, account_of, verified_id_token
from entrada.client.tokens import Account, Tokens
from entrada.core.jose.numeric_date import NumericDate, Seconds

SCOPES = ("openid", "profile", "offline_access")  # who it is, and to be able to ask again without them


@frozen(kw_only=True)
class Asked:
    """What a sign-in is bound to; nothing of it where the person answers elsewhere (device code)."""

    nonce: str | None = field(default=None, repr=False)
    code: str = field(default="", repr=False)
    account: Account | None = None  # whose tokens are renewed
    max_age: Seconds | None = None  # since the person last proved who they are


def with_identity(scopes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*scopes, *SCOPES)))


def signed_in(granted: Granted, registration: Registration, asked: Asked, now: NumericDate) -> Flow[Tokens]:
    """Raises TokenRejected, and BadAnswer where the authority does not say who it is."""
    if granted.id_token is None:
        raise BadAnswer("The authority gave no id_token", advice="It must support OpenID Connect's scope openid.")
    return (yield from identified(granted, registration, asked, now))


def identified(granted: Granted, registration: Registration, asked: Asked, now: NumericDate) -> Flow[Tokens]:
    """The same for answers that may come without one: renewals, on-behalf-of.  Raises TokenRejected."""
    if granted.id_token is None:
        return Tokens(access=granted.access, refresh_token=granted.refresh_token, account=asked.account)
    provider = registration.provider
    expected = Expected(
        client_id=registration.client_id,
        nonce=asked.nonce,
        allowed_tenants=registration.allowed_tenants,
        access_token=granted.access.value,
        code=asked.code,
        account=asked.account,
        max_age=asked.max_age,
    )
    claims = yield from verified_id_token(granted.id_token, provider=provider, expected=expected, now=now)
    return Tokens(
        access=granted.access,
        refresh_token=granted.refresh_token,
        id_token=granted.id_token,
        claims=claims,
        account=account_of(claims, provider.authority.shape),
    )
