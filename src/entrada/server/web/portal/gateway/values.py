"""The named values that policies write as {{name}}: all of them, a new one, the value of one, and its end."""

from typing import Final

from attrs import evolve, frozen
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.configuration import PolicyFault, PolicyScope
from entrada.core.gateway.entities.ids import NamedValueId
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.refusal import PolicyRefused
from entrada.server.usecases.gateway.named_values import change_named_value, create_named_value, delete_named_value
from entrada.server.web.portal.applications.desk import beside
from entrada.server.web.portal.gateway.desk import (
    STALE,
    Desk,
    Question,
    ask,
    finished,
    policies_of,
    refused,
    room,
    show,
)
from entrada.server.web.portal.gateway.naming import id_of
from entrada.server.web.portal.gateway.shelf import Shelf, listed
from entrada.server.web.signed_in.form import Form

VALUES: Final = Shelf[NamedValue](word="named value", title="Named values", path="values", kind=NamedValue)
_FIELDS: Final = {"value": "secretValue"}  # a name that keeps it out of what is shown when a session is over


@frozen(kw_only=True)
class Spot:
    """Where a policy would break: the document, by its scope, and what is wrong at which line and column."""

    document: str
    path: str
    line: int
    column: int
    message: str


async def show_all(desk: Desk) -> Response:
    part = listed(desk, VALUES.all(desk))
    rows = [(one, _used_in(desk, one)) for one in part.rows]
    return room(desk, "values.html", VALUES.title, part=part, rows=rows)


def _used_in(desk: Desk, value: NamedValue) -> list[str]:
    written = f"{{{{{value.display_name}}}}}"
    return [scope_words(desk, scope) for scope, text in desk.configuration.policies.items() if written in text]


def scope_words(desk: Desk, scope: PolicyScope) -> str:
    """Whose policies they are, as people call it."""
    configuration = desk.configuration
    if scope.product_id is not None:
        product = configuration.products.get(scope.product_id)
        return f"Product {product.display_name if product else scope.product_id}"
    if scope.api_id is None:
        return "All APIs"
    api = configuration.apis.get(scope.api_id)
    name = api.display_name if api else scope.api_id
    known = configuration.operations.get(scope.api_id, ())
    operation = next((one.display_name for one in known if one.id == scope.operation_id), scope.operation_id)
    return f"{name}, {operation}" if operation else name


async def start(desk: Desk, problem: Problem | None = None, entered: Form | None = None) -> Response:
    return show(
        desk,
        "value_new.html",
        title="Add a named value",
        crumbs=[VALUES.crumb],
        problem=beside(problem, _FIELDS),
        entered=entered,
        spots=_spots(desk, problem),
    )


async def create(desk: Desk, form: Form) -> Response:
    name = form.get("displayName").strip()
    value = NamedValue(
        id=NamedValueId(form.text("name") or id_of(name, "value")),
        display_name=name,
        value=form.get("secretValue"),
        secret=form.has("secret"),
        tags=tuple(form.lines("tags")),
    )
    made = await create_named_value(desk.here, desk.actor, value)
    if isinstance(made, Problem):
        return await start(desk, made, form)
    return finished(desk, VALUES.crumb[1], f"Policies may write {{{{{name}}}}} now.")


async def overview(
    desk: Desk, value: NamedValue, problem: Problem | None = None, entered: Form | None = None
) -> Response:
    return VALUES.page(
        desk,
        value,
        "value.html",
        problem=beside(problem, _FIELDS),
        entered=entered,
        spots=_spots(desk, problem),
        used=_used_in(desk, value),
    )


async def save(desk: Desk, value: NamedValue, form: Form) -> Response:
    def changed(kept: NamedValue) -> NamedValue:
        return evolve(
            kept,
            display_name=form.get("displayName").strip(),
            value=form.get("secretValue"),
            secret=form.has("secret"),
            tags=tuple(form.lines("tags")),
        )

    answer = await change_named_value(desk.here, desk.actor, value.id, changed, form.seen)
    if isinstance(answer, Problem):
        return await overview(desk, value, answer, form)
    return finished(desk, VALUES.path_of(value.id), "The named value is saved.")


def _spots(desk: Desk, problem: Problem | None) -> list[Spot]:
    faults = problem.faults if isinstance(problem, PolicyRefused) else ()
    return [_spot(desk, one) for one in faults]


def _spot(desk: Desk, found: PolicyFault) -> Spot:
    fault = found.fault
    return Spot(
        document=scope_words(desk, found.scope),
        path=policies_of(found.scope.path),
        line=fault.place.line,
        column=fault.place.column,
        message=f"{fault.what} Instead: {fault.instead}",
    )


async def ask_to_delete(desk: Desk, value: NamedValue, problem: Problem | None = None) -> Response:
    asked = Question(
        title=f"Delete {value.display_name}",
        question="Delete this named value?",
        consequences=["It is refused while a policy writes it." if _used_in(desk, value) else "No policy writes it."],
        back=VALUES.path_of(value.id),
        crumbs=[VALUES.crumb, (value.display_name, VALUES.path_of(value.id))],
        seen=VALUES.seen(desk, value),
    )
    return ask(desk, asked, problem)


async def delete(desk: Desk, value: NamedValue, form: Form) -> Response:
    answer = await delete_named_value(desk.here, desk.actor, value.id, form.seen)
    if isinstance(answer, PolicyRefused):
        return await overview(desk, value, answer)
    if isinstance(answer, Problem):
        stale = answer.status == STALE
        return await ask_to_delete(desk, value, answer) if stale else refused(desk, answer, [VALUES.crumb])
    return finished(desk, VALUES.crumb[1], f"The named value {value.display_name} is deleted.")
