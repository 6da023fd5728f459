"""One line for each decision, and its part in the story that a trace id leads to.  Never a token, secret or password.

The line is written at once; the story once the request is answered (`storyteller.py`).
"""

from collections.abc import Mapping
from typing import Final

import structlog

from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace
from entrada.server.web.http.heard import Decision, Told, now_heard

_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()
_FACT_LENGTH: Final = 200
_UNAUTHENTICATED: Final = 401


def refused(event: str, refusal: Refusal, trace: Trace, **facts: str | None) -> None:
    known = _known(facts)
    _hear(Decision(event=event, trace=trace, refusal=refusal, facts=known))
    weighed = _known({**refusal.facts, **refusal.weighed})
    _log.info(event, decision="refused", aadsts=refusal.reason.code, weighed=weighed, **_ids(trace), **known)


def told(event: str, status: int, code: str, message: str, trace: Trace, **facts: str | None) -> None:
    """Refused in words that are not of the catalogue: Graph's."""
    known = _known(facts)
    words = Told(code=code, message=message, unauthenticated=status == _UNAUTHENTICATED)
    _hear(Decision(event=event, trace=trace, told=words, facts=known))
    _log.info(event, decision="refused", code=code, **_ids(trace), **known)


def granted(event: str, trace: Trace, **facts: str | None) -> None:
    known = _known(facts)
    _hear(Decision(event=event, trace=trace, facts=known))
    _log.info(event, decision="granted", **_ids(trace), **known)


def failed(event: str, trace: Trace, error: BaseException) -> None:
    """A surprise: the traceback goes to the log, the trace id to the caller."""
    _log.error(event, decision="failed", exc_info=error, **_ids(trace))


def unavailable(event: str, trace: Trace, error: BaseException) -> None:
    _log.error(event, decision="unavailable", error=f"{type(error).__name__}: {error}"[:_FACT_LENGTH], **_ids(trace))


def _hear(decision: Decision) -> None:
    heard = now_heard.get()
    if heard is not None:
        heard.decisions.append(decision)


def _ids(trace: Trace) -> dict[str, str]:
    heard = now_heard.get()
    address = heard.address if heard is not None else None
    return {"trace_id": trace.trace_id, "correlation_id": trace.correlation_id, **_known({"address": address})}


def _known(facts: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value[:_FACT_LENGTH] for name, value in facts.items() if value is not None}
