"""Documents for the import: a good one of one operation, and what spoils it."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from entrada.core.gateway.openapi.fault import Fault
from entrada.core.gateway.openapi.imported import Imported
from entrada.core.gateway.openapi.read import read_openapi
from entrada.server.usecases.gateway.plain_document import plain_document

KENNEL = Path(__file__).parent / "kennel.yaml"
COLORS = Path("src/entrada/samples/colors/openapi.json")
GOOD: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Dogs", "version": "1"},
    "paths": {
        "/dogs/{name}": {
            "get": {
                "parameters": [{"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "It", "content": {"application/json": {"schema": {}}}}},
            }
        }
    },
    "components": {"schemas": {"Dog": {"type": "object"}}},
}


def spoiled(*path: str, by: Any) -> dict[str, Any]:
    """The good one with something else at *path*; members on the way are made."""
    document: Any = deepcopy(GOOD)
    at = document
    for part in path[:-1]:
        at = at[int(part)] if isinstance(at, list) else at.setdefault(part, {})
    if isinstance(at, list):
        at[int(path[-1])] = by
    else:
        at[path[-1]] = by
    return json.loads(json.dumps(document))


def imported(document: dict[str, Any], source_url: str | None = None, **how: Any) -> Imported:
    found = read_openapi(document, source_url, **how)
    assert isinstance(found, Imported), "\n".join(map(str, found))
    return found


def faults(document: dict[str, Any]) -> list[Fault]:
    found = read_openapi(document)
    assert not isinstance(found, Imported)
    return list(found)


def kennel() -> dict[str, Any]:
    document = plain_document(KENNEL.read_text())
    assert not isinstance(document, Fault)
    return dict(document)
