"""What holds for an API or an operation when all scopes are merged: each statement, with the scope that says it."""

from collections.abc import Mapping

from attrs import frozen
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.configuration import OF_ALL, PolicyScope
from entrada.core.gateway.document.policies import Policies
from entrada.core.gateway.effective import SCOPES, effective
from entrada.core.gateway.effective_text import as_text
from entrada.core.gateway.entities.ids import ProductId
from entrada.core.gateway.parse import parse
from entrada.server.web.portal.gateway.desk import POLICIES, Desk, policies_of, refused, show
from entrada.server.web.portal.gateway.policies.target import Target, all_targets, target_of
from entrada.server.web.portal.gateway.values import scope_words

_LIST = ("Policies", f"{POLICIES}?scope=global")


@frozen(kw_only=True)
class Shown:
    scope: str
    whose: str
    path: str  # where it is edited; empty for what nobody wrote
    line: int
    text: str


async def show_effective(desk: Desk) -> Response:
    target = target_of(desk, desk.visitor.query("scope"))
    if isinstance(target, Problem):
        return refused(desk, target, [_LIST])
    product = desk.visitor.query("product")
    known = product if ProductId(product) in desk.configuration.products else ""
    return show(
        desk,
        "policies/effective.html",
        title=f"Effective policy: {target.title}",
        crumbs=[_LIST, (target.title, policies_of(target.path))],
        target=target,
        targets=[(path, words) for path, words in all_targets(desk) if not path.startswith("products/")],
        product=known,
        products=[("", "None"), *_products(desk, target)],
        sections=_sections(desk, _scopes(target, known)),
    )


def _products(desk: Desk, target: Target) -> list[tuple[str, str]]:
    api = target.scope.api_id
    found = (one for one in desk.configuration.products.values() if api is None or api in one.api_ids)
    return [(one.id, one.display_name) for one in found]


def _scopes(target: Target, product: str) -> Mapping[str, PolicyScope]:
    """By the name of each: the widest is everybody's."""
    scope = target.scope
    found = {"global": OF_ALL}
    chosen = scope.product_id or product
    if chosen:
        found["product"] = PolicyScope(product_id=ProductId(chosen))
    if scope.api_id is not None:
        found["api"] = PolicyScope(api_id=scope.api_id)
    if scope.operation_id is not None:
        found["operation"] = scope
    return found


def _sections(desk: Desk, scopes: Mapping[str, PolicyScope]) -> list[tuple[str, list[Shown]]]:
    values = desk.configuration.values_in_policies
    read: dict[str, Policies] = {}
    for name in SCOPES:
        text = desk.configuration.policies.get(scopes[name]) if name in scopes else None
        if text is not None:
            read[name] = parse(text, values).policies
    merged = effective(read)
    return [
        (section, [_shown(desk, scopes, read, one.scope, as_text(one.element), one.place.line) for one in found])
        for section, found in merged.sections.items()
    ]


def _shown(
    desk: Desk, scopes: Mapping[str, PolicyScope], read: Mapping[str, Policies], name: str, text: str, line: int
) -> Shown:
    if name not in read:
        return Shown(scope=name, whose="the gateway, until somebody writes otherwise", path="", line=0, text=text)
    scope = scopes[name]
    return Shown(scope=name, whose=scope_words(desk, scope), path=policies_of(scope.path), line=line, text=text)
