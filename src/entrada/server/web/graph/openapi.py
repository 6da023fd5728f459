"""The table as an OpenAPI 3.1 description."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from entrada.core.directory.administration.operations import RULES
from entrada.server.web.graph.endpoint import Endpoint, Gives, Resource
from entrada.server.web.graph.shape import Complex, Edm, Many, Type

Schema = dict[str, Any]

_NULL: Final = "null"
_PRIMITIVES: Final[Mapping[Edm, Schema]] = {
    Edm.STRING: {"type": ["string", _NULL]},
    Edm.BOOLEAN: {"type": ["boolean", _NULL]},
    Edm.INT32: {"type": ["integer", _NULL]},
    Edm.MOMENT: {"type": ["string", _NULL], "format": "date-time"},
    Edm.GUID: {"type": ["string", _NULL], "format": "uuid"},
    Edm.BINARY: {"type": ["string", _NULL]},
}
_TEXT: Final[Schema] = {"type": "string"}
_ERRORS: Final = {
    "400": "What was asked is malformed; `target` says where.",
    "401": "No access token, or none that is good here.",
    "403": "Not with this token, or not by this person.",
    "404": "There is no such object.",
    "409": "Another object has a name that must be its own.",
    "412": "The object was changed since it was read.",
    "413": "The body is too large.",
    "415": "The body is no application/json.",
}
_OPTIONS: Final = {
    "$filter": "Which objects.",
    "$orderby": "One property, with asc or desc.",
    "$search": '"displayName:words"; needs ConsistencyLevel: eventual.',
    "$skiptoken": "From @odata.nextLink.",
}


def openapi(origin: str, table: Iterable[Endpoint]) -> Schema:
    rows = list(table)
    paths: dict[str, Schema] = {}
    for row in rows:
        paths.setdefault(row.path, {})[row.method.lower()] = _operation(row)
    schemas = {name: schema for row in rows for name, schema in _schemas(row)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Microsoft Graph v1.0, the part that entrada answers",
            "version": "v1.0",
            "description": "Objects keyed by appId may be written `/applications(appId='…')`, too.",
        },
        "servers": [{"url": f"{origin}/v1.0"}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": {"error": _error(), **schemas},
        },
    }


def permissions_of(row: Endpoint) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The scopes and the app roles of which one is needed."""
    rule = RULES[row.operation]
    return tuple(sorted(rule.scopes)), tuple(sorted(rule.app_roles | rule.owned_app_roles))


def _operation(row: Endpoint) -> Schema:
    scopes, roles = permissions_of(row)
    body = {"requestBody": _body(row)} if row.takes_body else {}
    refusals = {status: {"description": words, "content": _json(_ref("error"))} for status, words in _ERRORS.items()}
    return {
        "operationId": operation_id(row),
        "summary": row.words,
        "description": f"Delegated: {', '.join(scopes) or 'none'}. Application: {', '.join(roles) or 'none'}.",
        "tags": [row.path.split("/")[1]],
        "parameters": list(_parameters(row)),
        **body,
        "responses": {**_success(row), **refusals},
    }


def operation_id(row: Endpoint) -> str:
    return row.method.lower() + re.sub(r"\W+", "_", row.path).rstrip("_")


def _parameters(row: Endpoint) -> Iterator[Schema]:
    for name in re.findall(r"{(\w+)}", row.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    if row.gives in {Gives.PAGE, Gives.COUNT} and row.asks.known:
        for name, words in _OPTIONS.items():
            yield {"name": name, "in": "query", "description": words, "schema": _TEXT}
    if row.gives is Gives.PAGE:
        yield {"name": "$top", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 999}}
        yield {"name": "$count", "in": "query", "schema": {"type": "boolean"}}
    if row.gives in {Gives.PAGE, Gives.ONE} and row.resource is not None:
        yield {"name": "$select", "in": "query", "description": "Names, separated by commas.", "schema": _TEXT}
        if row.resource.expands:
            yield {"name": "$expand", "in": "query", "schema": {"enum": sorted(row.resource.expands)}}
    if row.method in {"PATCH", "DELETE", "PUT"}:
        yield {"name": "If-Match", "in": "header", "description": "The ETag it was read with.", "schema": _TEXT}


def _body(row: Endpoint) -> Schema:
    shape = row.takes_entity or row.takes
    schema = _ref(shape.name) if shape else {}
    return {"required": True, "content": _json({"allOf": [schema, {"type": "object"}]} if schema else {})}


def _success(row: Endpoint) -> Schema:
    match row.gives:
        case Gives.NOTHING:
            return {"204": {"description": "Done."}}
        case Gives.COUNT:
            return {"200": {"description": "How many.", "content": {"text/plain": {"schema": _TEXT}}}}
        case _:
            schema = _page(row) if row.gives is Gives.PAGE else _ref_to(row.value or row.resource)
    status = "201" if row.made else "200"
    answers: Schema = {status: {"description": row.gives.value, "content": _json(schema)}}
    if row.gives is Gives.ONE and row.method != "GET":
        answers["204"] = {"description": "Done; `Prefer: return=representation` asks for the object."}
    return answers


def _page(row: Endpoint) -> Schema:
    items = _ref(row.resource.entity.name) if row.resource else {}
    return {
        "type": "object",
        "required": ["@odata.context", "value"],
        "properties": {
            "@odata.context": _TEXT,
            "@odata.nextLink": _TEXT,
            "@odata.count": {"type": "integer"},
            "value": {"type": "array", "items": items},
        },
    }


def _schemas(row: Endpoint) -> Iterator[tuple[str, Schema]]:
    for shape in (row.resource.entity if row.resource else None, row.takes_entity):
        if shape is not None:
            yield shape.name, _object(shape.members)
            for one in shape.members.values():
                yield from _inner(one)
    for value in (row.value, row.takes):
        if value is not None:
            yield from _inner(value)


def _inner(one: Type) -> Iterator[tuple[str, Schema]]:
    kind = one.of if isinstance(one, Many) else one
    if isinstance(kind, Complex):
        yield kind.name, _object(kind.members)
        for member in kind.members.values():
            yield from _inner(member)


def _object(members: Mapping[str, Type]) -> Schema:
    return {"type": "object", "properties": {name: _schema(one) for name, one in members.items()}}


def _schema(one: Type) -> Schema:
    match one:
        case Many(of=of):
            return {"type": ["array", _NULL], "items": _ref(of.name) if isinstance(of, Complex) else _PRIMITIVES[of]}
        case Complex(name=name):
            return {"anyOf": [_ref(name), {"type": _NULL}]}
        case _:
            return _PRIMITIVES[one]


def _error() -> Schema:
    inner = dict.fromkeys(("date", "request-id", "client-request-id"), _TEXT)
    detail = {"code": _TEXT, "message": _TEXT, "target": _TEXT}
    error: Schema = {
        "type": "object",
        "required": ["code", "message", "innerError"],
        "properties": {
            **detail,
            "details": {"type": "array", "items": {"type": "object", "properties": detail}},
            "innerError": {"type": "object", "properties": inner, "required": sorted(inner)},
        },
    }
    return {"type": "object", "required": ["error"], "properties": {"error": error}}


def _ref_to(shown: Complex | Resource | None) -> Schema:
    match shown:
        case Complex(name=name):
            return _ref(name)
        case Resource(entity=entity):
            return _ref(entity.name)
        case None:
            return {}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}
