"""However many ask at once, the keys are looked at once."""

import asyncio

from entrada.server.store.memory import MemoryStore
from entrada.testing import platform


class CountedStore(MemoryStore):
    looks = 0

    async def list_signing_keys(self):
        self.looks += 1
        await asyncio.sleep(0)  # as a database would, let others ask meanwhile
        return await super().list_signing_keys()


async def counted(signing_keys):
    store = CountedStore()
    here = (await platform(store, keys=signing_keys)).here
    here.signing_keys.forget()
    store.looks = 0
    return here, store


async def test_a_hundred_requests_at_once_look_once(signing_keys):
    here, store = await counted(signing_keys)
    await asyncio.gather(*(here.signing_keys.signer(here.clock()) for _ in range(100)))
    assert store.looks == 1


async def test_whoever_gives_up_waiting_does_not_stop_the_others(signing_keys):
    here, _ = await counted(signing_keys)
    first = asyncio.ensure_future(here.signing_keys.signer(here.clock()))
    second = asyncio.ensure_future(here.signing_keys.signer(here.clock()))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).kid


async def test_what_is_forgotten_during_a_look_is_looked_at_again(signing_keys):
    here, store = await counted(signing_keys)
    asking = asyncio.ensure_future(here.signing_keys.signer(here.clock()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    here.signing_keys.forget()
    await asking
    await here.signing_keys.signer(here.clock())
    assert store.looks == 2
