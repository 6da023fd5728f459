"""A family that never ends: in its last 30 days a refresh opens the next one.  Design section 4.

Everything about the successor follows from its predecessor, so that whoever computes it computes the same row.
"""

import hashlib
from uuid import UUID

from attrs import evolve

from entrada.core.directory.application import Platform
from entrada.core.directory.ids import FamilyId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.protocol.token_family import TokenFamily


def renews_at(token: RefreshTokenPayload) -> NumericDate | None:
    """From when on a refresh moves to the successor; None for a SPA, whose 24 hours are fixed."""
    if token.platform is Platform.SPA or token.on_behalf:
        return None
    return NumericDate(token.family_ends_at - lifetimes.RENEWAL)


def first_token(token: RefreshTokenPayload, renewed_at: NumericDate, sealed_at: NumericDate) -> RefreshTokenPayload:
    """The successor family's generation 0."""
    return evolve(
        token,
        family_id=_derived_id(token.family_id, renewed_at),
        family_ends_at=NumericDate(renewed_at + lifetimes.FAMILY),
        generation=0,
        sealed_at=sealed_at,
    )


def family_of(token: RefreshTokenPayload, predecessor: TokenFamily, now: NumericDate) -> TokenFamily:
    return TokenFamily(
        key=token.key,
        client_id=token.client_id,
        user_id=token.user_id,
        session_id=predecessor.session_id,
        issued_at=now,
    )


def _derived_id(family_id: FamilyId, renewed_at: NumericDate) -> FamilyId:
    # Time-ordered like every family id: the moment in front, a digest of the predecessor behind.
    moment = (renewed_at * 1000).to_bytes(6, "big")
    digest = hashlib.sha256(b"successor " + UUID(family_id).bytes).digest()
    return FamilyId(str(UUID(bytes=moment + digest[:10])))
