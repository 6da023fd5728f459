"""What an expression can see: `context`, under Azure's names.  Gateway reference section 12.1."""

from datetime import datetime, timedelta
from uuid import UUID

from attrs import field, frozen

from entrada.core.gateway.expressions.dictionary import Dictionary


@frozen(kw_only=True)
class Url:  # IUrl
    scheme: str
    host: str
    port: int
    path: str
    query_string: str = field(default="", repr=False)  # with its `?`, as Azure's; it may carry a token
    query: Dictionary = field(factory=lambda: Dictionary({}, ignores_case=True))


@frozen(kw_only=True)
class Request:
    method: str
    url: Url  # what the backend is going to be asked
    original_url: Url  # what the caller asked
    headers: Dictionary
    ip_address: str
    matched_parameters: Dictionary = field(factory=lambda: Dictionary({}, ignores_case=True))


@frozen(kw_only=True)
class Response:
    status_code: int
    status_reason: str
    headers: Dictionary


@frozen(kw_only=True)
class LastError:
    source: str
    reason: str
    message: str
    scope: str  # global, product, api, operation
    section: str
    path: str
    policy_id: str | None = None


@frozen(kw_only=True)
class Api:
    id: str
    name: str
    path: str
    service_url: Url
    revision: str = "1"
    version: str | None = None
    is_current_revision: bool = True


@frozen(kw_only=True)
class Operation:
    id: str
    name: str
    method: str
    url_template: str


@frozen(kw_only=True)
class Product:
    id: str
    name: str
    approval_required: bool
    subscription_required: bool
    state: str = "Published"  # or NotPublished
    subscription_limit: int | None = None


@frozen(kw_only=True)
class Subscription:
    id: str
    name: str
    key: str = field(repr=False)  # the one that came with the request
    primary_key: str = field(repr=False)
    secondary_key: str = field(repr=False)
    created_date: datetime
    start_date: datetime | None = None
    end_date: datetime | None = None


@frozen(kw_only=True)
class User:
    id: str
    email: str
    first_name: str
    last_name: str
    registration_date: datetime
    note: str | None = None


@frozen(kw_only=True)
class Deployment:
    region: str = "local"
    service_name: str = "entrada"
    gateway_id: str = "managed"  # as in the cloud


@frozen(kw_only=True)
class Jwt:
    """A token's words.  From AsJwt and TryParseJwt they are only that: nobody has checked a signature."""

    algorithm: str | None
    type: str | None
    id: str | None
    issuer: str | None
    subject: str | None
    audiences: tuple[str, ...]
    claims: Dictionary  # a name to all values, as text
    issued_at: datetime | None = None
    not_before: datetime | None = None
    expiration_time: datetime | None = None


@frozen(kw_only=True)
class Basic:
    user_id: str
    password: str = field(repr=False)


@frozen(kw_only=True)
class Context:
    request: Request
    api: Api
    operation: Operation
    now: datetime  # DateTime.UtcNow; aware, UTC
    request_id: UUID
    entropy: bytes = field(repr=False)  # 16 or more random bytes of this request: what Guid.NewGuid() is made of
    timestamp: datetime  # when the request came
    elapsed: timedelta = timedelta()
    tracing: bool = False
    response: Response | None = None  # until the backend has answered, or a policy refused
    last_error: LastError | None = None  # outside on-error
    product: Product | None = None
    subscription: Subscription | None = None
    user: User | None = None
    deployment: Deployment = field(factory=Deployment)
    variables: Dictionary = field(factory=lambda: Dictionary({}))
