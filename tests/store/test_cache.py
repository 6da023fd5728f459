"""The directory's cache: quick, bounded, and never older than it may be."""

import asyncio
import subprocess
import sys
import time

import pytest
from attrs import define, evolve, field

from entrada.core.directory.ids import ApplicationId, ClientId, TenantId, UserId
from entrada.core.protocol.effects import PutEntity, RemoveEntity
from entrada.server.store.directory_cache import CachedDirectory
from entrada.server.store.memory import MemoryStore
from entrada.server.store.sql.directory import SqlDirectory
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.postgresql_numbers import CEILING, PostgresqlNumbers
from tests.store.known import (
    ADA,
    ADA_PAINTS,
    APP,
    ARTISTS,
    BEN,
    CLEO_AT_HOME,
    DAEMONS_ROLE,
    GUEST,
    OTHER_PRINCIPAL,
    OTHER_TENANT,
    PAINTERS,
    PAINTERS_ARE_ARTISTS,
    PRINCIPAL,
    TENANT,
    guid,
    remember,
)
from tests.store.places import connect


async def eventually(question, answer, *, within=3.0):
    """Ask again and again until *answer* comes."""
    until = time.monotonic() + within
    while (found := await question()) != answer:
        assert time.monotonic() < until, f"still {found}"
        await asyncio.sleep(0.01)


async def name_of_ada(store):
    return (await store.find_user(TENANT.id, ADA.id)).display_name


async def rename_ada(store, name):
    ada = await store.find_user(TENANT.id, ADA.id)
    assert await store.commit([PutEntity(evolve(ada, display_name=name))])


# ---- what others write is seen ----


async def test_ones_own_write_is_seen_at_once(store):
    await remember(store, ADA)
    for number in range(20):
        await rename_ada(store, f"Ada {number}")
        assert await name_of_ada(store) == f"Ada {number}"


async def test_another_process_is_seen(lasting_store, database):
    """On SQLite at once; on PostgreSQL as soon as its notice arrives, long before the ceiling."""
    await remember(lasting_store, ADA)
    await name_of_ada(lasting_store)
    command = [sys.executable, "-m", "tests.store.rename", database.url, "Countess"]
    await asyncio.to_thread(subprocess.run, command, check=True)
    if database.kind == "sqlite":
        assert await name_of_ada(lasting_store) == "Countess"
    await eventually(lambda: name_of_ada(lasting_store), "Countess", within=CEILING - 3)


@pytest.mark.parametrize("times", range(3))
async def test_another_store_is_seen(lasting_store, replica, times):
    await remember(lasting_store, ADA)
    for number in range(10):
        await rename_ada(replica, f"Ada {number}")
        await eventually(lambda: name_of_ada(lasting_store), f"Ada {number}", within=CEILING - 3)


async def test_what_is_removed_is_gone(lasting_store, replica):
    await remember(lasting_store, ADA)
    assert await name_of_ada(lasting_store)
    assert await replica.commit([RemoveEntity(evolve(ADA, version=1))])
    await eventually(lambda: lasting_store.find_user(TENANT.id, ADA.id), None)


@pytest.fixture
async def deaf(empty_postgres_url):
    """A PostgreSQL store's cache without a listener, with a clock that a test moves."""
    store = open_store(empty_postgres_url)
    clock = [100.0]
    numbers = PostgresqlNumbers(store._reads, clock=lambda: clock[0])
    yield CachedDirectory(SqlDirectory(store._reads), numbers), clock
    await store.close()


@pytest.mark.postgres
async def test_without_notices_the_ceiling_holds(deaf, empty_postgres_url):
    cache, clock = deaf
    replica = open_store(empty_postgres_url)
    await remember(replica, ADA)
    assert await name_of_ada(cache) == ADA.display_name
    await rename_ada(replica, "Countess")
    clock[0] += CEILING - 0.001
    assert await name_of_ada(cache) == ADA.display_name  # or this test would prove nothing
    clock[0] += 0.001
    assert await name_of_ada(cache) == "Countess"
    await replica.close()


