"""What the audit log calls a part of the gateway: by its kind in words, and where its page is."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from entrada.core.directory.administration.gateway_activities import NOUNS
from entrada.core.directory.gateway_record import RecordKind

TYPE: Final = "GatewayRecord"
_HOME: Final = "/portal/gateway"
_ROOMS: Final[Mapping[RecordKind, str]] = {
    RecordKind.API: "apis",
    RecordKind.PRODUCT: "products",
    RecordKind.SUBSCRIPTION: "subscriptions",
    RecordKind.AUTHORIZATION_SERVER: "servers",
    RecordKind.OPENID_PROVIDER: "providers",
    RecordKind.NAMED_VALUE: "values",
}


def words_of(target_id: str) -> str:
    """*target_id* is a kind and a name: `namedValue/greeting`."""
    kind = _kind(target_id)
    noun = NOUNS.get(kind, "") if kind is not None else ""
    return noun[:1].upper() + noun[1:] if noun else "Part of the gateway"


def place_of(target_id: str) -> str | None:
    kind, name = _kind(target_id), target_id.partition("/")[2]
    if kind is RecordKind.POLICY:
        return f"{_HOME}/policies?scope={quote(name, safe='/')}"
    if kind is RecordKind.OPERATION:
        api, _, operation = name.partition("/")
        return f"{_HOME}/apis/{quote(api, safe='')}/operations/{quote(operation, safe='')}"
    room = _ROOMS.get(kind) if kind is not None else None
    return f"{_HOME}/{room}/{quote(name, safe='')}" if room else None


def _kind(target_id: str) -> RecordKind | None:
    name = target_id.partition("/")[0]
    return RecordKind(name) if name in set(RecordKind) else None
