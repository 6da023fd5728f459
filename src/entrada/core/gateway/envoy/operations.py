"""One operation: its native routes, the way to Python beside them, and why there is the one or the other."""

import json
from collections.abc import Sequence

from attrs import define, field

from entrada.core.gateway.elements.set_backend_service import service_address
from entrada.core.gateway.elements.statement import Statement
from entrada.core.gateway.elements.validate_azure_ad_token import ValidateAzureAdToken
from entrada.core.gateway.elements.validate_jwt import ValidateJwt
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.envoy import token_check
from entrada.core.gateway.envoy.clusters import Backend
from entrada.core.gateway.envoy.contexts import Context
from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.envoy.route import backend_of, fallback_route, operation_match, routes_of
from entrada.core.gateway.envoy.steps import Steps
from entrada.core.gateway.envoy.token_check import Filter, Stage
from entrada.core.gateway.envoy.way import Answered, Asked, Way
from entrada.core.gateway.envoy.ways import Following
from entrada.core.gateway.envoy.wire import Json
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.matching import Matcher
from entrada.core.gateway.plan import walk
from entrada.core.gateway.service import PublishedApi


@define
class Compiled:
    routes: list[Json] = field(factory=list[Json])
    backends: dict[str, Backend] = field(factory=dict[str, Backend])
    reasons: list[str] = field(factory=list[str])
    serves: bool = False  # some good request, without Python


def compiled(
    published: PublishedApi, matcher: Matcher, contexts: Sequence[Context], facts: Facts, cached: int
) -> Compiled:
    found, operation = Compiled(), matcher.operation
    filters: dict[str, Filter] = {}
    try:
        for number, context in enumerate(contexts):
            _in_context(published, operation, context, facts, found, filters, f"c{number}-", cached)
    except NotNative as why:
        found, filters = Compiled(reasons=[why.reason]), {}
    if not contexts:
        found.reasons.append("every request needs a subscription key that only Python can look up")
    about = {"api": published.api.id, "operation": operation.id}
    ordered = tuple(one.config for one in sorted(filters.values(), key=lambda one: one.stage))
    found.routes.append(fallback_route(operation_match(published.api.public_path, matcher), about, ordered))
    return found


def _in_context(
    published: PublishedApi, operation: Operation, context: Context, facts: Facts,
    found: Compiled, filters: dict[str, Filter], prefix: str, cached: int,
) -> None:  # fmt: skip
    start = _start(published, operation, context, facts)
    tokens = _tokens(start, prefix, cached)
    following = Following(Steps(tokens))
    ways = following.ways(context.on(start))
    found.reasons += [one for one in following.reasons if one not in found.reasons]
    served = [one for way in ways for one in _routed(way, found)]
    for way in ways:
        filters |= {one.name: Filter(one.name, Stage.BEFORE, one.filter) for one in way.checks}
    if not served:
        return
    for statement in walk(start.plan.inbound):
        name = tokens.get(id(statement))
        policy = statement.policy
        if name is None or not isinstance(policy, ValidateJwt | ValidateAzureAdToken) or not _is_asked(name, served):
            continue
        rules = token_check.rules_of(statement, start)
        filters |= {one.key: one for one in token_check.filters(policy, rules, name, start, cached)}
    found.routes += served


def _routed(way: Way, found: Compiled) -> list[Json]:
    try:
        routes = list(routes_of(way))
    except NotNative as why:
        if why.reason not in found.reasons:
            found.reasons.append(why.reason)
        return []
    if isinstance(way.end, Asked):
        backend = backend_of(way)
        found.backends[backend.name] = backend
    found.serves = found.serves or not (isinstance(way.end, Answered) and way.end.refused)
    return routes


def _is_asked(name: str, routes: Sequence[Json]) -> bool:
    return any(
        str(said["path"][0]["key"]).startswith(name)
        for one in routes
        for said in one["match"].get("dynamic_metadata", ())
    )


def _start(published: PublishedApi, operation: Operation, context: Context, facts: Facts) -> Way:
    api, product = published.api, context.product
    return Way(
        api=api,
        operation=operation,
        product=product,
        plan=published.plan(operation, product),
        facts=facts,
        service=service_address(api.service_url) if api.service_url else None,
    )


def _tokens(start: Way, prefix: str, cached: int) -> dict[int, str]:
    """One name, and so one check by Envoy, for statements that differ in claims and audiences alone."""
    checks = (one for one in walk(start.plan.inbound) if isinstance(one.policy, ValidateJwt | ValidateAzureAdToken))
    found, names = dict[int, str](), dict[str, str]()
    for number, one in enumerate(checks):
        found[id(one)] = names.setdefault(_verifying(one, start, cached) or str(number), f"{prefix}token{number}")
    return found


def _verifying(statement: Statement, start: Way, cached: int) -> str | None:
    """What Envoy would do for it; None where it could not."""
    policy = statement.policy
    assert isinstance(policy, ValidateJwt | ValidateAzureAdToken)  # noqa: S101 - who calls has looked
    try:
        alike = token_check.filters(policy, token_check.rules_of(statement, start), "", start, cached)
    except NotNative:
        return None
    return json.dumps([one.config for one in alike]) if alike else None
