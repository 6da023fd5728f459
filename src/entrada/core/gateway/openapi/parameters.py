"""Parameters and headers.  OpenAPI 3.1, sections 4.8.12 and 4.8.21."""

import json
from collections.abc import Iterable, Mapping
from typing import Final, cast

from attrs import frozen

from entrada.core.gateway import headers
from entrada.core.gateway.entities.operation import Parameter
from entrada.core.gateway.openapi.reading import Reading
from entrada.core.gateway.openapi.schemas import read_schema
from entrada.core.gateway.openapi.spot import Spot
from entrada.core.gateway.schemas.weight import weight_of

PATH: Final = "path"
QUERY: Final = "query"
HEADER: Final = "header"
_COOKIE: Final = "cookie"
_WRITTEN_ELSEWHERE: Final = frozenset(("accept", "authorization", "content-type"))  # by OpenAPI's own words


@frozen
class Located:
    where: str
    parameter: Parameter


def read_parameters(reading: Reading, spots: Iterable[Spot]) -> tuple[Located, ...]:
    """Of a path, then of an operation: the later of the same name and place counts."""
    found = dict[tuple[str, str], Located]()
    for spot in spots:
        for item in reading.items(spot):
            located = reading.once(item, _parameter)
            if located is not None:
                found[located.where, located.parameter.name] = located
    return tuple(found.values())


def located(found: Iterable[Located], where: str) -> tuple[Parameter, ...]:
    return tuple(one.parameter for one in found if one.where == where)


def read_headers(reading: Reading, spot: Spot) -> tuple[Parameter, ...]:
    """Of a response."""
    found = list[Parameter]()
    for name, item in reading.members(spot):
        header = reading.once(item, _described)
        if header is not None and name.lower() not in _WRITTEN_ELSEWHERE and _is_header(reading, item, name):
            found.append(_named(header, name))
    return tuple(found)


def _parameter(reading: Reading, spot: Spot) -> Located | None:
    if not reading.is_object(spot):
        return None
    name, where = reading.text(spot.at("name")), reading.text(spot.at("in"))
    if where == _COOKIE:
        reading.remark(spot, "Parameters in cookies are not taken: the gateway passes cookies on as they come.")
        return None
    if where not in (PATH, QUERY, HEADER):
        reading.fault(spot.at("in"), "This is no place for a parameter.", "Write path, query, header or cookie.")
        return None
    if not name:
        reading.fault(spot.at("name"), "The parameter has no name.", "Give it one.")
        return None
    if where == HEADER and (name.lower() in _WRITTEN_ELSEWHERE or not _is_header(reading, spot.at("name"), name)):
        return None
    return Located(where, _named(_described(reading, spot), name, required=where == PATH))


def _is_header(reading: Reading, spot: Spot, name: str) -> bool:
    if not headers.is_name(name):
        reading.fault(spot, f"`{name[:80]!r}` is no name of a header.", "Write one word, as in X-Request-Id.")
        return False
    return True


def _named(described: Parameter, name: str, *, required: bool = False) -> Parameter:
    return Parameter(
        name=name,
        type=described.type,
        required=described.required or required,
        description=described.description,
        default_value=described.default_value,
        values=described.values,
        example=described.example,
    )


def _described(reading: Reading, spot: Spot) -> Parameter:
    """Without its name, which a header has elsewhere."""
    if not reading.is_object(spot):
        return Parameter(name="")
    at = _schema_of(reading, spot)
    read_schema(reading, at)
    schema = reading.resolved(at)
    says = (schema or Spot(None)).members
    reading.weigh(weight_of(says) + weight_of(spot.at("example").value))
    listed = says.get("enum")
    return Parameter(
        name="",
        type=_type(says),
        required=reading.flag(spot.at("required")),
        description=reading.text(spot.at("description")) or _plain(says.get("description")),
        default_value=None if says.get("default") is None else written(says["default"]),
        values=tuple(written(one) for one in cast("list[object]", listed)) if isinstance(listed, list) else (),
        example=_example(reading, spot, says),
    )


def _schema_of(reading: Reading, spot: Spot) -> Spot:
    """Its own, or that of the first media type it may be written as."""
    if spot.at("content").value is not None:
        for _, media in reading.members(spot.at("content")):
            return media.at("schema")
    return spot.at("schema")


def _type(schema: Mapping[str, object]) -> str:
    given = schema.get("type")
    listed = cast("list[object]", given) if isinstance(given, list) else [given]
    return next((one for one in listed if isinstance(one, str) and one != "null"), "string")


def _example(reading: Reading, spot: Spot, schema: Mapping[str, object]) -> str | None:
    listed = schema.get("examples")
    of_schema = cast("list[object]", listed)[:1] if isinstance(listed, list) else []
    named = [reading.resolved(item) for _, item in reading.members(spot.at("examples"))]
    shown = [one.at("value").value for one in named if one is not None]
    candidates = (spot.at("example").value, *shown, schema.get("example"), *of_schema)
    return next((written(one) for one in candidates if one is not None), None)


def written(value: object) -> str:
    """As it stands in a URL or a header before it is escaped."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else ""
