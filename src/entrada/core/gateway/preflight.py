"""A browser's question before a request: may this page send that?  Gateway reference section 8; WHATWG Fetch, 4.8."""

from entrada.core.gateway import headers
from entrada.core.gateway.counting import settled_at_last
from entrada.core.gateway.elements.value import EvaluationFailed
from entrada.core.gateway.exchange import Request, Response
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.verdict import Answer


def asked_method(request: Request) -> str:
    return headers.joined(request.headers, "Access-Control-Request-Method") or ""


def answer(passage: Passage) -> Answer:
    """By the first `cors` that matches, as long as those before leave it to the next; else an empty 200."""
    origin = headers.joined(passage.original.headers, "Origin")
    response = Response(status=200, reason="OK", headers=(("Vary", "Origin"),), body=b"")
    saw = f"a preflight for {asked_method(passage.original)} from {origin}"
    for one in passage.plan.cors:
        try:
            found = one.preflight(passage.original, passage)
            terminates = one.terminates.of(passage)
        except EvaluationFailed:
            break
        if found is not None:
            passage.note_step("cors", saw, "allowed")
            response = found
            break
        passage.note_step("cors", saw, "answered without CORS headers", one.would_pass(passage.original))
        if terminates:
            break
    return Answer(
        response=response,
        counted=settled_at_last(passage),
        trace=passage.trace,
        api_id=passage.api.id,
        operation_id=passage.operation.id,
        marks=passage.marks,
        secrets=passage.secrets,
    )
