"""The story of one request: what was asked, what was decided, by which rule.  What a trace id leads to.

Kept in a journal that is written in batches after the answer, capped, and lossy by design.  What was asked holds no
secret: values that are one were masked before they came here.
"""

from enum import StrEnum

from attrs import field, frozen

from entrada.core.directory.ids import TenantId
from entrada.core.jose.numeric_date import NumericDate


class Kind(StrEnum):
    """Graph's signInEventTypes, where the request was a sign-in at all."""

    INTERACTIVE = "interactiveUser"
    NON_INTERACTIVE = "nonInteractiveUser"  # silent, refreshed, on behalf of
    SERVICE_PRINCIPAL = "servicePrincipal"
    MANAGED_IDENTITY = "managedIdentity"
    OTHER = "other"  # no sign-in: an API call that was refused


@frozen(kw_only=True)
class Fact:
    name: str
    value: str


@frozen(kw_only=True)
class Story:
    tenant_id: TenantId  # ANY_TENANT: nobody could tell whose request it was
    trace_id: str  # in order of time
    at: NumericDate
    correlation_id: str
    kind: Kind
    event: str  # which decision: the name of the log line
    granted: bool
    aadsts: int | None = None  # of a refusal
    rule: str | None = None  # the reason's name in the catalogue
    said: str | None = None  # what the caller was told
    advice: str | None = None
    asked: tuple[Fact, ...] = field(default=())  # the request, secrets masked
    weighed: tuple[Fact, ...] = field(default=())
    user_id: str | None = None
    user_principal_name: str | None = None  # never as typed: people type passwords into the field for the name
    client_id: str | None = None
    resource_id: str | None = None
    address: str = ""
    user_agent: str = ""


@frozen(kw_only=True)
class Use:
    """When a credential was last used: of an application, its client secret, certificate or federated credential."""

    tenant_id: TenantId
    object_id: str  # the application's appId
    key_id: str
    at: NumericDate
