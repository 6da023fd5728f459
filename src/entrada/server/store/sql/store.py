"""The store over a database: writes through the writer, reads through the readers, the directory through its cache."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key
from entrada.core.directory.ids import ClientId, GroupId, SessionId, TenantId, UserId
from entrada.core.directory.message import Message
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.service_principal import PermissionGrant
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.story import Story, Use
from entrada.core.directory.tenant import Tenant
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.device_flow import DeviceFlow, DeviceFlowKey
from entrada.core.protocol.effects import Effect, OpenFamily, SucceedFamily
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.server.store.directory_cache import CachedDirectory
from entrada.server.store.sql import journal, pages, queries, sign_in_queries
from entrada.server.store.sql.backend import Backend
from entrada.server.store.sql.catching_up import lagging, refresh
from entrada.server.store.sql.directory import SqlDirectory
from entrada.server.store.sql.effects import unit as statements
from entrada.server.store.sql.lock_order import order_of
from entrada.server.store.sql.members_within import members_within
from entrada.server.store.sql.sweeping import BATCH, delete_ended, edges_of_stories
from entrada.server.store.sql.writer import Unit, Writer

E = TypeVar("E", bound=Entity)
L = TypeVar("L", bound=Entity | DirectoryAudit | Story)


class SqlStore(CachedDirectory):
    """A `port.Store`.  Its directory methods answer from memory while nothing has changed."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(SqlDirectory(backend.reads), backend.numbers)
        self._backend = backend
        self._reads = backend.reads
        self._writer = Writer(backend.write_engine, before=self._make_room)

    # ---- what is asked ----

    async def find_messages(self, tenant_id: TenantId, user_id: UserId, *, skip: int, top: int) -> tuple[Message, ...]:
        return await self._reads.run(
            partial(queries.messages, tenant_id=tenant_id, user_id=user_id, skip=skip, top=top)
        )

    async def directory_number(self, tenant_id: TenantId) -> int:
        return await self._backend.numbers.read(tenant_id)

    async def list_entities(self, kind: type[E], tenant_id: TenantId) -> tuple[E, ...]:
        return await self._reads.run(lambda connection: queries.entities(connection, kind, tenant_id))

    async def find_entity(self, kind: type[E], key: Key) -> E | None:
        return await self._reads.run(lambda connection: queries.entity(connection, kind, key))

    async def list_page(self, kind: type[L], tenant_id: TenantId, query: Query) -> Page[L]:
        return await self._reads.run(lambda connection: pages.page(connection, kind, tenant_id, query))

    async def find_story(self, trace_id: str) -> Story | None:
        return await self._reads.run(partial(journal.story, trace_id=trace_id))

    async def list_members_within(
        self, tenant_id: TenantId, group_id: GroupId, *, after: str, top: int, count: bool
    ) -> Page[str]:
        read = partial(members_within, tenant_id=tenant_id, group_id=group_id, after=after, top=top, count=count)
        return await self._reads.run(read)

    async def list_uses(self, tenant_id: TenantId, object_id: str) -> tuple[Use, ...]:
        return await self._reads.run(partial(journal.uses, tenant_id=tenant_id, object_id=object_id))

    async def list_tenants(self) -> tuple[Tenant, ...]:
        return await self._reads.run(queries.tenants)

    async def find_seed(self) -> str | None:
        return await self._reads.run(queries.seed)

    async def find_family(self, key: FamilyKey) -> TokenFamily | None:
        return await self._reads.run(partial(sign_in_queries.family, key=key))

    async def find_session(self, tenant_id: TenantId, session_id: SessionId) -> BrowserSession | None:
        return await self._reads.run(partial(sign_in_queries.session, tenant_id=tenant_id, session_id=session_id))

    async def list_session_clients(self, tenant_id: TenantId, session_id: SessionId) -> frozenset[ClientId]:
        return await self._reads.run(
            partial(sign_in_queries.session_clients, tenant_id=tenant_id, session_id=session_id)
        )

    async def list_sessions(
        self, tenant_id: TenantId, user_id: UserId, ended_since: NumericDate | None = None
    ) -> tuple[BrowserSession, ...]:
        return await self._reads.run(
            partial(sign_in_queries.sessions, tenant_id=tenant_id, user_id=user_id, ended_since=ended_since)
        )

    async def list_user_grants(self, tenant_id: TenantId, user_id: UserId) -> tuple[PermissionGrant, ...]:
        return await self._reads.run(partial(queries.user_grants, tenant_id=tenant_id, user_id=user_id))

    async def has_signed_in_from(self, tenant_id: TenantId, user_id: UserId, address: str) -> bool:
        return await self._reads.run(
            partial(sign_in_queries.has_signed_in_from, tenant_id=tenant_id, user_id=user_id, address=address)
        )

    async def find_attempts(self, tenant_id: TenantId, user_id: UserId, counter: Counter) -> Attempts | None:
        return await self._reads.run(
            partial(sign_in_queries.attempts, tenant_id=tenant_id, user_id=user_id, counter=counter)
        )

    async def find_device_flow(self, key: DeviceFlowKey) -> DeviceFlow | None:
        return await self._reads.run(partial(sign_in_queries.device_flow, key=key))

    async def find_device_flow_by_user_code(self, user_code: str) -> DeviceFlow | None:
        return await self._reads.run(partial(sign_in_queries.device_flow_by_user_code, user_code=user_code))

    async def list_sign_ins(self, tenant_id: TenantId, *, top: int) -> tuple[SignIn, ...]:
        return await self._reads.run(partial(sign_in_queries.sign_ins, tenant_id=tenant_id, top=top))

    async def list_signing_keys(self) -> tuple[SigningKeyRecord, ...]:
        return await self._reads.run(sign_in_queries.signing_keys)

    # ---- what changes ----

    async def commit(self, effects: Sequence[Effect]) -> bool:
        if not effects:
            return True
        changed = statements.changed_tenants(effects)
        try:
            return await self._writer.write(
                partial(statements.apply, effects=tuple(effects)),
                order=order_of(effects),
                end_days=_end_days(effects),
            )
        finally:
            self._backend.forget(changed)  # also when nobody knows whether it was committed

    async def write_journal(self, stories: Sequence[Story], uses: Sequence[Use]) -> None:
        if stories or uses:
            work = partial(journal.write, stories=tuple(stories), uses=tuple(uses))
            await self._writer.write(work, order=("journal",))

    async def sweep(self, now: NumericDate, *, limit: int) -> int:
        deleted = await asyncio.to_thread(self._backend.drop_ended, now)
        edges = await self._reads.run(edges_of_stories)
        while deleted < limit:
            some = min(BATCH, limit - deleted)
            gone = await self._writer.write(partial(delete_ended, now=now, some=some, edges=edges))
            deleted += gone
            if gone < some:
                break
        await self._catch_up()
        return deleted

    async def _catch_up(self) -> None:
        """With what processes of the version before have written: looked for where no writer waits."""
        if objects := await self._reads.run(lagging):
            await self._writer.write(partial(refresh, objects=objects))

    async def close(self) -> None:
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.close()
        self._backend.close()

    def _make_room(self, connection: Connection, batch: Sequence[Unit]) -> None:
        self._backend.make_room(connection, {day for unit in batch for day in unit.end_days})


def _end_days(effects: Sequence[Effect]) -> frozenset[int]:
    """When the families that *effects* insert will end."""
    inserted = (effect.family for effect in effects if isinstance(effect, OpenFamily | SucceedFamily))
    return frozenset(family.key.end_day for family in inserted)
