"""What is told of a request once it is answered: a line of the log, a story where it was refused, figures.

Never a token, a key, a query, a cookie.  Of a token's claims those alone that the operator has named.
"""

from collections.abc import Iterable, Mapping
from logging import INFO
from typing import Final

import structlog
from attrs import define, field, frozen

from entrada.core.directory.ids import TenantId
from entrada.core.directory.story import Fact, Kind, Story
from entrada.core.gateway.trace import Entry
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.journal import Draft
from entrada.server.web.gateway.figures import Figures

EVENT: Final = "gateway"
_LONGEST: Final = 200  # of a claim, of a path
_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()


@frozen(kw_only=True)
class Observed:
    request_id: str
    at: NumericDate
    method: str
    path: str
    address: str
    user_agent: str
    status: int  # 0: whoever asked was gone before
    seconds: float
    backend_seconds: float | None = None
    api: str = ""
    operation: str = ""
    product: str = ""
    subscription: str = ""
    reason: str = ""  # of a refusal
    message: str = ""
    refused: Entry | None = None  # what of the trace says why
    claims: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@define
class Observer:
    """*claims* are the names of those that are logged."""

    here: Installation
    tenant_id: TenantId | None = None
    claims: tuple[str, ...] = ()
    figures: Figures = field(factory=Figures)

    def note(self, one: Observed) -> None:
        self.figures.count(one)
        log = _log.bind()
        if log.is_enabled_for(INFO):
            log.info(EVENT, **self._line(one))
        journal = self.here.journal
        if one.reason and self.tenant_id is not None and journal.has_room_for_stranger(one.at):
            journal.keep(Draft(story=self._story(one, self.tenant_id)))

    def _line(self, one: Observed) -> dict[str, object]:
        line: dict[str, object] = {
            "request_id": one.request_id,
            "method": one.method,
            "path": one.path[:_LONGEST],
            "status": one.status,
            "ms": round(one.seconds * 1000, 1),
            "address": one.address,
        }
        names = ("api", "operation", "product", "subscription", "reason")
        line.update((name, value) for name in names if (value := getattr(one, name)))
        if one.backend_seconds is not None:
            line["backend_ms"] = round(one.backend_seconds * 1000, 1)
        if self.claims and (claims := self._claims(one)):
            line["claims"] = claims
        return line

    def _claims(self, one: Observed) -> dict[str, str]:
        return {name: f"{one.claims[name]}"[:_LONGEST] for name in self.claims if name in one.claims}

    def _story(self, one: Observed, tenant_id: TenantId) -> Story:
        refused = one.refused
        oid = one.claims.get("oid")
        return Story(
            tenant_id=tenant_id,
            trace_id=one.request_id,
            at=one.at,
            correlation_id=one.request_id,
            kind=Kind.OTHER,
            event=EVENT,
            granted=False,
            rule=one.reason,
            said=one.message,
            advice=refused.would_pass if refused else None,
            asked=_facts((("request", f"{one.method} {one.path}"),)),
            weighed=_facts(
                (
                    ("api", one.api),
                    ("operation", one.operation),
                    ("product", one.product),
                    ("subscription", one.subscription),
                    ("policy", refused.element if refused else ""),
                    ("saw", refused.saw if refused else ""),
                )
            ),
            user_id=oid if isinstance(oid, str) else None,
            address=one.address,
            user_agent=one.user_agent,
        )


def _facts(pairs: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
    return tuple(Fact(name=name, value=value[:_LONGEST]) for name, value in pairs if value)
