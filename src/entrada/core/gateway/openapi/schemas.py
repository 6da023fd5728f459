"""The schemas of a document: kept as they are written, once every reference in them has been followed."""

from entrada.core.gateway.openapi.reading import REFERENCE, Reading
from entrada.core.gateway.openapi.spot import Spot
from entrada.core.gateway.schemas.inner import Schema, as_schema, inner
from entrada.core.gateway.schemas.kept import OF_COMPONENTS, is_of_components
from entrada.core.gateway.schemas.weight import weight_of


def read_components(reading: Reading) -> dict[str, object]:
    kept = dict[str, object]()
    schemas = Spot(reading.root).at(OF_COMPONENTS[0]).at(OF_COMPONENTS[1])
    for name, spot in reading.members(schemas):
        if isinstance(spot.value, bool) or reading.is_object(spot):
            _take(reading, spot)
            kept[name] = spot.value
    return kept


def read_schema(reading: Reading, spot: Spot) -> Schema | None:
    """None where none is, and for `true`, which says nothing."""
    if spot.value is None or isinstance(spot.value, bool) or not reading.is_object(spot):
        return None
    _take(reading, spot)
    return as_schema(spot.value)


def _take(reading: Reading, spot: Spot) -> None:
    """Follow every reference in it, and keep what they lead to outside of the components."""
    reading.weigh(weight_of(spot.value))
    waiting = [spot]
    while waiting:
        at = waiting.pop()
        schema = as_schema(at.value)
        if schema is not None:
            waiting += [Spot(value, (*at.path, *way)) for way, value in inner(schema)]
            if REFERENCE in schema:
                waiting += _led_to(reading, at)
        elif not isinstance(at.value, bool):
            reading.is_object(at)


def _led_to(reading: Reading, spot: Spot) -> list[Spot]:
    """Nothing of the components, which are taken by themselves, and nothing twice."""
    reference = spot.at(REFERENCE)
    following = None if reading.resolved(spot) is None else reading.target(reference)
    text = str(reference.value)
    if following is None or is_of_components(following.path) or text in reading.schemas:
        return []
    reading.schemas[text] = following.value
    reading.weigh(weight_of(following.value))
    return [following]
