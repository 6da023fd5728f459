"""Renew tokens, also for other APIs, without the person.  RFC 6749 §6; OpenID Connect Core 1.0 §12; reference 19."""

from entrada.client.flow import Flow
from entrada.client.grants.client_authentication import Entropy
from entrada.client.grants.identity import Asked, identified, with_identity
from entrada.client.grants.registration import Registration
from entrada.client.grants.token_endpoint import Grant, ask
from entrada.client.tokens import Account, Tokens
from entrada.core.jose.numeric_date import NumericDate


def refresh(
    registration: Registration,
    refresh_token: str,
    scopes: tuple[str, ...],
    *,
    account: Account | None,
    now: NumericDate,
    entropy: Entropy,
    claims: str | None = None,
) -> Flow[Tokens]:
    """*account*: whose token it is; nobody else's tokens may come.  The answer may hold a new refresh token."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": refresh_token,
        "scope": " ".join(with_identity(scopes)),
        **({"claims": claims} if claims else {}),
    }
    # It may be presented again where the answer was lost: entrada allows a minute for that, Entra never takes it back,
    # and an authority that does would refuse the next renewal anyway.
    granted = yield from ask(registration, Grant(form=form, scopes=scopes, of_the_person=True), now, entropy)
    return (yield from identified(granted, registration, Asked(account=account), now))
