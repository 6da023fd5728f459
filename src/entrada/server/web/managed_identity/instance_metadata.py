"""The instance metadata service of a virtual machine: no secret, but guards against requests that others forge.

A page in a browser cannot add the header Metadata to a request for another site without asking first, and what a
program forwards for somebody else tells so.  Azure refuses both as well.
"""

from typing import Final

from starlette.requests import Request
from starlette.routing import BaseRoute

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace, description
from entrada.server.web.managed_identity.door import Machine, Shape, route

PATH: Final = "/metadata/identity/oauth2/token"
_FORWARDED: Final = ("x-forwarded-for", "forwarded")


def routes(machine: Machine) -> list[BaseRoute]:
    shape = Shape(version="2018-02-01", guard=_refuse_forged, members=_members)
    # MSAL Node and @azure/identity write the slash.
    return [route(machine, PATH, shape), route(machine, f"{PATH}/", shape)]


def _refuse_forged(request: Request) -> Refusal | None:
    if [value.lower() for value in request.headers.getlist("metadata")] != ["true"]:
        return Refusal(why.BAD_REQUEST, {"fault": "the header Metadata: true is missing"})
    if any(name in request.headers for name in _FORWARDED):
        return Refusal(why.BAD_REQUEST, {"fault": "it was forwarded for somebody else"})
    return None


def _members(refusal: Refusal, trace: Trace) -> dict[str, object]:
    return {"error": refusal.reason.error, "error_description": description(refusal, trace, " ")}
