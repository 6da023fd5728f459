"""The table as an OpenAPI 3.1 description."""

import re
from typing import Any, Final

from entrada.core.directory.administration.operations import RULES
from entrada.server.web.gateway_admin.row import Row
from entrada.server.web.gateway_admin.table import TABLE

_KEY: Final = re.compile(r"\{([a-z]+)\}")
_TEXT: Final[dict[str, Any]] = {"type": "string"}
_JSON: Final[dict[str, Any]] = {"application/json": {"schema": {"type": "object"}}}


def openapi(origin: str) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for row in TABLE:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Administration of the API gateway", "version": "v1"},
        "servers": [{"url": f"{origin}/gateway/v1"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
    }


def permissions_of(row: Row) -> list[str]:
    return sorted(RULES[row.permission].scopes)


def _operation(row: Row) -> dict[str, Any]:
    keys = [
        {"name": one, "in": "path", "required": True, "schema": {"type": "string"}} for one in _KEY.findall(row.path)
    ]
    asked = [
        {"name": one, "in": "query", "description": words, "schema": {"type": "string"}}
        for one, words in row.query.items()
    ]
    said: dict[str, Any] = {
        "summary": row.words,
        "description": f"Needs {' or '.join(permissions_of(row))}.",
        "parameters": [*keys, *asked],
        "responses": {"default": {"description": "Or why it was refused, as Graph words it.", "content": _JSON}},
    }
    return said | ({"requestBody": {"required": True, "content": _JSON}} if row.takes else {})
