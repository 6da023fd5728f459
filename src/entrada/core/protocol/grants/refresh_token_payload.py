"""What a refresh token says once opened.  Two of the same family and generation are the same text; design section 4."""

from attrs import frozen

from entrada.core.directory.application import Platform
from entrada.core.directory.ids import ClientId, FamilyId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.origin import Origin
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.grants.whose import Whose
from entrada.core.protocol.lifetimes import end_day
from entrada.core.protocol.token_family import FamilyKey


@frozen(kw_only=True)
class RefreshTokenPayload:
    tenant_id: TenantId
    family_id: FamilyId
    family_ends_at: NumericDate
    generation: int
    client_id: ClientId
    user_id: UserId
    issued_in: TenantId  # where tokens are for: the account's own tenant, or one it is a guest of
    platform: Platform
    scope: str
    authenticated_at: NumericDate
    methods: tuple[str, ...]
    sealed_at: (
        NumericDate  # which epoch's key: of the rotation that made it, so that the same successor comes out the same
    )
    on_behalf: bool = False  # of a middle tier: hangs on another client's family, and ends with it
    without_redirect: bool = False  # of a device code or a password: the registration says which platform it is
    through: tuple[ClientId, ...] = ()  # the middle tiers between the person's client and this one, and this one

    @property
    def origin(self) -> Origin:
        return Origin(
            tenant_id=self.tenant_id,
            user_id=self.user_id,
            family_id=self.family_id,
            family_ends_at=self.family_ends_at,
            authenticated_at=self.authenticated_at,
            methods=self.methods,
            through=self.through,
        )

    def whose(self, authority: Authority) -> Whose:
        """At its own tenant's endpoint, or a global one, the token serves the tenant it was issued in."""
        issued_in = authority.tenant.id if authority.tenant else self.issued_in
        return Whose(tenant_id=self.tenant_id, user_id=self.user_id, issued_in=issued_in)

    @property
    def key(self) -> FamilyKey:
        return FamilyKey(tenant_id=self.tenant_id, id=self.family_id, end_day=end_day(self.family_ends_at))


@frozen(kw_only=True)
class Given:
    """To whom, where, by which rules and for what."""

    client_id: ClientId
    issued_in: TenantId
    platform: Platform
    scope: str


def first_of(origin: Origin, given: Given, now: NumericDate) -> RefreshTokenPayload:
    """The first refresh token that hangs on the sign-in *origin*."""
    return RefreshTokenPayload(
        tenant_id=origin.tenant_id,
        family_id=origin.family_id,
        family_ends_at=origin.family_ends_at,
        generation=0,
        client_id=given.client_id,
        user_id=origin.user_id,
        issued_in=given.issued_in,
        platform=given.platform,
        scope=given.scope,
        authenticated_at=origin.authenticated_at,
        methods=origin.methods,
        sealed_at=now,
        through=origin.through,
    )
