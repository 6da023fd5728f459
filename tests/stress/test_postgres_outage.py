"""PostgreSQL crashes under load: "temporarily unavailable" meanwhile, and afterwards nothing answered is lost."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from entrada.server.store.sql.migrate import migrate
from tests.plugins.postgres import PATIENCE, PostgresServer, find_programs, make_folder
from tests.stress.cluster import Cluster, cluster_on
from tests.stress.connection import Answer, Connection
from tests.stress.load import Load, verify
from tests.stress.public_client import authorize_request, code_of, redeem_request

pytestmark = pytest.mark.postgres

CODES = 300
CRASHES = [3, pytest.param(20, marks=pytest.mark.stress)]
SOON = 15.0  # seconds


@pytest.fixture(scope="module")
def own_server(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """Not the one that other tests share; *postgres_server* has found the programs, or skipped us."""
    programs = find_programs()
    assert programs is not None
    server = PostgresServer(programs, make_folder())
    try:
        server.make()
        server.start()
        migrate(server.url("postgres"))
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder)


@pytest.fixture(scope="module")
def fragile(own_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder: Path = tmp_path_factory.mktemp("fragile")
    with cluster_on(folder, own_server.url("postgres")) as made:
        yield made


@pytest.mark.parametrize("crashes", CRASHES)
async def test_the_platform_outlives_its_database(own_server: PostgresServer, fragile: Cluster, crashes: int) -> None:
    processes = [server.process for server in fragile.servers]
    for number in range(crashes):
        async with under_load(fragile) as load:
            if number % 3 == 2:
                kill_backend(own_server)
            else:
                crash(own_server)
                await expect_unavailable(fragile, await fragile_codes(load))
                await asyncio.to_thread(own_server.start)
            await recovered(fragile)
        assert load.answered
        for answer in load.unavailable:
            expect_retry_after(answer)
            assert answer.json["error"] == "temporarily_unavailable"
        await verify(load.begun, fragile)
    assert processes == [server.process for server in fragile.servers]
    assert all(server.is_alive for server in fragile.servers)
    assert {kind(line) for line in fragile.failures()} <= {"StoreUnavailable"}


@asynccontextmanager
async def under_load(cluster: Cluster) -> AsyncIterator[Load]:
    load = Load(cluster)
    await load.start(await cluster.codes(CODES))
    await asyncio.sleep(0.2)
    try:
        yield load
    finally:
        await load.stop()


def crash(server: PostgresServer) -> None:
    """As `pg_ctl stop -m immediate`: nothing is written down, so the next start recovers from the log."""
    assert server.process is not None
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait(PATIENCE)
    server.process = None


def kill_backend(server: PostgresServer) -> None:
    """PostgreSQL then takes the shared memory for spoiled: it ends all connections, recovers and starts anew."""
    with psycopg.connect(server.conninfo("postgres")) as connection:
        found = connection.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'entrada'").fetchone()
    assert found is not None
    os.kill(found[0], signal.SIGKILL)


async def fragile_codes(load: Load) -> Sequence[str]:
    """Codes that nobody has presented yet, one for each server."""
    return [load.waiting.pop().code for _ in load.cluster.servers]


async def expect_unavailable(cluster: Cluster, codes: Sequence[str]) -> None:
    async with cluster.connections(len(codes)) as connections:
        for connection, code in zip(connections, codes, strict=True):
            await expect_unavailable_at(connection, cluster.cookie, code)


async def expect_unavailable_at(connection: Connection, cookie: str, code: str) -> None:
    silent = await connection.ask(authorize_request(cookie))
    page = await connection.ask(authorize_request(cookie, accept="text/html"))
    redeemed = await connection.ask(redeem_request(code))
    for answer in (silent, page, redeemed):
        expect_retry_after(answer)
    assert redeemed.json["error"] == "temporarily_unavailable"
    assert "text/html" in page.headers["content-type"]


def expect_retry_after(answer: Answer) -> None:
    assert answer.status == 503, answer
    assert int(answer.headers["retry-after"]) > 0


async def recovered(cluster: Cluster) -> None:
    """Each server serves again, and was not started anew for it."""
    async with asyncio.timeout(SOON), cluster.connections(len(cluster.servers)) as connections:
        for connection in connections:
            while (answer := await connection.ask(authorize_request(cluster.cookie))).status == 503:
                expect_retry_after(answer)
                await asyncio.sleep(0.05)
            assert code_of(answer)


def kind(line: dict[str, object]) -> object:
    exceptions = line.get("exception")
    assert isinstance(exceptions, list)
    return exceptions[0]["exc_type"]
