"""The database goes away, comes back, is locked, is torn between two: nothing is lost and nothing done twice."""

import asyncio
import sqlite3
from contextlib import contextmanager

import pytest
from attrs import evolve
from psycopg import sql
from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import DBAPIError

from entrada.core.protocol.effects import OpenFamily, PutEntity, RotateFamily
from entrada.server.store.port import StoreUnavailable
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.migrate import migrate, pending
from tests.store.known import ADA, FAMILY, NOW, OPEN_FAMILY, TENANT, family_of, sign_in, start_family
from tests.store.places import connect


@contextmanager
def listening(name, listener):
    event.listen(Engine, name, listener)
    try:
        yield
    finally:
        event.remove(Engine, name, listener)


@pytest.fixture
async def on_postgresql(empty_postgres_url):
    store = open_store(empty_postgres_url)
    yield store
    await store.close()


def end_backends(url, which="true"):
    """Kill this database's server processes."""
    with connect(url) as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others} AND {which}".encode()
        )


def killing(url, when):
    """Kill the server process of the first statement or commit for which *when* holds, just before it is sent."""
    killed = []

    def kill(connection, *sent):
        pid = connection.connection.driver_connection.info.backend_pid
        if when(*sent) and not killed:
            killed.append(pid)
            end_backends(url, f"pid = {pid}")

    return killed, kill


@pytest.mark.postgres
async def test_connections_that_died_while_idle_are_made_anew(on_postgresql, empty_postgres_url):
    await sign_in(on_postgresql)
    assert await on_postgresql.find_family(FAMILY.key) is None
    end_backends(empty_postgres_url)
    assert await on_postgresql.commit([OPEN_FAMILY])
    end_backends(empty_postgres_url)
    assert await on_postgresql.find_family(FAMILY.key) == FAMILY


def rotates(cursor, statement, *rest):
    return "UPDATE families" in statement


@pytest.mark.postgres
async def test_a_connection_lost_before_the_commit_is_no_loss(on_postgresql, empty_postgres_url):
    """Nothing was committed, so the batch may be tried again: and it holds, once."""
    await start_family(on_postgresql)
    killed, kill = killing(empty_postgres_url, rotates)
    with listening("before_cursor_execute", kill):
        assert await on_postgresql.commit([RotateFamily(FAMILY.key, 0, NOW)])
    assert killed
    assert (await on_postgresql.find_family(FAMILY.key)).generation == 1


@pytest.mark.postgres
async def test_a_commit_without_an_answer_is_not_tried_again(on_postgresql, empty_postgres_url):
    """Nobody knows whether it was committed.  A second try could take our own row for another replica's."""
    await sign_in(on_postgresql)
    assert await on_postgresql.commit([OpenFamily(family_of(1))])
    killed, kill = killing(empty_postgres_url, lambda: True)
    with listening("commit", kill), pytest.raises(StoreUnavailable, match="unknown"):
        await on_postgresql.commit([OPEN_FAMILY])
    assert killed
    assert await on_postgresql.find_family(FAMILY.key) is None
    assert await on_postgresql.commit([OPEN_FAMILY])
    assert await on_postgresql.find_family(FAMILY.key) == FAMILY


