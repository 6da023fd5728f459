"""Each effect on the tables in memory: whether it held."""

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from attrs import evolve

from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import key_of
from entrada.core.directory.ids import SessionId, TenantId
from entrada.core.directory.link import Link, ends_of
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
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
from entrada.core.protocol.token_family import TokenFamily
from entrada.server.store import identity
from entrada.server.store.memory.directory import groups_around
from entrada.server.store.memory.tables import Tables, attempts_key


def apply(tables: Tables, effect: Effect) -> bool:
    return _APPLY[type(effect)](tables, effect)


# ---- token families ----


def _open_family(tables: Tables, effect: OpenFamily) -> bool:
    family = effect.family
    if not _session_is_live(tables, family) or family.key in tables.families:
        return False
    tables.put(tables.families, family.key, family)
    return True


def _session_is_live(tables: Tables, family: TokenFamily) -> bool:
    """Of a family that hangs on none, nothing is asked."""
    if family.session_id is None:
        return True
    return _live_session(tables, (family.key.tenant_id, family.session_id), family.issued_at) is not None


def _rotate_family(tables: Tables, effect: RotateFamily) -> bool:
    family = tables.families.get(effect.key)
    if family is None or family.revoked_at is not None or family.generation != effect.generation:
        return False
    rotated = evolve(family, generation=family.generation + 1, rotated_at=effect.at)
    tables.put(tables.families, effect.key, rotated)
    return True


def _succeed_family(tables: Tables, effect: SucceedFamily) -> bool:
    predecessor = tables.families.get(effect.predecessor)
    follows = predecessor is not None and predecessor.revoked_at is None
    if follows and effect.family.key not in tables.families:
        tables.put(tables.families, effect.family.key, effect.family)
    return True


def _revoke_family(tables: Tables, effect: RevokeFamily) -> bool:
    family = tables.families.get(effect.key)
    if family is not None and family.revoked_at is None:
        tables.put(tables.families, effect.key, evolve(family, revoked_at=effect.at))
    return True


def _revoke_session_families(tables: Tables, effect: RevokeSessionFamilies) -> bool:
    hanging = (effect.tenant_id, effect.session_id)
    own = [key for key, one in tables.families.items() if (key.tenant_id, one.session_id) == hanging]
    return all(_revoke_family(tables, RevokeFamily(key, effect.at)) for key in own)


# ---- browser sessions ----


def _open_session(tables: Tables, effect: OpenSession) -> bool:
    key = (effect.session.tenant_id, effect.session.id)
    if key in tables.sessions:
        return False
    tables.put(tables.sessions, key, effect.session)
    return _log(tables, effect.sign_in)


def _strengthen_session(tables: Tables, effect: StrengthenSession) -> bool:
    key = (effect.tenant_id, effect.session_id)
    session = _live_session(tables, key, effect.sign_in.at)
    if session is None:
        return False
    tables.put(tables.sessions, key, evolve(session, methods=effect.methods))
    return _log(tables, effect.sign_in)


def _live_session(tables: Tables, key: tuple[TenantId, SessionId], at: NumericDate) -> BrowserSession | None:
    session = tables.sessions.get(key)
    return session if session is not None and session.revoked_at is None and session.ends_at > at else None


def _log_sign_in(tables: Tables, effect: LogSignIn) -> bool:
    return _log(tables, effect.sign_in)


def _log(tables: Tables, sign_in: SignIn) -> bool:
    key = (sign_in.tenant_id, sign_in.at, sign_in.id)
    if key not in tables.sign_ins:
        tables.put(tables.sign_ins, key, sign_in)
    return True


def _end_session(tables: Tables, effect: EndSession) -> bool:
    key = (effect.tenant_id, effect.session_id)
    session = tables.sessions.get(key)
    if session is not None and session.revoked_at is None:
        tables.put(tables.sessions, key, evolve(session, revoked_at=effect.at))
    return True


# ---- device flows ----


def _start_device_flow(tables: Tables, effect: StartDeviceFlow) -> bool:
    flow = effect.flow
    if flow.key in tables.device_flows or flow.user_code in tables.user_codes:
        return False
    tables.put(tables.device_flows, flow.key, flow)
    tables.put(tables.user_codes, flow.user_code, flow.key)
    return True


def _decide_device_flow(tables: Tables, effect: DecideDeviceFlow) -> bool:
    flow = tables.device_flows.get(effect.key)
    if flow is None or flow.decided_at is not None or flow.ends_at <= effect.at:
        return False
    tables.put(tables.device_flows, effect.key, evolve(flow, decided_at=effect.at, approval=effect.approval))
    return True


# ---- proofs ----


def _put_attempts(tables: Tables, effect: PutAttempts) -> bool:
    attempts, key = effect.attempts, attempts_key(effect.attempts)
    stored = tables.attempts.get(key)
    if attempts.version != (0 if stored is None else stored.version):
        return False
    tables.put(tables.attempts, key, evolve(attempts, version=attempts.version + 1))
    return True


def _forget_attempts(tables: Tables, effect: ForgetAttempts) -> bool:
    tables.delete(tables.attempts, (effect.tenant_id, effect.user_id, effect.counter))
    return True