@pytest.mark.postgres
async def test_a_lost_listener_empties_the_cache_and_listens_again(empty_postgres_url):
    store, replica = open_store(empty_postgres_url), open_store(empty_postgres_url)
    await remember(store, ADA)
    numbers = store._backend.numbers

    async def is_noted_once_asked():
        await name_of_ada(store)
        return numbers.known(TENANT.id) is not None

    await eventually(lambda: asyncio.sleep(0, listeners(empty_postgres_url)), 2)
    await eventually(is_noted_once_asked, answer=True)
    with connect(empty_postgres_url) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    await eventually(lambda: asyncio.sleep(0, numbers.known(TENANT.id)), None)
    await name_of_ada(store)  # noted again, while nobody listens: so the next change goes unheard
    await rename_ada(replica, "Countess")
    await eventually(lambda: name_of_ada(store), "Countess", within=CEILING - 2)
    await eventually(lambda: asyncio.sleep(0, listeners(empty_postgres_url)), 2)
    await rename_ada(replica, "Lovelace")
    await eventually(lambda: name_of_ada(store), "Lovelace", within=CEILING - 3)
    await store.close()
    await replica.close()


def listeners(url):
    with connect(url) as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        return connection.execute(query).fetchone()[0]


# fmt: off
CHANGES = [  # what is there, the question, its answer, what another replica does, the answer then
    pytest.param([GUEST], lambda store: store.find_guest(TENANT.id, CLEO_AT_HOME.user_id), GUEST,
                 RemoveEntity(evolve(GUEST, version=1)), None, id="a guest leaves"),
    pytest.param([PRINCIPAL], lambda store: store.find_service_principal_by_id(TENANT.id, PRINCIPAL.id), PRINCIPAL,
                 PutEntity(evolve(PRINCIPAL, version=1, account_enabled=False)), evolve(PRINCIPAL, account_enabled=False), id="a service principal is disabled"),
    pytest.param([PAINTERS, ARTISTS, ADA_PAINTS], lambda store: store.find_groups(TENANT.id, ADA.id), (PAINTERS,),
                 PutEntity(PAINTERS_ARE_ARTISTS), (PAINTERS, ARTISTS), id="a group joins another"),
    pytest.param([PAINTERS], lambda store: store.find_groups(TENANT.id, ADA.id), (),
                 PutEntity(ADA_PAINTS), (PAINTERS,), id="a user joins a first group"),
    pytest.param([], lambda store: store.find_app_role_assignments(TENANT.id, OTHER_PRINCIPAL.id), (),
                 PutEntity(DAEMONS_ROLE), (DAEMONS_ROLE,), id="a daemon gets a role"),
]
# fmt: on


@pytest.mark.parametrize(("before", "ask", "answer", "change", "then"), CHANGES)
async def test_what_another_store_changes_is_seen(lasting_store, replica, before, ask, answer, change, then):
    await remember(lasting_store, TENANT, *before)
    for _ in range(3):
        assert await ask(lasting_store) == answer
    assert await replica.commit([change])
    await eventually(lambda: ask(lasting_store), then, within=CEILING - 3)


# ---- names that say nothing of their tenant ----


async def test_an_application_that_moves_is_found_where_it_is(lasting_store, replica):
    await remember(lasting_store, APP)
    for _ in range(3):
        assert await lasting_store.find_application(APP.app_id) == APP
    moved = evolve(APP, tenant_id=OTHER_TENANT.id, id=ApplicationId(guid(0xA09)))
    assert await replica.commit([RemoveEntity(evolve(APP, version=1)), PutEntity(moved)])
    for _ in range(3):
        await eventually(lambda: lasting_store.find_application(APP.app_id), moved)
    assert await replica.commit([PutEntity(evolve(moved, version=1, enabled=False))])
    await eventually(lambda: lasting_store.find_application(APP.app_id), evolve(moved, enabled=False))


async def test_a_domain_that_moves_leads_to_its_new_tenant(lasting_store, replica):
    await remember(lasting_store, TENANT, OTHER_TENANT)
    for _ in range(3):
        assert await lasting_store.find_tenant_by_domain("paint.example") == TENANT
    without, with_it = evolve(TENANT, domains=("colors.example",)), evolve(OTHER_TENANT, domains=("paint.example",))
    assert await replica.commit([PutEntity(evolve(without, version=1)), PutEntity(evolve(with_it, version=1))])
    await eventually(lambda: lasting_store.find_tenant_by_domain("paint.example"), with_it)


