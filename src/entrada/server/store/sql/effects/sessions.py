"""Effects on browser sessions and the sign-in log as statements."""

from sqlalchemy import Connection, bindparam, update
from sqlalchemy.dialects.postgresql import insert

from entrada.core.protocol.effects import EndSession, LogSignIn, OpenSession
from entrada.server.store.sql.prepared import Prepared
from entrada.server.store.sql.rows import session_row, sign_in_row
from entrada.server.store.sql.schema import SESSIONS, SIGN_INS

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


def open_session(connection: Connection, effect: OpenSession) -> bool:
    if _OPEN_SESSION.rows(connection, session_row(effect.session)) != 1:
        return False
    _LOG_SIGN_IN.rows(connection, sign_in_row(effect.sign_in))
    return True


def log_sign_in(connection: Connection, effect: LogSignIn) -> bool:
    _LOG_SIGN_IN.rows(connection, sign_in_row(effect.sign_in))
    return True


def end_session(connection: Connection, effect: EndSession) -> bool:
    values = {"key_tenant_id": effect.tenant_id, "key_id": effect.session_id, "at": effect.at}
    _END_SESSION.rows(connection, values)
    return True
