"""Two processes, eight tasks each, want the same families, generations, decisions, codes: each has one winner."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from tests.store.known import APPROVAL, ATTEMPTS, OPEN_SESSION, TENANT, family_of, flow_of
from tests.store.racer import wanted

ROUNDS = 20


def start(url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.store.racer", url, str(ROUNDS)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def say(racer: "subprocess.Popen[str]", line: str) -> None:
    assert racer.stdin is not None
    racer.stdin.write(line)
    racer.stdin.flush()


def hear(racer: "subprocess.Popen[str]") -> str:
    assert racer.stdout is not None
    return racer.stdout.readline().strip()


def one_race(racers: "Sequence[subprocess.Popen[str]]") -> tuple[int, ...]:
    for racer in racers:
        say(racer, "go\n")
    return tuple(int(hear(racer)) for racer in racers)


async def test_one_winner_across_two_processes(lasting_store, database):
    assert await lasting_store.commit([OPEN_SESSION])
    with ExitStack() as racing:
        racers = [racing.enter_context(start(database.url)) for _ in range(2)]
        assert [hear(racer) for racer in racers] == ["ready", "ready"]
        races = ROUNDS * len(wanted(0))
        won = [one_race(racers if number // 2 % 2 else racers[::-1]) for number in range(races)]
    assert [sum(both) for both in won] == [1] * races
    assert set(won) == {(0, 1), (1, 0)}, "the process that starts first, or second, won everything: they did not race"
    for number in range(ROUNDS):
        assert (await lasting_store.find_family(family_of(number).key)).generation == 1
        assert (await lasting_store.find_device_flow(flow_of(number).key)).approval == APPROVAL
    counted = await lasting_store.find_attempts(TENANT.id, ATTEMPTS.user_id, ATTEMPTS.counter)
    assert (counted.failures, counted.version) == (ROUNDS - 1, ROUNDS)
