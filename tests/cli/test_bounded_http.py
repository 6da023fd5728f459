"""A request head has an end, over a real socket."""

import asyncio
import socket
from typing import cast

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from entrada.cli.bounded_http import MAX_HEAD, MOST_HELD, BoundedHttp, Gathering


async def ok(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    if scope["path"] == "/slow":
        await asyncio.sleep(0.4)
    shown = repr(scope["headers"]) if scope["path"] == "/headers" else "ok"
    await PlainTextResponse(shown)(scope, receive, send)


@pytest.fixture
async def port():
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(ok, http=BoundedHttp, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.005)
    yield listening.getsockname()[1]
    server.should_exit = True
    await serving


async def answer_to(port, *pieces):
    """What comes back until the server has nothing more to say."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        return b"reset"
    finally:
        writer.close()


def head(size):
    start, end = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Long: ", b"\r\n\r\n"
    return start + b"x" * (size - len(start) - len(end)) + end


async def test_a_head_within_the_limit_is_read(port):
    assert (await answer_to(port, head(MAX_HEAD))).startswith(b"HTTP/1.1 200")


async def test_a_head_that_never_ends_is_ended(port):
    unfinished = [head(MAX_HEAD)[:-4], *[b"y" * 1024] * 4]
    assert (await answer_to(port, *unfinished)).startswith((b"HTTP/1.1 431", b"reset"))


async def test_a_long_body_is_no_head(port):
    size = 4 * MAX_HEAD
    start = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size
    assert (await answer_to(port, start, b"z" * size)).startswith(b"HTTP/1.1 200")


async def test_many_requests_on_one_connection_do_not_add_up(port):
    short = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 30_000 + b"\r\n\r\n"
    answers = await answer_to(port, short, short, short, head(200))
    assert answers.count(b"HTTP/1.1 200") == 4


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost:", b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf"]
)
async def test_whoever_does_not_finish_a_request_in_time_is_cut_off(port, monkeypatch, sent):
    monkeypatch.setattr(BoundedHttp, "received_within", 0.2)
    assert not (await answer_to(port, sent)).startswith(b"HTTP/1.1 200")


async def test_an_answer_may_take_longer_than_the_request(port, monkeypatch):
    monkeypatch.setattr(BoundedHttp, "received_within", 0.2)
    assert (await answer_to(port, b"GET /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).endswith(
        b"ok"
    )


async def test_a_trailer_is_no_header(port):
    raw = b"POST /headers HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    answer = await answer_to(port, raw + b"2\r\nhi\r\n0\r\nAuthorization: Bearer trailer\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"trailer" not in answer


class _Written:
    def __init__(self) -> None:
        self.done: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.done.append(data)

    def close(self) -> None:
        self.done.append(b"closed")

    def is_closing(self) -> bool:
        return b"closed" in self.done


def test_what_is_written_in_one_turn_goes_out_at_once() -> None:
    async def turn() -> list[bytes]:
        written = _Written()
        transport = Gathering(cast("asyncio.Transport", written), asyncio.get_running_loop())
        transport.write(b"head")
        transport.write(b"body")
        assert written.done == []
        await asyncio.sleep(0)
        assert written.done == [b"headbody"]
        transport.write(b"next")
        transport.close()
        await asyncio.sleep(0)
        return written.done

    assert asyncio.run(turn()) == [b"headbody", b"next", b"closed"]


def test_much_is_not_held_back() -> None:
    async def turn() -> list[bytes]:
        written = _Written()
        transport = Gathering(cast("asyncio.Transport", written), asyncio.get_running_loop())
        transport.write(b"x" * (MOST_HELD + 1))
        return written.done

    assert asyncio.run(turn()) == [b"x" * (MOST_HELD + 1)]
