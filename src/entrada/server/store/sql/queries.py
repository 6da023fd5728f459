"""Each question of the directory as a statement and what its rows mean."""

from typing import Any, Final, TypeVar

from sqlalchemy import CTE, Connection, Select, bindparam, or_, select

from entrada.core.directory.application import Application
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import ALL_PRINCIPALS, Key
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ClientId, GroupId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.message import Message
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.store.identity import seed_credential
from entrada.server.store.sql import schema
from entrada.server.store.sql.asking import rows_of
from entrada.server.store.sql.entity_tables import (
    APP_ROLE_ASSIGNMENTS,
    APPLICATIONS,
    DELETED_ITEMS,
    GROUPS,
    MESSAGES,
    PERMISSION_GRANTS,
    SERVICE_PRINCIPALS,
    TABLES,
    TENANTS,
    USERS,
    EntityTable,
)

E = TypeVar("E", bound=Entity)


def _one(
    connection: Connection, table: EntityTable[E], statement: Select[*tuple[Any, ...]], **values: object
) -> E | None:
    return next((table.entity(row) for row in rows_of(connection, statement, **values)), None)


def _by(table: EntityTable[E], *columns: str) -> Select[*tuple[Any, ...]]:
    equal = (table.table.c[column] == bindparam(column) for column in columns)
    return select(*table.columns).where(*equal)


# ---- the directory ----

_TENANT: Final = _by(TENANTS, "tenant_id")
_TENANT_BY_DOMAIN: Final = (
    select(*TENANTS.columns)
    .join(schema.TENANT_DOMAINS, schema.TENANT_DOMAINS.c.tenant_id == schema.TENANTS.c.tenant_id)
    .where(schema.TENANT_DOMAINS.c.domain == bindparam("domain"))
)
_USER: Final = _by(USERS, "tenant_id", "id")
_USER_BY_NAME: Final = _by(USERS, "tenant_id", "upn")
_GUEST: Final = _by(USERS, "tenant_id", "home_id")
_APPLICATION: Final = _by(APPLICATIONS, "app_id")
_URI_HOLDER: Final = (schema.APPLICATION_URIS.c.tenant_id == schema.APPLICATIONS.c.tenant_id) & (
    schema.APPLICATION_URIS.c.id == schema.APPLICATIONS.c.id
)
_APPLICATION_BY_URI: Final = (
    select(*APPLICATIONS.columns)
    .join(schema.APPLICATION_URIS, _URI_HOLDER)
    .where(
        schema.APPLICATION_URIS.c.tenant_id == bindparam("tenant_id"),
        schema.APPLICATION_URIS.c.uri == bindparam("uri"),
    )
)
_SERVICE_PRINCIPAL: Final = _by(SERVICE_PRINCIPALS, "tenant_id", "app_id")
_SERVICE_PRINCIPAL_BY_ID: Final = _by(SERVICE_PRINCIPALS, "tenant_id", "id")
_GRANTS: Final = PERMISSION_GRANTS.all_of_tenant().where(
    schema.PERMISSION_GRANTS.c.client_id == bindparam("client_id"),
    schema.PERMISSION_GRANTS.c.principal_id.in_([ALL_PRINCIPALS, bindparam("principal_id")]),
)
_GROUPS_OF: Final = select(schema.GROUP_MEMBERS.c.group_id).where(
    schema.GROUP_MEMBERS.c.tenant_id == bindparam("tenant_id"),
    schema.GROUP_MEMBERS.c.member_id == bindparam("principal_id"),
)
_ASSIGNMENTS: Final = APP_ROLE_ASSIGNMENTS.all_of_tenant().where(
    or_(
        schema.APP_ROLE_ASSIGNMENTS.c.principal_id == bindparam("principal_id"),
        schema.APP_ROLE_ASSIGNMENTS.c.principal_id.in_(_GROUPS_OF),
    )
)


def _nearest_groups() -> Select[tuple[str]]:
    memberships = schema.GROUP_MEMBERS.c
    of_member = memberships.member_id == bindparam("member_id")
    return select(memberships.group_id).where(memberships.tenant_id == bindparam("tenant_id"), of_member)


def _reached_groups() -> CTE:
    """The groups around a member, outwards; UNION meets no group twice, so circles end."""
    memberships = schema.GROUP_MEMBERS.c
    own_tenant = memberships.tenant_id == bindparam("tenant_id")
    reached = _nearest_groups().cte("reached", recursive=True)
    further = select(memberships.group_id).where(own_tenant, memberships.member_id == reached.c.group_id)
    return reached.union(further)


_DIRECT_GROUPS: Final = GROUPS.all_of_tenant().where(schema.GROUPS.c.id.in_(_nearest_groups()))
_TRANSITIVE_GROUPS: Final = GROUPS.all_of_tenant().where(schema.GROUPS.c.id.in_(select(_reached_groups().c.group_id)))
_DIRECTORY_NUMBER: Final = select(schema.DIRECTORY_VERSIONS.c.number).where(
    schema.DIRECTORY_VERSIONS.c.tenant_id == bindparam("tenant_id")
)


def tenant(connection: Connection, tenant_id: TenantId) -> Tenant | None:
    return _one(connection, TENANTS, _TENANT, tenant_id=tenant_id)


def tenant_by_domain(connection: Connection, domain: str) -> Tenant | None:
    return _one(connection, TENANTS, _TENANT_BY_DOMAIN, domain=domain.lower())


