"""What is remembered beside the directory as rows, and back."""

from typing import Any, Final

import msgspec
from sqlalchemy import Row

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.credentials.lockout import fades_at
from entrada.core.directory.ids import ClientId, FamilyId, SessionId, TenantId, UserId
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.device_flow import Approval, DeviceFlow, DeviceFlowKey
from entrada.core.protocol.token_family import FamilyKey, TokenFamily

NO_SESSION: Final = ""
"""Stands for the missing browser session of whoever signed in without a browser."""


def _session_id(column: str) -> SessionId | None:
    return None if column == NO_SESSION else SessionId(column)


def family_row(family: TokenFamily) -> dict[str, object]:
    return {
        "tenant_id": family.key.tenant_id,
        "id": family.key.id,
        "end_day": family.key.end_day,
        "client_id": family.client_id,
        "user_id": family.user_id,
        "session_id": family.session_id or NO_SESSION,
        "issued_at": family.issued_at,
        "generation": family.generation,
        "rotated_at": family.rotated_at,
        "revoked_at": family.revoked_at,
    }


def family_of(row: Row[Any]) -> TokenFamily:
    return TokenFamily(
        key=FamilyKey(tenant_id=TenantId(row.tenant_id), id=FamilyId(row.id), end_day=row.end_day),
        client_id=ClientId(row.client_id),
        user_id=UserId(row.user_id),
        session_id=_session_id(row.session_id),
        issued_at=row.issued_at,
        generation=row.generation,
        rotated_at=row.rotated_at,
        revoked_at=row.revoked_at,
    )


def methods_text(methods: tuple[str, ...]) -> str:
    return " ".join(methods)


def session_row(session: BrowserSession) -> dict[str, object]:
    return {
        "tenant_id": session.tenant_id,
        "id": session.id,
        "user_id": session.user_id,
        "authenticated_at": session.authenticated_at,
        "methods": methods_text(session.methods),
        "persistent": session.persistent,
        "ends_at": session.ends_at,
        "user_agent": session.user_agent,
        "address": session.address,
        "revoked_at": session.revoked_at,
    }


def session_of(row: Row[Any]) -> BrowserSession:
    return BrowserSession(
        tenant_id=TenantId(row.tenant_id),
        id=SessionId(row.id),
        user_id=UserId(row.user_id),
        authenticated_at=row.authenticated_at,
        methods=tuple(row.methods.split()),
        persistent=row.persistent,
        ends_at=row.ends_at,
        user_agent=row.user_agent,
        address=row.address,
        revoked_at=row.revoked_at,
    )


def sign_in_row(sign_in: SignIn) -> dict[str, object]:
    return {
        "tenant_id": sign_in.tenant_id,
        "at": sign_in.at,
        "id": sign_in.id,
        "user_id": sign_in.user_id,
        "client_id": sign_in.client_id,
        "session_id": sign_in.session_id or NO_SESSION,
        "address": sign_in.address,
        "user_agent": sign_in.user_agent,
        "correlation_id": sign_in.correlation_id,
    }


def sign_in_of(row: Row[Any]) -> SignIn:
    return SignIn(
        tenant_id=TenantId(row.tenant_id),
        id=row.id,
        at=row.at,
        user_id=UserId(row.user_id),
        client_id=ClientId(row.client_id),
        session_id=_session_id(row.session_id),
        address=row.address,
        user_agent=row.user_agent,
        correlation_id=row.correlation_id,
    )


_APPROVALS: Final = msgspec.json.Decoder(Approval)


def approval_text(approval: Approval | None) -> str | None:
    return None if approval is None else msgspec.json.encode(approval).decode()


def device_flow_row(flow: DeviceFlow) -> dict[str, object]:
    return {
        "tenant_id": flow.key.tenant_id,
        "id": flow.key.id,
        "user_code": flow.user_code,
        "client_id": flow.client_id,
        "scope": flow.scope,
        "asked_at": flow.asked_at,
        "ends_at": flow.ends_at,
        "address": flow.address,
        "user_agent": flow.user_agent,
        "claims": flow.claims,
        "decided_at": flow.decided_at,
        "approval": approval_text(flow.approval),
    }


def device_flow_of(row: Row[Any]) -> DeviceFlow:
    return DeviceFlow(
        key=DeviceFlowKey(tenant_id=TenantId(row.tenant_id), id=FamilyId(row.id)),
        user_code=row.user_code,
        client_id=ClientId(row.client_id),
        scope=row.scope,
        asked_at=row.asked_at,
        ends_at=row.ends_at,
        address=row.address,
        user_agent=row.user_agent,
        claims=row.claims,
        decided_at=row.decided_at,
        approval=None if row.approval is None else _APPROVALS.decode(row.approval),
    )


def attempts_row(attempts: Attempts) -> dict[str, object]:
    return {
        "tenant_id": attempts.tenant_id,
        "user_id": attempts.user_id,
        "counter": attempts.counter.value,
        "failures": attempts.failures,
        "locks": attempts.locks,
        "locked_until": attempts.locked_until,
        "failed_at": attempts.failed_at,
        "recent": " ".join(digest.hex() for digest in attempts.recent),
        "ends_at": fades_at(attempts),
        "version": attempts.version,
    }


def attempts_of(row: Row[Any]) -> Attempts:
    return Attempts(
        tenant_id=TenantId(row.tenant_id),
        user_id=UserId(row.user_id),
        counter=Counter(row.counter),
        failures=row.failures,
        locks=row.locks,
        locked_until=row.locked_until,
        failed_at=row.failed_at,
        recent=tuple(map(bytes.fromhex, row.recent.split())),
        version=row.version,
    )


def signing_key_of(row: Row[Any]) -> SigningKeyRecord:
    return SigningKeyRecord(
        sequence=row.sequence,
        kid=row.kid,
        sealed=row.sealed,
        published_at=row.published_at,
        signs_from=row.signs_from,
        retired_at=row.retired_at,
        forgotten_at=row.forgotten_at,
    )
