"""Who asks for a token, so far by name only, and where; and what they got."""

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import UserId
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.tokens.response import TokenResponse
from entrada.server.usecases.token_request import Credentials, TokenRequest


@frozen(kw_only=True)
class Asking:
    request: TokenRequest
    authority: Authority
    client: Application
    credentials: Credentials = field(repr=False)
    claims: ClaimsRequest = field(factory=ClaimsRequest)


@frozen(kw_only=True)
class Issued:
    response: TokenResponse = field(repr=False)
    client: Application
    user_id: UserId | None = None  # None: an application for itself
    cross_origin: bool = False  # a single-page application's: the answer carries CORS headers
