"""Is the claims parameter a JSON object?  OpenID Connect Core §5.5."""

import json

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.context import Context


def readable_claims(context: Context) -> Refusal | None:
    text = context.parameters.get("claims")
    if text is None or _is_object(text):
        return None
    return Refusal(why.INVALID_PARAMETER, {"parameter": "claims"})


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def no_request_object(context: Context) -> Refusal | None:
    """RFC 9101 is not spoken here; ignoring a signed request would drop what its sender wanted protected."""
    for name in ("request", "request_uri"):
        if context.parameters.get(name):
            return Refusal(why.BAD_REQUEST, {"fault": f"the parameter '{name}' is not supported"})
    return None
