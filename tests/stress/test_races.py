"""Many ask for the same thing at once, of two processes on one database: one wins.

RFC 6749 §4.1.2 (a code is used once), RFC 9700 §4.14 (refresh tokens rotate, reuse revokes).
"""

import asyncio
import itertools
from collections.abc import Iterator

import pytest

from entrada.core.protocol import lifetimes
from tests.stress.cluster import Cluster
from tests.stress.public_client import redeem_request, refresh_request
from tests.stress.race import NARROW, REVOKED, Tally, new_chains, reuse_ends_the_family

WIDE_RACES = 4
ALREADY_REDEEMED = 54005
GENERATIONS = 4

TOTALS = [1_000, pytest.param(10_000, marks=pytest.mark.stress)]


def widths(total: int) -> Iterator[int]:
    """A fifth of *total* in a few wide races, the rest in narrow ones."""
    wide = total // 5 // WIDE_RACES
    yield from itertools.repeat(wide, WIDE_RACES)
    yield from itertools.repeat(NARROW, (total - WIDE_RACES * wide) // NARROW)


@pytest.mark.parametrize("total", TOTALS)
async def test_a_code_is_redeemed_once(cluster: Cluster, total: int) -> None:
    tally = Tally()
    races = list(widths(total))
    codes = await cluster.codes(len(races))
    async with cluster.connections(max(races)) as connections:
        for number, (width, code) in enumerate(zip(races, codes, strict=True)):
            answers = await tally.race(connections[:width], redeem_request(code), number % 2)
            winners = [answer for answer in answers if answer.status == 200]
            assert len(winners) == 1
            assert {answer.aadsts for answer in answers if answer.status != 200} == {ALREADY_REDEEMED}
            refused = await connections[0].ask(refresh_request(winners[0].json["refresh_token"]))
            assert (refused.json["error"], refused.aadsts) == ("invalid_grant", REVOKED)
    assert tally.asked == total
    assert tally.won_by == {0, 1}, "one server won everything: they did not race"
    assert cluster.failures() == []


@pytest.mark.parametrize("total", TOTALS)
async def test_a_generation_advances_once(cluster: Cluster, total: int) -> None:
    tally = Tally()
    races = list(widths(total))
    chains = await new_chains(cluster, -(-len(races) // GENERATIONS))
    async with cluster.connections(max(races)) as connections, cluster.inside() as inside:
        for number, (width, chain) in enumerate(zip(races, itertools.cycle(chains), strict=False)):
            chain.advance(await tally.race(connections[:width], refresh_request(chain.leaf), number % 2))
        for chain in chains:
            family = await inside.family(chain.code)
            assert family is not None
            assert (family.generation, family.revoked_at) == (chain.generation, None)
    assert tally.asked == total
    assert cluster.failures() == []


@pytest.mark.stress  # which waits; test_kills.py tries the same while it waits for other things
async def test_reuse_after_the_grace_ends_every_family(cluster: Cluster) -> None:
    chains = await new_chains(cluster, 10_000 // NARROW)
    async with cluster.connections(NARROW) as connections:
        for chain in chains:
            chain.advance(await Tally().race(connections, refresh_request(chain.leaf)))
    await asyncio.sleep(lifetimes.GRACE + 1)
    await reuse_ends_the_family(cluster, chains)
    assert cluster.failures() == []
