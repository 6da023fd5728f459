"""Redeem the answer of an authorization request.  RFC 6749 §4.1.3; RFC 7636; RFC 8252; RFC 9207.

The request itself, with its state, nonce and code challenge, is `web_sign_in`'s.
"""

import hmac
from collections.abc import Mapping

from entrada.client.errors import BadAnswer, SignInCancelled, TokenRejected
from entrada.client.flow import Flow
from entrada.client.grants.client_authentication import Entropy
from entrada.client.grants.code_redemption import Redemption, redeem_code
from entrada.client.grants.identity import Asked
from entrada.client.grants.refusal import refusal, said
from entrada.client.grants.registration import Registration
from entrada.client.tokens import Tokens
from entrada.client.web_sign_in.transaction import Transaction
from entrada.core.jose.numeric_date import NumericDate

_SAYING_NO = frozenset({"access_denied", "authorization_declined"})


def redeem(
    registration: Registration,
    parameters: Mapping[str, str],
    transaction: Transaction,
    *,
    redirect_uri: str,
    scopes: tuple[str, ...],
    now: NumericDate,
    entropy: Entropy,
) -> Flow[Tokens]:
    """*parameters* arrived at *redirect_uri*; *transaction* is what the request was bound to."""
    yield from _require_answer(registration, parameters, transaction, scopes, now)
    wanted = Redemption(
        redirect_uri=redirect_uri,
        code_verifier=transaction.code_verifier,
        scopes=scopes,
        bound=Asked(nonce=transaction.nonce, code=parameters["code"], max_age=transaction.max_age),
    )
    tokens = yield from redeem_code(registration, wanted, now=now, entropy=entropy)
    if parameters.get("iss", tokens.claims["iss"]) != tokens.claims["iss"]:
        raise _mixed_up()
    return tokens


def _require_answer(
    registration: Registration,
    parameters: Mapping[str, str],
    transaction: Transaction,
    scopes: tuple[str, ...],
    now: NumericDate,
) -> Flow[None]:
    if not hmac.compare_digest(parameters.get("state", "").encode(), transaction.state.encode()):
        raise BadAnswer("The answer belongs to another sign-in", advice="Begin again.")
    if "error" in parameters:
        refused = refusal(said(parameters), scopes)
        if refused.said.error in _SAYING_NO:
            raise SignInCancelled(refused.message, advice=refused.advice)
        raise refused
    code = parameters.get("code")
    if not code or not code.isascii():  # RFC 6749, appendix A.11
        raise BadAnswer("The authority answered with neither a code nor an error")
    metadata = yield from registration.provider.metadata(now)
    named = parameters.get("iss")
    if metadata.names_itself if named is None else not metadata.issuer.includes(named):
        raise _mixed_up()  # before the code goes where it does not belong (RFC 9207 §2.4)


def _mixed_up() -> TokenRejected:
    return TokenRejected("The answer names another issuer than the authority that was asked: two are mixed up")
