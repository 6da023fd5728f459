"""Redeem codes and refresh what they bring, many at once, and keep a ledger of what was answered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from attrs import define, field

from entrada.core.protocol import lifetimes
from tests.stress.cluster import Cluster, Inside
from tests.stress.connection import Answer, Connection, Unanswered, connect
from tests.stress.public_client import redeem_request, refresh_request

WIDTH = 4  # connections to each server
STEPS = 3  # a redemption and two refreshes


@define
class Ledger:
    """What the client of one code knows."""

    code: str
    asked: int = 0
    answered: int = 0
    token: str = field(default="", repr=False)

    @property
    def next_request(self) -> bytes:
        return refresh_request(self.token) if self.answered else redeem_request(self.code)

    @property
    def is_in_doubt(self) -> bool:
        return self.asked > self.answered

    def note(self, answer: Answer) -> None:
        assert answer.status == 200, answer
        self.token = answer.json["refresh_token"]
        self.answered += 1


@define
class Load:
    """Runs until it is told to stop, or its codes are used up."""

    cluster: Cluster
    waiting: list[Ledger] = field(factory=list)
    begun: list[Ledger] = field(factory=list)
    unavailable: list[Answer] = field(factory=list)
    slowest: float = 0.0
    stopped: bool = False
    _tasks: list[asyncio.Task[None]] = field(factory=list)

    async def start(self, codes: Sequence[str]) -> None:
        self.waiting = [Ledger(code) for code in codes]
        ports = [server.port for server in self.cluster.servers for _ in range(WIDTH)]
        self._tasks = [asyncio.create_task(self._work(await connect(port))) for port in ports]

    async def stop(self) -> None:
        self.stopped = True
        await asyncio.gather(*self._tasks)

    @property
    def answered(self) -> int:
        return sum(ledger.answered for ledger in self.begun)

    @property
    def in_doubt(self) -> list[Ledger]:
        return [ledger for ledger in self.begun if ledger.is_in_doubt]

    async def _work(self, connection: Connection) -> None:
        try:
            while self.waiting and not self.stopped:
                ledger = self.waiting.pop()
                self.begun.append(ledger)
                await self._use(ledger, connection)
        except Unanswered:
            pass  # its server was killed
        finally:
            await connection.close()

    async def _use(self, ledger: Ledger, connection: Connection) -> None:
        clock = asyncio.get_running_loop().time
        for _ in range(STEPS):
            ledger.asked += 1
            started = clock()
            answer = await connection.ask(ledger.next_request)
            self.slowest = max(self.slowest, clock() - started)
            if answer.status == 503:
                self.unavailable.append(answer)
                await asyncio.sleep(0.05)
                return
            ledger.note(answer)


async def verify(ledgers: Sequence[Ledger], cluster: Cluster) -> None:
    """All that was answered is there; what was not answered happened whole or not at all."""
    async with cluster.inside() as inside, cluster.connections(1) as (connection,):
        # Those in doubt first, while the grace lasts in which a lost answer may be asked for again.
        for ledger in sorted(ledgers, key=lambda one: not one.is_in_doubt):
            if ledger.answered:
                await _verify_tokens(ledger, inside, connection)
            else:
                await _verify_unanswered_code(ledger, inside, connection)


async def _verify_tokens(ledger: Ledger, inside: Inside, connection: Connection) -> None:
    family = await inside.family(ledger.code)
    assert family is not None
    assert family.revoked_at is None
    known = ledger.answered - 1
    assert family.generation in ({known, known + 1} if ledger.is_in_doubt else {known})
    answer = await connection.ask(refresh_request(ledger.token))
    if family.generation > known and inside.here.clock() - (family.rotated_at or 0) > lifetimes.GRACE:
        return  # the restart took longer than a lost answer may be asked for again
    assert answer.status == 200, answer
    after = await inside.family(ledger.code)
    assert after is not None
    assert after.generation == known + 1


async def _verify_unanswered_code(ledger: Ledger, inside: Inside, connection: Connection) -> None:
    family = await inside.family(ledger.code)
    answer = await connection.ask(redeem_request(ledger.code))
    if family is None:
        assert answer.status == 200, answer
        again = await connection.ask(redeem_request(ledger.code))
        assert again.aadsts == 54005
    else:
        assert (family.generation, family.revoked_at) == (0, None)
        assert answer.aadsts == 54005
