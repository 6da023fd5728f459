"""Each question about what signing in left, and about signing keys, as a statement and what its rows mean."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, bindparam, select

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.ids import ClientId, SessionId, TenantId, UserId
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.device_flow import DeviceFlow, DeviceFlowKey
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.server.store.sql.asking import rows_of
from entrada.server.store.sql.rows import (
    NO_SESSION,
    attempts_of,
    device_flow_of,
    family_of,
    session_of,
    sign_in_of,
    signing_key_of,
)
from entrada.server.store.sql.schema import ATTEMPTS, DEVICE_FLOWS, FAMILIES, SESSIONS, SIGN_INS, SIGNING_KEYS


def _equal(table: Table, *columns: str) -> Iterable[ColumnElement[bool]]:
    return (table.c[name] == bindparam(name) for name in columns)


_FAMILY: Final = select(FAMILIES).where(*_equal(FAMILIES, "tenant_id", "id", "end_day"))
_SESSION: Final = select(SESSIONS).where(*_equal(SESSIONS, "tenant_id", "id"))
_SESSION_CLIENTS: Final = (
    select(FAMILIES.c.client_id)
    .distinct()
    .where(*_equal(FAMILIES, "tenant_id", "session_id"), FAMILIES.c.session_id != NO_SESSION)
)
_SESSIONS: Final = (
    select(SESSIONS)
    .where(
        *_equal(SESSIONS, "tenant_id", "user_id"),
        SESSIONS.c.revoked_at.is_(None) | (SESSIONS.c.revoked_at >= bindparam("ended_since")),  # null: none of those
    )
    .order_by(SESSIONS.c.authenticated_at.desc(), SESSIONS.c.id.desc())
)
_SIGN_INS: Final = (
    select(SIGN_INS)
    .where(*_equal(SIGN_INS, "tenant_id"))
    .order_by(SIGN_INS.c.at.desc(), SIGN_INS.c.id.desc())
    .limit(bindparam("top"))
)
_KNOWN_PLACE: Final = select(SIGN_INS.c.id).where(*_equal(SIGN_INS, "tenant_id", "user_id", "address")).limit(1)
_ATTEMPTS: Final = select(ATTEMPTS).where(*_equal(ATTEMPTS, "tenant_id", "user_id", "counter"))
_DEVICE_FLOW: Final = select(DEVICE_FLOWS).where(*_equal(DEVICE_FLOWS, "tenant_id", "id"))
_DEVICE_FLOW_BY_USER_CODE: Final = select(DEVICE_FLOWS).where(*_equal(DEVICE_FLOWS, "user_code"))
_SIGNING_KEYS: Final = select(SIGNING_KEYS).order_by(SIGNING_KEYS.c.sequence)


def family(connection: Connection, key: FamilyKey) -> TokenFamily | None:
    rows = rows_of(connection, _FAMILY, tenant_id=key.tenant_id, id=key.id, end_day=key.end_day)
    return next(map(family_of, rows), None)


def session(connection: Connection, tenant_id: TenantId, session_id: SessionId) -> BrowserSession | None:
    return next(map(session_of, rows_of(connection, _SESSION, tenant_id=tenant_id, id=session_id)), None)


def session_clients(connection: Connection, tenant_id: TenantId, session_id: SessionId) -> frozenset[ClientId]:
    rows = rows_of(connection, _SESSION_CLIENTS, tenant_id=tenant_id, session_id=session_id)
    return frozenset(ClientId(row.client_id) for row in rows)


def sessions(
    connection: Connection, tenant_id: TenantId, user_id: UserId, ended_since: NumericDate | None
) -> tuple[BrowserSession, ...]:
    rows = rows_of(connection, _SESSIONS, tenant_id=tenant_id, user_id=user_id, ended_since=ended_since)
    return tuple(map(session_of, rows))


def sign_ins(connection: Connection, tenant_id: TenantId, top: int) -> tuple[SignIn, ...]:
    return tuple(map(sign_in_of, rows_of(connection, _SIGN_INS, tenant_id=tenant_id, top=top)))


def has_signed_in_from(connection: Connection, tenant_id: TenantId, user_id: UserId, address: str) -> bool:
    return any(True for _ in rows_of(connection, _KNOWN_PLACE, tenant_id=tenant_id, user_id=user_id, address=address))


def attempts(connection: Connection, tenant_id: TenantId, user_id: UserId, counter: Counter) -> Attempts | None:
    rows = rows_of(connection, _ATTEMPTS, tenant_id=tenant_id, user_id=user_id, counter=counter.value)
    return next(map(attempts_of, rows), None)


def device_flow(connection: Connection, key: DeviceFlowKey) -> DeviceFlow | None:
    rows = rows_of(connection, _DEVICE_FLOW, tenant_id=key.tenant_id, id=key.id)
    return next(map(device_flow_of, rows), None)


def device_flow_by_user_code(connection: Connection, user_code: str) -> DeviceFlow | None:
    return next(map(device_flow_of, rows_of(connection, _DEVICE_FLOW_BY_USER_CODE, user_code=user_code)), None)


def signing_keys(connection: Connection) -> tuple[SigningKeyRecord, ...]:
    return tuple(map(signing_key_of, rows_of(connection, _SIGNING_KEYS)))
