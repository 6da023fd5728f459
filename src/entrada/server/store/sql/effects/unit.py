"""Each effect as statements, and a decision's effects as one unit that holds or leaves nothing behind.

Whether an effect held is told by its own statement (ON CONFLICT DO NOTHING, or a condition, and the row count),
never by a look before.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from entrada.core.directory.ids import TenantId
from entrada.core.directory.message import Message
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
from entrada.server.store.identity import tenant_of
from entrada.server.store.sql.effects import device_flows, entities, families, logs, proofs, sessions, signing_keys
from entrada.server.store.sql.failures import is_unique_violation


def apply(connection: Connection, effects: Sequence[Effect]) -> bool:
    """Apply all effects or, when one fails, none; within a transaction that others share."""
    if len(effects) == 1 and type(effects[0]) not in _WRITES_BEFORE_IT_FAILS:
        return _apply(connection, effects[0])
    savepoint = connection.begin_nested()
    try:
        held = _apply_all(connection, effects)
    except IntegrityError as error:
        if not is_unique_violation(error):
            raise
        held = False  # an entity took a name that another one holds
    if held:
        savepoint.commit()
    else:
        savepoint.rollback()
    return held


def changed_tenants(effects: Sequence[Effect]) -> frozenset[TenantId]:
    """Whose directory *effects* write to.  Mail is no part of it: nobody caches mail."""
    written = [effect.entity for effect in effects if isinstance(effect, _DIRECTORY_WRITES)]
    return frozenset(tenant_of(entity) for entity in written if not isinstance(entity, Message))


def _apply_all(connection: Connection, effects: Sequence[Effect]) -> bool:
    # The numbers first and in order: their row locks make directory writers of one tenant wait for each other, once.
    for tenant_id in sorted(changed_tenants(effects)):
        entities.raise_directory_number(connection, tenant_id)
    return all(_apply(connection, effect) for effect in effects)


def _apply(connection: Connection, effect: Effect) -> bool:
    return _APPLY[type(effect)](connection, effect)


_APPLY: Final[Mapping[type[Effect], Callable[[Connection, Any], bool]]] = {
    OpenFamily: families.open_family,
    RotateFamily: families.rotate_family,
    SucceedFamily: families.succeed_family,
    RevokeFamily: families.revoke_family,
    RevokeSessionFamilies: families.revoke_session_families,
    OpenSession: sessions.open_session,
    StrengthenSession: sessions.strengthen_session,
    EndSession: sessions.end_session,
    LogSignIn: sessions.log_sign_in,
    StartDeviceFlow: device_flows.start_device_flow,
    DecideDeviceFlow: device_flows.decide_device_flow,
    PutAttempts: proofs.put_attempts,
    ForgetAttempts: proofs.forget_attempts,
    UseFactorStep: proofs.use_factor_step,
    StartFactorSteps: proofs.start_factor_steps,
    PutEntity: entities.put_entity,
    RemoveEntity: entities.remove_entity,
    RestoreEntity: entities.restore_entity,
    Unchanged: entities.unchanged,
    Unlinked: entities.unlinked,
    NotWithin: entities.not_within,
    RecordAudit: logs.record_audit,
    AddSigningKey: signing_keys.add_signing_key,
    ReplaceSigningKey: signing_keys.replace_signing_key,
    RemoveSigningKey: signing_keys.remove_signing_key,
}

_DIRECTORY_WRITES: Final = (PutEntity, RemoveEntity, RestoreEntity)
_WRITES_BEFORE_IT_FAILS: Final = frozenset(_DIRECTORY_WRITES)
"""Effects of several statements, of which a later one may fail.  The others need no savepoint when they are alone."""
