"""Several servers of one process end together, whenever they are told to."""

import asyncio
import socket

from attrs import evolve

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


async def test_what_stands_in_front_lets_go_before_its_server_ends():
    running, seen = Running(), list[str]()

    async def closing() -> None:
        seen.append("lets go")
        running.stop()  # told once more meanwhile
        await asyncio.sleep(0.2)
        seen.append(f"has let go, server ends: {running._servers[1].should_exit}")

    async def others() -> list[Listener]:
        asyncio.get_running_loop().call_later(0.2, running.stop)
        return [evolve(listener(), closing=closing)]

    await asyncio.wait_for(serve(listener(), others, lambda: None, running), timeout=10)
    assert seen == ["lets go", "has let go, server ends: False"]


async def test_a_second_interrupt_waits_for_nobody():
    running = Running()

    async def others() -> list[Listener]:
        for delay in (0.2, 0.4):
            asyncio.get_running_loop().call_later(delay, running.interrupt)
        return [evolve(listener(), closing=lambda: asyncio.sleep(60))]

    assert await asyncio.wait_for(serve(listener(), others, lambda: None, running), timeout=10)
