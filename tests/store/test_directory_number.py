"""The number by which a poller sees that a tenant's directory was written to."""

import asyncio

from attrs import evolve

from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.core.directory.ids import TenantId
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.sql.sqlite_numbers import CEILING
from tests.store.known import ADA, OTHER_TENANT, TENANT, guid, remember

RECORD = GatewayRecord(tenant_id=TENANT.id, kind=RecordKind.API, id="colors", display_name="Colors", content="{}")


async def test_it_changes_with_every_write_and_with_nothing_else(store):
    await remember(store, TENANT)
    seen = [await store.directory_number(TENANT.id)]
    assert await store.directory_number(TENANT.id) == seen[0]
    for entity in (RECORD, ADA):
        assert await store.commit([PutEntity(entity)])
        seen.append(await store.directory_number(TENANT.id))
    assert len(set(seen)) == len(seen)


async def test_it_is_seen_by_another_process(database):
    writer, reader = database.open(), database.open()
    await remember(writer, TENANT)
    before = await reader.directory_number(TENANT.id)
    assert await writer.commit([PutEntity(evolve(RECORD, content='{"path": "colors"}'))])
    await asyncio.sleep(CEILING)
    assert await reader.directory_number(TENANT.id) != before
    await writer.close()
    await reader.close()


async def test_nobody_has_none(store):
    await remember(store, OTHER_TENANT)
    assert await store.directory_number(TenantId(guid(0xDEAD))) == 0
