"""A browser's sign-in: the session it opened and the row it leaves in the sign-in log.  Graph: signIn."""

from attrs import frozen

from entrada.core.directory.ids import ClientId, SessionId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class BrowserSession:
    """One account signed in to one browser.  `ends_at` is the ceiling; sliding time lives in the cookie."""

    tenant_id: TenantId
    id: SessionId
    user_id: UserId
    authenticated_at: NumericDate
    methods: tuple[str, ...]  # RFC 8176 words as Entra writes them: pwd, otp, mfa
    persistent: bool  # "stay signed in"
    ends_at: NumericDate
    user_agent: str = ""
    address: str = ""
    revoked_at: NumericDate | None = None


@frozen(kw_only=True)
class SignIn:
    tenant_id: TenantId
    id: str  # the trace id of the request that signed in: time-ordered
    at: NumericDate
    user_id: UserId
    client_id: ClientId
    session_id: SessionId | None
    address: str
    user_agent: str
    correlation_id: str
