"""Whom and what a user's tokens speak of: everything both tokens are made from."""

from attrs import Factory, field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import SessionId
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.tokens.told_mail import told_mail

# Entra issues tokens that are already five minutes old, which forgives clients whose clock runs behind.
BACKDATED = Seconds(300)

Claims = dict[str, object]


@frozen(kw_only=True)
class Subject:
    origin: str  # https://host[:port], no slash
    user: User  # as the tenant of issue knows it: a member, or a guest
    tenant: Tenant  # of issue
    account: User = field(default=Factory(lambda self: self.user, takes_self=True))  # who signs in, at home
    home: Tenant = field(default=Factory(lambda self: self.tenant, takes_self=True))  # the account's
    client: Application
    oidc: frozenset[str]  # openid, profile, email, offline_access: those granted
    pairwise_key: bytes = field(repr=False)
    authenticated_at: NumericDate
    methods: tuple[str, ...]
    session_id: SessionId | None = None  # None: no browser was in it
    address: str | None = None  # from which the person signed in; read only where a registration wants it
    login_hint: str | None = field(default=None, repr=False)
    asked: ClaimsRequest = field(factory=ClaimsRequest)

    @property
    def is_guest(self) -> bool:
        return self.account.tenant_id != self.user.tenant_id

    @property
    def mail(self) -> str | None:
        return told_mail(self.account, self.home, self.client)
