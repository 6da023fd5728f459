"""The answer as it leaves: with what limits tell of themselves and with CORS headers, refusals included."""

from attrs import evolve

from entrada.core.gateway import headers
from entrada.core.gateway.counting import settled_at_last
from entrada.core.gateway.elements.value import EvaluationFailed
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.verdict import Answer


def answered(passage: Passage) -> Answer:
    response = passage.response or Response(status=200, body=b"")
    passage.response = response
    counted = settled_at_last(passage)
    lines = response.headers
    for name, value in passage.added:
        lines = headers.replaced(lines, name, (value,))
    lines = _with_cors(lines, _cors(passage))
    return Answer(
        response=response if lines is response.headers else evolve(response, headers=lines),
        counted=counted,
        trace=passage.trace,
        failure=passage.failure,
        api_id=passage.api.id,
        operation_id=passage.operation.id,
        product_id=passage.product.id if passage.product else "",
        subscription_id=passage.subscription.id if passage.subscription else "",
        claims=passage.claims,
        marks=passage.marks,
        secrets=passage.secrets,
    )


def _cors(passage: Passage) -> Headers | None:
    """Of the policy that spoke; of the first one, where the request never got to it."""
    if passage.cors is not None or not passage.plan.cors:
        return passage.cors
    origin = headers.joined(passage.original.headers, "Origin")
    try:
        return passage.plan.cors[0].headers_for(origin, passage)
    except EvaluationFailed:
        return None


def _with_cors(lines: Headers, cors: Headers | None) -> Headers:
    """In place of the backend's own; what else the answer varies by stays."""
    if cors is None:
        return lines
    own = {name for name, _ in lines if name.lower().startswith("access-control-")}
    return (*headers.without(lines, own), *cors)
