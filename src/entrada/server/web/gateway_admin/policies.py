"""`/policy` of all, of products, APIs and operations; and what of all of them an API or operation comes to."""

from collections.abc import Callable
from typing import Final

from entrada.core.directory.administration.operations import Operation as Permission
from entrada.core.directory.administration.problem import Problem, bad, not_found
from entrada.core.gateway.configuration import OF_ALL, Configuration, PolicyScope
from entrada.core.gateway.effective import effective
from entrada.core.gateway.entities.ids import ApiId, OperationId, ProductId
from entrada.core.gateway.policy_document import read_document
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.nouns import seen_gateway
from entrada.server.usecases.gateway.policies import delete_policy, find_policy, save_policy
from entrada.server.usecases.gateway.records import Policy
from entrada.server.web.gateway_admin.row import Call, Done, Handle, One, Reply, Row

Scope = Callable[[Call], PolicyScope]
_RAW: Final = "rawxml"


def _of_product(call: Call) -> PolicyScope:
    return PolicyScope(product_id=ProductId(call.id))


def _of_api(call: Call) -> PolicyScope:
    return PolicyScope(api_id=ApiId(call.id))


def _of_operation(call: Call) -> PolicyScope:
    return PolicyScope(api_id=ApiId(call.keys["api"]), operation_id=OperationId(call.id))


def _shows(scope: Scope) -> Handle:
    async def handle(call: Call) -> Reply:
        return _one(await find_policy(call.here, call.actor, scope(call)))

    return handle


def _puts(scope: Scope) -> Handle:
    async def handle(call: Call) -> Reply:
        text, form = call.members.get("value"), call.members.get("format", _RAW)
        if not isinstance(text, str) or call.members.keys() - {"value", "format"} or form != _RAW:
            return bad(f'The body is {{"format": "{_RAW}", "value": "<policies>…"}}: the document as it is.', "value")
        return _one(await save_policy(call.here, call.actor, scope(call), text, call.seen))

    return handle


def _deletes(scope: Scope) -> Handle:
    async def handle(call: Call) -> Reply:
        return await delete_policy(call.here, call.actor, scope(call), call.seen) or Done()

    return handle


def _one(found: Kept[Policy] | Problem) -> Reply:
    if isinstance(found, Problem):
        return found
    scope = found.noun.scope.path
    return One(members={"id": scope, "format": _RAW, "value": found.noun.text}, version=found.version)


def _rows(path: str, of: str, scope: Scope) -> tuple[Row, ...]:
    read, change = Permission.READ_GATEWAY, Permission.CHANGE_GATEWAY
    writes = "Writes it. What is wrong with it is told in `details`, each with line and column."
    return (
        Row(method="GET", path=path, permission=read, words=f"The policies of {of}.", handle=_shows(scope)),
        Row(method="PUT", path=path, permission=change, words=writes, handle=_puts(scope), takes=True),
        Row(method="DELETE", path=path, permission=change, words="Takes it away.", handle=_deletes(scope)),
    )


async def _effective(call: Call) -> Reply:
    state = await seen_gateway(call.here, call.actor, Permission.READ_GATEWAY)
    if isinstance(state, Problem):
        return state
    scopes = _scopes(state.configuration, call)
    if isinstance(scopes, Problem):
        return scopes
    return One(members={"sections": _sections(state.configuration, scopes)})


def _scopes(configuration: Configuration, call: Call) -> tuple[PolicyScope, ...] | Problem:
    api, operation, product = ApiId(call.id), call.query.get("operation"), call.query.get("product")
    if api not in configuration.apis:
        return not_found("API", api)
    if operation is not None and all(one.id != operation for one in configuration.operations.get(api, ())):
        return not_found("operation", operation)
    if product is not None and api not in getattr(configuration.products.get(ProductId(product)), "api_ids", ()):
        return not_found("product with this API", product)
    of_product = () if product is None else (PolicyScope(product_id=ProductId(product)),)
    of_operation = () if operation is None else (PolicyScope(api_id=api, operation_id=OperationId(operation)),)
    return (OF_ALL, *of_product, PolicyScope(api_id=api), *of_operation)


def _sections(configuration: Configuration, scopes: tuple[PolicyScope, ...]) -> dict[str, object]:
    """The elements of each section in the order in which they run, and where each stands."""
    values = configuration.values_in_policies
    by_name = {one.name: one.path for one in scopes}
    read = {
        one.name: read_document(text, one.name, values).policies
        for one in scopes
        if (text := configuration.policies.get(one)) is not None
    }
    return {
        name: [
            {
                "element": one.element.name,
                "scope": by_name[one.scope],
                "line": one.element.place.line,
                "column": one.element.place.column,
            }
            for one in elements
        ]
        for name, elements in effective(read).sections.items()
    }


ROWS: Final = (
    *_rows("/policy", "all APIs", lambda _: OF_ALL),
    *_rows("/apis/{id}/policy", "an API", _of_api),
    *_rows("/apis/{api}/operations/{id}/policy", "an operation", _of_operation),
    *_rows("/products/{id}/policy", "a product", _of_product),
    Row(
        method="GET",
        path="/apis/{id}/effectivePolicy",
        permission=Permission.READ_GATEWAY,
        words="What runs for a request to it, section by section, with whose policies each element is of.",
        handle=_effective,
        query={"operation": "Of this operation.", "product": "With a subscription to this product."},
    ),
)