# ---- how much is kept, and of what ----


@define
class Numbers:
    """Directory numbers that a test sets."""

    now: dict[TenantId, int] = field(factory=dict)

    def known(self, tenant_id):
        return self.now.get(tenant_id, 1)

    async def read(self, tenant_id):
        raise AssertionError("it is known")


class Counted(MemoryStore):
    """Counts how often it is asked for users, and lets a test act in the midst of an answer."""

    def __init__(self):
        super().__init__()
        self.asked = 0
        self.meanwhile = lambda: None

    async def find_user(self, tenant_id, user_id):
        self.asked += 1
        found = await super().find_user(tenant_id, user_id)
        self.meanwhile()
        return found


async def test_what_is_known_is_asked_once():
    source = Counted()
    await remember(source, ADA)
    cache = CachedDirectory(source, Numbers())
    for _ in range(5):
        assert await cache.find_user(TENANT.id, ADA.id) == ADA
    assert source.asked == 1


async def test_what_does_not_exist_is_not_kept():
    source = Counted()
    cache = CachedDirectory(source, Numbers())
    for number in range(5):
        assert await cache.find_user(TENANT.id, UserId(guid(number))) is None
        assert await cache.find_application(ClientId(guid(number))) is None
        assert await cache.find_tenant_by_domain(f"{number}.example") is None
    assert source.asked == 5
    assert not cache._kept
    assert not cache._owners


async def test_the_least_used_goes_first():
    source = Counted()
    users = [evolve(BEN, id=UserId(guid(n)), user_principal_name=str(n)) for n in range(4)]
    await remember(source, *users)
    cache = CachedDirectory(source, Numbers(), capacity=3)
    for number in (0, 1, 2, 0, 3):  # 3 pushes 1 out
        await cache.find_user(TENANT.id, users[number].id)
    assert source.asked == 4
    for number in (0, 2, 3):
        await cache.find_user(TENANT.id, users[number].id)
    assert source.asked == 4
    await cache.find_user(TENANT.id, users[1].id)
    assert source.asked == 5
    assert len(cache._kept) == 3


async def test_a_write_during_the_look_is_not_missed():
    """The object was read before the write and arrives after it: it is not believed a second time."""
    source, numbers = Counted(), Numbers()
    await remember(source, ADA)
    cache = CachedDirectory(source, numbers)
    source.meanwhile = lambda: numbers.now.update({TENANT.id: 2})
    await cache.find_user(TENANT.id, ADA.id)
    await cache.find_user(TENANT.id, ADA.id)
    assert source.asked == 2


async def test_another_tenants_write_disturbs_nobody():
    source, numbers = Counted(), Numbers()
    await remember(source, ADA)
    cache = CachedDirectory(source, numbers)
    await cache.find_user(TENANT.id, ADA.id)
    numbers.now[OTHER_TENANT.id] = 7
    await cache.find_user(TENANT.id, ADA.id)
    assert source.asked == 1


class SlowReads:
    """Reads that finish when the test says so."""

    def __init__(self, number):
        self.number = number
        self.may_finish = asyncio.Event()

    async def run(self, read):
        await self.may_finish.wait()
        return self.number


async def test_a_number_read_before_a_notice_is_not_noted_after_it():
    reads = SlowReads(7)
    numbers = PostgresqlNumbers(reads)
    reading = asyncio.create_task(numbers.read(TENANT.id))
    await asyncio.sleep(0)
    numbers.forget(TENANT.id)
    reads.may_finish.set()
    assert await reading == 7
    assert numbers.known(TENANT.id) is None
    assert await numbers.read(TENANT.id) == numbers.known(TENANT.id) == 7


async def test_strangers_tenants_are_not_noted():
    reads = SlowReads(0)
    reads.may_finish.set()
    numbers = PostgresqlNumbers(reads)
    assert await numbers.read(TenantId(guid(9))) == 0
    assert numbers.known(TenantId(guid(9))) is None
