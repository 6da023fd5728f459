"""Does the redirect URI belong to the client?  Until it does, errors are shown, never redirected.

RFC 6749 §4.1.2.1.
"""

from urllib.parse import urlsplit

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.context import Context
from entrada.core.protocol.weighed_redirect_uris import weighed_redirect_uris


def registered_redirect_uri(context: Context) -> Refusal | None:
    client_id = context.parameters.get("client_id") or ""
    sent = context.parameters.get("redirect_uri")
    if sent is not None and not _absolute(sent):
        return Refusal(why.BAD_URI_PARAMETER, {"parameter": "redirect_uri"})
    if context.redirect_uri is None:
        reason = why.NO_REPLY_ADDRESS if sent is None else why.REPLY_ADDRESS_MISMATCH
        registered = context.client.redirect_uris if context.client is not None else ()
        facts = {"redirect_uri": sent or "", "client_id": client_id}
        return Refusal(reason, facts, weighed=weighed_redirect_uris(registered))
    return None


def _absolute(uri: str) -> bool:
    try:
        return bool(urlsplit(uri).scheme)
    except ValueError:
        return False
