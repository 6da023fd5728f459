"""A text or a number that a schema takes.  JSON Schema 2020-12 (validation), sections 6.2, 6.3 and 7."""

from math import ceil, floor
from typing import Final

from entrada.core.gateway.schemas.inner import Schema

_LONGEST: Final = 1000  # characters that a minimum is obeyed with
_LARGEST: Final = 10**15  # up to here numbers are exact wherever JSON is read
_SMALLEST: Final = 1e-9
_FORMATS: Final = {
    "byte": "dGV4dA==",
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:30:00Z",
    "duration": "PT30M",
    "email": "ada@example.com",
    "hostname": "api.example.com",
    "idn-email": "ada@example.com",
    "idn-hostname": "api.example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "iri": "https://example.com/",
    "json-pointer": "/name",
    "password": "password",
    "regex": "^[a-z]+$",
    "time": "12:30:00Z",
    "uri": "https://example.com/",
    "uri-reference": "/name",
    "uuid": "5d0a7e51-0b1e-4a6e-9c1b-3f6a2f1c7a10",
}
_ANY: Final = "text"


def text(schema: Schema) -> str:
    named = schema.get("format")
    found = _FORMATS.get(named) if isinstance(named, str) else None
    if found is not None:
        return found
    if schema.get("contentEncoding") == "base64":
        return _FORMATS["byte"]
    least, most = _limit(schema, "minLength"), _limit(schema, "maxLength")
    wanted = min(int(least or 0), _LONGEST)
    made = (_ANY * (wanted // len(_ANY) + 1))[: max(wanted, len(_ANY))]
    return made if most is None or most < 0 else made[: int(min(most, len(made)))]


def number(schema: Schema, *, whole: bool) -> int | float:
    """The least that is allowed, where nought is not."""
    low, high = _low(schema, whole=whole), _high(schema, whole=whole)
    value = low if low is not None and low > 0 else high if high is not None and high < 0 else 0
    step = _limit(schema, "multipleOf")
    if step is not None and step > _SMALLEST and value % step:
        value = step * (ceil(value / step) if value > 0 else floor(value / step))
    return int(value) if whole or value == int(value) else value


def _low(schema: Schema, *, whole: bool) -> int | float | None:
    least, above = _limit(schema, "minimum"), _limit(schema, "exclusiveMinimum")
    if schema.get("exclusiveMinimum") is True:  # as OpenAPI 3.0 has it
        least, above = None, least
    least = ceil(least) if whole and least is not None else least
    beyond = None if above is None else floor(above) + 1 if whole else above + 1
    return max((one for one in (least, beyond) if one is not None), default=None)


def _high(schema: Schema, *, whole: bool) -> int | float | None:
    most, below = _limit(schema, "maximum"), _limit(schema, "exclusiveMaximum")
    if schema.get("exclusiveMaximum") is True:
        most, below = None, most
    most = floor(most) if whole and most is not None else most
    before = None if below is None else ceil(below) - 1 if whole else below - 1
    return min((one for one in (most, before) if one is not None), default=None)


def _limit(schema: Schema, keyword: str) -> int | float | None:
    """None for none, and for one that is out of all proportion."""
    value = schema.get(keyword)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) <= _LARGEST else None
