"""Redeem an authorization code, whoever judged the answer that brought it.  RFC 6749 §4.1.3; RFC 7636 §4.5."""

from attrs import field, frozen

from entrada.client.flow import Flow
from entrada.client.grants.client_authentication import Entropy
from entrada.client.grants.identity import Asked, signed_in
from entrada.client.grants.registration import Registration
from entrada.client.grants.token_endpoint import Grant, ask
from entrada.client.tokens import Tokens
from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class Redemption:
    redirect_uri: str  # as in the request
    code_verifier: str = field(repr=False)
    scopes: tuple[str, ...]
    bound: Asked  # with the code, and what the ID token must answer to


def redeem_code(registration: Registration, wanted: Redemption, *, now: NumericDate, entropy: Entropy) -> Flow[Tokens]:
    """Raises AuthorityRefused, BadAnswer, TokenRejected, and what every call may raise."""
    form = {
        "grant_type": "authorization_code",
        "code": wanted.bound.code,
        "redirect_uri": wanted.redirect_uri,
        "code_verifier": wanted.code_verifier,
    }
    granted = yield from ask(registration, Grant(form=form, scopes=wanted.scopes, repeatable=False), now, entropy)
    return (yield from signed_in(granted, registration, wanted.bound, now))
