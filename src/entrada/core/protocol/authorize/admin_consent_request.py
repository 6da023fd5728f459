"""Does a request for admin consent name one organization, and a place to return to?  Reference section 28."""

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.audience import Global
from entrada.core.protocol.authorize.context import Context
from entrada.core.protocol.version import Version


def complete_admin_consent(context: Context) -> Refusal | None:
    if context.version is Version.V2 and context.authority.segment == Global.COMMON:
        return Refusal(why.BAD_REQUEST, {"fault": "/common names no organization; use its id or /organizations"})
    if context.parameters.get("redirect_uri") is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "redirect_uri"})
    return None
