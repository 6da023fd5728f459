"""`/apis`, with operations, policies and imports."""

from typing import Final

from attrs import evolve

from entrada.core.directory.administration.operations import Operation as Permission
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.operation import Operation
from entrada.server.usecases.gateway.apis import change_api, create_api, delete_api, find_api, list_apis
from entrada.server.usecases.gateway.import_api import Document, import_api
from entrada.server.usecases.gateway.operations import (
    change_operation,
    create_operation,
    delete_operation,
    find_operation,
    list_operations,
)
from entrada.server.web.gateway_admin.nouns import Noun
from entrada.server.web.gateway_admin.row import Call, One, Reply, Row

APIS: Final = Noun(
    kind=Api,
    path="/apis",
    word="an API",
    words="The APIs",
    list=lambda call: list_apis(call.here, call.actor),
    find=lambda call: find_api(call.here, call.actor, call.id),
    create=lambda call, api: create_api(call.here, call.actor, api),
    change=lambda call, changed: change_api(call.here, call.actor, call.id, changed, call.seen),
    delete=lambda call: delete_api(call.here, call.actor, call.id, call.seen),
)
OPERATIONS: Final = Noun(
    kind=Operation,
    path="/apis/{api}/operations",
    word="an operation",
    words="The operations of an API",
    list=lambda call: list_operations(call.here, call.actor, call.keys["api"]),
    find=lambda call: find_operation(call.here, call.actor, call.keys["api"], call.id),
    create=lambda call, one: create_operation(call.here, call.actor, call.keys["api"], one),
    change=lambda call, changed: change_operation(call.here, call.actor, call.keys["api"], call.id, changed, call.seen),
    delete=lambda call: delete_operation(call.here, call.actor, call.keys["api"], call.id, call.seen),
)
_MEMBERS: Final = ("id", "path", "format", "value", "serviceUrl", "subscriptionRequired")
_TEXTS: Final = ("openapi", "openapi+json")
_LINKS: Final = ("openapi-link", "openapi+json-link")


async def _import(call: Call) -> Reply:
    asked = _asked(call)
    if isinstance(asked, Problem):
        return asked
    members, link = call.members, call.members["format"] in _LINKS
    value, path, name = str(members["value"]), members.get("path"), str(members["id"])
    document = Document(url=value) if link else Document(text=value)
    found = await import_api(
        call.here, call.actor, document, name, None if path is None else str(path), lambda api: _adapted(call, api)
    )
    if isinstance(found, Problem):
        return found
    remarks = [{"target": one.pointer, "message": one.what} for one in found.imported.remarks]
    return One(members={**APIS.json(found.api), "remarks": remarks}, version=found.api.version, made=True)


def _asked(call: Call) -> Problem | None:
    for name, value in call.members.items():
        if name not in _MEMBERS:
            return bad(f"There is no member {name}; there are {', '.join(_MEMBERS)}.", name)
        if not isinstance(value, bool if name == "subscriptionRequired" else str):
            return bad(f"{name} is {'true or false' if name == 'subscriptionRequired' else 'a text'}.", name)
    for name in ("id", "format", "value"):
        if name not in call.members:
            return bad(f"{name} is needed.", name)
    if call.members["format"] not in (*_TEXTS, *_LINKS):
        return bad(f"The format is one of {', '.join((*_TEXTS, *_LINKS))}.", "format")
    return None


def _adapted(call: Call, api: Api) -> Api:
    required, service_url = call.members.get("subscriptionRequired"), call.members.get("serviceUrl")
    api = api if not isinstance(required, bool) else evolve(api, subscription_required=required)
    return api if service_url is None else evolve(api, service_url=str(service_url))


ROWS: Final = (
    *APIS.rows,
    Row(
        method="POST",
        path="/apis/import",
        permission=Permission.CHANGE_GATEWAY,
        words="Makes an API of an OpenAPI document, or renews it: `format` is openapi or openapi-link.",
        handle=_import,
        takes=True,
    ),
    *OPERATIONS.rows,
)
