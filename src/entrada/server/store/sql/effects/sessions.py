"""Effects on browser sessions and the sign-in log as statements."""

from sqlalchemy import Connection, bindparam, update
from sqlalchemy.dialects.postgresql import insert

from entrada.core.protocol.effects import EndSession, LogSignIn, OpenSession, StrengthenSession
from entrada.server.store.sql.prepared import Prepared
from entrada.server.store.sql.rows import methods_text, session_row, sign_in_row
from entrada.server.store.sql.schema import SESSIONS, SIGN_INS

_OPEN_SESSION = Prepared(insert(SESSIONS).on_conflict_do_nothing())
_LOG_SIGN_IN = Prepared(insert(SIGN_INS).on_conflict_do_nothing())
_NOT_REVOKED = (
    SESSIONS.c.tenant_id == bindparam("key_tenant_id"),
    SESSIONS.c.id == bindparam("key_id"),
    SESSIONS.c.revoked_at.is_(None),
)
_STRENGTHEN_SESSION = Prepared(
    update(SESSIONS).where(*_NOT_REVOKED, SESSIONS.c.ends_at > bindparam("at")).values(methods=bindparam("stronger"))
)
_END_SESSION = Prepared(update(SESSIONS).where(*_NOT_REVOKED).values(revoked_at=bindparam("at")))


def open_session(connection: Connection, effect: OpenSession) -> bool:
    if _OPEN_SESSION.rows(connection, session_row(effect.session)) != 1:
        return False
    _LOG_SIGN_IN.rows(connection, sign_in_row(effect.sign_in))
    return True


def strengthen_session(connection: Connection, effect: StrengthenSession) -> bool:
    key = {"key_tenant_id": effect.tenant_id, "key_id": effect.session_id}
    values = {**key, "stronger": methods_text(effect.methods), "at": effect.sign_in.at}
    if _STRENGTHEN_SESSION.rows(connection, values) != 1:
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
