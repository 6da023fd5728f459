"""An API asks for another API's token for the person who called it.  RFC 7523 §4; reference 21."""

from entrada.client.errors import BadSettings
from entrada.client.flow import Flow
from entrada.client.grants.client_authentication import Entropy
from entrada.client.grants.identity import Asked, identified, with_identity
from entrada.client.grants.registration import Registration
from entrada.client.grants.token_endpoint import Grant, ask
from entrada.client.tokens import Tokens
from entrada.core.jose.numeric_date import NumericDate

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def on_behalf_of(
    registration: Registration,
    token: str,
    scopes: tuple[str, ...],
    *,
    now: NumericDate,
    entropy: Entropy,
    claims: str | None = None,
) -> Flow[Tokens]:
    """*token* is the access token that the caller sent, for this API, and verified.

    InteractionRequired is for the caller's client: answer it with 401 and `said.claims` in a challenge.
    """
    if registration.credential is None:
        raise BadSettings(
            "Only an API with a credential asks on behalf of others", advice="Give it a secret or a certificate."
        )
    form = {
        "grant_type": GRANT_TYPE,
        "assertion": token,
        "requested_token_use": "on_behalf_of",
        "scope": " ".join(with_identity(scopes)),
        **({"claims": claims} if claims else {}),
    }
    granted = yield from ask(registration, Grant(form=form, scopes=scopes), now, entropy)
    return (yield from identified(granted, registration, Asked(), now))