def _use_factor_step(tables: Tables, effect: UseFactorStep) -> bool:
    key = (effect.tenant_id, effect.user_id)
    spent = tables.factor_steps.get(key)
    if spent is not None and effect.step <= spent:
        return False
    tables.put(tables.factor_steps, key, effect.step)
    return True


def _start_factor_steps(tables: Tables, effect: StartFactorSteps) -> bool:
    tables.put(tables.factor_steps, (effect.tenant_id, effect.user_id), effect.step)
    return True


# ---- entities ----


def _put_entity(tables: Tables, effect: PutEntity) -> bool:
    entity = effect.entity
    if not _is_current(tables, entity):
        return False
    _release_names(tables, entity)
    if any(name in tables.holders for name in identity.names_of(entity)):
        return False
    _keep(tables, evolve(entity, version=entity.version + 1))
    return True


def _remove_entity(tables: Tables, effect: RemoveEntity) -> bool:
    entity = effect.entity
    if entity.version == 0 or not _is_current(tables, entity):
        return False
    _release_names(tables, entity)
    tables.delete(tables.of(type(entity)), key_of(entity))
    if isinstance(entity, User):
        tables.delete(tables.factor_steps, (entity.tenant_id, entity.id))
    return True


def _restore_entity(tables: Tables, effect: RestoreEntity) -> bool:
    entity = effect.entity
    taken = any(name in tables.holders for name in identity.names_of(entity))
    if taken or tables.find(type(entity), key_of(entity)) is not None:
        return False
    _keep(tables, evolve(entity, version=entity.version + 1))
    return True


def _unchanged(tables: Tables, effect: Unchanged) -> bool:
    return effect.entity.version > 0 and _is_current(tables, effect.entity)


def _unlinked(tables: Tables, effect: Unlinked) -> bool:
    gone, kinds = frozenset(effect.object_ids), get_args(Link)
    links = (link for kind in kinds for key, link in tables.of(kind).items() if key[0] == effect.tenant_id)
    principals = (one for key, one in tables.of(ServicePrincipal).items() if key[0] == effect.tenant_id)
    return all(gone.isdisjoint(ends_of(link)) for link in links) and all(one.app_id not in gone for one in principals)


def _not_within(tables: Tables, effect: NotWithin) -> bool:
    return effect.other not in groups_around(tables, effect.tenant_id, effect.group_id)


def _keep(tables: Tables, stored: Entity) -> None:
    tables.put(tables.of(type(stored)), key_of(stored), stored)
    for name in identity.names_of(stored):
        tables.put(tables.holders, name, stored)


def _is_current(tables: Tables, entity: Entity) -> bool:
    stored = tables.find(type(entity), key_of(entity))
    return entity.version == (0 if stored is None else stored.version)


def _release_names(tables: Tables, entity: Entity) -> None:
    """Free the names of the stored form of *entity*."""
    stored = tables.find(type(entity), key_of(entity))
    for name in identity.names_of(stored) if stored is not None else ():
        tables.delete(tables.holders, name)


def _record_audit(tables: Tables, effect: RecordAudit) -> bool:
    key = (effect.audit.tenant_id, effect.audit.id)
    if key not in tables.audits:
        tables.put(tables.audits, key, effect.audit)
    return True


# ---- signing keys ----


def _add_signing_key(tables: Tables, effect: AddSigningKey) -> bool:
    if effect.key.sequence in tables.signing_keys:
        return False
    tables.put(tables.signing_keys, effect.key.sequence, effect.key)
    return True


def _replace_signing_key(tables: Tables, effect: ReplaceSigningKey) -> bool:
    if tables.signing_keys.get(effect.seen.sequence) != effect.seen:
        return False
    tables.put(tables.signing_keys, effect.seen.sequence, evolve(effect.now, sequence=effect.seen.sequence))
    return True


def _remove_signing_key(tables: Tables, effect: RemoveSigningKey) -> bool:
    tables.delete(tables.signing_keys, effect.sequence)
    return True


_APPLY: Final[Mapping[type[Effect], Callable[[Tables, Any], bool]]] = {
    OpenFamily: _open_family,
    RotateFamily: _rotate_family,
    SucceedFamily: _succeed_family,
    RevokeFamily: _revoke_family,
    RevokeSessionFamilies: _revoke_session_families,
    OpenSession: _open_session,
    StrengthenSession: _strengthen_session,
    EndSession: _end_session,
    LogSignIn: _log_sign_in,
    StartDeviceFlow: _start_device_flow,
    DecideDeviceFlow: _decide_device_flow,
    PutAttempts: _put_attempts,
    ForgetAttempts: _forget_attempts,
    UseFactorStep: _use_factor_step,
    StartFactorSteps: _start_factor_steps,
    PutEntity: _put_entity,
    RemoveEntity: _remove_entity,
    RestoreEntity: _restore_entity,
    Unchanged: _unchanged,
    Unlinked: _unlinked,
    NotWithin: _not_within,
    RecordAudit: _record_audit,
    AddSigningKey: _add_signing_key,
    ReplaceSigningKey: _replace_signing_key,
    RemoveSigningKey: _remove_signing_key,
}
