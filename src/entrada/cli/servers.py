"""Run several ASGI applications in one process until a signal ends them all."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from attrs import frozen
from starlette.types import ASGIApp


@frozen
class Listener:
    app: ASGIApp
    sockets: list[socket.socket]
    certificate: str | None = None
    key: str | None = None


class _Server(uvicorn.Server):
    """uvicorn's server, with signals left to us: several run at once."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(listener: Listener) -> _Server:
    config = uvicorn.Config(
        listener.app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ssl_certfile=listener.certificate,
        ssl_keyfile=listener.key,
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=64 * 1024,
    )
    return _Server(config)


async def serve(first: Listener, others: Callable[[], list[Listener]], on_ready: Callable[[], None]) -> None:
    """*first* answers before *others* are even built; *on_ready* is told then."""
    main = _server(first)
    running = [main]
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server in running:
            server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    tasks = [asyncio.create_task(main.serve(sockets=first.sockets))]
    while not main.started and not tasks[0].done():
        await asyncio.sleep(0.005)
    on_ready()
    for listener in [] if main.should_exit else others():
        server = _server(listener)
        running.append(server)
        tasks.append(asyncio.create_task(server.serve(sockets=listener.sockets)))
    await asyncio.gather(*tasks)
