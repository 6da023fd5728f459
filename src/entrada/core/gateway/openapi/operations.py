"""The operations of a document's paths.  OpenAPI 3.1, sections 4.8.8 to 4.8.10; gateway reference section 15."""

from collections.abc import Iterator
from itertools import chain, count
from typing import Final

from attrs import evolve, field, frozen

from entrada.core.gateway.entities import operation as rules
from entrada.core.gateway.entities.ids import LONGEST_NAME, OperationId
from entrada.core.gateway.entities.operation import Operation, RequestDescription
from entrada.core.gateway.openapi.imported import normalised
from entrada.core.gateway.openapi.parameters import HEADER, PATH, QUERY, located, read_parameters
from entrada.core.gateway.openapi.reading import Reading
from entrada.core.gateway.openapi.representations import read_representations
from entrada.core.gateway.openapi.responses import read_responses
from entrada.core.gateway.openapi.spot import Spot
from entrada.core.gateway.openapi.templates import template

MOST: Final = 5000
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_WITHOUT_BODY: Final = ("get", "head", "options", "trace")
_LEFT_OUT: Final = {
    "callbacks": "Callbacks are left out: what the backend calls does not come through the gateway.",
    "servers": "Servers of one operation are left out: an API has one backend.",
}
_PLACES: Final = ("paths", "x-ms-paths")  # the second: Azure's, for paths that differ in their query alone


@frozen
class Found:
    operation: Operation
    spot: Spot


@frozen(kw_only=True)
class _Asked:
    """One method of one path."""

    method: str
    path: Spot
    of_path: Spot = field(repr=False)  # what is said of all methods; elsewhere when it was a reference
    spot: Spot = field(repr=False)


def read_operations(reading: Reading, *, takes_query: bool) -> Iterator[Found]:
    taken = set[str]()
    for number, asked in enumerate(_asked(reading)):
        if number == MOST:
            reading.fault(asked.path, f"There are more than {MOST} operations.", "Import them as several APIs.")
            return
        operation = _operation(reading, asked, taken, takes_query=takes_query)
        for one in rules.problems(operation):
            reading.fault(asked.path, one.message, "Change the path, or leave it out.")
        yield Found(operation, asked.spot)


def _asked(reading: Reading) -> Iterator[_Asked]:
    for path in (item for place in _PLACES for _, item in reading.without_extensions(Spot(reading.root).at(place))):
        of_path = reading.resolved(path)
        if of_path is None or not reading.is_object(of_path):
            continue
        if of_path.at("servers").value is not None:
            reading.remark(of_path.at("servers"), "Servers of one path are left out: an API has one backend.")
        for method in _METHODS:
            spot = of_path.at(method)
            if spot.value is not None and reading.is_object(spot):
                yield _Asked(method=method, path=path, of_path=of_path, spot=spot)


def _operation(reading: Reading, asked: _Asked, taken: set[str], *, takes_query: bool) -> Operation:
    spot, line = asked.spot, f"{asked.method.upper()} {asked.path.path[-1]}"
    given = reading.text(spot.at("operationId"))
    found = read_parameters(reading, (asked.of_path.at("parameters"), spot.at("parameters")))
    made = template(reading, asked.path, located(found, PATH), located(found, QUERY), takes_query=takes_query)
    _tell_what_is_left_out(reading, spot)
    return Operation(
        id=OperationId(_free(normalised(given) or normalised(line), taken)),
        display_name=name_of(reading.text(spot.at("summary"))) or name_of(given) or name_of(line),
        method=asked.method.upper(),
        url_template=made.url,
        description=reading.text(spot.at("description")) or reading.text(asked.of_path.at("description")),
        template_parameters=made.parameters,
        request=evolve(
            _request(reading, asked), query_parameters=made.query_parameters, headers=located(found, HEADER)
        ),
        responses=read_responses(reading, spot.at("responses")),
    )


def name_of(text: str) -> str:
    """On one line, as a display name is."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:LONGEST_NAME].rstrip()


def _free(wanted: str, taken: set[str]) -> str:
    """With a number, when another operation has the id already."""
    name = next(one for one in chain((wanted,), (f"{wanted}-{n}" for n in count(1))) if one not in taken)
    taken.add(name)
    return name


def _request(reading: Reading, asked: _Asked) -> RequestDescription:
    body = asked.spot.at("requestBody")
    if body.value is not None and asked.method in _WITHOUT_BODY:
        reading.remark(body, f"The body of a {asked.method.upper()} is left out: it means nothing (RFC 9110).")
        return RequestDescription()
    return reading.once(body, _body) or RequestDescription()


def _body(reading: Reading, spot: Spot) -> RequestDescription | None:
    if not reading.is_object(spot):
        return None
    return RequestDescription(
        description=reading.text(spot.at("description")),
        representations=read_representations(reading, spot.at("content")),
    )


def _tell_what_is_left_out(reading: Reading, spot: Spot) -> None:
    for member, what in _LEFT_OUT.items():
        if spot.at(member).value is not None:
            reading.remark(spot.at(member), what)
