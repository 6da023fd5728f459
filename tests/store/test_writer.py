"""The writer: who waits together is committed together, and nobody suffers for another."""

import asyncio
import threading

import pytest
from attrs import evolve

from entrada.core.protocol.effects import OpenFamily, OpenSession, PutEntity
from entrada.server.store.port import StoreUnavailable
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.writer import LARGEST_BATCH
from tests.store.known import ADA, FAMILY, OPEN_FAMILY, SESSION, SIGN_IN, TENANT, family_of, guid, sign_in


class Held:
    """Keeps the writer busy, so that what comes meanwhile waits together."""

    def __init__(self, store):
        self._store = store
        self._go_on = threading.Event()

    async def __aenter__(self):
        self._unit = asyncio.create_task(self._store._writer.write(self._wait))
        await asyncio.sleep(0.05)
        return self

    def _wait(self, connection):
        self._go_on.wait(10)

    async def __aexit__(self, *exception):
        self._go_on.set()
        await self._unit


def start(*coroutines):
    return [asyncio.create_task(coroutine) for coroutine in coroutines]


def fail(connection):
    raise ZeroDivisionError("a bad unit")


async def test_a_bad_unit_harms_nobody_else(lasting_store):
    await sign_in(lasting_store)
    async with Held(lasting_store):
        good = start(*(lasting_store.commit([OpenFamily(family_of(number))]) for number in range(10)))
        bad = start(lasting_store._writer.write(fail, order=("family", TENANT.id, family_of(5).key.id)))
        failing = start(lasting_store.commit([OpenFamily(evolve(FAMILY, session_id=guid(9)))]))
        await asyncio.sleep(0)
    assert await asyncio.gather(*good) == [True] * 10
    assert await asyncio.gather(*failing) == [False]
    with pytest.raises(ZeroDivisionError):
        await bad[0]
    for number in range(10):
        assert await lasting_store.find_family(family_of(number).key) is not None


async def test_text_that_no_database_holds_harms_nobody_else(lasting_store):
    await sign_in(lasting_store)
    impossible = OpenSession(evolve(SESSION, id=guid(9), user_agent="\ud800"), SIGN_IN)
    async with Held(lasting_store):
        good, bad = start(lasting_store.commit([OPEN_FAMILY]), lasting_store.commit([impossible]))
        await asyncio.sleep(0)
    assert await good
    with pytest.raises(Exception, match=r"surrogates|UTF-8|encode"):
        await bad
    assert await lasting_store.find_session(TENANT.id, guid(9)) is None


async def test_a_failed_unit_among_others_is_rolled_back_alone(lasting_store):
    await sign_in(lasting_store)
    async with Held(lasting_store):
        units = start(
            lasting_store.commit([OpenFamily(family_of(1)), PutEntity(evolve(ADA, version=5))]),
            lasting_store.commit([OpenFamily(family_of(2)), PutEntity(ADA)]),
            lasting_store.commit([OpenFamily(family_of(3))]),
        )
        await asyncio.sleep(0)
    assert await asyncio.gather(*units) == [False, True, True]
    assert await lasting_store.find_family(family_of(1).key) is None
    assert await lasting_store.find_family(family_of(2).key) is not None
    assert await lasting_store.find_user(TENANT.id, ADA.id) == ADA


async def test_who_is_cancelled_harms_nobody(lasting_store):
    await sign_in(lasting_store)
    async with Held(lasting_store):
        units = start(*(lasting_store.commit([OpenFamily(family_of(number))]) for number in range(6)))
        await asyncio.sleep(0)
        for unit in units[::2]:
            unit.cancel()
    outcomes = await asyncio.gather(*units, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError, bool] * 3
    assert outcomes[1::2] == [True] * 3
    for number in range(6):  # asked for is asked for
        assert await lasting_store.find_family(family_of(number).key) is not None


async def test_a_batch_has_a_largest_size(lasting_store, statements):
    await sign_in(lasting_store)
    assert await lasting_store.commit([OPEN_FAMILY])
    statements.clear()
    async with Held(lasting_store):
        many = LARGEST_BATCH + 10
        units = start(*(lasting_store.commit([OpenFamily(family_of(number))]) for number in range(many)))
        await asyncio.sleep(0)
    assert all(await asyncio.gather(*units))
    assert [len(commit) for commit in statements.commits if commit] == [LARGEST_BATCH, 10]


async def test_closing_writes_what_waits(database):
    store = database.open()
    await sign_in(store)
    async with Held(store):
        units = start(*(store.commit([OpenFamily(family_of(number))]) for number in range(5)))
        await asyncio.sleep(0)
        closing = asyncio.create_task(store.close())
        await asyncio.sleep(0.05)
    await closing
    assert await asyncio.gather(*units) == [True] * 5


async def test_a_closed_store_refuses(place):
    store = place.open()
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.commit([OPEN_FAMILY])


async def test_a_closed_database_answers_nothing(database):
    store = database.open()
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.find_family(FAMILY.key)


async def test_several_event_loops_may_share_a_store(database):
    store = open_store(database.url)
    await sign_in(store)

    async def work(first):
        families = [family_of(first + number) for number in range(20)]
        return await asyncio.gather(*(store.commit([OpenFamily(family)]) for family in families))

    loops = [asyncio.to_thread(asyncio.run, work(1000 * number)) for number in range(4)]
    assert await asyncio.gather(*loops) == [[True] * 20] * 4
    await store.close()


async def test_a_loop_that_is_gone_harms_nobody(lasting_store):
    await sign_in(lasting_store)

    async def ask_and_leave():
        asyncio.ensure_future(lasting_store.commit([OPEN_FAMILY]))  # noqa: RUF006  (nobody waits: that is the point)
        await asyncio.sleep(0)

    async with Held(lasting_store):
        await asyncio.to_thread(asyncio.run, ask_and_leave())
        other = start(lasting_store.commit([OpenFamily(family_of(1))]))
        await asyncio.sleep(0)
    assert await asyncio.gather(*other) == [True]
    assert await lasting_store.find_family(FAMILY.key) == FAMILY
