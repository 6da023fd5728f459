"""One of several processes that race for the same rows: `python -m tests.store.racer URL ROUNDS`.

Says "ready".  Then for each line it hears, eight tasks want one family, and then its first generation; it says how many
of them got it.
"""

import asyncio
import sys

from entrada.core.protocol.effects import Effect, OpenFamily, RotateFamily
from entrada.server.store.port import Store
from entrada.server.store.sql.engine import open_store
from tests.store.known import NOW, family_of

TASKS = 8


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


async def race(store: Store, effect: Effect) -> int:
    return sum(await asyncio.gather(*(store.commit([effect]) for _ in range(TASKS))))


async def run(url: str, rounds: int) -> None:
    store = open_store(url)
    await store.list_tenants()
    say("ready")
    for family in map(family_of, range(rounds)):
        for effect in (OpenFamily(family), RotateFamily(family.key, 0, NOW)):
            sys.stdin.readline()
            say(await race(store, effect))
    await store.close()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(sys.argv[2])))
