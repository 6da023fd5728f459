"""The objects of a directory by the names a file uses for them, and by their ids."""

from collections.abc import Iterable

from entrada.core.directory.application import Application
from entrada.core.directory.entity import Entity
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ClientId, TenantId, parse_guid
from entrada.core.directory.microsoft_graph import APP_ID, MICROSOFT_GRAPH
from entrada.core.directory.permission import AppRole, PermissionScope
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User


class Index:
    """Microsoft Graph is always in it."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.tenants = dict[TenantId, Tenant]()
        self._tenants_by_domain = dict[str, TenantId]()
        self.applications = {APP_ID: MICROSOFT_GRAPH}
        self._users = dict[tuple[TenantId, str], User]()
        self._groups = dict[tuple[TenantId, str], Group]()
        self._named_groups = dict[tuple[TenantId, str], list[Group]]()
        self._principals = dict[tuple[TenantId, str], ServicePrincipal]()
        for entity in entities:
            self._add(entity)

    def _add(self, entity: Entity) -> None:
        match entity:
            case Tenant():
                self.tenants[entity.id] = entity
                self._tenants_by_domain |= dict.fromkeys(entity.domains, entity.id)
            case Application():
                self.applications[entity.app_id] = entity
            case User():
                for name in (entity.id, entity.user_principal_name.lower()):
                    self._users[entity.tenant_id, name] = entity
            case Group():
                self._groups[entity.tenant_id, entity.id] = entity
                self._named_groups.setdefault((entity.tenant_id, entity.display_name), []).append(entity)
            case ServicePrincipal():
                for name in (entity.id, entity.app_id):
                    self._principals[entity.tenant_id, name] = entity
            case _:
                pass

    def user(self, tenant_id: TenantId, name: str) -> User | None:
        """By user principal name or id."""
        return self._users.get((tenant_id, name.lower()))

    def account(self, name: str) -> User | None:
        """By user principal name, in whichever tenant has its domain."""
        tenant_id = self._tenants_by_domain.get(name.rpartition("@")[2].lower())
        return None if tenant_id is None else self.user(tenant_id, name)

    def group(self, tenant_id: TenantId, name: str) -> Group | None:
        """By id, or by display name where only one group has it."""
        named = self._named_groups.get((tenant_id, name), [])
        return self._groups.get((tenant_id, name)) or (named[0] if len(named) == 1 else None)

    def principal(self, tenant_id: TenantId, name: str) -> ServicePrincipal | None:
        """By the application's `appId`, or by its own id."""
        return self._principals.get((tenant_id, name))

    def application(self, name: str) -> Application | None:
        guid = parse_guid(name)
        return None if guid is None else self.applications.get(ClientId(guid))


def scope_named(application: Application, name: str) -> PermissionScope | None:
    return next((scope for scope in application.scopes if name in {scope.value, scope.id}), None)


def role_named(application: Application, name: str) -> AppRole | None:
    return next((role for role in application.app_roles if name in {role.value, role.id}), None)
