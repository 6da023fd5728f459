"""Why a change of the gateway was not made, with everything that is wrong in its policy documents."""

from collections.abc import Iterable, Sequence

from attrs import frozen

from entrada.core.directory.administration.problem import Detail, Problem
from entrada.core.directory.application_rules import Broken
from entrada.core.gateway.configuration import PolicyFault


@frozen(kw_only=True)
class PolicyRefused(Problem):
    """At least one fault, each with its document, line, column and what to write instead."""

    faults: tuple[PolicyFault, ...]


def policy_refused(faults: Sequence[PolicyFault]) -> PolicyRefused:
    told = tuple(Detail(code="PolicyFault", message=str(one.fault), target=one.scope.path) for one in faults)
    first, more = told[0], len(told) - 1
    message = f"The policies of {first.target} have a fault at {first.message}" + (f" ({more} more)" if more else "")
    return PolicyRefused(
        status=400, code="Request_BadRequest", message=message, target="policy", details=told, faults=tuple(faults)
    )


def rules_refused(rules: Iterable[Broken]) -> Problem | None:
    """The first in front, all as details; None where there is none."""
    told = tuple(Detail(code="Request_BadRequest", message=one.message, target=one.target) for one in rules)
    if not told:
        return None
    code, details = "Request_BadRequest", told if told[1:] else ()
    return Problem(status=400, code=code, message=told[0].message, target=told[0].target, details=details)
