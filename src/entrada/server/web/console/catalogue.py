"""The APIs that a developer may see, and one of them with its operations.  Gateway reference section 16.1."""

from collections.abc import Iterable
from urllib.parse import quote

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.portal import CONSOLE
from entrada.core.gateway.console.visible import find_operation, find_visible_api, usable_keys, visible_apis
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product, State
from entrada.server.web.console.door import Developer, page, problem_page

ROOT_GROUP = "/"


async def show_apis(developer: Developer) -> Response:
    visitor = developer.visitor
    wanted = visitor.query("filter").casefold()
    seen = visible_apis(developer.configuration, visitor.user.id, developer.here.clock())
    found = [one for one in seen if wanted in f"{one.display_name}\n{one.description}\n{one.public_path}".casefold()]
    return page(
        visitor,
        "console/apis.html",
        title="APIs",
        apis=found,
        any=bool(seen),
        wanted=visitor.query("filter"),
        of=path_of,
    )


async def show_api(developer: Developer) -> Response:
    visitor, api = developer.visitor, asked_api(developer)
    if isinstance(api, Problem):
        return problem_page(visitor, api)
    operations = developer.configuration.operations.get(api.id, ())
    return page(
        visitor,
        "console/api.html",
        title=api.display_name,
        crumbs=(("APIs", CONSOLE),),
        api=api,
        base=developer.gateway.origin + api.public_path,
        groups=grouped(operations),
        of=path_of,
        products=products_of(developer, api),
        keys=usable_keys(developer.configuration, api, visitor.user.id, developer.here.clock()),
    )


def asked_api(developer: Developer) -> Api | Problem:
    """Of the path; what a person may not see is not there."""
    name, visitor = developer.visitor.param("api"), developer.visitor
    found = find_visible_api(developer.configuration, name, visitor.user.id, developer.here.clock())
    return found or not_found("API", name)


def asked_operation(developer: Developer, api: Api) -> Operation | Problem:
    name = developer.visitor.param("operation")
    return find_operation(developer.configuration, api, name) or not_found("operation", name)


def path_of(api: Api, operation: Operation | None = None) -> str:
    there = f"{CONSOLE}/apis/{quote(api.id, safe='')}"
    return there if operation is None else f"{there}/operations/{quote(operation.id, safe='')}"


def products_of(developer: Developer, api: Api) -> list[Product]:
    holding = (one for one in developer.configuration.products.values() if api.id in one.api_ids)
    return [one for one in holding if one.state is State.PUBLISHED]


def grouped(operations: Iterable[Operation]) -> list[tuple[str, list[Operation]]]:
    """By the first segment of their paths."""
    groups: dict[str, list[Operation]] = {}
    for one in operations:
        segment = one.url_template.partition("?")[0].split("/")[1]
        groups.setdefault(ROOT_GROUP if segment.startswith("{") else f"/{segment}", []).append(one)
    return sorted(groups.items())
