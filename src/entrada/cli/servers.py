"""Run several ASGI applications in one process until a signal ends them all."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable, Generator
from typing import Final

import uvicorn
from attrs import frozen
from starlette.types import ASGIApp

from entrada.cli.bounded_http import BoundedHttp, CarryingHttp
from entrada.cli.endings import CannotBegin

DRAIN: Final = 10  # seconds that requests under way are given to finish
_POLL: Final = 0.005


@frozen
class Listener:
    app: ASGIApp
    sockets: list[socket.socket]
    certificate: str | None = None
    key: str | None = None
    carries: bool = False  # what others wrote, as long as it comes, with dates of its own
    closing: Callable[[], Awaitable[None]] | None = None
    """Done before it stops taking requests: what stands in front of it is to let go first."""


class _Server(uvicorn.Server):
    """uvicorn's server, with signals left to us: several run at once."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


class Running:
    """The servers of this process, and how they are told to end."""

    def __init__(self) -> None:
        self._servers: list[_Server] = []
        self._behind: dict[_Server, Callable[[], Awaitable[None]]] = {}
        self._closing: dict[_Server, asyncio.Task[None]] = {}
        self.interrupted = False

    def add(self, listener: Listener) -> _Server:
        server = _server(listener)
        self._servers.append(server)
        if listener.closing is not None:
            self._behind[server] = listener.closing
        return server

    def stop(self) -> None:
        """Finish what is under way, take nothing new."""
        for server in self._servers:
            if server not in self._behind:
                server.should_exit = True
            elif server not in self._closing:
                self._closing[server] = asyncio.ensure_future(_close_behind(server, self._behind[server]))

    def interrupt(self) -> None:
        """The same; a second Ctrl-C waits for nothing."""
        if self.interrupted:
            for task in self._closing.values():
                task.cancel()
            for server in self._servers:
                server.force_exit = True
        self.interrupted = True
        self.stop()

    def obey_signals(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.stop)
        loop.add_signal_handler(signal.SIGINT, self.interrupt)


async def _close_behind(server: _Server, closing: Callable[[], Awaitable[None]]) -> None:
    try:
        await closing()
    finally:
        server.should_exit = True


def _server(listener: Listener) -> _Server:
    config = uvicorn.Config(
        listener.app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ssl_certfile=listener.certificate,
        ssl_keyfile=listener.key,
        timeout_graceful_shutdown=DRAIN,
        http=CarryingHttp if listener.carries else BoundedHttp,
        date_header=not listener.carries,
        ws="none",
    )
    return _Server(config)


async def serve(
    first: Listener,
    others: Callable[[], Awaitable[list[Listener]]],
    on_ready: Callable[[], None],
    running: Running | None = None,
) -> bool:
    """*first* answers before *others* are even built; *on_ready* is told then.  Whether it was Ctrl-C that ended it."""
    running = running or Running()
    running.obey_signals()
    main = running.add(first)
    tasks = [asyncio.create_task(main.serve(sockets=first.sockets))]
    await _started(main, tasks[0])
    on_ready()
    for one in [] if main.should_exit else await others():
        if main.should_exit:  # told to end while the others were built: they would never hear of it
            _close(one)
        else:
            tasks.append(asyncio.create_task(running.add(one).serve(sockets=one.sockets)))
    await asyncio.gather(*tasks)
    return running.interrupted


def _close(listener: Listener) -> None:
    for one in listener.sockets:
        one.close()


async def _started(server: _Server, task: "asyncio.Task[None]") -> None:
    while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event to wait for
        await asyncio.sleep(_POLL)
    if task.done() and not server.started and not server.should_exit:
        await task
        raise CannotBegin("The server could not start; its log says why.")
