"""Effects on the directory's entities as statements, and the number that tells caches of them."""

from typing import Final

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from entrada.core.directory.ids import TenantId
from entrada.core.directory.user import User
from entrada.core.protocol.effects import PutEntity, RemoveEntity
from entrada.server.store.sql.effects.proofs import forget_factor_steps
from entrada.server.store.sql.entity_tables import TABLES
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
