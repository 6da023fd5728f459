"""Everything Graph answers here, row by row."""

from typing import Final

from entrada.server.web.graph import (
    application_credentials,
    applications,
    grants,
    groups,
    memberships,
    service_principals,
    users,
)
from entrada.server.web.graph.endpoint import Endpoint

TABLE: Final[tuple[Endpoint, ...]] = (
    *applications.ROWS,
    *application_credentials.ROWS,
    *service_principals.ROWS,
    *grants.ROWS,
    *users.ROWS,
    *memberships.ROWS,
    *groups.ROWS,
)
