"""One of several processes that race for the same rows: `python -m tests.store.racer URL ROUNDS`.

Says "ready".  Then for each line it hears, eight tasks want one thing of a round: its family, that family's first
generation, its device flow, the decision of that flow, ...; it says how many of them got it.
"""

import asyncio
import sys

from attrs import evolve

from entrada.core.protocol.effects import (
    DecideDeviceFlow,
    Effect,
    OpenFamily,
    PutAttempts,
    RotateFamily,
    StartDeviceFlow,
    UseFactorStep,
)
from entrada.server.store.port import Store
from entrada.server.store.sql.engine import open_store
from tests.store.known import ADA, APPROVAL, ATTEMPTS, NOW, TENANT, family_of, flow_of

TASKS = 8


def wanted(number: int) -> tuple[Effect, ...]:
    """What is wanted in one round, one after the other; each by all."""
    family, flow = family_of(number), flow_of(number)
    return (
        OpenFamily(family),
        RotateFamily(family.key, 0, NOW),
        StartDeviceFlow(flow),
        DecideDeviceFlow(flow.key, APPROVAL, NOW),
        PutAttempts(evolve(ATTEMPTS, failures=number, version=number)),
        UseFactorStep(TENANT.id, ADA.id, number),
    )


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def race(store: Store, effect: Effect) -> int:
    return sum(await asyncio.gather(*(store.commit([effect]) for _ in range(TASKS))))


async def run(url: str, rounds: int) -> None:
    store = open_store(url)
    await store.list_tenants()
    say("ready")
    for number in range(rounds):
        for effect in wanted(number):
            sys.stdin.readline()
            say(await race(store, effect))
    await store.close()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(sys.argv[2])))
