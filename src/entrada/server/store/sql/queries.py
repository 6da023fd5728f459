"""Each question of the store's port as a statement and what its rows mean."""

from collections.abc import Iterable
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Select, bindparam, or_, select

from entrada.core.directory.application import Application
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import ALL_PRINCIPALS
from entrada.core.directory.ids import ClientId, ServicePrincipalId, SessionId, TenantId, UserId
from entrada.core.directory.message import Message
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.server.store.identity import seed_credential
from entrada.server.store.sql import schema
from entrada.server.store.sql.entity_tables import (
    APP_ROLE_ASSIGNMENTS,
    APPLICATIONS,
    MESSAGES,
    PERMISSION_GRANTS,
    SERVICE_PRINCIPALS,
    TABLES,
    TENANTS,
    USERS,
    EntityTable,
)
from entrada.server.store.sql.rows import family_of, session_of, sign_in_of, signing_key_of

E = TypeVar("E", bound=Entity)


def _is_askable(value: object) -> bool:
    """Whether a database can be asked for *value*: no text of ours holds NUL or half a surrogate pair."""
    if not isinstance(value, str):
        return True
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:
        return False


def _rows(connection: Connection, statement: Select[*tuple[Any, ...]], **values: object) -> Iterable[Any]:
    if not all(map(_is_askable, values.values())):
        return ()
    return connection.execute(statement, values).all()


def _one(
    connection: Connection, table: EntityTable[E], statement: Select[*tuple[Any, ...]], **values: object
) -> E | None:
    return next((table.entity(row) for row in _rows(connection, statement, **values)), None)


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


def application(connection: Connection, app_id: ClientId) -> Application | None:
    return _one(connection, APPLICATIONS, _APPLICATION, app_id=app_id)


def application_by_uri(connection: Connection, tenant_id: TenantId, identifier_uri: str) -> Application | None:
    return _one(connection, APPLICATIONS, _APPLICATION_BY_URI, tenant_id=tenant_id, uri=identifier_uri)


def service_principal(connection: Connection, tenant_id: TenantId, app_id: ClientId) -> ServicePrincipal | None:
    return _one(connection, SERVICE_PRINCIPALS, _SERVICE_PRINCIPAL, tenant_id=tenant_id, app_id=app_id)


def grants(
    connection: Connection, tenant_id: TenantId, client: ServicePrincipalId, principal_id: UserId
) -> tuple[PermissionGrant, ...]:
    rows = _rows(connection, _GRANTS, tenant_id=tenant_id, client_id=client, principal_id=principal_id)
    return tuple(map(PERMISSION_GRANTS.entity, rows))


def app_role_assignments(
    connection: Connection, tenant_id: TenantId, principal_id: UserId
) -> tuple[AppRoleAssignment, ...]:
    rows = _rows(connection, _ASSIGNMENTS, tenant_id=tenant_id, principal_id=principal_id)
    return tuple(map(APP_ROLE_ASSIGNMENTS.entity, rows))


def directory_number(connection: Connection, tenant_id: TenantId) -> int:
    """0 for a tenant that nobody ever wrote to."""
    return next((row.number for row in _rows(connection, _DIRECTORY_NUMBER, tenant_id=tenant_id)), 0)


# ---- mail, files, start-up ----

_MESSAGES: Final = (
    _by(MESSAGES, "tenant_id", "user_id")
    .order_by(schema.MESSAGES.c.received_at.desc(), schema.MESSAGES.c.id.desc())
    .offset(bindparam("skip"))
    .limit(bindparam("top"))
)
_ALL_TENANTS: Final = select(*TENANTS.columns).order_by(schema.TENANTS.c.tenant_id)
_SEEDED: Final = tuple(
    (table, select(*table.columns).where(table.table.c.seed).limit(1)) for table in (USERS, APPLICATIONS)
)


def messages(connection: Connection, tenant_id: TenantId, user_id: UserId, skip: int, top: int) -> tuple[Message, ...]:
    rows = _rows(connection, _MESSAGES, tenant_id=tenant_id, user_id=user_id, skip=skip, top=top)
    return tuple(map(MESSAGES.entity, rows))


def entities(connection: Connection, kind: type[E], tenant_id: TenantId) -> tuple[E, ...]:
    table: EntityTable[E] = TABLES[kind]
    return tuple(map(table.entity, _rows(connection, table.all_of_tenant(), tenant_id=tenant_id)))


def tenants(connection: Connection) -> tuple[Tenant, ...]:
    return tuple(map(TENANTS.entity, _rows(connection, _ALL_TENANTS)))


def seed(connection: Connection) -> str | None:
    seeded = (table.entity(row) for table, statement in _SEEDED for row in _rows(connection, statement))
    return next(filter(None, map(seed_credential, seeded)), None)


# ---- what signing in left ----

_FAMILY: Final = select(schema.FAMILIES).where(
    *(schema.FAMILIES.c[name] == bindparam(name) for name in ("tenant_id", "id", "end_day"))
)
_SESSION: Final = select(schema.SESSIONS).where(
    *(schema.SESSIONS.c[name] == bindparam(name) for name in ("tenant_id", "id"))
)
_SESSION_CLIENTS: Final = (
    select(schema.FAMILIES.c.client_id)
    .distinct()
    .where(*(schema.FAMILIES.c[name] == bindparam(name) for name in ("tenant_id", "session_id")))
)
_SIGN_INS: Final = (
    select(schema.SIGN_INS)
    .where(schema.SIGN_INS.c.tenant_id == bindparam("tenant_id"))
    .order_by(schema.SIGN_INS.c.at.desc(), schema.SIGN_INS.c.id.desc())
    .limit(bindparam("top"))
)
_SIGNING_KEYS: Final = select(schema.SIGNING_KEYS).order_by(schema.SIGNING_KEYS.c.sequence)


def family(connection: Connection, key: FamilyKey) -> TokenFamily | None:
    rows = _rows(connection, _FAMILY, tenant_id=key.tenant_id, id=key.id, end_day=key.end_day)
    return next(map(family_of, rows), None)


def session(connection: Connection, tenant_id: TenantId, session_id: SessionId) -> BrowserSession | None:
    return next(map(session_of, _rows(connection, _SESSION, tenant_id=tenant_id, id=session_id)), None)


def session_clients(connection: Connection, tenant_id: TenantId, session_id: SessionId) -> frozenset[ClientId]:
    rows = _rows(connection, _SESSION_CLIENTS, tenant_id=tenant_id, session_id=session_id)
    return frozenset(ClientId(row.client_id) for row in rows)


def sign_ins(connection: Connection, tenant_id: TenantId, top: int) -> tuple[SignIn, ...]:
    return tuple(map(sign_in_of, _rows(connection, _SIGN_INS, tenant_id=tenant_id, top=top)))


def signing_keys(connection: Connection) -> tuple[SigningKeyRecord, ...]:
    return tuple(map(signing_key_of, _rows(connection, _SIGNING_KEYS)))
