"""The body of a request or a response, as an example of what it may be: as its author wrote it, else of its schema."""

import json
from typing import cast
from urllib.parse import urlencode

from entrada.core.gateway.entities.operation import Representation
from entrada.core.gateway.schemas.kept import Schemas
from entrada.core.gateway.schemas.media import is_json
from entrada.core.gateway.schemas.sample import Direction, sample_of
from entrada.core.gateway.schemas.weight import READ_BY_PEOPLE, weight_of


def body_of(representation: Representation, schemas: Schemas, direction: Direction) -> str:
    """The first example; one is made of the schema for JSON, for forms, and for text.  Empty where there is nothing."""
    examples = representation.examples.values()
    return next(iter(examples)) if examples else made_of(representation, schemas, direction)


def made_of(representation: Representation, schemas: Schemas, direction: Direction) -> str:
    """Of the schema, whatever examples stand beside it."""
    if representation.schema is None:
        return ""
    value = sample_of(representation.schema, schemas, direction)
    media_type = representation.content_type.partition(";")[0].strip().lower()
    if is_json(media_type):
        return json.dumps(value, ensure_ascii=False, indent=2 if weight_of(value) < READ_BY_PEOPLE else None)
    if media_type == "application/x-www-form-urlencoded" and isinstance(value, dict):
        return urlencode({name: _written(one) for name, one in cast("dict[str, object]", value).items()})
    return value if isinstance(value, str) and media_type.startswith("text/") else ""


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
