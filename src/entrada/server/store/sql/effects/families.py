"""Effects on token families as statements."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from entrada.core.protocol.effects import OpenFamily, RevokeFamily, RevokeSessionFamilies, RotateFamily, SucceedFamily
from entrada.core.protocol.token_family import FamilyKey
from entrada.server.store.sql.prepared import Prepared
from entrada.server.store.sql.rows import NO_SESSION, family_row
from entrada.server.store.sql.schema import FAMILIES, SESSIONS


def _of_family(name: str) -> Any:
    return FAMILIES.c[name] == bindparam(f"key_{name}")


_THIS_FAMILY = tuple(map(_of_family, ("tenant_id", "id", "end_day")))
_NOT_REVOKED = FAMILIES.c.revoked_at.is_(None)


def _family(key: FamilyKey) -> dict[str, object]:
    return {"key_tenant_id": key.tenant_id, "key_id": key.id, "key_end_day": key.end_day}


def _insert_family(parent: Table, *conditions: ColumnElement[bool]) -> Prepared:
    """One statement that looks at the parent's row, holds it as it is until the commit, and inserts.

    So whoever ends the parent at the same time waits, and then sees the new family, or was first: then we see that.
    """
    columns = FAMILIES.columns
    looked = select(*(bindparam(column.name, type_=column.type) for column in columns)).select_from(parent)
    held = looked.where(*conditions).with_for_update(read=True)  # SQLite has one writer, and leaves this out
    return Prepared(insert(FAMILIES).from_select([c.name for c in columns], held).on_conflict_do_nothing())


_OPEN_FAMILY = _insert_family(
    SESSIONS,
    SESSIONS.c.tenant_id == bindparam("tenant_id"),
    SESSIONS.c.id == bindparam("session_id"),
    SESSIONS.c.revoked_at.is_(None),
    SESSIONS.c.ends_at > bindparam("issued_at"),
)
_OPEN_FAMILY_WITHOUT_SESSION = Prepared(insert(FAMILIES).on_conflict_do_nothing())
_SUCCEED_FAMILY = _insert_family(FAMILIES, *_THIS_FAMILY, _NOT_REVOKED)
_ROTATE_FAMILY = Prepared(
    update(FAMILIES)
    .where(*_THIS_FAMILY, FAMILIES.c.generation == bindparam("seen"), _NOT_REVOKED)
    .values(generation=FAMILIES.c.generation + 1, rotated_at=bindparam("at"))
)
_REVOKE_FAMILY = Prepared(update(FAMILIES).where(*_THIS_FAMILY, _NOT_REVOKED).values(revoked_at=bindparam("at")))
_REVOKE_SESSION_FAMILIES = Prepared(
    update(FAMILIES)
    .where(_of_family("tenant_id"), _of_family("session_id"), FAMILIES.c.session_id != NO_SESSION, _NOT_REVOKED)
    .values(revoked_at=bindparam("at"))
)


def open_family(connection: Connection, effect: OpenFamily) -> bool:
    statement = _OPEN_FAMILY_WITHOUT_SESSION if effect.family.session_id is None else _OPEN_FAMILY
    return statement.rows(connection, family_row(effect.family)) == 1


def rotate_family(connection: Connection, effect: RotateFamily) -> bool:
    values = {**_family(effect.key), "seen": effect.generation, "at": effect.at}
    return _ROTATE_FAMILY.rows(connection, values) == 1


def succeed_family(connection: Connection, effect: SucceedFamily) -> bool:
    _SUCCEED_FAMILY.rows(connection, {**family_row(effect.family), **_family(effect.predecessor)})
    return True


def revoke_family(connection: Connection, effect: RevokeFamily) -> bool:
    _REVOKE_FAMILY.rows(connection, {**_family(effect.key), "at": effect.at})
    return True


def revoke_session_families(connection: Connection, effect: RevokeSessionFamilies) -> bool:
    values = {"key_tenant_id": effect.tenant_id, "key_session_id": effect.session_id, "at": effect.at}
    while _REVOKE_SESSION_FAMILIES.rows(connection, values):
        # While we waited for a family that was being refreshed, its successor may have come: look again.
        pass
    return True
