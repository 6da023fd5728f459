"""`/applications/{id}/grantAdminConsent`: everything a registration lists, granted for everybody, at once.

Not of Microsoft Graph, where one writes the grants one by one: what the portal's button does, for whoever has no mouse.
"""

from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.server.usecases.administer.applications import find_application
from entrada.server.usecases.administer.grant_admin_consent import grant_admin_consent
from entrada.server.web.graph.endpoint import Call, Endpoint
from entrada.server.web.graph.find_endpoint import alternate
from entrada.server.web.graph.replies import Done, Reply
from entrada.server.web.graph.row import does


async def _grant(call: Call) -> Reply:
    app_id = alternate(call.id)
    if app_id is None:
        found = await find_application(call.here, call.actor, call.id)
        if isinstance(found, Problem):
            return found
        app_id = found.app_id
    granted = await grant_admin_consent(call.here, call.actor, app_id, call.seen)
    return granted if isinstance(granted, Problem) else Done()


ROWS: Final[tuple[Endpoint, ...]] = (
    does(
        "/applications/{id}/grantAdminConsent",
        Operation.CHANGE_GRANTS,
        "Grants, for everybody, all permissions that the registration lists. With If-Match, unless "
        "the registration has changed since it was read. Not of Microsoft Graph.",
        _grant,
    ),
)
