"""A token of the application itself.  RFC 6749 §4.4; reference 20."""

from entrada.client.errors import BadSettings
from entrada.client.flow import Flow
from entrada.client.grants.client_authentication import Entropy
from entrada.client.grants.registration import Registration
from entrada.client.grants.token_endpoint import Grant, ask
from entrada.client.tokens import Tokens
from entrada.core.jose.numeric_date import NumericDate


def client_credentials(
    registration: Registration,
    scopes: tuple[str, ...],
    *,
    now: NumericDate,
    entropy: Entropy,
    claims: str | None = None,
) -> Flow[Tokens]:
    if registration.credential is None:
        raise BadSettings(
            "An application without a credential has no tokens of its own",
            advice="Give it a secret, a certificate or a federated token, or let a person sign in.",
        )
    form = {"grant_type": "client_credentials", "scope": " ".join(scopes), **({"claims": claims} if claims else {})}
    granted = yield from ask(registration, Grant(form=form, scopes=scopes), now, entropy)
    return Tokens(access=granted.access)
