"""Drive a flow to its end: do what it yields and send it the replies.  The hands are functions, to fake."""

import os
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeAlias, TypeVar

from entrada.client.flow import Call, Do, Flow, Reply, Step, Tell, Wait
from entrada.core.jose.numeric_date import NumericDate

T = TypeVar("T")
Send: TypeAlias = Callable[[Call], Reply]
SendAsync: TypeAlias = Callable[[Call], Awaitable[Reply]]
Told: TypeAlias = Callable[[Tell], None]

_NOTHING: Final = Reply(status=0, body=b"")


def clock() -> NumericDate:
    """The machine's: only facades read it, flows are told."""
    return NumericDate(int(time.time()))


def entropy(size: int) -> bytes:
    """The system's."""
    return os.urandom(size)


def silent(_: Tell) -> None:
    """For flows that have nothing to say, or nobody to say it to."""


def drive(flow: Flow[T], send: Send, *, tell: Told = silent, wait: Callable[[float], None] = time.sleep) -> T:
    """What any step raises is raised in the flow, which may know better; what the flow raises is raised here.

    The flow is closed whatever ends the drive, Ctrl-C too: what it holds open is given back at once.
    """
    step: Callable[[], Step] = partial(next, flow)
    try:
        while True:
            try:
                wanted = step()
            except StopIteration as done:
                answer: T = done.value
                return answer
            try:
                step = partial(flow.send, _do(wanted, send, tell, wait))
            except Exception as error:  # noqa: BLE001 - not ours to judge
                step = partial(flow.throw, error)
    finally:
        flow.close()


def _do(wanted: Step, send: Send, tell: Told, wait: Callable[[float], None]) -> Reply:
    match wanted:
        case Call():
            return send(wanted)
        case Wait(seconds):
            wait(seconds)
        case Tell():
            tell(wanted)
        case Do(work):
            work()
    return _NOTHING


async def drive_async(
    flow: Flow[T], send: SendAsync, *, tell: Told = silent, wait: Callable[[float], Awaitable[None]] | None = None
) -> T:
    """The same; cancelled, it closes the flow too."""
    step: Callable[[], Step] = partial(next, flow)
    try:
        while True:
            try:
                wanted = step()
            except StopIteration as done:
                answer: T = done.value
                return answer
            try:
                step = partial(flow.send, await _do_async(wanted, send, tell, wait))
            except Exception as error:  # noqa: BLE001 - not ours to judge
                step = partial(flow.throw, error)
    finally:
        flow.close()


async def _do_async(
    wanted: Step, send: SendAsync, tell: Told, wait: Callable[[float], Awaitable[None]] | None
) -> Reply:
    import asyncio  # noqa: PLC0415 - whoever waits synchronously is spared it

    match wanted:
        case Call():
            return await send(wanted)
        case Wait(seconds):
            await (wait or asyncio.sleep)(seconds)
        case Tell():
            tell(wanted)
        case Do(work):
            await asyncio.to_thread(work)
    return _NOTHING
