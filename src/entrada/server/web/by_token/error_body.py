"""A `Problem` as Graph's error body.  Reference section 38."""

from datetime import UTC, datetime

from entrada.core.directory.administration.problem import Detail, Problem
from entrada.core.protocol.error_fields import Trace


def error_body(problem: Problem, trace: Trace) -> dict[str, object]:
    inner = {
        "date": datetime.fromtimestamp(trace.at, UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": trace.trace_id,
        "client-request-id": trace.correlation_id,
    }
    error: dict[str, object] = {"code": problem.code, "message": problem.message}
    if problem.target is not None:
        error["target"] = problem.target
    if problem.details:
        error["details"] = [_detail(one) for one in problem.details]
    return {"error": {**error, "innerError": inner}}


def _detail(one: Detail) -> dict[str, str]:
    target = {} if one.target is None else {"target": one.target}
    return {"code": one.code, "message": one.message, **target}
