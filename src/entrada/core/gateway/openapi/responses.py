"""The responses of an operation, by status.  OpenAPI 3.1, section 4.8.16."""

import re
from collections.abc import Callable
from typing import Final

from attrs import evolve

from entrada.core.gateway.entities.operation import ResponseDescription
from entrada.core.gateway.openapi.parameters import read_headers
from entrada.core.gateway.openapi.reading import Reading
from entrada.core.gateway.openapi.representations import read_representations
from entrada.core.gateway.openapi.spot import Spot

_STATUS: Final = re.compile(r"[1-5][0-9]{2}")
_RANGE: Final = re.compile(r"[1-5]XX")
_DEFAULT: Final = "default"


def read_responses(reading: Reading, spot: Spot) -> tuple[ResponseDescription, ...]:
    """A range stands for its first status; what is said of all others is left out unless nothing else is said."""
    listed = dict(reading.without_extensions(spot))
    found = dict[int, ResponseDescription]()
    for key, item in sorted(listed.items(), key=_exact_first):
        status = _status(reading, item, key, is_alone=len(listed) == 1)
        response = None if status is None else reading.once(item, _response)
        if status is not None and response is not None:
            found.setdefault(status, evolve(response, status_code=status))
    return tuple(sorted(found.values(), key=_by_status))


def _status(reading: Reading, spot: Spot, key: str, *, is_alone: bool) -> int | None:
    if _STATUS.fullmatch(key):
        return int(key)
    if _RANGE.fullmatch(key):
        return int(key[0]) * 100
    if key == _DEFAULT:
        if is_alone:
            return 200
        reading.remark(spot, "The response for all other statuses is left out: responses here have a status each.")
    else:
        reading.fault(spot, "This is no status.", "Write one of three digits in quotes, 4XX or default.")
    return None


def _response(reading: Reading, spot: Spot) -> ResponseDescription | None:
    if not reading.is_object(spot):
        return None
    if spot.at("links").value is not None:
        reading.remark(spot.at("links"), "Links from a response to other operations are left out.")
    return ResponseDescription(
        status_code=0,
        description=reading.text(spot.at("description")),
        headers=read_headers(reading, spot.at("headers")),
        representations=read_representations(reading, spot.at("content")),
    )


def _exact_first(listed: tuple[str, Spot]) -> bool:
    return not _STATUS.fullmatch(listed[0])


_by_status: Final[Callable[[ResponseDescription], int]] = lambda one: one.status_code  # noqa: E731
