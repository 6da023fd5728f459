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


def _storable(text: str) -> str:
    """Octets that were no UTF-8, and NULs, cannot be written to every database; whoever sends them chooses them."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")


def _maybe_storable(text: str | None) -> str | None:
    return None if text is None else _storable(text)


@frozen(kw_only=True)
class Fact:
    name: str = field(converter=_storable)
    value: str = field(converter=_storable)


@frozen(kw_only=True)
class Story:
    tenant_id: TenantId  # ANY_TENANT: nobody could tell whose request it was
    trace_id: str = field(converter=_storable)  # in order of time
    at: NumericDate
    correlation_id: str = field(converter=_storable)
    kind: Kind
    event: str = field(converter=_storable)  # which decision: the name of the log line
    granted: bool
    aadsts: int | None = None  # of a refusal
    rule: str | None = field(default=None, converter=_maybe_storable)  # the reason's name in the catalogue
    said: str | None = field(default=None, converter=_maybe_storable)  # what the caller was told
    advice: str | None = field(default=None, converter=_maybe_storable)
    asked: tuple[Fact, ...] = field(default=())  # the request, secrets masked
    weighed: tuple[Fact, ...] = field(default=())
    user_id: str | None = field(default=None, converter=_maybe_storable)
    # Never as typed: people type passwords into the field for the name.
    user_principal_name: str | None = field(default=None, converter=_maybe_storable)
    client_id: str | None = field(default=None, converter=_maybe_storable)
    resource_id: str | None = field(default=None, converter=_maybe_storable)
    address: str = field(default="", converter=_storable)
    user_agent: str = field(default="", converter=_storable)


@frozen(kw_only=True)
class Use:
    """When a credential was last used: of an application, its client secret, certificate or federated credential."""

    tenant_id: TenantId
    object_id: str  # the application's appId
    key_id: str
    at: NumericDate
