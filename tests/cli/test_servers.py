"""Several servers of one process end together, whenever they are told to."""

import asyncio
import socket

from entrada.cli.servers import Listener, Running, serve


async def nothing(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


def listener() -> Listener:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return Listener(nothing, [taken])


async def test_told_to_end_while_the_others_are_still_built():
    running = Running()

    async def others() -> list[Listener]:
        running.stop()
        return [listener()]

    interrupted = await asyncio.wait_for(serve(listener(), others, lambda: None, running), timeout=10)
    assert not interrupted


async def test_told_to_end_while_all_of_them_run():
    running = Running()

    async def others() -> list[Listener]:
        asyncio.get_running_loop().call_later(0.5, running.interrupt)
        return [listener()]

    assert await asyncio.wait_for(serve(listener(), others, lambda: None, running), timeout=10)
