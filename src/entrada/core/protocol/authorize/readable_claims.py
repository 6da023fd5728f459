"""Is the claims parameter a JSON object?  OpenID Connect Core §5.5."""

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.context import Context
from entrada.core.protocol.claims_request import parse_claims_request


def readable_claims(context: Context) -> Refusal | None:
    asked = parse_claims_request(context.parameters.get("claims"))
    return asked if isinstance(asked, Refusal) else None


def no_request_object(context: Context) -> Refusal | None:
    """RFC 9101 is not spoken here; ignoring a signed request would drop what its sender wanted protected."""
    for name in ("request", "request_uri"):
        if context.parameters.get(name):
            return Refusal(why.BAD_REQUEST, {"fault": f"the parameter '{name}' is not supported"})
    return None
