"""PostgreSQL crashes under load: "temporarily unavailable" meanwhile, and afterwards nothing answered is lost."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest

from tests.plugins.postgres import PostgresServer
from tests.stress.cluster import Cluster
from tests.stress.conftest import crash
from tests.stress.connection import Answer, Connection
from tests.stress.load import Load, verify
from tests.stress.public_client import authorize_request, code_of, redeem_request

pytestmark = pytest.mark.postgres

CODES = 300
CRASHES = [3, pytest.param(20, marks=pytest.mark.stress)]
SOON = 15.0  # seconds


@pytest.mark.parametrize("crashes", CRASHES)
async def test_the_platform_outlives_its_database(
    own_postgres: PostgresServer, starter: ThreadPoolExecutor, on_postgresql: Cluster, crashes: int
) -> None:
    on_postgresql.forget_failures()
    processes = [server.process for server in on_postgresql.servers]
    for number in range(crashes):
        async with under_load(on_postgresql) as load:
            if number % 3 == 2:
                kill_backend(own_postgres)
            else:
                crash(own_postgres)
                await expect_unavailable(on_postgresql, await unused_codes(load))
                await asyncio.get_running_loop().run_in_executor(starter, own_postgres.start)
            await recovered(on_postgresql)
        assert load.answered
        for answer in load.unavailable:
            expect_retry_after(answer)
            assert answer.json["error"] == "temporarily_unavailable"
        await verify(load.begun, on_postgresql)
    assert processes == [server.process for server in on_postgresql.servers]
    assert all(server.is_alive for server in on_postgresql.servers)
    assert [line for line in on_postgresql.failures() if kind(line) != "StoreUnavailable"] == []


@asynccontextmanager
async def under_load(cluster: Cluster) -> AsyncIterator[Load]:
    load = Load(cluster)
    await load.start(await cluster.codes(CODES))
    await asyncio.sleep(0.2)
    try:
        yield load
    finally:
        await load.stop()


def kill_backend(server: PostgresServer) -> None:
    """PostgreSQL then takes the shared memory for spoiled: it ends all connections, recovers and starts anew."""
    with psycopg.connect(server.conninfo("postgres")) as witness:
        found = witness.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'entrada'").fetchone()
        assert found is not None
        os.kill(found[0], signal.SIGKILL)
        with suppress(psycopg.OperationalError):
            while True:  # until the witness is sent away too
                witness.execute("SELECT 1")


async def unused_codes(load: Load) -> Sequence[str]:
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
    """Each server serves again, whichever of its threads is asked."""
    request = authorize_request(cluster.cookie)
    async with asyncio.timeout(SOON), cluster.connections(8 * len(cluster.servers)) as connections:
        for connection in connections:
            while (answer := await connection.ask(request)).status == 503:
                expect_retry_after(answer)
                await asyncio.sleep(0.05)
        answers = await asyncio.gather(*(connection.ask(request) for connection in connections))
    assert all(map(code_of, answers))


def kind(line: dict[str, object]) -> object:
    """An outage is one line that names it, the journal's too; anything else would be a traceback."""
    outage = line.get("decision") == "unavailable" or line["event"] == "journal"
    return str(line.get("error")).partition(":")[0] if outage else line
