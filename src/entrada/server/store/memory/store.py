"""What is remembered in memory: the questions, a commit, what ends."""

import collections
from collections.abc import Iterator, Sequence
from math import inf
from threading import Lock
from typing import Any, TypeVar

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.credentials.lockout import fades_at
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import ClientId, GroupId, SessionId, TenantId, UserId
from entrada.core.directory.message import Message
from entrada.core.directory.query.paging import page_of
from entrada.core.directory.query.query import After, Page, Query
from entrada.core.directory.service_principal import PermissionGrant
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.story import Story, Use
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.device_flow import DeviceFlow, DeviceFlowKey
from entrada.core.protocol.effects import Effect
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.server.store import identity
from entrada.server.store.memory.directory import MemoryDirectory
from entrada.server.store.memory.effects import apply
from entrada.server.store.memory.listing import subjects_of
from entrada.server.store.memory.tables import Tables
from entrada.server.store.nesting import groups_within
from entrada.server.store.port import StoreUnavailable
from entrada.server.store.retention import (
    MOST_STORIES,
    MOST_STORIES_OF_TENANT,
    day_of,
    oldest_audit,
    oldest_deleted_item,
    oldest_sign_in,
    oldest_story,
    origin_of,
    too_many,
)

E = TypeVar("E", bound=Entity)
L = TypeVar("L", bound=Entity | DirectoryAudit | Story)


