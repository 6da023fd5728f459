"""What a request or a response may be written as, with its schema and examples.  OpenAPI 3.1, section 4.8.14."""

import json
from typing import Final

from entrada.core.gateway.entities.operation import Representation
from entrada.core.gateway.openapi.reading import Reading
from entrada.core.gateway.openapi.schemas import read_schema
from entrada.core.gateway.openapi.spot import Spot
from entrada.core.gateway.schemas.media import is_json
from entrada.core.gateway.schemas.weight import READ_BY_PEOPLE, weight_of

_UNNAMED: Final = "default"


def read_representations(reading: Reading, spot: Spot) -> tuple[Representation, ...]:
    """*spot* is `content`: media types to what they hold."""
    found = list[Representation]()
    for content_type, media in reading.members(spot):
        if not content_type.isprintable() or "/" not in content_type:
            reading.fault(media, "This is no media type.", "Write one with a slash: application/json.")
        elif reading.is_object(media):
            found.append(
                Representation(
                    content_type=content_type,
                    examples=_examples(reading, media, content_type),
                    schema=read_schema(reading, media.at("schema")),
                )
            )
    return tuple(found)


def _examples(reading: Reading, media: Spot, content_type: str) -> dict[str, str]:
    found = dict[str, str]()
    for name, item in reading.members(media.at("examples")):
        example = reading.resolved(item)
        if example is None or not reading.is_object(example):
            continue
        if "value" in example.members:
            found[name] = _text(reading, example.at("value").value, content_type)
        elif example.at("externalValue").value is not None:
            reading.remark(example, "An example that stands elsewhere is not fetched.")
    if not found and "example" in media.members:
        found[_UNNAMED] = _text(reading, media.at("example").value, content_type)
    return found


def _text(reading: Reading, value: object, content_type: str) -> str:
    """The body.  Authors write JSON as values, and as texts that hold it."""
    text = value if isinstance(value, str) and _is_text(value, content_type) else _json(reading, value)
    reading.weigh(len(text))
    return text


def _json(reading: Reading, value: object) -> str:
    weight = weight_of(value)
    reading.weigh(weight)  # before it is written out
    return json.dumps(value, ensure_ascii=False, indent=2 if weight < READ_BY_PEOPLE else None)


def _is_text(value: str, content_type: str) -> bool:
    return not is_json(content_type) or value.lstrip()[:1] in ("{", "[")
