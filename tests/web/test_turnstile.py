"""Whoever finds no room waits for those before, in turn, and nobody is forgotten.  RFC 6585 §4."""

import asyncio

import pytest

from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.throttle import GUESS, MISTAKE, ORDINARY
from entrada.server.web.http import turnstile
from entrada.server.web.http.turnstile import Turnstile

pytestmark = pytest.mark.anyio
NOW = NumericDate(1_800_000_000)


@pytest.fixture
def three() -> Turnstile[str]:
    return Turnstile(3, lambda: NOW)


async def waiting(three: Turnstile[str], count: int) -> list[asyncio.Task[Seconds]]:
    tasks = [asyncio.create_task(three.enter("a")) for _ in range(count)]
    await asyncio.sleep(0.01)
    return tasks


async def test_as_many_as_there_would_be_room_for(three):
    tasks = await waiting(three, 5)
    assert [task.done() for task in tasks] == [True] * 3 + [False] * 2
    assert await three.enter("b") == 0  # others have room of their own
    three.leave("a", ORDINARY)
    await asyncio.sleep(0.01)
    assert [task.done() for task in tasks] == [True] * 4 + [False]
    three.leave("a", MISTAKE)
    assert await tasks[4] == 0
    three.leave("b", ORDINARY)
    for _ in range(3):
        three.leave("a", ORDINARY)
    assert not three.crowds


async def test_once_it_is_full_all_who_wait_are_sent_away(three):
    tasks = await waiting(three, 30)
    for _ in range(3):
        three.leave("a", GUESS)
    assert sorted([await task for task in tasks])[:3] == [0, 0, 0]
    assert all(task.result() > 0 for task in tasks[3:])
    assert not three.crowds


async def test_who_goes_away_passes_the_turn_on(three):
    tasks = await waiting(three, 5)
    three.leave("a", ORDINARY)
    three.leave("a", ORDINARY)
    tasks[3].cancel()  # woken in this very moment
    assert await tasks[4] == 0
    with pytest.raises(asyncio.CancelledError):
        await tasks[3]


async def test_nothing_is_kept_of_who_gave_up(three, monkeypatch):
    monkeypatch.setattr(turnstile, "_PATIENCE", 0.02)
    tasks = await waiting(three, 50)
    assert [await task for task in tasks] == [0] * 3 + [1] * 47
    assert not three.crowds["a"].waiting
    for _ in range(3):
        three.leave("a", ORDINARY)
    assert not three.crowds


async def test_no_limit_is_no_crowd():
    free = Turnstile[str](0, lambda: NOW)
    assert [await free.enter("a") for _ in range(1000)] == [0] * 1000
    free.leave("a", GUESS)
    assert not free.crowds
