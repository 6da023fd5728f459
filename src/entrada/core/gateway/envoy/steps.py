"""What a policy makes of a way: the ways on, each with more conditions, changes, or an end."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, summarize_address_range
from typing import Any, Final, TypeAlias

from attrs import evolve, frozen

from entrada.core.gateway.elements.check_header import CheckHeader
from entrada.core.gateway.elements.choose import Choose
from entrada.core.gateway.elements.cors import Cors
from entrada.core.gateway.elements.forward_request import ForwardRequest
from entrada.core.gateway.elements.ip_filter import IpFilter, as_address
from entrada.core.gateway.elements.kind import OUTBOUND
from entrada.core.gateway.elements.mock_response import MockResponse
from entrada.core.gateway.elements.outcome import Finish
from entrada.core.gateway.elements.return_response import ReturnResponse
from entrada.core.gateway.elements.rewrite_uri import RewriteUri
from entrada.core.gateway.elements.set_backend_service import SetBackendService, service_address
from entrada.core.gateway.elements.set_header import SetHeader
from entrada.core.gateway.elements.set_query_parameter import SetQueryParameter
from entrada.core.gateway.elements.set_variable import SetVariable
from entrada.core.gateway.elements.statement import Statement
from entrada.core.gateway.elements.validate_azure_ad_token import ValidateAzureAdToken
from entrada.core.gateway.elements.validate_jwt import ValidateJwt
from entrada.core.gateway.envoy import changes, checks, conditions, matches, target, token_check
from entrada.core.gateway.envoy.checks import Check
from entrada.core.gateway.envoy.known import all_known, known, known_or_none
from entrada.core.gateway.envoy.not_native import NotNative, few
from entrada.core.gateway.envoy.way import Asked, Way
from entrada.core.gateway.envoy.wire import Json
from entrada.core.gateway.failure import Failure

_Ip: TypeAlias = IPv4Address | IPv6Address
Statements: TypeAlias = tuple[Statement, ...]


@frozen
class Onward:
    """A way, and the statements of a branch to be done on it first."""

    way: Way
    branch: Statements = ()


@frozen
class Steps:
    """*tokens*: how Envoy calls those that statements check, by the identity of the statement."""

    tokens: Mapping[int, str]

    def of(self, statement: Statement, way: Way) -> Iterator[Onward]:
        """Raises NotNative."""
        policy = statement.policy
        if isinstance(policy, ValidateJwt | ValidateAzureAdToken):
            rules = token_check.rules_of(statement, way)
            return (Onward(one) for one in token_check.checked(policy, rules, self.tokens[id(statement)], way))
        if isinstance(policy, Choose):
            return _chosen(policy, way)
        step = _STEPS.get(type(policy))
        if step is None:
            raise NotNative(_WORDS.get(statement.element, f"<{statement.element}> runs in Python alone"))
        return (Onward(one) for one in step(policy, way))


def _checked(policy: CheckHeader, way: Way) -> Iterator[Way]:
    name = way.untouched(known(policy.name, way))
    wanted, ignores_case = all_known(policy.values, way), known(policy.ignores_case, way)
    known(policy.status, way)
    known(policy.message, way)
    if not all(one.isascii() and one.isprintable() and one == one.strip() and one for one in wanted):
        raise NotNative("a value of <check-header> is not plain ASCII")
    if not wanted:
        yield way.where(matches.present(name))
    if wanted:
        yield way.checked(checks.one_of(name, wanted, ignores_case=ignores_case))
    missing = way.where(matches.absent(name))
    yield missing.answered(_failing(policy, missing, ()).response, refused=True)
    if wanted:
        wrong = way.checked(checks.none_of(name, wanted, ignores_case=ignores_case))
        other = f"not {' '.join(wanted)}"
        yield wrong.answered(_failing(policy, wrong, ((name, other),)).response, refused=True)


def _failing(policy: CheckHeader, way: Way, headers: tuple[tuple[str, str], ...]) -> Failure:
    outcome = policy.perform(way.stand_in(headers))
    if not isinstance(outcome, Failure):
        raise NotNative("a value of <check-header> cannot be missed")
    return outcome


def _let_in(policy: IpFilter, way: Way) -> Iterator[Way]:
    """Whom it refuses is told so in Python, with the address."""
    ranges = [(as_address(known(one.first, way)), as_address(known(one.last, way))) for one in policy.ranges]
    networks = [net for first, last in ranges for net in _networks(first, last)]
    inside: Json = {"or_ids": {"ids": [{"remote_ip": _cidr(one)} for one in networks]}}
    allows = known(policy.action, way) == "allow"
    yield way.checked(Check(principal=inside if allows else {"not_id": inside}))


def _networks(first: _Ip, last: _Ip) -> Iterable[IPv4Network | IPv6Network]:
    match first, last:
        case IPv4Address(), IPv4Address():
            return summarize_address_range(first, last)
        case IPv6Address(), IPv6Address():
            return summarize_address_range(first, last)
        case _:
            return ()


def _cidr(network: IPv4Network | IPv6Network) -> Json:
    return {"address_prefix": str(network.network_address), "prefix_len": network.prefixlen}


def _asked(policy: ForwardRequest, way: Way) -> Iterator[Way]:
    if known(policy.fails_on_error_status, way):
        raise NotNative("an error status of the backend becomes an error of the gateway")
    if way.service is None:
        raise NotNative("the API has no backend")
    seconds, milliseconds = known(policy.seconds, way), known_or_none(policy.milliseconds, way)
    yield evolve(way, end=Asked(timeout=float(seconds) if milliseconds is None else milliseconds / 1000))


def _returned(policy: ReturnResponse | MockResponse, way: Way) -> Iterator[Way]:
    if way.section == OUTBOUND:
        raise NotNative("the backend is asked, and its response thrown away")
    if isinstance(policy, MockResponse):
        known(policy.status, way)
        known(policy.index, way)
        known_or_none(policy.content_type, way)
    else:
        _all_known(policy, way)
    outcome = policy.perform(way.stand_in())
    assert isinstance(outcome, Finish)  # noqa: S101 - it has no other
    yield way.answered(outcome.response, refused=False)


def _all_known(policy: ReturnResponse, way: Way) -> None:
    known_or_none(policy.body, way)
    if policy.status is not None:
        known(policy.status.code, way)
        known_or_none(policy.status.reason, way)
    for one in policy.headers:
        known(one.setting.name, way)
        known(one.setting.action, way)
        all_known(one.setting.values, way)


def _chosen(policy: Choose, way: Way) -> Iterator[Onward]:
    """Each branch on its own conditions and on the failing of those before: nothing depends on the order of routes."""
    if way.section == OUTBOUND:
        raise NotNative("the response decides")
    before: tuple[Way, ...] = (way,)
    for branch in policy.branches:
        condition = conditions.read(branch.condition, way)
        for one in before:
            yield from (Onward(case.on(one), branch.statements) for case in condition.holds)
        before = few(tuple(case.on(one) for one in before for case in condition.fails))
    yield from (Onward(one, policy.otherwise or ()) for one in before)


def _spoken(policy: Cors, way: Way) -> Iterator[Way]:
    if policy not in way.plan.cors:
        raise NotNative("<cors> stands in a branch")
    yield way  # its headers are on the way since the start, and foreign origins on none


def _set_header(policy: SetHeader, way: Way) -> Iterator[Way]:
    return iter((changes.changed_response(policy, way),)) if way.section == OUTBOUND else changes.changed(policy, way)


def _set_variable(policy: SetVariable, way: Way) -> Iterator[Way]:
    yield evolve(way, variables={**way.variables, policy.name: known(policy.value, way)})


def _set_backend(policy: SetBackendService, way: Way) -> Iterator[Way]:
    yield evolve(way, service=service_address(known(policy.base_url, way)))


_STEPS: Final[Mapping[type, Callable[[Any, Way], Iterator[Way]]]] = {
    CheckHeader: _checked,
    Cors: _spoken,
    ForwardRequest: _asked,
    IpFilter: _let_in,
    MockResponse: _returned,
    ReturnResponse: _returned,
    RewriteUri: target.rewritten,
    SetBackendService: _set_backend,
    SetHeader: _set_header,
    SetQueryParameter: target.asked_for,
    SetVariable: _set_variable,
}
_WORDS: Final = {
    "rate-limit": "calls are counted exactly in Python alone",
    "rate-limit-by-key": "calls are counted exactly in Python alone",
}
