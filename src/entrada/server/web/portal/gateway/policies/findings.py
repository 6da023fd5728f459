"""Faults and warnings of a document as the page lists them, each with its line."""

from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen

from entrada.core.gateway.check import Checked, checked_text
from entrada.core.gateway.document.fault import Fault
from entrada.server.web.portal.gateway.desk import Desk
from entrada.server.web.portal.gateway.policies.target import Target

FAULT: Final = "fault"
WARNING: Final = "warning"


@frozen(kw_only=True)
class Finding:
    severity: str
    line: int
    column: int
    what: str
    instead: str


@frozen(kw_only=True)
class Line:
    number: int
    text: str
    severity: str  # of the worst that is found in it; empty where nothing is


def checked(desk: Desk, target: Target, text: str) -> Checked:
    return checked_text(text, target.scope.name, desk.configuration.values_in_policies, target.surroundings)


def findings(found: Checked) -> list[Finding]:
    return [*_as(FAULT, found.faults), *_as(WARNING, found.warnings)]


def _as(severity: str, faults: Iterable[Fault]) -> Iterable[Finding]:
    for one in faults:
        yield Finding(
            severity=severity, line=one.place.line, column=one.place.column, what=one.what, instead=one.instead
        )


def numbered(text: str, found: Sequence[Finding]) -> list[Line]:
    worst = {one.line: one.severity for one in sorted(found, key=lambda one: one.severity, reverse=True)}
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [Line(number=number, text=line, severity=worst.get(number, "")) for number, line in enumerate(lines, 1)]
