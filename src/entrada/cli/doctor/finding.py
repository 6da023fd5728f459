"""What the doctor sees, and how bad it is."""

from collections.abc import Mapping
from enum import Enum, auto

from attrs import frozen

from entrada.cli.places import Place
from entrada.core.jose.numeric_date import NumericDate


class Level(Enum):
    GOOD = auto()
    NOTE = auto()
    WARNING = auto()  # works, and will not for ever
    BAD = auto()


@frozen
class Finding:
    level: Level
    what: str
    advice: str = ""


@frozen
class Patient:
    place: Place
    environment: Mapping[str, str]
    now: NumericDate
