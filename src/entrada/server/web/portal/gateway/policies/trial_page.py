"""The form that tries a request, and what came of it.  Tokens and keys come by POST, and go nowhere."""

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.server.web.portal.gateway.desk import POLICIES, Desk, policies_of, refused, show
from entrada.server.web.portal.gateway.policies.target import Target, target_of
from entrada.server.web.portal.gateway.policies.trial import Tried, asked_of, tried
from entrada.server.web.signed_in.form import Form

_LIST = ("Policies", f"{POLICIES}?scope=global")
_NOBODY = ("", "Nobody in particular, or by the key below")
_BACKEND = (
    ("answers", "It answers as below"),
    ("timeout", "It does not answer in time"),
    ("unreachable", "It cannot be reached"),
)


async def start(desk: Desk) -> Response:
    target = target_of(desk, desk.visitor.query("scope"))
    if isinstance(target, Problem):
        return refused(desk, target, [_LIST])
    return _page(desk, target, target.text, None)


async def run(desk: Desk, form: Form) -> Response:
    """From the editor it comes without a request: then it asks for one."""
    target = target_of(desk, form.get("scope"))
    if isinstance(target, Problem):
        return refused(desk, target, [_LIST])
    text = form.get("policy") or target.text
    denied = may(desk.actor, Operation.CHANGE_GATEWAY) if text != target.text else None
    if denied is not None:  # a document of one's own says whatever named value it names
        return refused(desk, denied, [_LIST, (target.title, policies_of(target.path))])
    if not form.has("method"):
        return _page(desk, target, text, None)
    asked = asked_of(form, desk.place.origin)
    if isinstance(asked, Problem):
        return _page(desk, target, text, form, asked)
    documents = {target.scope: text} if target.saved is not None or text != target.text else {}
    found = await tried(desk.here, desk.configuration, documents, asked)
    if isinstance(found, Problem):
        return _page(desk, target, text, form, evolve(found, target=None))
    return _page(desk, target, text, form, outcome=found)


def _page(
    desk: Desk,
    target: Target,
    text: str,
    entered: Form | None,
    problem: Problem | None = None,
    outcome: Tried | None = None,
) -> Response:
    products = desk.configuration.products.values()
    return show(
        desk,
        "policies/try.html",
        title=f"Try a request: {target.title}",
        crumbs=[_LIST, (target.title, policies_of(target.path))],
        problem=problem,
        entered=entered,
        target=target,
        text=text,
        is_saved=text == target.text,
        method=_method(desk, target),
        address=_path(desk, target),
        products=[
            ("", "Nobody in particular, or by the key below"),
            *((one.id, f"A subscriber of {one.display_name}") for one in products),
        ],
        backends=_BACKEND,
        outcome=outcome,
    )


def _method(desk: Desk, target: Target) -> str:
    known = desk.configuration.operations.get(target.scope.api_id, ()) if target.scope.api_id else ()
    return next((one.method for one in known if target.scope.operation_id in (None, one.id)), "GET")


def _path(desk: Desk, target: Target) -> str:
    configuration = desk.configuration
    api_id = target.scope.api_id or next(iter(configuration.apis), None)
    if api_id is None:
        return "/"
    known = configuration.operations.get(api_id, ())
    template = next((one.url_template for one in known if target.scope.operation_id in (None, one.id)), "/")
    return configuration.apis[api_id].public_path + template.partition("?")[0]
