"""Many ask for the same thing at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from attrs import define, field

from tests.stress.cluster import Cluster
from tests.stress.connection import Answer, Connection
from tests.stress.public_client import redeem_request, refresh_request

NARROW = 8
REUSED = 70000
REVOKED = 70008  # what every token of a revoked family hears


@define
class Tally:
    asked: int = 0
    won_by: set[int] = field(factory=set)  # which of the servers

    async def race(self, connections: Sequence[Connection], request: bytes, first: int = 0) -> list[Answer]:
        """All of *connections* at once; *first* begins, or one server would be asked first each time."""
        order = [*connections[first:], *connections[:first]]
        answers = await asyncio.gather(*(connection.ask(request) for connection in order))
        self.asked += len(answers)
        self.won_by |= {(first + number) % 2 for number, answer in enumerate(answers) if answer.status == 200}
        return answers


@define
class Chain:
    """A family, from the outside: its code, its leaf, and the token before it."""

    code: str
    leaf: str
    previous: str = ""
    generation: int = 0

    def advance(self, answers: Sequence[Answer]) -> None:
        """Each of them brought the same successor: within the grace nobody who asks is turned away."""
        assert {answer.status for answer in answers} == {200}
        successors = {answer.json["refresh_token"] for answer in answers}
        assert len(successors) == 1
        self.previous, self.leaf = self.leaf, successors.pop()
        assert self.leaf != self.previous
        self.generation += 1


async def new_chains(cluster: Cluster, count: int) -> list[Chain]:
    async with cluster.connections(1) as (connection,):
        return [Chain(code, await _redeem(connection, code)) for code in await cluster.codes(count)]


async def reuse_ends_the_family(cluster: Cluster, chains: Sequence[Chain]) -> None:
    """After the grace: whoever presents the token before the leaf is refused, and so is the leaf from then on."""
    async with cluster.connections(NARROW) as connections:
        for chain in chains:
            answers = await Tally().race(connections, refresh_request(chain.previous))
            assert {answer.aadsts for answer in answers} <= {REUSED, REVOKED}
            assert REUSED in {answer.aadsts for answer in answers}
            for connection in connections[:2]:
                assert (await connection.ask(refresh_request(chain.leaf))).aadsts == REVOKED


async def _redeem(connection: Connection, code: str) -> str:
    answer = await connection.ask(redeem_request(code))
    assert answer.status == 200, answer
    token: str = answer.json["refresh_token"]
    return token
