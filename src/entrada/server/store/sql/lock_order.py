"""In which order units lock rows: the same in every process, so that two batches of several rows do not deadlock."""

from collections.abc import Sequence

from entrada.core.protocol.effects import (
    AddSigningKey,
    Effect,
    EndSession,
    OpenFamily,
    OpenSession,
    PutEntity,
    RemoveEntity,
    RemoveSigningKey,
    ReplaceSigningKey,
    RevokeFamily,
    RotateFamily,
    SucceedFamily,
)
from entrada.core.protocol.token_family import FamilyKey
from entrada.server.store.identity import tenant_of

Order = tuple[str, ...]


def order_of(effects: Sequence[Effect]) -> Order:
    """Where a unit of *effects* stands.  Its first effect decides; a deadlock that this leaves possible is retried."""
    match effects[0]:
        case PutEntity() | RemoveEntity() as effect:
            return "directory", tenant_of(effect.entity)
        case OpenFamily() | SucceedFamily() as effect:
            return _family(effect.family.key)
        case RotateFamily() | RevokeFamily() as effect:
            return _family(effect.key)
        case OpenSession() as effect:
            return "session", effect.session.tenant_id, effect.session.id
        case EndSession() as effect:
            return "session", effect.tenant_id, effect.session_id
        case AddSigningKey() | ReplaceSigningKey() | RemoveSigningKey():
            return ("signing keys",)


def _family(key: FamilyKey) -> Order:
    return "family", key.tenant_id, key.id
