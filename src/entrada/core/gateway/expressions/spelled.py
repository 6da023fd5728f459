"""How values read as text: ToString(), string.Format, `+` with a string.  .NET's invariant culture."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import isinf, isnan
from typing import Final
from uuid import UUID

from entrada.core.gateway.expressions.frame import Failing
from entrada.core.gateway.expressions.type import Char

_SHORT_FORMS: Final = {  # of dates
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffZ",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffZ",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ssZ",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "d": "MM/dd/yyyy",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
}
_DATE_PART: Final = re.compile(
    r"y{2,4}|M{1,4}|d{1,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|tt|K|'[^']*'|[A-Za-z]|.", re.DOTALL
)
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_GUID_FORMS: Final[dict[str, Callable[[UUID], str]]] = {
    "": str,
    "D": str,
    "N": lambda it: it.hex,
    "B": lambda it: f"{{{it}}}",
    "P": lambda it: f"({it})",
}
_TICKS: Final = 10  # of 100 ns, in a microsecond


def spelled(value: object, shape: str = "") -> str:
    """*shape* is a format string.  Raises Failing for one that is not supported, as .NET's FormatException."""
    if value is None:
        return ""
    for held, spell in _SPELLINGS:
        if isinstance(value, held):
            return spell(value, shape)
    return type(value).__name__


def _string(value: str, shape: str) -> str:
    return value


def _char(value: Char, shape: str) -> str:
    return value.value


def _bool(value: object, shape: str) -> str:
    return "True" if value else "False"


def _int(value: int, shape: str) -> str:
    if shape in {"", "G", "g", "D", "d"}:
        return str(value)
    padded = re.fullmatch(r"[Dd]([0-9]{1,2})|(0{1,20})", shape)
    if padded:
        width = int(padded[1]) if padded[1] else len(padded[2])
        return ("-" if value < 0 else "") + str(abs(value)).zfill(width)
    hexadecimal = re.fullmatch(r"([Xx])([0-9]{0,2})", shape)
    if hexadecimal and value >= 0:
        return format(value, hexadecimal[1]).zfill(int(hexadecimal[2] or 0))
    return _real(float(value), shape)


def _real(value: float, shape: str) -> str:
    fixed = re.fullmatch(r"[Ff]([0-9]{0,2})", shape) or re.fullmatch(r"0\.(0{1,15})", shape)
    if fixed:
        digits = len(fixed[1]) if shape.startswith("0") else int(fixed[1] or 2)
        return f"{value:.{digits}f}"
    if shape not in {"", "G", "g", "R", "r"}:
        raise Failing(f"The format string `{shape[:40]}` is not supported for numbers.")
    return _shortest(value)


def _shortest(value: float) -> str:
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    text = repr(value).removesuffix(".0").upper()
    return re.sub(r"E([+-]?)([0-9]+)", lambda found: f"E{found[1] or '+'}{found[2]:0>2}", text)


def _guid(value: UUID, shape: str) -> str:
    form = _GUID_FORMS.get(shape.upper())
    if form is None:
        raise Failing(f"The format string `{shape[:40]}` is not supported for a Guid.")
    return form(value)


def _date(value: datetime, shape: str) -> str:
    value = value.astimezone(UTC)
    pattern = _SHORT_FORMS.get(shape or "G", shape)
    return "".join(_date_part(value, found[0]) for found in _DATE_PART.finditer(pattern))


def _date_part(value: datetime, part: str) -> str:
    make = _DATE_PARTS.get(part)
    if make is not None:
        return make(value)
    if part.startswith("f"):
        return f"{value.microsecond * _TICKS:07d}"[: len(part)]
    return part.strip("'")


_DATE_PARTS: Final[dict[str, Callable[[datetime], str]]] = {
    "yyyy": lambda it: f"{it.year:04d}",
    "yy": lambda it: f"{it.year % 100:02d}",
    "MMMM": lambda it: _MONTHS[it.month - 1],
    "MMM": lambda it: _MONTHS[it.month - 1][:3],
    "MM": lambda it: f"{it.month:02d}",
    "M": lambda it: str(it.month),
    "dddd": lambda it: _WEEKDAYS[it.weekday()],
    "ddd": lambda it: _WEEKDAYS[it.weekday()][:3],
    "dd": lambda it: f"{it.day:02d}",
    "d": lambda it: str(it.day),
    "HH": lambda it: f"{it.hour:02d}",
    "H": lambda it: str(it.hour),
    "hh": lambda it: f"{(it.hour + 11) % 12 + 1:02d}",
    "h": lambda it: str((it.hour + 11) % 12 + 1),
    "mm": lambda it: f"{it.minute:02d}",
    "m": lambda it: str(it.minute),
    "ss": lambda it: f"{it.second:02d}",
    "s": lambda it: str(it.second),
    "tt": lambda it: "AM" if it.hour < 12 else "PM",
    "K": lambda _: "Z",
}


def _span(value: timedelta, shape: str) -> str:
    if shape not in {"", "c", "g", "G"}:
        raise Failing(f"The format string `{shape[:40]}` is not supported for a TimeSpan.")
    sign, value = ("-", -value) if value < timedelta() else ("", value)
    days = f"{value.days}." if value.days else ""
    hours, rest = divmod(value.seconds, 3600)
    fraction = f".{value.microseconds * _TICKS:07d}" if value.microseconds else ""
    return f"{sign}{days}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}{fraction}"


def _array(value: object, shape: str) -> str:
    return "System.String[]"  # as C# has it, to nobody's use


_SPELLINGS: Final[tuple[tuple[type, Callable[..., str]], ...]] = (
    (str, _string),
    (Char, _char),
    (bool, _bool),
    (int, _int),
    (float, _real),
    (UUID, _guid),
    (datetime, _date),
    (timedelta, _span),
    (tuple, _array),
)


def formatted(pattern: str, values: tuple[object, ...]) -> str:
    """string.Format.  Raises Failing for a pattern that names no value."""
    return "".join(_formatted_part(found, values) for found in _FORMAT_PART.finditer(pattern))


_FORMAT_PART: Final = re.compile(
    r"\{\{|\}\}|\{([0-9]{1,4})(?:,\s*(-?[0-9]{1,4}))?\s*(?::([^{}]*))?\}|[^{}]+|.", re.DOTALL
)


def _formatted_part(found: re.Match[str], values: tuple[object, ...]) -> str:
    if found[0] in {"{{", "}}"}:
        return found[0][0]
    if found[0] in {"{", "}"} or (found[1] and int(found[1]) >= len(values)):
        raise Failing("The format string has a brace that names none of the values.")
    if found[1] is None:
        return found[0]
    return aligned(spelled(values[int(found[1])], found[3] or ""), int(found[2] or 0))


def aligned(text: str, width: int) -> str:
    return text.ljust(-width) if width < 0 else text.rjust(width)
