"""One line for each decision, by which a trace id leads to its story.  Never a token, a secret or a password."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import structlog

from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace

_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()
_FACT_LENGTH: Final = 200
_heard: Final[ContextVar[list[Refusal] | None]] = ContextVar("refusals of this request", default=None)


@contextmanager
def hearing() -> Generator[list[Refusal]]:
    """What is refused meanwhile, whichever endpoint refuses it: a new door is heard without doing anything for it."""
    refusals: list[Refusal] = []
    token = _heard.set(refusals)
    try:
        yield refusals
    finally:
        _heard.reset(token)


def refused(event: str, refusal: Refusal, trace: Trace, **facts: str | None) -> None:
    if (heard := _heard.get()) is not None:
        heard.append(refusal)
    weighed = {name: value[:_FACT_LENGTH] for name, value in refusal.facts.items()}
    _log.info(event, decision="refused", aadsts=refusal.reason.code, weighed=weighed, **_ids(trace), **_known(facts))


def granted(event: str, trace: Trace, **facts: str | None) -> None:
    _log.info(event, decision="granted", **_ids(trace), **_known(facts))


def failed(event: str, trace: Trace, error: BaseException) -> None:
    """A surprise: the traceback goes to the log, the trace id to the caller."""
    _log.error(event, decision="failed", exc_info=error, **_ids(trace))


def unavailable(event: str, trace: Trace, error: BaseException) -> None:
    _log.error(event, decision="unavailable", error=f"{type(error).__name__}: {error}"[:_FACT_LENGTH], **_ids(trace))


def _ids(trace: Trace) -> dict[str, str]:
    return {"trace_id": trace.trace_id, "correlation_id": trace.correlation_id}


def _known(facts: dict[str, str | None]) -> dict[str, str]:
    return {name: value[:_FACT_LENGTH] for name, value in facts.items() if value is not None}
