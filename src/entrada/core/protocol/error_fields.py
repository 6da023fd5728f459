"""How a refusal is written on the wire, as JSON and as a redirect.  Reference sections 13.1 and 17."""

from datetime import UTC, datetime

from attrs import frozen

from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class Trace:
    """What lets an operator find the log line."""

    trace_id: str
    correlation_id: str
    at: NumericDate

    @property
    def timestamp(self) -> str:
        return datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")

    def lines(self) -> tuple[str, str, str]:
        return (
            f"Trace ID: {self.trace_id}",
            f"Correlation ID: {self.correlation_id}",
            f"Timestamp: {self.timestamp}",
        )


def description(refusal: Refusal, trace: Trace, separator: str) -> str:
    return separator.join((f"{refusal.reason.aadsts}: {refusal.text}", *trace.lines()))


def json_members(refusal: Refusal, trace: Trace, origin: str) -> dict[str, object]:
    """The body of a refusal at the token endpoint.  MSAL reads the number out of error_uri, so it is always there."""
    reason = refusal.reason
    members: dict[str, object] = {
        "error": reason.error,
        "error_description": description(refusal, trace, " "),
        "error_codes": [reason.code],
        "timestamp": trace.timestamp,
        "trace_id": trace.trace_id,
        "correlation_id": trace.correlation_id,
        "error_uri": _error_uri(refusal, origin),
        "suberror": reason.suberror,
        "claims": refusal.claims,
    }
    return {name: value for name, value in members.items() if value is not None}


def redirect_fields(refusal: Refusal, trace: Trace, origin: str, state: str | None) -> list[tuple[str, str]]:
    """*suberror* and *claims* only where a client is challenged; reference section 13.1."""
    fields: list[tuple[str, str | None]] = [
        ("error", refusal.reason.error),
        ("error_description", description(refusal, trace, "\r\n")),
        ("error_uri", _error_uri(refusal, origin)),
        ("suberror", refusal.reason.suberror if refusal.claims else None),
        ("claims", refusal.claims),
        ("state", state),
    ]
    return [(name, value) for name, value in fields if value is not None]


def _error_uri(refusal: Refusal, origin: str) -> str:
    return f"{origin}/error?code={refusal.reason.code}"
