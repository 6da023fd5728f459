"""What an authorization code says once opened.  It is sealed, not stored; design section 4."""

from attrs import field, frozen

from entrada.core.directory.application import Platform
from entrada.core.directory.ids import ClientId, FamilyId, SessionId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.origin import Origin
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.grants.whose import Whose


@frozen(kw_only=True)
class CodePayload:
    tenant_id: TenantId
    id: FamilyId
    client_id: ClientId
    user_id: UserId
    issued_in: TenantId  # where tokens are for: the account's own tenant, or one it is a guest of
    session_id: SessionId
    platform: Platform
    scope: str
    redirect_digest: bytes  # SHA-256; empty when the request named no redirect_uri
    challenge: bytes = field(repr=False)
    nonce: str | None = field(default=None, repr=False)
    authenticated_at: NumericDate
    with_auth_time: bool = False
    methods: tuple[str, ...]
    issued_at: NumericDate
    family_ends_at: NumericDate
    claims: ClaimsRequest = field(factory=ClaimsRequest)  # what the tokens were asked to say

    @property
    def origin(self) -> Origin:
        return Origin(
            tenant_id=self.tenant_id,
            user_id=self.user_id,
            family_id=self.id,
            family_ends_at=self.family_ends_at,
            authenticated_at=self.authenticated_at,
            methods=self.methods,
        )

    @property
    def whose(self) -> Whose:
        return Whose(tenant_id=self.tenant_id, user_id=self.user_id, issued_in=self.issued_in)
