"""Where an access token comes from: the sign-in behind it, sealed into its `aio`, for us alone to read.

A middle tier brings the token back to act on behalf of its user (reference section 21), and what was revoked in the
meantime, or how strongly the person signed in, must still be known then, without a row for each token.
"""

from attrs import frozen

from entrada.core.directory.ids import ClientId, FamilyId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.guid import to_bytes, to_text
from entrada.core.protocol.lifetimes import end_day
from entrada.core.protocol.token_family import FamilyKey
from entrada.core.sealing.payload import Payload, pack, unpack


@frozen(kw_only=True)
class Origin:
    tenant_id: TenantId  # the account's own
    user_id: UserId
    family_id: FamilyId
    family_ends_at: NumericDate
    authenticated_at: NumericDate
    methods: tuple[str, ...]
    through: tuple[ClientId, ...] = ()  # the middle tiers that have acted on behalf since, in order
    audience: ClientId | None = None  # of the token: its `aud` may be a text that two tenants' APIs share

    @property
    def key(self) -> FamilyKey:
        return FamilyKey(tenant_id=self.tenant_id, id=self.family_id, end_day=end_day(self.family_ends_at))


class PackedOrigin(Payload, frozen=True):
    user: bytes
    family: bytes
    family_ends_at: int
    authenticated_at: int
    methods: tuple[str, ...]
    audience: bytes
    through: tuple[bytes, ...] = ()


def pack_origin(origin: Origin, audience: ClientId) -> bytes:
    """*audience* is the API that the token is for."""
    return pack(
        PackedOrigin(
            user=to_bytes(origin.user_id),
            family=to_bytes(origin.family_id),
            family_ends_at=origin.family_ends_at,
            authenticated_at=origin.authenticated_at,
            methods=origin.methods,
            audience=to_bytes(audience),
            through=tuple(map(to_bytes, origin.through)),
        )
    )


def unpack_origin(tenant: str, data: bytes) -> Origin:
    """Raises NotSealed for another shape."""
    packed = unpack(data, PackedOrigin)
    return Origin(
        tenant_id=TenantId(tenant),
        user_id=UserId(to_text(packed.user)),
        family_id=FamilyId(to_text(packed.family)),
        family_ends_at=NumericDate(packed.family_ends_at),
        authenticated_at=NumericDate(packed.authenticated_at),
        methods=packed.methods,
        through=tuple(ClientId(to_text(one)) for one in packed.through),
        audience=ClientId(to_text(packed.audience)),
    )
