"""`kill -9` of server processes under load: nothing that was answered is lost, nothing unanswered is half there."""

import asyncio
import itertools
import random
import sqlite3
import time
from contextlib import closing

import pytest
from sqlalchemy import make_url

from entrada.core.protocol import lifetimes
from tests.stress.cluster import Cluster, Server
from tests.stress.load import Load, verify
from tests.stress.public_client import refresh_request
from tests.stress.race import NARROW, Chain, Tally, new_chains, reuse_ends_the_family

CODES = 150
CHAINS = 25
KILLS = [5, pytest.param(20, marks=pytest.mark.stress)]


@pytest.mark.parametrize("kills", KILLS)
async def test_nothing_answered_is_lost(cluster: Cluster, kills: int) -> None:
    in_doubt = 0
    chains = await rotated(cluster)
    begun = time.monotonic()
    killed = 0
    for number in itertools.count():
        if killed >= kills:
            break
        load = Load(cluster)
        await load.start(await cluster.codes(CODES))
        await asyncio.sleep(random.uniform(0.1, 0.3))
        ill_fated = victims(cluster, number)
        killed += len(ill_fated)
        await kill(ill_fated)
        await load.stop()
        assert load.answered
        assert load.unavailable == []
        in_doubt += len(load.in_doubt)
        check_file(cluster.database)
        await verify(load.begun, cluster)
        assert await cluster.codes(1), "the browser that was signed in before is signed in still"
    assert in_doubt, "no request was under way when its server was killed"
    await asyncio.sleep(begun + lifetimes.GRACE + 1 - time.monotonic())
    await reuse_ends_the_family(cluster, chains)  # when each token was rotated has survived the kills too
    assert cluster.failures() == []


async def rotated(cluster: Cluster) -> list[Chain]:
    chains = await new_chains(cluster, CHAINS)
    async with cluster.connections(NARROW) as connections:
        for chain in chains:
            chain.advance(await Tally().race(connections, refresh_request(chain.leaf)))
    return chains


def victims(cluster: Cluster, number: int) -> list[Server]:
    """One, the other, both."""
    first, second = cluster.servers
    return ([first], [second], [first, second])[number % 3]


async def kill(servers: list[Server]) -> None:
    for server in servers:
        server.kill()
    # While the other one, if it lives, works on.
    await asyncio.gather(*(asyncio.to_thread(server.start) for server in servers))


def check_file(database: str) -> None:
    url = make_url(database)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(url.database or "")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
