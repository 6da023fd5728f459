"""The app roles of a user, or of an application, on one application.  Reference section 32."""

from collections.abc import Iterable

from entrada.core.directory.application import Application
from entrada.core.directory.service_principal import AppRoleAssignment, ServicePrincipal


def is_assigned(principal: ServicePrincipal | None, assignments: Iterable[AppRoleAssignment]) -> bool:
    """*assignments* as for `user_roles`; default access, the all-zero role, counts."""
    return principal is not None and any(one.resource_id == principal.id for one in assignments)


def user_roles(
    application: Application, principal: ServicePrincipal | None, assignments: Iterable[AppRoleAssignment]
) -> tuple[str, ...]:
    """*assignments* are the user's own and those of the groups the user is a direct member of."""
    return _roles(application, principal, assignments, "User")


def application_roles(
    application: Application, principal: ServicePrincipal | None, assignments: Iterable[AppRoleAssignment]
) -> tuple[str, ...]:
    """*assignments* are those of the calling application's own service principal."""
    return _roles(application, principal, assignments, "Application")


def _roles(
    application: Application,
    principal: ServicePrincipal | None,
    assignments: Iterable[AppRoleAssignment],
    member_type: str,
) -> tuple[str, ...]:
    if principal is None:
        return ()
    assigned = {one.app_role_id for one in assignments if one.resource_id == principal.id}
    return tuple(
        role.value
        for role in application.app_roles
        if role.id in assigned and role.is_enabled and member_type in role.allowed_member_types
    )
