"""Is it the code flow, or one with an ID token that the application has enabled?  Reference section 11.

Access tokens never come from the authorization endpoint: RFC 9700 §2.1.2.
"""

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.allowed_scope import asked_words
from entrada.core.protocol.authorize.context import Context

_KNOWN = (frozenset({"code"}), frozenset({"id_token"}), frozenset({"code", "id_token"}))


def supported_response_type(context: Context) -> Refusal | None:
    response_type = context.parameters.get("response_type")
    if response_type is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "response_type"})
    facts = {"response_type": response_type}
    if context.words not in _KNOWN:
        tokens = context.words <= {"code", "id_token", "token"} and "token" in context.words
        return Refusal(why.ACCESS_TOKEN_NOT_ENABLED if tokens else why.UNSUPPORTED_RESPONSE_TYPE, facts)
    if "id_token" in context.words and not (context.client and context.client.enable_id_token_issuance):
        return Refusal(why.ID_TOKEN_NOT_ENABLED, facts)
    return None


def bound_id_token(context: Context) -> Refusal | None:
    """An ID token from this endpoint needs openid to be one, and a nonce against replay (OpenID Connect §3.2.2.1)."""
    if "id_token" not in context.words:
        return None
    if not context.parameters.get("nonce"):
        return Refusal(why.MISSING_PARAMETER, {"parameter": "nonce"})
    words = asked_words(context.parameters, context.version)
    if not isinstance(words, Refusal) and all(str(word) != "openid" for word in words):
        return Refusal(why.BAD_REQUEST, {"fault": "an id_token needs the scope 'openid'"})
    return None


def supported_response_mode(context: Context) -> Refusal | None:
    asked = context.parameters.get("response_mode")
    if asked is not None and asked != context.mode:
        return Refusal(why.UNSUPPORTED_RESPONSE_MODE, {"response_mode": asked})
    return None
