"""The schemas that an API keeps, and which of them a reference means."""

from collections.abc import Mapping
from typing import Final

from entrada.core.gateway.schemas.inner import Schema, as_schema
from entrada.core.gateway.schemas.pointer import LeadsNowhere, found_at, path_of

OF_COMPONENTS: Final = ("components", "schemas")

Schemas = Mapping[str, object]
"""Those of the document's components by name; one that a reference found elsewhere by that reference."""


def is_of_components(path: tuple[str, ...]) -> bool:
    return len(path) > len(OF_COMPONENTS) and path[: len(OF_COMPONENTS)] == OF_COMPONENTS


def schema_at(reference: object, schemas: Schemas) -> Schema | None:
    """None when it leads nowhere."""
    if not isinstance(reference, str):
        return None
    path = path_of(reference)
    if reference in schemas or path is None or not is_of_components(path):
        return as_schema(schemas.get(reference))
    try:
        return as_schema(found_at(schemas, path[len(OF_COMPONENTS) :]))
    except LeadsNowhere:
        return None
