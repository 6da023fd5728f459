"""Asking again: what helps, what harms, how long, and the same for both drivers."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.client.driver import drive, drive_async
from entrada.client.errors import NotConnected, NoWay, Unreachable
from entrada.client.flow import Call, Reply
from entrada.client.retrying import Patience, Retrying, retry_after

NOW = 1_800_000_000.0
GET = Call(url="https://a.example/")
POST = Call(url="https://a.example/", form={"grant_type": "authorization_code"})
REPEATABLE = Call(url="https://a.example/", form={"grant_type": "refresh_token"}, repeatable=True)
FINE = Reply(status=200, body=b"fine")


def reply(status, **headers):
    return Reply(status=status, body=b"", headers={name.replace("_", "-"): value for name, value in headers.items()})


def asking(call):
    return (yield call)


class World:
    def __init__(self, *answers):
        self.answers, self.now, self.waits, self.calls = list(answers), NOW, [], 0

    def send(self, _):
        self.calls += 1
        answer = self.answers.pop(0) if self.answers else FINE
        if isinstance(answer, Exception):
            raise answer
        return answer

    def wait(self, seconds):
        self.waits.append(seconds)
        self.now += seconds

    def drive(self, call, lot=b"\0\0", patience=Patience()):  # noqa: B008 - frozen
        retrying = Retrying(clock=lambda: self.now, entropy=lambda _: lot, patience=patience)
        return drive(retrying(asking(call)), self.send, wait=self.wait)


LOST, NEVER_SENT, NO_WAY = Unreachable("lost"), NotConnected("refused"), NoWay("nobody has that name")
# fmt: off
ROWS = [  # the call, what comes first, how often it is sent
    pytest.param(GET,        reply(503),   2, id="a document, turned away"),
    pytest.param(GET,        reply(500),   2, id="a document, failed"),
    pytest.param(GET,        LOST,         2, id="a document, the answer lost"),
    pytest.param(POST,       reply(429),   2, id="a code, turned away unread"),
    pytest.param(POST,       reply(503),   1, id="a code, no service: who wrote that may have read it"),
    pytest.param(POST,       NEVER_SENT,   2, id="a code that was never sent"),
    pytest.param(POST,       LOST,         1, id="a code whose answer was lost: it may be spent"),
    pytest.param(POST,       reply(500),   1, id="a code at a server that failed: it may be spent"),
    pytest.param(POST,       reply(504),   1, id="a code behind a proxy that gave up"),
    pytest.param(REPEATABLE, LOST,         2, id="a renewal whose answer was lost"),
    pytest.param(REPEATABLE, reply(502),   2, id="a renewal, failed"),
    pytest.param(REPEATABLE, reply(400),   1, id="refused: that is the answer"),
    pytest.param(GET,        NO_WAY,       1, id="a document that is nowhere to be had"),
    pytest.param(REPEATABLE, NO_WAY,       1, id="a renewal that is nowhere to be had"),
    pytest.param(GET,        reply(404),   1, id="not there: that is the answer"),
    pytest.param(GET,        reply(501),   1, id="never there"),
]
# fmt: on


@pytest.mark.parametrize(("call", "first", "times"), ROWS)
def test_what_is_sent_again(call, first, times):
    world = World(first)
    if times == 1 and isinstance(first, Exception):
        with pytest.raises(Unreachable):
            world.drive(call)
    else:
        assert world.drive(call).status == (200 if times == 2 else first.status)
    assert world.calls == times


def test_it_backs_off_and_gives_up():
    world = World(*[reply(503)] * 9)
    assert world.drive(GET).status == 503
    assert (world.calls, world.waits) == (4, [0.25, 0.5, 1.0])


def test_those_who_failed_together_come_back_apart():
    world = World(*[reply(503)] * 9)
    world.drive(GET, lot=b"\xff\xff")
    assert [round(wait, 3) for wait in world.waits] == [0.5, 1.0, 2.0]


def test_the_authority_says_when():
    world = World(reply(429, retry_after="7"), reply(429, retry_after="Fri, 15 Jan 2027 08:00:17 GMT"))
    assert world.drive(POST).status == 200
    assert world.waits == [7.0, 10.0]


def test_who_is_told_to_wait_for_long_tells_the_caller_at_once():
    world = World(reply(429, retry_after="3600"))
    assert world.drive(GET).headers["retry-after"] == "3600"
    assert world.waits == []


def test_all_of_it_has_an_end():
    world = World(*[reply(503, retry_after="9")] * 9)
    assert world.drive(GET, patience=Patience(tries=100, within=30.0)).status == 503
    assert sum(world.waits) <= 30


def test_the_last_failure_is_the_one_that_is_told():
    world = World(NotConnected("first"), NotConnected("second"), NotConnected("third"), NotConnected("last"))
    with pytest.raises(NotConnected, match="last"):
        world.drive(POST)


def test_the_flow_may_know_better():
    def flow():
        try:
            yield POST
        except Unreachable:
            return "known better"

    world = World(LOST)
    retrying = Retrying(clock=lambda: NOW, entropy=bytes)
    assert drive(retrying(flow()), world.send, wait=world.wait) == "known better"


def test_a_flow_that_nobody_drives_on_is_closed():
    closed = []

    def flow():
        try:
            yield GET
        finally:
            closed.append(True)

    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drive(Retrying(clock=lambda: NOW, entropy=bytes)(flow()), interrupted)
    assert closed == [True]


def test_asynchronously_too():
    world = World(reply(503), LOST)

    async def send(call):
        return world.send(call)

    async def wait(seconds):
        world.wait(seconds)

    retrying = Retrying(clock=lambda: world.now, entropy=bytes)
    assert asyncio.run(drive_async(retrying(asking(GET)), send, wait=wait)) == FINE
    assert world.waits == [0.25, 0.5]


def test_a_cancelled_flow_is_closed():
    closed = []

    def flow():
        try:
            yield GET
        finally:
            closed.append(True)

    async def send(_):
        await asyncio.sleep(60)

    async def cancelled():
        task = asyncio.create_task(drive_async(flow(), send))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return closed == [True]

    assert asyncio.run(cancelled())


def test_a_year_that_never_comes_is_no_time():
    value = "Mon, 01 Jan 99999999999999 00:00:00 GMT"
    assert retry_after(Reply(status=429, body=b"", headers={"retry-after": value}), NOW) is None


@given(st.text())
def test_whatever_retry_after_says_is_a_time_or_nothing(value):
    found = retry_after(Reply(status=429, body=b"", headers={"retry-after": value}), NOW)
    assert found is None or found >= 0
