"""Is this Python one we run on, and is the clock believable?"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from entrada.cli.doctor.finding import Finding, Level, Patient

_OLDEST: Final = (3, 11)
_THIS_WAS_WRITTEN: Final = datetime(2026, 1, 1, tzinfo=UTC)


def machine(patient: Patient) -> Iterator[Finding]:
    said = f"Python {sys.version.split()[0]}"
    if sys.version_info < _OLDEST:
        yield Finding(Level.BAD, said, "entrada needs 3.11 or newer.")
    else:
        yield Finding(Level.GOOD, said)
    today = datetime.fromtimestamp(patient.now, UTC)
    said = f"the clock says {today:%Y-%m-%d %H:%M} UTC"
    if today < _THIS_WAS_WRITTEN:
        yield Finding(Level.BAD, said, "That has been: set the clock, or every token is refused elsewhere.")
    else:
        yield Finding(Level.GOOD, said)