@pytest.mark.postgres
async def test_a_database_that_is_away_is_unavailable_until_it_is_back(
    on_postgresql, postgres_server, postgres_database, empty_postgres_url
):
    await sign_in(on_postgresql)
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    postgres_server.admin(allow.format(sql.Identifier(postgres_database), sql.SQL("false")))
    try:
        kill = sql.SQL("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}")
        postgres_server.admin(kill.format(sql.Literal(postgres_database)))
        units = [on_postgresql.commit([OpenFamily(family_of(number))]) for number in range(4)]
        outcomes = await asyncio.gather(*units, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 4
        with pytest.raises(StoreUnavailable):
            await on_postgresql.find_family(FAMILY.key)
        with pytest.raises(StoreUnavailable):
            await on_postgresql.find_tenant(TENANT.id)
        with pytest.raises(StoreUnavailable):
            await on_postgresql.sweep(NOW, limit=1)
        with pytest.raises(StoreUnavailable):
            pending(empty_postgres_url)
        with pytest.raises(StoreUnavailable):
            migrate(empty_postgres_url)
    finally:
        postgres_server.admin(allow.format(sql.Identifier(postgres_database), sql.SQL("true")))
    assert await on_postgresql.commit([OPEN_FAMILY])
    assert await on_postgresql.find_family(FAMILY.key) == FAMILY
    assert await on_postgresql.find_family(family_of(0).key) is None


@pytest.mark.postgres
async def test_deadlocks_are_tried_again(empty_postgres_url):
    """Units of several rows in opposite orders: some wait for each other, all get an answer."""
    stores = [open_store(empty_postgres_url) for _ in range(2)]
    await sign_in(stores[0])
    families = [family_of(number) for number in range(2)]
    assert await stores[0].commit([OpenFamily(family) for family in families])
    won = 0
    for generation in range(6):
        there = [RotateFamily(family.key, generation, NOW) for family in families]
        outcomes = await asyncio.gather(stores[0].commit(there), stores[1].commit(there[::-1]))
        won += sum(outcomes)
    assert won == 6
    for store in stores:
        await store.close()


@pytest.mark.postgres
async def test_a_name_taken_in_the_midst_of_a_rename(empty_postgres_url):
    """Another process holds the name in a transaction that is not committed yet: wait for it, and lose."""
    store, other = open_store(empty_postgres_url), connect(empty_postgres_url)
    assert await store.commit([PutEntity(ADA)])
    values = "(tenant_id, id, upn, seed, version, document) VALUES (%s, 'x', 'taken@colors.example', false, 1, '{}')"
    other.execute(f"INSERT INTO users {values}".encode(), [TENANT.id])
    renamed = evolve(ADA, version=1, user_principal_name="Taken@colors.example")
    renaming = asyncio.create_task(store.commit([PutEntity(renamed)]))
    await asyncio.sleep(0.1)
    assert not renaming.done()
    other.commit()
    assert not await renaming
    assert await store.find_user(TENANT.id, ADA.id) == ADA
    other.close()
    await store.close()


async def test_a_locked_file_is_unavailable_until_it_is_free(sqlite_url):
    def impatient(connection, entry):
        connection.execute("PRAGMA busy_timeout = 20")

    with listening("connect", impatient):
        store = open_store(sqlite_url)
        await sign_in(store)
        other = sqlite3.connect(make_url(sqlite_url).database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            await store.commit([OPEN_FAMILY])
        other.execute("ROLLBACK")
        other.close()
        assert await store.commit([OPEN_FAMILY])
        await store.close()


async def test_a_file_that_is_locked_for_a_moment_is_waited_for(sqlite_url):
    store = open_store(sqlite_url)
    await sign_in(store)
    other = sqlite3.connect(make_url(sqlite_url).database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(store.commit([OPEN_FAMILY]))
    await asyncio.sleep(0.1)
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    assert await writing
    await store.close()


async def test_tables_that_were_never_made(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StoreUnavailable, match="no such table"):
        await store.commit([OPEN_FAMILY])
    with pytest.raises(StoreUnavailable, match="no such table"):
        await store.find_tenant(TENANT.id)
    with pytest.raises(StoreUnavailable, match="no such table"):
        await store.list_tenants()
    await store.close()


async def test_no_error_tells_what_was_written(lasting_store):
    """Statements' parameters hold digests and sealed keys: an exception's text never does."""
    await sign_in(lasting_store)
    secret = "a-sealed-secret"
    with pytest.raises((DBAPIError, StoreUnavailable, OverflowError)) as raised:
        await lasting_store.commit([OpenFamily(evolve(FAMILY, client_id=secret, generation=2**80))])
    error = raised.value
    while error is not None:
        assert secret not in str(error)
        error = error.__cause__
