"""In which order units lock rows: the same in every process, so that two batches of several rows do not deadlock."""

from collections.abc import Sequence

from entrada.core.directory.ids import SessionId, TenantId
from entrada.core.protocol.effects import (
    AddSigningKey,
    DecideDeviceFlow,
    Effect,
    EndSession,
    ForgetAttempts,
    LogSignIn,
    NotWithin,
    OpenFamily,
    OpenSession,
    PutAttempts,
    PutEntity,
    RecordAudit,
    RemoveEntity,
    RemoveSigningKey,
    ReplaceSigningKey,
    RestoreEntity,
    RevokeFamily,
    RevokeSessionFamilies,
    RotateFamily,
    StartDeviceFlow,
    StartFactorSteps,
    StrengthenSession,
    SucceedFamily,
    Unchanged,
    Unlinked,
    UseFactorStep,
)
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.server.store.identity import tenant_of

Order = tuple[str, ...]


def order_of(effects: Sequence[Effect]) -> Order:  # noqa: C901, PLR0911, PLR0912  (the table of effects)
    """Where a unit of *effects* stands.  Its first effect decides; a deadlock that this leaves possible is retried."""
    match effects[0]:
        case PutEntity() | RemoveEntity() | RestoreEntity() | Unchanged() as effect:
            return "directory", tenant_of(effect.entity)
        case Unlinked(tenant_id=tenant_id) | NotWithin(tenant_id=tenant_id):
            return "directory", tenant_id
        case OpenFamily(family=family):
            return _opened(family)
        case SucceedFamily(family=family):
            return _family(family.key)
        case RotateFamily(key=key) | RevokeFamily(key=key):
            return _family(key)
        case OpenSession(session=session):
            return _session(session.tenant_id, session.id)
        case StrengthenSession() | EndSession() | RevokeSessionFamilies() as effect:
            return _session(effect.tenant_id, effect.session_id)
        case LogSignIn(sign_in=sign_in):
            return "sign-in", sign_in.tenant_id, sign_in.id
        case StartDeviceFlow(flow=flow):
            return "device flow", flow.key.tenant_id, flow.key.id
        case DecideDeviceFlow(key=key):
            return "device flow", key.tenant_id, key.id
        case PutAttempts(attempts=counted) | (ForgetAttempts() as counted):
            return "attempts", counted.tenant_id, counted.user_id, counted.counter
        case UseFactorStep() | StartFactorSteps() as effect:
            return "factor step", effect.tenant_id, effect.user_id
        case RecordAudit(audit=audit):
            return "audit", audit.tenant_id, audit.id
        case AddSigningKey() | ReplaceSigningKey() | RemoveSigningKey():
            return ("signing keys",)


def _session(tenant_id: TenantId, session_id: SessionId) -> Order:
    return "browser session", tenant_id, session_id  # before "family": who ends a session goes on to its families


def _family(key: FamilyKey) -> Order:
    return "family", key.tenant_id, key.id


def _opened(family: TokenFamily) -> Order:
    """Its session's row is locked first, so that nobody ends the session meanwhile."""
    if family.session_id is None:
        return _family(family.key)
    return *_session(family.key.tenant_id, family.session_id), family.key.id
