"""Many ask for the same thing at once, of two processes on one database: one wins.

RFC 6749 §4.1.2 (a code is used once), RFC 9700 §4.14 (refresh tokens rotate, reuse revokes).
"""

import asyncio
import itertools
from collections.abc import Iterator, Sequence

import pytest
from attrs import define, field

from entrada.core.protocol import lifetimes
from tests.stress.cluster import Cluster
from tests.stress.connection import Answer, Connection
from tests.stress.public_client import redeem_request, refresh_request

NARROW = 8
WIDE_RACES = 4
ALREADY_REDEEMED = 54005
REVOKED = 70008  # what a token of a revoked family hears
REUSED = 70000

TOTALS = [1_000, pytest.param(10_000, marks=pytest.mark.stress)]


def widths(total: int) -> Iterator[int]:
    """Four fifths of *total* in narrow races, the rest in a few wide ones."""
    wide = total // 5 // WIDE_RACES
    yield from itertools.repeat(wide, WIDE_RACES)
    yield from itertools.repeat(NARROW, (total - WIDE_RACES * wide) // NARROW)


@define
class Tally:
    asked: int = 0
    won_by: set[int] = field(factory=set)  # which of the servers

    async def race(self, connections: Sequence[Connection], request: bytes, first: int) -> list[Answer]:
        """All at once; *first* begins, or one server would be asked first each time.  Answers by connection."""
        order = [*connections[first:], *connections[:first]]
        answers = await asyncio.gather(*(connection.ask(request) for connection in order))
        self.asked += len(answers)
        self.won_by |= {(first + number) % 2 for number, answer in enumerate(answers) if answer.status == 200}
        return answers


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


@define
class Chain:
    """A family, from the outside: its code, its leaf, and the token before it."""

    code: str
    leaf: str
    previous: str = ""
    generation: int = 0

    def advance(self, answers: Sequence[Answer]) -> None:
        """All of them brought the same successor, or a refusal."""
        successors = {answer.json["refresh_token"] for answer in answers if answer.status == 200}
        assert len(successors) == 1
        self.previous, self.leaf = self.leaf, successors.pop()
        assert self.leaf != self.previous
        self.generation += 1


GENERATIONS = 4


@pytest.mark.parametrize("total", TOTALS)
async def test_a_generation_advances_once(cluster: Cluster, total: int) -> None:
    tally = Tally()
    races = list(widths(total))
    async with cluster.connections(max(races)) as connections, cluster.inside() as inside:
        codes = await cluster.codes(-(-len(races) // GENERATIONS))
        chains = [Chain(code, await redeem(connections[0], code)) for code in codes]
        for number, (width, chain) in enumerate(zip(races, itertools.cycle(chains), strict=False)):
            chain.advance(await tally.race(connections[:width], refresh_request(chain.leaf), number % 2))
        assert tally.asked == total
        for chain in chains:
            family = await inside.family(chain.code)
            assert family is not None
            assert (family.generation, family.revoked_at) == (chain.generation, None)
    await asyncio.sleep(lifetimes.GRACE + 1)  # longer than servers keep an idle connection: others are needed
    async with cluster.connections(2) as (one, other):
        for chain in chains:
            reused = await one.ask(refresh_request(chain.previous))
            leaf = await other.ask(refresh_request(chain.leaf))
            assert (reused.aadsts, leaf.aadsts) == (REUSED, REVOKED)
    assert cluster.failures() == []


async def redeem(connection: Connection, code: str) -> str:
    answer = await connection.ask(redeem_request(code))
    assert answer.status == 200, answer
    token: str = answer.json["refresh_token"]
    return token
