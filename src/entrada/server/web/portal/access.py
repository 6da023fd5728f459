"""Who may do what where, as the portal's lists show it: consents and app roles, each with the names of both ends."""

from collections.abc import Mapping

from attrs import frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application
from entrada.core.directory.graph.app_role_assignment_json import DEFAULT_ACCESS, Assigned
from entrada.core.directory.graph.link_id import assignment_id, grant_id
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.ids import PermissionId, ServicePrincipalId
from entrada.core.directory.query.condition import Both, Compare, Condition, Op
from entrada.core.directory.query.query import MOST, Query
from entrada.core.directory.service_principal import PermissionGrant
from entrada.core.directory.user import User
from entrada.server.usecases.administer.app_role_assignments import list_app_role_assignments
from entrada.server.usecases.administer.permission_grants import list_permission_grants
from entrada.server.usecases.administer.service_principals import installed
from entrada.server.web.portal.door import Visitor


@frozen(kw_only=True)
class GrantRow:
    id: str
    client: str
    client_id: str
    resource: str
    resource_id: str
    scopes: tuple[str, ...]
    version: int
    principal: User | None  # None: for everybody


@frozen(kw_only=True)
class AssignmentRow:
    id: str
    principal: str
    principal_id: str
    kind: str
    resource: str
    resource_id: str
    role: str
    value: str


async def grants_of(visitor: Visitor, **ends: str | None) -> list[GrantRow] | Problem:
    """*ends*: what of a grant is known, such as `client_id`."""
    page = await list_permission_grants(visitor.here, visitor.actor, Query(where=_where(ends), top=MOST))
    return page if isinstance(page, Problem) else [await grant_row(visitor, one) for one in page.items]


async def grant_row(visitor: Visitor, grant: PermissionGrant) -> GrantRow:
    client, resource = await _principal(visitor, grant.client_id), await _principal(visitor, grant.resource_id)
    who = grant.principal_id
    return GrantRow(
        id=grant_id(grant),
        client=client.display_name if client else grant.client_id,
        client_id=grant.client_id,
        resource=resource.display_name if resource else grant.resource_id,
        resource_id=grant.resource_id,
        scopes=tuple(sorted(grant.scopes)),
        version=grant.version,
        principal=await visitor.here.store.find_user(grant.tenant_id, who) if who else None,
    )


async def assignments_of(visitor: Visitor, **ends: str) -> list[AssignmentRow] | Problem:
    page = await list_app_role_assignments(visitor.here, visitor.actor, Query(where=_where(ends), top=MOST))
    return page if isinstance(page, Problem) else [await assignment_row(visitor, one) for one in page.items]


async def assignment_row(visitor: Visitor, assigned: Assigned) -> AssignmentRow:
    one = assigned.assignment
    resource = await _principal(visitor, one.resource_id)
    role, value = role_named(resource.application if resource else None, one.app_role_id)
    return AssignmentRow(
        id=assignment_id(one),
        principal=assigned.principal_name or one.principal_id,
        principal_id=one.principal_id,
        kind=str(assigned.principal_type or ""),
        resource=assigned.resource_name or one.resource_id,
        resource_id=one.resource_id,
        role=role,
        value=value,
    )


def role_named(application: Application | None, role_id: PermissionId) -> tuple[str, str]:
    """Its name and its value; an id where the API has dropped it since."""
    if role_id == DEFAULT_ACCESS:
        return "Default access", ""
    known = application.app_roles if application else ()
    return next(((one.display_name, one.value) for one in known if one.id == role_id), (role_id, ""))


def _where(ends: Mapping[str, str | None]) -> Condition:
    return Both(tuple(Compare(field, Op.EQ, value) for field, value in ends.items()))


async def _principal(visitor: Visitor, principal_id: ServicePrincipalId) -> Installed | None:
    stored = await visitor.here.store.find_service_principal_by_id(visitor.actor.tenant_id, principal_id)
    return await installed(visitor.here, stored) if stored else None
