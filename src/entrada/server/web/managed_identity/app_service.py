"""The identity endpoint of App Service and Functions: whoever knows the header's value, from the environment, is in."""

import hmac
from typing import Final

from starlette.requests import Request
from starlette.routing import BaseRoute

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace, description
from entrada.server.web.managed_identity.door import Machine, Shape, route

PATH: Final = "/msi/token"


def routes(machine: Machine) -> list[BaseRoute]:
    def refuse_stranger(request: Request) -> Refusal | None:
        sent = request.headers.getlist("x-identity-header")
        known = len(sent) == 1 and hmac.compare_digest(sent[0].encode(), machine.header.encode())
        return None if known else Refusal(why.IDENTITY_HEADER_WRONG)

    return [route(machine, PATH, Shape(version="2019-08-01", guard=refuse_stranger, members=_members))]


def _members(refusal: Refusal, trace: Trace) -> dict[str, object]:
    """As MSAL reads them."""
    return {
        "statusCode": refusal.reason.status,
        "message": description(refusal, trace, " "),
        "correlationId": trace.correlation_id,
    }
