"""Who may come in, and what both shapes answer when a token was issued.  Reference clients.md section 2.3."""

from collections.abc import Callable

from attrs import field, frozen
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entrada.core.directory.ids import ClientId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace
from entrada.core.protocol.version import Version
from entrada.server.usecases.asking import Issued
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.issue_identity_token import issue_identity_token
from entrada.server.web.http import decision_log
from entrada.server.web.http.faults import PASSING
from entrada.server.web.http.form import read_query
from entrada.server.web.http.json_answer import NO_STORE, json_answer
from entrada.server.web.http.trace import trace_of

_MEMBERS = ("access_token", "client_id", "expires_in", "expires_on", "not_before", "resource", "token_type")


@frozen
class Machine:
    here: Installation
    served: tuple[ClientId, ...]
    header: str = field(repr=False)


@frozen(kw_only=True)
class Shape:
    """How one of Azure's endpoints asks and refuses."""

    version: str  # the api-version that clients send
    guard: Callable[[Request], Refusal | None]
    members: Callable[[Refusal, Trace], dict[str, object]]


def route(machine: Machine, path: str, shape: Shape) -> Route:
    async def answer(request: Request) -> Response:
        trace = trace_of(machine.here, request, request.headers.get("x-ms-client-request-id"))
        decided = await _decided(machine, shape, request, trace)
        if isinstance(decided, Refusal):
            decision_log.refused("managed identity", decided, trace)
            return json_answer(shape.members(decided, trace), decided.reason.status)
        granted = decided.response.granted
        client, resource = decided.client.app_id, granted.resource.app_id
        decision_log.granted("managed identity", trace, client=client, scope=granted.identifier, resource=resource)
        return json_answer(_issued(decided), headers=NO_STORE)

    return Route(path, answer, methods=["GET"])


async def _decided(machine: Machine, shape: Shape, request: Request, trace: Trace) -> Issued | Refusal:
    try:
        return shape.guard(request) or await _issue(machine, shape, request)
    except PASSING as error:
        decision_log.unavailable("managed identity", trace, error)
        return Refusal(why.TEMPORARILY_UNAVAILABLE)
    except Exception as error:  # noqa: BLE001 - the last one to catch it: clients expect JSON of a surprise too
        decision_log.failed("managed identity", trace, error)
        return Refusal(why.SERVER_FAULT)


async def _issue(machine: Machine, shape: Shape, request: Request) -> Issued | Refusal:
    parameters = read_query(request)
    if isinstance(parameters, Refusal):
        return parameters
    if parameters.get("api-version") != shape.version:
        return Refusal(why.BAD_REQUEST, {"fault": f"its api-version is not {shape.version}"})
    return await issue_identity_token(machine.here, machine.served, parameters)


def _issued(issued: Issued) -> dict[str, object]:
    # Times are texts, as v1.0 token responses write them.
    known = {**issued.response.members(Version.V1), "client_id": issued.client.app_id}
    return {name: known[name] for name in _MEMBERS}
