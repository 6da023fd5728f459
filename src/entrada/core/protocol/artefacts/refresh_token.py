"""A refresh token as packed bytes."""

from entrada.core.directory.application import Platform
from entrada.core.directory.ids import ClientId, FamilyId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.guid import to_bytes, to_text
from entrada.core.protocol.grants.refresh_token_payload import RefreshTokenPayload
from entrada.core.sealing.payload import Payload, pack, unpack

_PLATFORMS = tuple(Platform)  # packed as a number: only ever append


class PackedRefreshToken(Payload, frozen=True):
    family: bytes
    family_ends_at: int
    generation: int
    client: bytes
    user: bytes
    platform: int
    scope: str
    authenticated_at: int
    methods: tuple[str, ...]
    sealed_at: int
    issued_in: bytes = b""  # empty: the account's own tenant
    on_behalf: bool = False
    without_redirect: bool = False
    through: tuple[bytes, ...] = ()


def pack_refresh_token(token: RefreshTokenPayload) -> bytes:
    return pack(
        PackedRefreshToken(
            family=to_bytes(token.family_id),
            family_ends_at=token.family_ends_at,
            generation=token.generation,
            client=to_bytes(token.client_id),
            user=to_bytes(token.user_id),
            platform=_PLATFORMS.index(token.platform),
            scope=token.scope,
            authenticated_at=token.authenticated_at,
            methods=token.methods,
            sealed_at=token.sealed_at,
            issued_in=to_bytes(token.issued_in) if token.issued_in != token.tenant_id else b"",
            on_behalf=token.on_behalf,
            without_redirect=token.without_redirect,
            through=tuple(map(to_bytes, token.through)),
        )
    )


def unpack_refresh_token(tenant: str, data: bytes) -> RefreshTokenPayload:
    """Raises NotSealed for another shape."""
    packed = unpack(data, PackedRefreshToken)
    return RefreshTokenPayload(
        tenant_id=TenantId(tenant),
        family_id=FamilyId(to_text(packed.family)),
        family_ends_at=NumericDate(packed.family_ends_at),
        generation=packed.generation,
        client_id=ClientId(to_text(packed.client)),
        user_id=UserId(to_text(packed.user)),
        issued_in=TenantId(to_text(packed.issued_in) if packed.issued_in else tenant),
        platform=_PLATFORMS[packed.platform],
        scope=packed.scope,
        authenticated_at=NumericDate(packed.authenticated_at),
        methods=packed.methods,
        sealed_at=NumericDate(packed.sealed_at),
        on_behalf=packed.on_behalf,
        without_redirect=packed.without_redirect,
        through=tuple(ClientId(to_text(one)) for one in packed.through),
    )
