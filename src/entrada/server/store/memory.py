"""The store that forgets when the process ends: for tests and for entrada inside another program's tests."""

from collections.abc import Callable, Iterator, Sequence
from threading import Lock
from typing import Any, TypeVar

from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key, key_of
from entrada.core.directory.group import GroupMember
from entrada.core.directory.ids import ClientId, ServicePrincipalId, SessionId, TenantId, UserId
from entrada.core.directory.message import Message
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord
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
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.server.store import identity
from entrada.server.store.port import StoreUnavailable
from entrada.server.store.retention import day_of, oldest_sign_in

E = TypeVar("E", bound=Entity)
K = TypeVar("K")
V = TypeVar("V")


class MemoryStore:
    """Keeps the promises of `port.Store`, durability excepted.  Safe to share between threads."""

    def __init__(self) -> None:
        self._families: dict[FamilyKey, TokenFamily] = {}
        self._sessions: dict[tuple[TenantId, SessionId], BrowserSession] = {}
        self._sign_ins: dict[tuple[TenantId, NumericDate, str], SignIn] = {}
        self._signing_keys: dict[int, SigningKeyRecord] = {}
        self._entities: dict[type[Any], dict[Key, Any]] = {}
        self._holders: dict[identity.Name, Entity] = {}
        self._undo: list[Callable[[], object]] = []
        self._lock = Lock()
        self._closed = False

    # ---- the directory, object by object ----

    async def find_tenant(self, tenant_id: TenantId) -> Tenant | None:
        return self._find(Tenant, (tenant_id,))

    async def find_tenant_by_domain(self, domain: str) -> Tenant | None:
        return self._held(Tenant, identity.domain_name(domain))

    async def find_user(self, tenant_id: TenantId, user_id: UserId) -> User | None:
        return self._find(User, (tenant_id, user_id))

    async def find_user_by_name(self, tenant_id: TenantId, user_principal_name: str) -> User | None:
        return self._held(User, identity.user_name(tenant_id, user_principal_name))

    async def find_application(self, app_id: ClientId) -> Application | None:
        return self._held(Application, identity.client_name(app_id))

    async def find_application_by_uri(self, tenant_id: TenantId, identifier_uri: str) -> Application | None:
        return self._held(Application, identity.uri_name(tenant_id, identifier_uri))

    async def find_service_principal(self, tenant_id: TenantId, app_id: ClientId) -> ServicePrincipal | None:
        return self._held(ServicePrincipal, identity.service_principal_name(tenant_id, app_id))

    async def find_grants(
        self, tenant_id: TenantId, client: ServicePrincipalId, principal_id: UserId
    ) -> tuple[PermissionGrant, ...]:
        return tuple(
            grant
            for grant in self._all(PermissionGrant, tenant_id)
            if grant.client_id == client and grant.principal_id in {None, principal_id}
        )

    async def find_app_role_assignments(
        self, tenant_id: TenantId, principal_id: UserId
    ) -> tuple[AppRoleAssignment, ...]:
        memberships = self._all(GroupMember, tenant_id)
        holders = {principal_id, *(m.group_id for m in memberships if m.member_id == principal_id)}
        return tuple(a for a in self._all(AppRoleAssignment, tenant_id) if a.principal_id in holders)

    # ---- everything else that is asked ----

    async def find_messages(self, tenant_id: TenantId, user_id: UserId, *, skip: int, top: int) -> tuple[Message, ...]:
        own = [message for message in self._all(Message, tenant_id) if message.user_id == user_id]
        newest_first = sorted(own, key=lambda message: (message.received_at, message.id), reverse=True)
        return tuple(newest_first[skip : skip + top])

    async def list_entities(self, kind: type[E], tenant_id: TenantId) -> tuple[E, ...]:
        return tuple(self._all(kind, tenant_id))

    async def list_tenants(self) -> tuple[Tenant, ...]:
        return tuple(sorted(self._table(Tenant).values(), key=lambda tenant: tenant.id))

    async def find_seed(self) -> str | None:
        entities = (entity for kind in (User, Application) for entity in self._table(kind).values())
        return next(filter(None, map(identity.seed_credential, entities)), None)

    async def find_family(self, key: FamilyKey) -> TokenFamily | None:
        return self._families.get(key)

    async def find_session(self, tenant_id: TenantId, session_id: SessionId) -> BrowserSession | None:
        return self._sessions.get((tenant_id, session_id))

    async def list_session_clients(self, tenant_id: TenantId, session_id: SessionId) -> frozenset[ClientId]:
        own = (family for key, family in self._families.items() if key.tenant_id == tenant_id)
        return frozenset(family.client_id for family in own if family.session_id == session_id)

    async def list_sign_ins(self, tenant_id: TenantId, *, top: int) -> tuple[SignIn, ...]:
        own = sorted((key for key in self._sign_ins if key[0] == tenant_id), reverse=True)
        return tuple(self._sign_ins[key] for key in own[:top])

    async def list_signing_keys(self) -> tuple[SigningKeyRecord, ...]:
        return tuple(self._signing_keys[sequence] for sequence in sorted(self._signing_keys))

    def _table(self, kind: type[E]) -> dict[Key, E]:
        # One dictionary per kind: what is filed under a kind is of that kind.
        return self._entities.setdefault(kind, {})

    def _find(self, kind: type[E], key: Key) -> E | None:
        return self._table(kind).get(key)

    def _held(self, kind: type[E], name: identity.Name) -> E | None:
        holder = self._holders.get(name)
        return holder if isinstance(holder, kind) else None

    def _all(self, kind: type[E], tenant_id: TenantId) -> list[E]:
        table = self._table(kind)
        return [table[key] for key in sorted(table) if key[0] == tenant_id]

    # ---- what changes ----

    async def commit(self, effects: Sequence[Effect]) -> bool:
        if self._closed:
            raise StoreUnavailable("the store is closed")
        with self._lock:
            applied = all(map(self._apply, effects))
            if not applied:
                self._take_back()
            self._undo.clear()
            return applied

    async def sweep(self, now: NumericDate, *, limit: int) -> int:
        with self._lock:
            ended = [step for _, step in zip(range(limit), self._ended(now), strict=False)]
            for table, key in ended:
                del table[key]
            return len(ended)

    async def close(self) -> None:
        self._closed = True

    def _ended(self, now: NumericDate) -> Iterator[tuple[dict[Any, Any], object]]:
        yield from ((self._families, key) for key in self._families if key.end_day < day_of(now))
        yield from ((self._sessions, key) for key, session in self._sessions.items() if session.ends_at < now)
        yield from ((self._sign_ins, key) for key in self._sign_ins if key[1] < oldest_sign_in(now))

    def _take_back(self) -> None:
        while self._undo:
            self._undo.pop()()

    def _set(self, table: dict[K, V], key: K, value: V) -> None:
        self._remember(table, key)
        table[key] = value

    def _delete(self, table: dict[K, V], key: K) -> None:
        self._remember(table, key)
        table.pop(key, None)

    def _remember(self, table: dict[K, V], key: K) -> None:
        """Note how to undo the next change to *key*."""
        if key in table:
            before = table[key]
            self._undo.append(lambda: table.update({key: before}))
        else:
            self._undo.append(lambda: table.pop(key, None))

    def _apply(self, effect: Effect) -> bool:  # noqa: C901, PLR0911  (the table of effects)
        match effect:
            case OpenFamily():
                return self._open_family(effect.family)
            case RotateFamily():
                return self._rotate_family(effect)
            case SucceedFamily():
                return self._succeed_family(effect)
            case RevokeFamily():
                return self._revoke_family(effect)
            case OpenSession():
                return self._open_session(effect)
            case EndSession():
                return self._end_session(effect)
            case PutEntity():
                return self._put(effect.entity)
            case RemoveEntity():
                return self._remove(effect.entity)
            case AddSigningKey():
                return self._add_signing_key(effect.key)
            case ReplaceSigningKey():
                return self._replace_signing_key(effect)
            case RemoveSigningKey():
                self._delete(self._signing_keys, effect.sequence)
                return True

    def _open_family(self, family: TokenFamily) -> bool:
        session = self._sessions.get((family.key.tenant_id, family.session_id))
        if session is None or session.revoked_at is not None or session.ends_at <= family.issued_at:
            return False
        if family.key in self._families:
            return False
        self._set(self._families, family.key, family)
        return True

    def _rotate_family(self, effect: RotateFamily) -> bool:
        family = self._families.get(effect.key)
        if family is None or family.revoked_at is not None or family.generation != effect.generation:
            return False
        rotated = evolve(family, generation=family.generation + 1, rotated_at=effect.at)
        self._set(self._families, effect.key, rotated)
        return True

    def _succeed_family(self, effect: SucceedFamily) -> bool:
        predecessor = self._families.get(effect.predecessor)
        follows = predecessor is not None and predecessor.revoked_at is None
        if follows and effect.family.key not in self._families:
            self._set(self._families, effect.family.key, effect.family)
        return True

    def _revoke_family(self, effect: RevokeFamily) -> bool:
        family = self._families.get(effect.key)
        if family is not None and family.revoked_at is None:
            self._set(self._families, effect.key, evolve(family, revoked_at=effect.at))
        return True

    def _open_session(self, effect: OpenSession) -> bool:
        key = (effect.session.tenant_id, effect.session.id)
        if key in self._sessions:
            return False
        self._set(self._sessions, key, effect.session)
        sign_in = effect.sign_in
        self._set(self._sign_ins, (sign_in.tenant_id, sign_in.at, sign_in.id), sign_in)
        return True

    def _end_session(self, effect: EndSession) -> bool:
        key = (effect.tenant_id, effect.session_id)
        session = self._sessions.get(key)
        if session is not None and session.revoked_at is None:
            self._set(self._sessions, key, evolve(session, revoked_at=effect.at))
        return True

    def _put(self, entity: Entity) -> bool:
        if not self._is_current(entity):
            return False
        self._release_names(entity)
        if any(name in self._holders for name in identity.names_of(entity)):
            return False
        stored = evolve(entity, version=entity.version + 1)
        self._set(self._table(type(entity)), key_of(entity), stored)
        for name in identity.names_of(entity):
            self._set(self._holders, name, stored)
        return True

    def _remove(self, entity: Entity) -> bool:
        if entity.version == 0 or not self._is_current(entity):
            return False
        self._release_names(entity)
        self._delete(self._table(type(entity)), key_of(entity))
        return True

    def _is_current(self, entity: Entity) -> bool:
        stored = self._find(type(entity), key_of(entity))
        return entity.version == (0 if stored is None else stored.version)

    def _release_names(self, entity: Entity) -> None:
        """Free the names of the stored form of *entity*."""
        stored = self._find(type(entity), key_of(entity))
        for name in identity.names_of(stored) if stored is not None else ():
            self._delete(self._holders, name)

    def _add_signing_key(self, key: SigningKeyRecord) -> bool:
        if key.sequence in self._signing_keys:
            return False
        self._set(self._signing_keys, key.sequence, key)
        return True

    def _replace_signing_key(self, effect: ReplaceSigningKey) -> bool:
        if self._signing_keys.get(effect.seen.sequence) != effect.seen:
            return False
        self._set(self._signing_keys, effect.seen.sequence, evolve(effect.now, sequence=effect.seen.sequence))
        return True
