"""Effects on signing keys as statements."""

from attrs import asdict
from sqlalchemy import Connection, bindparam, delete, update
from sqlalchemy.dialects.postgresql import insert

from entrada.core.protocol.effects import AddSigningKey, RemoveSigningKey, ReplaceSigningKey
from entrada.server.store.sql.prepared import Prepared
from entrada.server.store.sql.schema import SIGNING_KEYS

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


def add_signing_key(connection: Connection, effect: AddSigningKey) -> bool:
    return _ADD_SIGNING_KEY.rows(connection, asdict(effect.key)) == 1


def replace_signing_key(connection: Connection, effect: ReplaceSigningKey) -> bool:
    seen = {f"key_{name}": value for name, value in asdict(effect.seen).items()}
    now = {**asdict(effect.now), "sequence": effect.seen.sequence}
    return _REPLACE_SIGNING_KEY.rows(connection, {**now, **seen}) == 1


def remove_signing_key(connection: Connection, effect: RemoveSigningKey) -> bool:
    _REMOVE_SIGNING_KEY.rows(connection, {"key_sequence": effect.sequence})
    return True
