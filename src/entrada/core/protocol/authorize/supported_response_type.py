"""Is it the code flow?  Reference section 11."""

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.context import Context


def supported_response_type(context: Context) -> Refusal | None:
    response_type = context.parameters.get("response_type")
    if response_type is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "response_type"})
    if context.words == frozenset({"code"}):
        return None
    known = context.words <= {"code", "id_token", "token"}
    reason = why.ID_TOKEN_NOT_ENABLED if known and "id_token" in context.words else why.UNSUPPORTED_RESPONSE_TYPE
    return Refusal(reason, {"response_type": response_type})


def supported_response_mode(context: Context) -> Refusal | None:
    asked = context.parameters.get("response_mode")
    if asked is not None and asked != context.mode:
        return Refusal(why.UNSUPPORTED_RESPONSE_MODE, {"response_mode": asked})
    return None
