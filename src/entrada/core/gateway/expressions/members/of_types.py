"""What can be asked of a type by its name: `string.IsNullOrEmpty`, `int.Parse`, `DateTime.UtcNow`."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from math import isinf
from typing import Final, TypeAlias, cast
from uuid import UUID

from attrs import frozen

from entrada.core.gateway.expressions.frame import Failing, Frame, fits
from entrada.core.gateway.expressions.members.member import Method, OfFrame
from entrada.core.gateway.expressions.members.of_text import equal, upper
from entrada.core.gateway.expressions.members.of_time import span
from entrada.core.gateway.expressions.spelled import formatted, spelled
from entrada.core.gateway.expressions.type import (
    BOOL,
    DATE_TIME,
    DOUBLE,
    GUID,
    INT,
    LONG,
    OBJECT,
    PRODUCT_STATE,
    STRING,
    STRING_COMPARISON,
    STRINGS,
    TIME_SPAN,
    AnyType,
    Comparison,
)

_WHOLE: Final = re.compile(r"\s*[+-]?[0-9]{1,30}\s*", re.ASCII)
_REAL: Final = re.compile(r"\s*[+-]?(?:[0-9,]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,4})?\s*", re.ASCII)
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}")


_FORMS_OF_DATES: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{5,16}(?:Z|[+-][0-9]{2}:[0-9]{2})?)?")


@frozen
class Constant:
    type: AnyType
    value: object


Static: TypeAlias = Constant | OfFrame | tuple[Method, ...]


def whole(text: str | None, bits: int = 32) -> int:
    """int.Parse.  Raises Failing."""
    if text is None:
        raise Failing("The text to parse is null (ArgumentNullException).")
    if not _WHOLE.fullmatch(text):
        raise Failing("The text is no whole number (FormatException).")
    value = int(text)
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise Failing("The number is too large (OverflowException).")
    return value


def _real(text: str | None) -> float:
    if text is None:
        raise Failing("The text to parse is null (ArgumentNullException).")
    if not _REAL.fullmatch(text):
        raise Failing("The text is no number (FormatException).")
    value = float(text.replace(",", ""))
    if isinf(value):
        raise Failing("The number is too large (OverflowException).")
    return value


def _bool(text: str | None) -> bool:
    if text is None or text.strip().lower() not in {"true", "false"}:
        raise Failing("The text is neither true nor false (FormatException).")
    return text.strip().lower() == "true"


def _guid(text: str | None) -> UUID:
    bare = (text or "").strip().strip("{}()")
    if not _GUID.fullmatch(bare):
        raise Failing("The text is no Guid (FormatException).")
    return UUID(bare)


def _date(text: str | None) -> datetime:
    """ISO 8601; a time without a zone is UTC, as the gateway's own is."""
    try:
        if text is None or not _FORMS_OF_DATES.fullmatch(text.strip()):
            raise Failing("The text is no date in the form 2026-01-31T12:00:00Z (FormatException).")
        found = datetime.fromisoformat(text.strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Failing("The text is no date that exists (FormatException).") from None


def _trying(parse: Callable[[str | None], object], otherwise: object) -> Callable[[str | None], tuple[bool, object]]:
    def attempt(text: str | None) -> tuple[bool, object]:
        try:
            return True, parse(text)
        except Failing:
            return False, otherwise

    return attempt


def _is_null_or_empty(text: str | None) -> bool:
    return not text


def _is_null_or_white_space(text: str | None) -> bool:
    return text is None or not text.strip()


def _join(separator: str | None, *parts: object) -> str:
    only = parts[0] if len(parts) == 1 else None
    texts = [spelled(one) for one in (cast("tuple[object, ...]", only) if isinstance(only, tuple) else parts)]
    fits(sum(map(len, texts)) + len(separator or "") * len(texts))
    return (separator or "").join(texts)


def _concat(*parts: object) -> str:
    return _join("", *parts)


def _format(pattern: str | None, *values: object) -> str:
    if pattern is None:
        raise Failing("The format string is null (ArgumentNullException).")
    return formatted(pattern, values)


def _compare(one: str | None, other: str | None, how: Comparison = Comparison.ORDINAL) -> int:
    first, second = (
        (upper(one or ""), upper(other or "")) if how is not Comparison.ORDINAL else (one or "", other or "")
    )
    left, right = (one is not None, first), (other is not None, second)
    return (left > right) - (left < right)


def _now(frame: Frame) -> datetime:
    return frame.context.now


def _midnight(frame: Frame) -> datetime:
    return frame.context.now.replace(hour=0, minute=0, second=0, microsecond=0)


def _parses(of: AnyType, parse: Callable[[str | None], object], otherwise: object) -> dict[str, Static]:
    return {
        "Parse": (Method((STRING,), of, parse),),
        "TryParse": (Method((STRING,), BOOL, _trying(parse, otherwise), out=of),),
    }


def _spans(unit: str) -> tuple[Method, ...]:
    def make(amount: float) -> timedelta:
        return span(amount, **{unit: 1})

    return (Method((DOUBLE,), TIME_SPAN, make),)


def _on_two(gives: AnyType, does: Callable[..., object]) -> tuple[Method, ...]:
    return (Method((STRING, STRING), gives, does), Method((STRING, STRING, STRING_COMPARISON), gives, does))


_EPOCH: Final = datetime(1, 1, 1, tzinfo=UTC)  # DateTime.MinValue

# fmt: off
OF_TYPES: Final[Mapping[str, Mapping[str, Static]]] = {
    "string": {
        "Compare":            _on_two(INT, _compare),
        "Concat":             (Method((), STRING, _concat, more=OBJECT),),
        "Empty":              Constant(STRING, ""),
        "Equals":             _on_two(BOOL, equal),
        "Format":             (Method((STRING,), STRING, _format, more=OBJECT),),
        "IsNullOrEmpty":      (Method((STRING,), BOOL, _is_null_or_empty),),
        "IsNullOrWhiteSpace": (Method((STRING,), BOOL, _is_null_or_white_space),),
        "Join":               (Method((STRING, STRINGS), STRING, _join), Method((STRING,), STRING, _join, more=OBJECT)),
    },
    "int":      {**_parses(INT, whole, 0), "MaxValue": Constant(INT, 2**31 - 1), "MinValue": Constant(INT, -(2**31))},
    "long":     {**_parses(LONG, partial(whole, bits=64), 0), "MaxValue": Constant(LONG, 2**63 - 1)},
    "double":   _parses(DOUBLE, _real, 0.0),
    "bool":     {**_parses(BOOL, _bool, otherwise=False), "TrueString": Constant(STRING, "True")},
    "Guid":     {
        **_parses(GUID, _guid, UUID(int=0)),
        "Empty":   Constant(GUID, UUID(int=0)),
        "NewGuid": OfFrame((), GUID, Frame.guid),
    },
    "DateTime": {
        **_parses(DATE_TIME, _date, _EPOCH),
        "MinValue": Constant(DATE_TIME, _EPOCH),
        "Now":      OfFrame(None, DATE_TIME, _now),  # a gateway's own time is UTC
        "Today":    OfFrame(None, DATE_TIME, _midnight),
        "UtcNow":   OfFrame(None, DATE_TIME, _now),
    },
    "TimeSpan": {
        "FromDays":         _spans("days"),
        "FromHours":        _spans("hours"),
        "FromMilliseconds": _spans("milliseconds"),
        "FromMinutes":      _spans("minutes"),
        "FromSeconds":      _spans("seconds"),
        "Zero":             Constant(TIME_SPAN, timedelta()),
    },
    "StringComparison": {
        "Ordinal":           Constant(STRING_COMPARISON, Comparison.ORDINAL),
        "OrdinalIgnoreCase": Constant(STRING_COMPARISON, Comparison.ORDINAL_IGNORE_CASE),
    },
    "ProductState": {
        "NotPublished": Constant(PRODUCT_STATE, "NotPublished"),
        "Published":    Constant(PRODUCT_STATE, "Published"),
    },
}
# fmt: on
