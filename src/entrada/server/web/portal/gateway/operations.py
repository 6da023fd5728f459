"""The operations of an API: all of them, one as a form, and the end of one."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.operation import Operation
from entrada.server.usecases.gateway.operations import change_operation, create_operation, delete_operation
from entrada.server.usecases.gateway.records import OperationOfApi
from entrada.server.web.portal.gateway.apis import APIS
from entrada.server.web.portal.gateway.desk import STALE, Desk, Do, Question, Show, ask, finished, refused, segment
from entrada.server.web.portal.gateway.naming import id_of
from entrada.server.web.portal.gateway.operation_form import METHODS, example_of, operation_from, rows_of
from entrada.server.web.portal.gateway.overview import url_of
from entrada.server.web.signed_in.form import Form


async def show_all(desk: Desk, api: Api) -> Response:
    documents = {scope.operation_id for scope in desk.configuration.policies if scope.api_id == api.id}
    found = desk.configuration.operations.get(api.id, ())
    return APIS.page(
        desk, api, "operations.html", "Operations", operations=found, documents=documents, url=url_of(desk, api)
    )


async def start(desk: Desk, api: Api, problem: Problem | None = None, entered: Form | None = None) -> Response:
    return _form(desk, api, None, problem, entered)


async def create(desk: Desk, api: Api, form: Form) -> Response:
    said = form.text("displayName") or f"{form.get('method')} {form.get('urlTemplate')}"
    made = operation_from(form, None, id_of(said, "operation"))
    if not isinstance(made, Problem):
        answer = await create_operation(desk.here, desk.actor, api.id, made)
        if not isinstance(answer, Problem):
            return finished(desk, _all(api), f"The operation {made.display_name} is added.")
        made = answer
    return await start(desk, api, made, form)


def _all(api: Api) -> str:
    return APIS.path_of(api.id, "/operations")


def path_of(api: Api, operation: Operation) -> str:
    return f"{_all(api)}/{segment(operation.id)}"


def of_operation(show: Callable[[Desk, Api, Operation], Awaitable[Response]]) -> Show:
    async def answer(desk: Desk, api: Api) -> Response:
        found = _find(desk, api)
        return _missing(desk, api, found) if isinstance(found, Problem) else await show(desk, api, found)

    return APIS.show(answer)


def to_operation(do: Callable[[Desk, Api, Operation, Form], Awaitable[Response]]) -> Do:
    async def answer(desk: Desk, api: Api, form: Form) -> Response:
        found = _find(desk, api)
        return _missing(desk, api, found) if isinstance(found, Problem) else await do(desk, api, found, form)

    return APIS.do(answer)


def _find(desk: Desk, api: Api) -> Operation | Problem:
    name = desk.visitor.param("operation")
    known = desk.configuration.operations.get(api.id, ())
    return next((one for one in known if one.id == name), None) or not_found("operation", name)


def _missing(desk: Desk, api: Api, problem: Problem) -> Response:
    return refused(desk, problem, [APIS.crumb, (api.display_name, APIS.path_of(api.id)), ("Operations", _all(api))])


async def edit(
    desk: Desk, api: Api, operation: Operation, problem: Problem | None = None, entered: Form | None = None
) -> Response:
    return _form(desk, api, operation, problem, entered)


def _form(desk: Desk, api: Api, operation: Operation | None, problem: Problem | None, entered: Form | None) -> Response:
    return APIS.page(
        desk,
        api,
        "operation.html",
        operation.display_name if operation else "Add an operation",
        problem=problem,
        entered=entered,
        crumbs=[("Operations", _all(api))],
        operation=operation,
        operation_seen=_version(desk, api, operation),
        rows=rows_of(operation, entered),
        example_of=example_of,
        methods=METHODS,
        url=url_of(desk, api),
        has_document=operation is not None
        and PolicyScope(api_id=api.id, operation_id=operation.id) in desk.configuration.policies,
    )


def _version(desk: Desk, api: Api, operation: Operation | None) -> int:
    kept = desk.state.kept(OperationOfApi, f"{api.id}/{operation.id}") if operation else None
    return kept.version if kept else 0


async def save(desk: Desk, api: Api, operation: Operation, form: Form) -> Response:
    answer = await change_operation(
        desk.here, desk.actor, api.id, operation.id, lambda kept: operation_from(form, kept, kept.id), form.seen
    )
    if isinstance(answer, Problem):
        return _form(desk, api, operation, answer, form)
    return finished(desk, path_of(api, operation), "The operation is saved.")


async def ask_to_delete(desk: Desk, api: Api, operation: Operation, problem: Problem | None = None) -> Response:
    documents = PolicyScope(api_id=api.id, operation_id=operation.id) in desk.configuration.policies
    asked = Question(
        title=f"Delete {operation.display_name}",
        question=f"Delete this operation? {operation.method} {operation.url_template} is answered 404 then.",
        consequences=["Deleted with it: its policy document."] if documents else [],
        back=path_of(api, operation),
        crumbs=[APIS.crumb, (api.display_name, APIS.path_of(api.id)), ("Operations", _all(api))],
        seen=_version(desk, api, operation),
    )
    return ask(desk, asked, problem)


async def delete(desk: Desk, api: Api, operation: Operation, form: Form) -> Response:
    answer = await delete_operation(desk.here, desk.actor, api.id, operation.id, form.seen)
    if isinstance(answer, Problem):
        stale = answer.status == STALE
        return await ask_to_delete(desk, api, operation, answer) if stale else _missing(desk, api, answer)
    return finished(desk, _all(api), f"The operation {operation.display_name} is deleted.")
