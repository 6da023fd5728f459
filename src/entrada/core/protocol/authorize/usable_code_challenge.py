"""Is the PKCE challenge well formed, and there where it must be?  RFC 7636 §4.3; reference sections 10 and 18."""

from entrada.core.directory.application import Platform
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol import pkce
from entrada.core.protocol.authorize.context import Context


def usable_code_challenge(context: Context) -> Refusal | None:
    parameters = context.parameters
    digest = pkce.parse_challenge(parameters.get("code_challenge"), parameters.get("code_challenge_method"))
    if isinstance(digest, Refusal):
        return digest
    # Entra says so only at redemption; here the developer learns it before the person has signed in.
    registered = context.redirect_uri
    if "code" in context.words and not digest and registered and registered.platform is Platform.SPA:
        return Refusal(why.SPA_NEEDS_PKCE)
    return None
