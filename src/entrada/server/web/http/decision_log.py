"""One line for each decision, by which a trace id leads to its story.  Never a token, a secret or a password."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import structlog

from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace

_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()
_FACT_LENGTH: Final = 200
_address: Final[ContextVar[str | None]] = ContextVar("where this request comes from", default=None)
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


@contextmanager
def asked_from(address: str | None) -> Generator[None]:
    """Every line meanwhile says so, whichever endpoint decides."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def refused(event: str, refusal: Refusal, trace: Trace, **facts: str | None) -> None:
    if (heard := _heard.get()) is not None:
        heard.append(refusal)
    weighed = _known({**refusal.facts, **refusal.weighed})
    _log.info(event, decision="refused", aadsts=refusal.reason.code, weighed=weighed, **_ids(trace), **_known(facts))


def granted(event: str, trace: Trace, **facts: str | None) -> None:
    _log.info(event, decision="granted", **_ids(trace), **_known(facts))


def failed(event: str, trace: Trace, error: BaseException) -> None:
    """A surprise: the traceback goes to the log, the trace id to the caller."""
    _log.error(event, decision="failed", exc_info=error, **_ids(trace))


def unavailable(event: str, trace: Trace, error: BaseException) -> None:
    _log.error(event, decision="unavailable", error=f"{type(error).__name__}: {error}"[:_FACT_LENGTH], **_ids(trace))


def _ids(trace: Trace) -> dict[str, str]:
    return {"trace_id": trace.trace_id, "correlation_id": trace.correlation_id, **_known({"address": _address.get()})}


def _known(facts: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value[:_FACT_LENGTH] for name, value in facts.items() if value is not None}
