"""Each effect as statements, and a decision's effects as one unit that holds or leaves nothing behind.

Whether an effect held is told by its own statement (ON CONFLICT DO NOTHING, or a condition, and the row count),
never by a look before.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from attrs import asdict
from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from entrada.core.directory.ids import TenantId
from entrada.core.directory.message import Message
from entrada.core.protocol.effects import (
    AddSigningKey,
    Effect,
    EndSession,
    OpenFamily,
    OpenSession,
    PutEntity,
    RemoveEntity,
    RemoveSigningKey,
    ReplaceSigningKey,
    RevokeFamily,
    RotateFamily,
    SucceedFamily,
)
from entrada.core.protocol.token_family import FamilyKey
from entrada.server.store.identity import tenant_of
from entrada.server.store.sql.entity_tables import TABLES
from entrada.server.store.sql.failures import is_unique_violation
from entrada.server.store.sql.prepared import Prepared
from entrada.server.store.sql.rows import family_row, session_row, sign_in_row
from entrada.server.store.sql.schema import DIRECTORY_VERSIONS, FAMILIES, SESSIONS, SIGN_INS, SIGNING_KEYS

CHANNEL: Final = "entrada_directory"
"""Where PostgreSQL announces whose directory was written to."""


def apply(connection: Connection, effects: Sequence[Effect]) -> bool:
    """Apply all effects or, when one fails, none; within a transaction that others share."""
    if len(effects) == 1 and type(effects[0]) not in _WRITES_BEFORE_IT_FAILS:
        return _apply(connection, effects[0])
    savepoint = connection.begin_nested()
    try:
        held = _apply_all(connection, effects)
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        held = False  # an entity took a name that another one holds
    if held:
        savepoint.commit()
    else:
        savepoint.rollback()
    return held


def changed_tenants(effects: Sequence[Effect]) -> frozenset[TenantId]:
    """Whose directory *effects* write to.  Mail is no part of it: nobody caches mail."""
    entities = [effect.entity for effect in effects if isinstance(effect, PutEntity | RemoveEntity)]
    return frozenset(tenant_of(entity) for entity in entities if not isinstance(entity, Message))


def _apply_all(connection: Connection, effects: Sequence[Effect]) -> bool:
    # The numbers first and in order: their row locks make directory writers of one tenant wait for each other, once.
    for tenant_id in sorted(changed_tenants(effects)):
        _raise_directory_number(connection, tenant_id)
    return all(_apply(connection, effect) for effect in effects)


def _apply(connection: Connection, effect: Effect) -> bool:
    return _APPLY[type(effect)](connection, effect)


# ---- token families ----


def _of_family(name: str) -> Any:
    return FAMILIES.c[name] == bindparam(f"key_{name}")


_THIS_FAMILY = tuple(map(_of_family, ("tenant_id", "id", "end_day")))


def _family(key: FamilyKey) -> dict[str, object]:
    return {"key_tenant_id": key.tenant_id, "key_id": key.id, "key_end_day": key.end_day}


_LIVE_SESSION = (
    select(SESSIONS.c.id)
    .where(
        SESSIONS.c.tenant_id == bindparam("tenant_id"),
        SESSIONS.c.id == bindparam("session_id"),
        SESSIONS.c.revoked_at.is_(None),
        SESSIONS.c.ends_at > bindparam("issued_at"),
    )
    .exists()
)
_LIVE_PREDECESSOR = select(FAMILIES.c.id).where(*_THIS_FAMILY, FAMILIES.c.revoked_at.is_(None)).exists()


def _insert_family(condition: ColumnElement[bool]) -> Prepared:
    """One statement that looks and inserts: nothing comes between."""
    columns = FAMILIES.columns
    values = select(*(bindparam(column.name, type_=column.type) for column in columns)).where(condition)
    names = [column.name for column in columns]
    return Prepared(insert(FAMILIES).from_select(names, values).on_conflict_do_nothing())


_OPEN_FAMILY = _insert_family(_LIVE_SESSION)
_SUCCEED_FAMILY = _insert_family(_LIVE_PREDECESSOR)
_ROTATE_FAMILY = Prepared(
    update(FAMILIES)
    .where(*_THIS_FAMILY, FAMILIES.c.generation == bindparam("seen"), FAMILIES.c.revoked_at.is_(None))
    .values(generation=FAMILIES.c.generation + 1, rotated_at=bindparam("at"))
)
_REVOKE_FAMILY = Prepared(
    update(FAMILIES).where(*_THIS_FAMILY, FAMILIES.c.revoked_at.is_(None)).values(revoked_at=bindparam("at"))
)


def _open_family(connection: Connection, effect: OpenFamily) -> bool:
    return _OPEN_FAMILY.rows(connection, family_row(effect.family)) == 1


def _rotate_family(connection: Connection, effect: RotateFamily) -> bool:
    values = {**_family(effect.key), "seen": effect.generation, "at": effect.at}
    return _ROTATE_FAMILY.rows(connection, values) == 1


def _succeed_family(connection: Connection, effect: SucceedFamily) -> bool:
    _SUCCEED_FAMILY.rows(connection, {**family_row(effect.family), **_family(effect.predecessor)})
    return True


def _revoke_family(connection: Connection, effect: RevokeFamily) -> bool:
    _REVOKE_FAMILY.rows(connection, {**_family(effect.key), "at": effect.at})
    return True


# ---- browser sessions ----

_OPEN_SESSION = Prepared(insert(SESSIONS).on_conflict_do_nothing())
_LOG_SIGN_IN = Prepared(insert(SIGN_INS).on_conflict_do_nothing())
_END_SESSION = Prepared(
    update(SESSIONS)
    .where(
        SESSIONS.c.tenant_id == bindparam("key_tenant_id"),
        SESSIONS.c.id == bindparam("key_id"),
        SESSIONS.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at"))
)


def _open_session(connection: Connection, effect: OpenSession) -> bool:
    if _OPEN_SESSION.rows(connection, session_row(effect.session)) != 1:
        return False
    _LOG_SIGN_IN.rows(connection, sign_in_row(effect.sign_in))
    return True


def _end_session(connection: Connection, effect: EndSession) -> bool:
    values = {"key_tenant_id": effect.tenant_id, "key_id": effect.session_id, "at": effect.at}
    _END_SESSION.rows(connection, values)
    return True


# ---- entities ----

_RAISE_NUMBER = Prepared(
    insert(DIRECTORY_VERSIONS)
    .values(tenant_id=bindparam("tenant_id"), number=1)
    .on_conflict_do_update(
        index_elements=[DIRECTORY_VERSIONS.c.tenant_id], set_={"number": DIRECTORY_VERSIONS.c.number + 1}
    )
)
_NOTIFY = select(func.pg_notify(CHANNEL, bindparam("tenant_id")))


def _raise_directory_number(connection: Connection, tenant_id: TenantId) -> None:
    _RAISE_NUMBER.rows(connection, {"tenant_id": tenant_id})
    if connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY, {"tenant_id": tenant_id})


def _put_entity(connection: Connection, effect: PutEntity) -> bool:
    return TABLES[type(effect.entity)].put(connection, effect.entity)


def _remove_entity(connection: Connection, effect: RemoveEntity) -> bool:
    return TABLES[type(effect.entity)].remove(connection, effect.entity)


# ---- signing keys ----

_ADD_SIGNING_KEY = Prepared(insert(SIGNING_KEYS).on_conflict_do_nothing())
_THIS_KEY = SIGNING_KEYS.c.sequence == bindparam("key_sequence")
_REPLACE_SIGNING_KEY = Prepared(
    update(SIGNING_KEYS).where(
        _THIS_KEY,
        *(
            column.is_not_distinct_from(bindparam(f"key_{column.name}", type_=column.type))
            for column in SIGNING_KEYS.columns
            if column.name != "sequence"
        ),
    )
)
_REMOVE_SIGNING_KEY = Prepared(delete(SIGNING_KEYS).where(_THIS_KEY))


def _add_signing_key(connection: Connection, effect: AddSigningKey) -> bool:
    return _ADD_SIGNING_KEY.rows(connection, asdict(effect.key)) == 1


def _replace_signing_key(connection: Connection, effect: ReplaceSigningKey) -> bool:
    seen = {f"key_{name}": value for name, value in asdict(effect.seen).items()}
    now = {**asdict(effect.now), "sequence": effect.seen.sequence}
    return _REPLACE_SIGNING_KEY.rows(connection, {**now, **seen}) == 1


def _remove_signing_key(connection: Connection, effect: RemoveSigningKey) -> bool:
    _REMOVE_SIGNING_KEY.rows(connection, {"key_sequence": effect.sequence})
    return True


_APPLY: Final[Mapping[type[Effect], Callable[[Connection, Any], bool]]] = {
    OpenFamily: _open_family,
    RotateFamily: _rotate_family,
    SucceedFamily: _succeed_family,
    RevokeFamily: _revoke_family,
    OpenSession: _open_session,
    EndSession: _end_session,
    PutEntity: _put_entity,
    RemoveEntity: _remove_entity,
    AddSigningKey: _add_signing_key,
    ReplaceSigningKey: _replace_signing_key,
    RemoveSigningKey: _remove_signing_key,
}

_WRITES_BEFORE_IT_FAILS: Final = frozenset({PutEntity, RemoveEntity})
"""Effects of several statements, of which a later one may fail.  The others need no savepoint when they are alone."""
