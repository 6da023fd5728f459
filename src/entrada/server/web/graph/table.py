"""Everything Graph answers here, row by row."""

from typing import Final

from entrada.server.web.graph import (
    admin_consent,
    application_credentials,
    applications,
    audit_logs,
    authentication_methods,
    classifications,
    directory,
    directory_roles,
    grants,
    groups,
    memberships,
    owners,
    policies,
    service_principals,
    tenants,
    users,
)
from entrada.server.web.graph.endpoint import Endpoint

TABLE: Final[tuple[Endpoint, ...]] = (
    *applications.ROWS,
    *application_credentials.ROWS,
    *owners.ROWS,
    *service_principals.ROWS,
    *classifications.ROWS,
    *grants.ROWS,
    *admin_consent.ROWS,
    *users.ROWS,
    *authentication_methods.ROWS,
    *memberships.ROWS,
    *groups.ROWS,
    *directory_roles.ROWS,
    *directory.ROWS,
    *tenants.ROWS,
    *policies.ROWS,
    *audit_logs.ROWS,
)
