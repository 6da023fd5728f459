"""Effects on the directory's entities as statements, and the number that tells caches of them."""

from typing import Any, Final

from sqlalchemy import Connection, Select, Table, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from entrada.core.directory.ids import TenantId
from entrada.core.directory.user import User
from entrada.core.protocol.effects import NotWithin, PutEntity, RemoveEntity, RestoreEntity, Unchanged, Unlinked
from entrada.server.store.sql import queries
from entrada.server.store.sql.effects.proofs import forget_factor_steps
from entrada.server.store.sql.entity_tables import (
    APP_ROLE_ASSIGNMENTS,
    GROUP_MEMBERS,
    OWNERS,
    PERMISSION_GRANTS,
    SERVICE_PRINCIPALS,
    TABLES,
)
from entrada.server.store.sql.prepared import Prepared
from entrada.server.store.sql.schema import DIRECTORY_VERSIONS

CHANNEL: Final = "entrada_directory"
"""Where PostgreSQL announces whose directory was written to."""

_RAISE_NUMBER = Prepared(
    insert(DIRECTORY_VERSIONS)
    .values(tenant_id=bindparam("tenant_id"), number=1)
    .on_conflict_do_update(
        index_elements=[DIRECTORY_VERSIONS.c.tenant_id], set_={"number": DIRECTORY_VERSIONS.c.number + 1}
    )
)
_NOTIFY = select(func.pg_notify(CHANNEL, bindparam("tenant_id")))


def raise_directory_number(connection: Connection, tenant_id: TenantId) -> None:
    _RAISE_NUMBER.rows(connection, {"tenant_id": tenant_id})
    if connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY, {"tenant_id": tenant_id})


def put_entity(connection: Connection, effect: PutEntity) -> bool:
    return TABLES[type(effect.entity)].put(connection, effect.entity)


def remove_entity(connection: Connection, effect: RemoveEntity) -> bool:
    if not TABLES[type(effect.entity)].remove(connection, effect.entity):
        return False
    if isinstance(effect.entity, User):
        forget_factor_steps(connection, effect.entity)
    return True


def restore_entity(connection: Connection, effect: RestoreEntity) -> bool:
    return TABLES[type(effect.entity)].restore(connection, effect.entity)


def unchanged(connection: Connection, effect: Unchanged) -> bool:
    return TABLES[type(effect.entity)].is_still(connection, effect.entity)


def unlinked(connection: Connection, effect: Unlinked) -> bool:
    """What links come meanwhile, the directory's number tells: who writes one waits for it, and finds an end gone."""
    asked = [{"tenant_id": effect.tenant_id, "object_id": one} for one in effect.object_ids]
    return not any(connection.execute(look, one).first() for one in asked for look in _LINKED)


def not_within(connection: Connection, effect: NotWithin) -> bool:
    """As in `unlinked`: who nests groups of one tenant waits for the others."""
    around = queries.groups(connection, effect.tenant_id, effect.group_id, direct=False)
    return all(one.id != effect.other for one in around)


def _linked(table: Table, *ends: str) -> Select[Any]:
    named = or_(*(table.c[end] == bindparam("object_id") for end in ends))
    return select(table.c.tenant_id).where(table.c.tenant_id == bindparam("tenant_id"), named).limit(1)


_LINKED: Final = (
    _linked(PERMISSION_GRANTS.table, "client_id", "resource_id", "principal_id"),
    _linked(APP_ROLE_ASSIGNMENTS.table, "principal_id", "resource_id"),
    _linked(GROUP_MEMBERS.table, "group_id", "member_id"),
    _linked(OWNERS.table, "object_id", "owner_id"),
    _linked(SERVICE_PRINCIPALS.table, "app_id"),
)
