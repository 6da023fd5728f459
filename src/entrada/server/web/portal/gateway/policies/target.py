"""Whose policies a page is about, as its query or its form names them: `global`, `apis/colors/operations/list`."""

from typing import Final

from attrs import frozen

from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.gateway.advice import Surroundings
from entrada.core.gateway.configuration import OF_ALL, PolicyScope
from entrada.core.gateway.document.policies import SECTIONS
from entrada.core.gateway.effective import AZURES_GLOBAL
from entrada.core.gateway.elements.kind import GLOBAL
from entrada.core.gateway.entities.ids import ApiId, OperationId, ProductId
from entrada.server.usecases.gateway.records import Policy
from entrada.server.web.portal.gateway.desk import Desk
from entrada.server.web.portal.gateway.values import scope_words

_INHERITS: Final = "".join(f"    <{one}>\n        <base />\n    </{one}>\n" for one in SECTIONS)
_UNWRITTEN: Final = f"<policies>\n{_INHERITS}</policies>\n"


@frozen(kw_only=True)
class Target:
    scope: PolicyScope
    title: str
    saved: str | None  # None: nothing was written for it yet
    version: int
    surroundings: Surroundings

    @property
    def path(self) -> str:
        return self.scope.path

    @property
    def text(self) -> str:
        """What is edited: the document, or what holds without one."""
        if self.saved is not None:
            return self.saved
        return AZURES_GLOBAL if self.scope == OF_ALL else _UNWRITTEN


def target_of(desk: Desk, path: str) -> Target | Problem:
    scope = scope_at(desk, path)
    if scope is None:
        return not_found("scope of policies", path)
    kept = desk.state.kept(Policy, scope.path)
    return Target(
        scope=scope,
        title=scope_words(desk, scope),
        saved=None if kept is None else kept.noun.text,
        version=0 if kept is None else kept.version,
        surroundings=Surroundings(
            authority=desk.here.origin, has_subscriptions=desk.configuration.asks_for_subscriptions(scope)
        ),
    )


def scope_at(desk: Desk, path: str) -> PolicyScope | None:
    """None where there is no such product, API or operation."""
    configuration = desk.configuration
    match path.split("/"):
        case [one] if one in ("", GLOBAL):
            return OF_ALL
        case ["products", name] if name in configuration.products:
            return PolicyScope(product_id=ProductId(name))
        case ["apis", name] if name in configuration.apis:
            return PolicyScope(api_id=ApiId(name))
        case ["apis", name, "operations", operation]:
            known = {one.id for one in configuration.operations.get(ApiId(name), ())}
            return PolicyScope(api_id=ApiId(name), operation_id=OperationId(operation)) if operation in known else None
        case _:
            return None


def all_targets(desk: Desk) -> list[tuple[str, str]]:
    """Path and name of everything that may have policies, to choose from."""
    configuration = desk.configuration
    scopes = [OF_ALL, *(PolicyScope(product_id=one) for one in configuration.products)]
    for api in configuration.apis:
        scopes.append(PolicyScope(api_id=api))
        scopes += [PolicyScope(api_id=api, operation_id=one.id) for one in configuration.operations.get(api, ())]
    return [(one.path, _marked(desk, one)) for one in scopes]


def _marked(desk: Desk, scope: PolicyScope) -> str:
    words = scope_words(desk, scope)
    return words if scope in desk.configuration.policies else f"{words} (nothing written)"