class MemoryStore(MemoryDirectory):
    """Keeps the promises of `port.Store`, durability excepted.  Safe to share between threads."""

    def __init__(self) -> None:
        super().__init__(Tables())
        self._lock = Lock()
        self._closed = False
        self._commits = 0

    # ---- mail, files, start-up ----

    async def find_messages(self, tenant_id: TenantId, user_id: UserId, *, skip: int, top: int) -> tuple[Message, ...]:
        own = [message for message in self._tables.all(Message, tenant_id) if message.user_id == user_id]
        newest_first = sorted(own, key=lambda message: (message.received_at, message.id), reverse=True)
        return tuple(newest_first[skip : skip + top])

    async def directory_number(self, tenant_id: TenantId) -> int:
        return self._commits if self._tables.find(Tenant, (tenant_id,)) is not None else 0

    async def list_entities(self, kind: type[E], tenant_id: TenantId) -> tuple[E, ...]:
        return tuple(self._tables.all(kind, tenant_id))

    async def find_entity(self, kind: type[E], key: Key) -> E | None:
        return self._tables.find(kind, key)

    async def list_page(self, kind: type[L], tenant_id: TenantId, query: Query) -> Page[L]:
        return page_of(subjects_of(self._tables, kind, tenant_id), query)

    async def list_tenants(self) -> tuple[Tenant, ...]:
        return tuple(sorted(self._tables.of(Tenant).values(), key=lambda tenant: tenant.id))

    async def find_seed(self) -> str | None:
        entities = (entity for kind in (User, Application, DeletedItem) for entity in self._tables.of(kind).values())
        return next(filter(None, map(identity.seed_credential, entities)), None)

    async def list_signing_keys(self) -> tuple[SigningKeyRecord, ...]:
        keys = self._tables.signing_keys
        return tuple(keys[sequence] for sequence in sorted(keys))

    # ---- the journal ----

    async def write_journal(self, stories: Sequence[Story], uses: Sequence[Use]) -> None:
        if self._closed:
            raise StoreUnavailable("the store is closed")
        with self._lock:
            for story in stories:
                self._tables.stories.setdefault((story.tenant_id, story.trace_id), story)
            for use in uses:
                self._note(use)

    def _note(self, use: Use) -> None:
        key = (use.tenant_id, use.object_id, use.key_id)
        known = self._tables.uses.get(key)
        if known is None or known.at < use.at:
            self._tables.uses[key] = use

    async def find_story(self, trace_id: str) -> Story | None:
        return next((story for story in list(self._tables.stories.values()) if story.trace_id == trace_id), None)

    async def list_members_within(
        self, tenant_id: TenantId, group_id: GroupId, *, after: str, top: int, count: bool
    ) -> Page[str]:
        memberships = self._tables.all(GroupMember, tenant_id)
        groups = {one.id for one in self._tables.all(Group, tenant_id)}
        within = groups_within(group_id, [(m.group_id, m.member_id) for m in memberships if m.member_id in groups])
        ids = sorted({m.member_id for m in memberships if m.group_id in within} - {group_id})
        rest = [one for one in ids if one > after]
        more = After(None, rest[top - 1]) if len(rest) > top else None
        return Page(tuple(rest[:top]), more, len(ids) if count else None)

    async def list_uses(self, tenant_id: TenantId, object_id: str) -> tuple[Use, ...]:
        own = [use for key, use in list(self._tables.uses.items()) if key[:2] == (tenant_id, object_id)]
        return tuple(sorted(own, key=lambda use: use.key_id))

    # ---- what signing in left ----

    async def find_family(self, key: FamilyKey) -> TokenFamily | None:
        return self._tables.families.get(key)

    async def find_session(self, tenant_id: TenantId, session_id: SessionId) -> BrowserSession | None:
        return self._tables.sessions.get((tenant_id, session_id))

    async def list_session_clients(self, tenant_id: TenantId, session_id: SessionId) -> frozenset[ClientId]:
        hanging = [one for one in list(self._tables.families.values()) if one.session_id == session_id]
        return frozenset(family.client_id for family in hanging if family.key.tenant_id == tenant_id)

    async def list_sessions(
        self, tenant_id: TenantId, user_id: UserId, ended_since: NumericDate | None = None
    ) -> tuple[BrowserSession, ...]:
        whose = (tenant_id, user_id)
        own = [one for one in list(self._tables.sessions.values()) if (one.tenant_id, one.user_id) == whose]
        since = inf if ended_since is None else ended_since
        live = (session for session in own if session.revoked_at is None or session.revoked_at >= since)
        return tuple(sorted(live, key=lambda session: (session.authenticated_at, session.id), reverse=True))

    async def list_user_grants(self, tenant_id: TenantId, user_id: UserId) -> tuple[PermissionGrant, ...]:
        return tuple(grant for grant in self._tables.all(PermissionGrant, tenant_id) if grant.principal_id == user_id)

    async def list_sign_ins(self, tenant_id: TenantId, *, top: int) -> tuple[SignIn, ...]:
        own = sorted((key for key in self._tables.sign_ins if key[0] == tenant_id), reverse=True)
        return tuple(self._tables.sign_ins[key] for key in own[:top])

    async def has_signed_in_from(self, tenant_id: TenantId, user_id: UserId, address: str) -> bool:
        sought = (tenant_id, user_id, address)
        sign_ins = list(self._tables.sign_ins.values())
        return any((sign_in.tenant_id, sign_in.user_id, sign_in.address) == sought for sign_in in sign_ins)

    async def find_attempts(self, tenant_id: TenantId, user_id: UserId, counter: Counter) -> Attempts | None:
        return self._tables.attempts.get((tenant_id, user_id, counter))

    async def find_device_flow(self, key: DeviceFlowKey) -> DeviceFlow | None:
        return self._tables.device_flows.get(key)

    async def find_device_flow_by_user_code(self, user_code: str) -> DeviceFlow | None:
        key = self._tables.user_codes.get(user_code)
        return None if key is None else self._tables.device_flows.get(key)

    # ---- what changes ----

    async def commit(self, effects: Sequence[Effect]) -> bool:
        if self._closed:
            raise StoreUnavailable("the store is closed")
        with self._lock:
            applied = all(apply(self._tables, effect) for effect in effects)
            if not applied:
                self._tables.take_back()
            self._tables.keep()
            self._commits += applied
            return applied

    async def sweep(self, now: NumericDate, *, limit: int) -> int:
        with self._lock:
            ended = [step for _, step in zip(range(limit), self._ended(now), strict=False)]
            for table, key in ended:
                del table[key]
            self._forget_user_codes()
            return len(ended)

    async def close(self) -> None:
        self._closed = True

    def _ended(self, now: NumericDate) -> Iterator[tuple[dict[Any, Any], object]]:
        tables, oldest = self._tables, oldest_sign_in(now)
        yield from ((tables.families, key) for key in tables.families if key.end_day < day_of(now))
        yield from ((tables.sessions, key) for key, session in tables.sessions.items() if session.ends_at < now)
        yield from ((tables.sign_ins, key) for key in tables.sign_ins if key[1] < oldest)
        yield from ((tables.device_flows, key) for key, flow in tables.device_flows.items() if flow.ends_at < now)
        yield from ((tables.attempts, key) for key, one in tables.attempts.items() if fades_at(one) < now)
        yield from ((tables.audits, key) for key, one in tables.audits.items() if one.at < oldest_audit(now))
        yield from ((tables.stories, key) for key in self._told_long_ago(now))
        items = tables.of(DeletedItem)
        yield from ((items, key) for key, one in items.items() if one.deleted_at < oldest_deleted_item(now))

    def _told_long_ago(self, now: NumericDate) -> list[tuple[TenantId, str]]:
        stories = self._tables.stories
        newest_first = sorted(stories, key=lambda key: (stories[key].at, key[1]), reverse=True)
        counted = collections.Counter(map(origin_of, stories.values()))
        kept = {**counted, **too_many(counted, MOST_STORIES_OF_TENANT, MOST_STORIES)}
        gone = list[tuple[TenantId, str]]()
        for key in newest_first:
            origin = origin_of(stories[key])
            kept[origin] -= 1
            if kept[origin] < 0 or stories[key].at < oldest_story(now):
                gone.append(key)
        return gone

    def _forget_user_codes(self) -> None:
        """Of flows that are gone."""
        codes, flows = self._tables.user_codes, self._tables.device_flows
        for user_code in [code for code, key in codes.items() if key not in flows]:
            del codes[user_code]
