"""Read one JSON object as JOSE needs it read: nothing said twice, nothing that others read differently.

RFC 7515, section 4 and RFC 7519, section 4 (unique member names); RFC 8259, sections 6 and 8 (finite numbers, UTF-8).
"""

from json import JSONDecoder, dumps
from math import isfinite
from typing import Final, NoReturn, cast


def parse_object(data: bytes) -> dict[str, object]:
    """Raise ValueError for anything but one object."""
    value = parse_value(data.decode("utf-8"))
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - untrusted input has a wrong value, not a programmer a wrong type
    return cast("dict[str, object]", value)


def parse_value(text: str) -> object:
    """Raise ValueError for what is not well-formed, says a member twice, or holds a number that is none."""
    try:
        value: object = _DECODER.decode(text)
        if "\\u" in text:  # an escaped half of a surrogate pair: text that no UTF-8 can carry further
            dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict[str, object]()
    for name, value in pairs:
        if name in members:
            raise ValueError(f"the member {name[:80]!r} is given twice")
        members[name] = value
    return members


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):  # 1e999 is well-formed JSON, and infinite
        _refuse(text)
    return number


def _refuse(_: str) -> NoReturn:
    raise ValueError("not a finite number")


_DECODER: Final = JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse)
