"""The gateway's nouns as the store keeps them: JSON, with what is secret sealed beside it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias, cast

import msgspec
from attrs import frozen

from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.core.directory.ids import TenantId
from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.ids import ApiId
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.installation import Installation


@frozen(kw_only=True)
class OperationOfApi:
    """An operation is known by its API's id and its own."""

    api_id: ApiId
    operation: Operation


@frozen(kw_only=True)
class Policy:
    """A document as its author wrote it."""

    scope: PolicyScope
    text: str


Noun: TypeAlias = (
    Api | OperationOfApi | Product | Subscription | AuthorizationServer | OpenIdProvider | NamedValue | Policy
)
KINDS: Final[Mapping[type[Any], RecordKind]] = {
    Api: RecordKind.API,
    OperationOfApi: RecordKind.OPERATION,
    Product: RecordKind.PRODUCT,
    Subscription: RecordKind.SUBSCRIPTION,
    AuthorizationServer: RecordKind.AUTHORIZATION_SERVER,
    OpenIdProvider: RecordKind.OPENID_PROVIDER,
    NamedValue: RecordKind.NAMED_VALUE,
    Policy: RecordKind.POLICY,
}
_NOUNS: Final = {kind: noun for noun, kind in KINDS.items()}
_KEPT_FOR: Final = Seconds(100 * 365 * 24 * 60 * 60)


class Unreadable(Exception):
    """A record that this installation did not write, or wrote under another master key: its kind and id."""


def record_id(noun: Noun) -> str:
    match noun:
        case OperationOfApi():
            return f"{noun.api_id}/{noun.operation.id}"
        case Policy():
            return noun.scope.path
        case _:
            return noun.id


def record_of(
    here: Installation, tenant_id: TenantId, noun: Noun, before: GatewayRecord | None = None
) -> GatewayRecord:
    """*before* itself where it says the same: what is sealed anew never looks the same."""
    known = None if before is None else noun_of(here, before)
    if before is not None and known == noun:
        return before
    kind, name = KINDS[type(noun)], record_id(noun)
    members = cast("dict[str, object]", msgspec.to_builtins(noun, order="deterministic"))
    secret = {one: members.pop(one) for one in _secret_members(noun)}
    same = known is not None and _secret_members(known) == tuple(secret) and _said(known, secret) == secret
    return GatewayRecord(
        tenant_id=tenant_id,
        kind=kind,
        id=name,
        display_name=_display_name(noun),
        content=msgspec.json.encode(members).decode(),
        secrets=before.secrets if same and before else _sealed(here, tenant_id, _place(kind, name), secret),
        version=before.version if before is not None else 0,
    )


def noun_of(here: Installation, record: GatewayRecord) -> Noun:
    """Raises Unreadable."""
    try:
        members = msgspec.json.decode(record.content) | _opened(here, record)
        return cast("Noun", msgspec.convert(members, _NOUNS[record.kind]))
    except (NotSealed, msgspec.MsgspecError):
        raise Unreadable(_place(record.kind, record.id)) from None


def _display_name(noun: Noun) -> str:
    match noun:
        case OperationOfApi():
            return noun.operation.display_name
        case Policy():
            return f"policies of {noun.scope.path}"
        case _:
            return noun.display_name


def _secret_members(noun: Noun) -> tuple[str, ...]:
    match noun:
        case Subscription():
            return ("primary_key", "secondary_key")
        case AuthorizationServer():
            return ("client_secret", "resource_owner_password")
        case OpenIdProvider():
            return ("client_secret",)
        case NamedValue(secret=True):
            return ("value",)
        case _:
            return ()


def _said(noun: Noun, names: Iterable[str]) -> dict[str, object]:
    return {one: getattr(noun, one) for one in names}


def _place(kind: RecordKind, name: str) -> str:
    return f"{kind}/{name}"


def _sealed(here: Installation, tenant_id: TenantId, place: str, secret: Mapping[str, object]) -> str:
    """With its place, so that no record opens with the secrets of another."""
    if not any(secret.values()):
        return ""
    payload = msgspec.json.encode({"of": place, "members": secret})
    return here.seal(payload, purpose=purposes.GATEWAY_SECRETS, tenant=tenant_id)


def _opened(here: Installation, record: GatewayRecord) -> dict[str, object]:
    if not record.secrets:
        return {}
    opened = here.open(record.secrets, purpose=purposes.GATEWAY_SECRETS, lifetime=_KEPT_FOR)
    payload = msgspec.json.decode(opened.payload)
    if opened.tenant != record.tenant_id or payload["of"] != _place(record.kind, record.id):
        raise NotSealed
    return cast("dict[str, object]", payload["members"])
