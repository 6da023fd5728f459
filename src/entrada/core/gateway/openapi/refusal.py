"""Why an API was not imported, with everything that is wrong in its document."""

from attrs import frozen

from entrada.core.directory.administration.problem import Detail, Problem
from entrada.core.gateway.openapi.fault import Faults


@frozen(kw_only=True)
class ImportRefused(Problem):
    """At least one fault, each with its place and what to write instead."""

    faults: Faults


def import_refused(faults: Faults) -> ImportRefused:
    told = tuple(Detail(code="OpenApiFault", message=str(one), target=one.pointer) for one in faults)
    more = len(told) - 1
    message = f"The OpenAPI document has a fault at {told[0].message}" + (f" ({more} more)" if more else "")
    return ImportRefused(
        status=400, code="Request_BadRequest", message=message, target="value", details=told, faults=faults
    )