def user(connection: Connection, tenant_id: TenantId, user_id: UserId) -> User | None:
    return _one(connection, USERS, _USER, tenant_id=tenant_id, id=user_id)


def user_by_name(connection: Connection, tenant_id: TenantId, user_principal_name: str) -> User | None:
    return _one(connection, USERS, _USER_BY_NAME, tenant_id=tenant_id, upn=user_principal_name.lower())


def guest(connection: Connection, tenant_id: TenantId, home_id: UserId) -> User | None:
    return _one(connection, USERS, _GUEST, tenant_id=tenant_id, home_id=home_id)


def application(connection: Connection, app_id: ClientId) -> Application | None:
    return _one(connection, APPLICATIONS, _APPLICATION, app_id=app_id)


def application_by_uri(connection: Connection, tenant_id: TenantId, identifier_uri: str) -> Application | None:
    return _one(connection, APPLICATIONS, _APPLICATION_BY_URI, tenant_id=tenant_id, uri=identifier_uri)


def service_principal(connection: Connection, tenant_id: TenantId, app_id: ClientId) -> ServicePrincipal | None:
    return _one(connection, SERVICE_PRINCIPALS, _SERVICE_PRINCIPAL, tenant_id=tenant_id, app_id=app_id)


def service_principal_by_id(
    connection: Connection, tenant_id: TenantId, principal_id: ServicePrincipalId
) -> ServicePrincipal | None:
    return _one(connection, SERVICE_PRINCIPALS, _SERVICE_PRINCIPAL_BY_ID, tenant_id=tenant_id, id=principal_id)


def grants(
    connection: Connection, tenant_id: TenantId, client: ServicePrincipalId, principal_id: UserId
) -> tuple[PermissionGrant, ...]:
    rows = rows_of(connection, _GRANTS, tenant_id=tenant_id, client_id=client, principal_id=principal_id)
    return tuple(map(PERMISSION_GRANTS.entity, rows))


def app_role_assignments(
    connection: Connection, tenant_id: TenantId, principal_id: UserId | ServicePrincipalId
) -> tuple[AppRoleAssignment, ...]:
    rows = rows_of(connection, _ASSIGNMENTS, tenant_id=tenant_id, principal_id=principal_id)
    return tuple(map(APP_ROLE_ASSIGNMENTS.entity, rows))


def groups(
    connection: Connection, tenant_id: TenantId, member_id: UserId | GroupId, *, direct: bool
) -> tuple[Group, ...]:
    asked = _DIRECT_GROUPS if direct else _TRANSITIVE_GROUPS
    rows = rows_of(connection, asked, tenant_id=tenant_id, member_id=member_id)
    return tuple(map(GROUPS.entity, rows))


def directory_number(connection: Connection, tenant_id: TenantId) -> int:
    """0 for a tenant that nobody ever wrote to."""
    return next((row.number for row in rows_of(connection, _DIRECTORY_NUMBER, tenant_id=tenant_id)), 0)


# ---- consents, mail, files, start-up ----

_MESSAGES: Final = (
    _by(MESSAGES, "tenant_id", "user_id")
    .order_by(schema.MESSAGES.c.received_at.desc(), schema.MESSAGES.c.id.desc())
    .offset(bindparam("skip"))
    .limit(bindparam("top"))
)
_USER_GRANTS: Final = PERMISSION_GRANTS.all_of_tenant().where(
    schema.PERMISSION_GRANTS.c.principal_id == bindparam("principal_id"),
    schema.PERMISSION_GRANTS.c.principal_id != ALL_PRINCIPALS,
)
_ALL_TENANTS: Final = select(*TENANTS.columns).order_by(schema.TENANTS.c.tenant_id)
_SEEDED: Final = tuple(
    (table, select(*table.columns).where(table.table.c.seed).limit(1)) for table in (USERS, APPLICATIONS, DELETED_ITEMS)
)


def messages(connection: Connection, tenant_id: TenantId, user_id: UserId, skip: int, top: int) -> tuple[Message, ...]:
    rows = rows_of(connection, _MESSAGES, tenant_id=tenant_id, user_id=user_id, skip=skip, top=top)
    return tuple(map(MESSAGES.entity, rows))


def user_grants(connection: Connection, tenant_id: TenantId, user_id: UserId) -> tuple[PermissionGrant, ...]:
    rows = rows_of(connection, _USER_GRANTS, tenant_id=tenant_id, principal_id=user_id)
    return tuple(map(PERMISSION_GRANTS.entity, rows))


def entities(connection: Connection, kind: type[E], tenant_id: TenantId) -> tuple[E, ...]:
    table: EntityTable[E] = TABLES[kind]
    return tuple(map(table.entity, rows_of(connection, table.all_of_tenant(), tenant_id=tenant_id)))


def entity(connection: Connection, kind: type[E], key: Key) -> E | None:
    table: EntityTable[E] = TABLES[kind]
    return _one(connection, table, table.by_key, **table.key_values(key))


def tenants(connection: Connection) -> tuple[Tenant, ...]:
    return tuple(map(TENANTS.entity, rows_of(connection, _ALL_TENANTS)))


def seed(connection: Connection) -> str | None:
    seeded = (table.entity(row) for table, statement in _SEEDED for row in rows_of(connection, statement))
    return next(filter(None, map(seed_credential, seeded)), None)
