"""An authorization request that passed every check."""

from attrs import field, frozen

from entrada.core.directory.application import Application, Platform
from entrada.core.directory.ids import SessionId
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.authorize.usable_prompt import Prompt
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.response_mode import ResponseMode
from entrada.core.protocol.scope import ScopeRequest
from entrada.core.protocol.version import Version


@frozen(kw_only=True)
class AuthorizeRequest:
    version: Version
    authority: Authority
    client: Application
    redirect_uri: str  # as sent: a loopback port may differ from the registration's
    redirect_uri_sent: bool
    platform: Platform
    mode: ResponseMode
    scopes: ScopeRequest
    response_type: frozenset[str] = frozenset({"code"})
    challenge: bytes = field(repr=False)
    state: str | None = field(default=None, repr=False)
    nonce: str | None = field(default=None, repr=False)
    prompt: Prompt | None = None
    login_hint: str | None = None
    domain_hint: str | None = None  # a domain; `organizations` says nothing here, where every account is of one
    session_id: SessionId | None = None  # `sid`, as the claim of that name told it
    max_age: int | None = None
    client_info: bool = False
    claims: ClaimsRequest = field(factory=ClaimsRequest)
    acr_values: tuple[str, ...] = ()
