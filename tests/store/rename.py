"""Another process that writes into the directory: `python -m tests.store.rename URL NAME` renames Ada."""

import asyncio
import sys

from attrs import evolve

from entrada.core.protocol.effects import PutEntity
from entrada.server.store.sql.engine import open_store
from tests.store.known import ADA, TENANT


async def rename(url: str, name: str) -> None:
    store = open_store(url)
    ada = await store.find_user(TENANT.id, ADA.id)
    assert ada is not None
    assert await store.commit([PutEntity(evolve(ada, display_name=name))])
    await store.close()


if __name__ == "__main__":
    asyncio.run(rename(sys.argv[1], sys.argv[2]))
