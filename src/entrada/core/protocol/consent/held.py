"""What a client already holds for a user, resource by resource.  Reference section 27.3, steps 1 to 3."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from entrada.core.directory import portal
from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.service_principal import PermissionGrant, ServicePrincipal
from entrada.core.protocol.consent.permission import Permission

_NONE: frozenset[str] = frozenset()


@frozen
class Held:
    """Granted scope values in their registered spelling, by the resource's client id."""

    by_resource: Mapping[ClientId, frozenset[str]]
    apis: "Mapping[ClientId, Held]" = field(factory=dict["ClientId", "Held"])  # what the APIs behind the client hold

    def of(self, resource: Application) -> frozenset[str]:
        return self.by_resource.get(resource.app_id, _NONE)

    def has(self, permission: Permission) -> bool:
        holder = self if permission.through is None else self.apis.get(permission.through.app_id)
        return holder is not None and permission.scope.value in holder.of(permission.resource)


def held(
    client: Application,
    resources: Iterable[tuple[Application, ServicePrincipal | None]],
    grants: Iterable[PermissionGrant],
) -> Held:
    """*grants* are those of the client for this user and for all users; others must have been left out already."""
    granted: dict[str, frozenset[str]] = {}
    for grant in grants:
        granted[grant.resource_id] = granted.get(grant.resource_id, frozenset()) | grant.scopes
    found: dict[ClientId, frozenset[str]] = {}
    if portal.is_the_portal(client):
        found[APP_ID] = portal.HELD  # who administers the directory need not be asked whether it may know them
    for resource, principal in resources:
        if principal is None or not principal.account_enabled:
            continue  # an API that is not in the tenant, or is switched off there, grants nothing
        values = granted.get(principal.id, frozenset()) | _pre_authorized(client, resource)
        found[resource.app_id] = values & resource.offered_values | found.get(resource.app_id, _NONE)
    return Held(found)


def _pre_authorized(client: Application, resource: Application) -> frozenset[str]:
    if not resource.pre_authorized:
        return frozenset()
    ids = frozenset(
        permission
        for entry in resource.pre_authorized
        if entry.app_id == client.app_id
        for permission in entry.permission_ids
    )
    return frozenset(scope.value for scope in resource.scopes if scope.id in ids)
