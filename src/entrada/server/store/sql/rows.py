"""Families, sessions, sign-ins and signing keys as rows, and back."""

from typing import Any

from sqlalchemy import Row

from entrada.core.directory.ids import ClientId, FamilyId, SessionId, TenantId, UserId
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.token_family import FamilyKey, TokenFamily


def family_row(family: TokenFamily) -> dict[str, object]:
    return {
        "tenant_id": family.key.tenant_id,
        "id": family.key.id,
        "end_day": family.key.end_day,
        "client_id": family.client_id,
        "user_id": family.user_id,
        "session_id": family.session_id,
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
        session_id=SessionId(row.session_id),
        issued_at=row.issued_at,
        generation=row.generation,
        rotated_at=row.rotated_at,
        revoked_at=row.revoked_at,
    )


def session_row(session: BrowserSession) -> dict[str, object]:
    return {
        "tenant_id": session.tenant_id,
        "id": session.id,
        "user_id": session.user_id,
        "authenticated_at": session.authenticated_at,
        "methods": " ".join(session.methods),
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
        "session_id": sign_in.session_id,
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
        session_id=SessionId(row.session_id),
        address=row.address,
        user_agent=row.user_agent,
        correlation_id=row.correlation_id,
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
