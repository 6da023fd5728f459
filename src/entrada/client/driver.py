"""Drive a flow to its end: make each call it yields and send it the reply.  The transport is a function, to fake."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeVar

import httpx2

from entrada.client.flow import Call, Flow, Reply, Unreachable

T = TypeVar("T")
Send = Callable[[Call], Reply]
SendAsync = Callable[[Call], Awaitable[Reply]]

MOST: Final = 1_000_000  # bytes of a reply: whoever answers with more is no authority
_JSON: Final = {"accept": "application/json"}


def drive(flow: Flow[T], send: Send) -> T:
    step: Callable[[], Call] = partial(next, flow)
    while True:
        try:
            call = step()
        except StopIteration as done:
            answer: T = done.value
            return answer
        try:
            step = partial(flow.send, send(call))
        except Unreachable as error:
            step = partial(flow.throw, error)


async def drive_async(flow: Flow[T], send: SendAsync) -> T:
    step: Callable[[], Call] = partial(next, flow)
    while True:
        try:
            call = step()
        except StopIteration as done:
            answer: T = done.value
            return answer
        try:
            step = partial(flow.send, await send(call))
        except Unreachable as error:
            step = partial(flow.throw, error)


def over(client: httpx2.Client) -> Send:
    def send(call: Call) -> Reply:
        body = bytearray()
        try:
            with client.stream(_method(call), call.url, data=call.form, headers=_JSON) as answer:
                for chunk in answer.iter_bytes():
                    _grow(body, chunk)
        except httpx2.HTTPError as error:
            raise Unreachable(str(error)) from error
        return Reply(status=answer.status_code, body=bytes(body))

    return send


def over_async(client: httpx2.AsyncClient) -> SendAsync:
    async def send(call: Call) -> Reply:
        body = bytearray()
        try:
            async with client.stream(_method(call), call.url, data=call.form, headers=_JSON) as answer:
                async for chunk in answer.aiter_bytes():
                    _grow(body, chunk)
        except httpx2.HTTPError as error:
            raise Unreachable(str(error)) from error
        return Reply(status=answer.status_code, body=bytes(body))

    return send


def _method(call: Call) -> str:
    return "GET" if call.form is None else "POST"


def _grow(body: bytearray, chunk: bytes) -> None:
    body += chunk
    if len(body) > MOST:
        raise Unreachable(f"The reply is longer than {MOST} bytes.")
