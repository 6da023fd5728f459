"""Several processes behind one address: one that dies is replaced, one signal ends them all.

They are forks of a parent that has no threads and holds no connection, and which does nothing but watch them.  Should
the parent itself be killed, the lifeline they hold, a pipe, ends, and so do they.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Generator
from typing import Final, NoReturn

import structlog
from attrs import define, field

from entrada.cli.servers import DRAIN

_STEADY: Final = 10.0  # seconds after which a worker's end is no failure to start
_FIRST_DELAY, _LONGEST_DELAY = 0.2, 30.0
_KILLED_AFTER: Final = DRAIN + 5.0
_OURS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)

_log = structlog.get_logger("entrada.workers")


@define
class _Worker:
    number: int
    pid: int | None = None
    born: float = 0.0
    due: float = 0.0  # when to start it again
    failures: int = 0

    def ended(self, now: float) -> float:
        """How long to wait before it is started again."""
        self.pid = None
        self.failures = 0 if now - self.born >= _STEADY else self.failures + 1
        delay = min(_FIRST_DELAY * 2**self.failures, _LONGEST_DELAY) if self.failures else 0.0
        self.due = now + delay
        return delay


@define
class Workers:
    count: int
    work: Callable[[int], object]  # what a worker does, until the descriptor it is given can be read
    sockets: list[socket.socket]
    interrupted: bool = False
    _workers: list[_Worker] = field(factory=list[_Worker])
    _stopping_since: float | None = None
    _lifeline: tuple[int, int] = (-1, -1)
    _wake: int = -1  # a signal's number can be read there

    def run(self) -> None:
        """Until SIGTERM or Ctrl-C, and every worker has ended."""
        self._workers = [_Worker(number) for number in range(1, self.count + 1)]
        self._lifeline = os.pipe()
        with self._signals():
            while True:
                self._reap()
                if self._stopping_since is None:
                    self._start_due()
                elif not self._alive():
                    return
                self._wait()

    def _alive(self) -> list[int]:
        return [one.pid for one in self._workers if one.pid is not None]

    # ---- beginnings ----

    def _start_due(self) -> None:
        for worker in self._workers:
            if worker.pid is None and worker.due <= time.monotonic():
                self._start(worker)

    def _start(self, worker: _Worker) -> None:
        # A signal must find either the parent or a child that dies of it, never a child with the parent's handlers.
        signal.pthread_sigmask(signal.SIG_BLOCK, _OURS)
        try:
            worker.born = time.monotonic()
            worker.pid = os.fork()
            if worker.pid == 0:
                self._be_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _OURS)

    def _be_worker(self) -> NoReturn:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in _OURS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _OURS)
            os.close(self._lifeline[1])
            self.work(self._lifeline[0])
            code = 0
        except Exception:  # noqa: BLE001 - the last one to catch it
            _log.exception("worker failed")
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)

    # ---- endings ----

    def _reap(self) -> None:
        for worker in self._workers:
            if worker.pid is None:
                continue
            pid, status = os.waitpid(worker.pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
                delay = worker.ended(time.monotonic())
                if self._stopping_since is None:
                    _log.error("worker ended", worker=worker.number, pid=pid, code=code, again_in=delay)

    def _stop(self) -> None:
        if self._stopping_since is None:
            self._stopping_since = time.monotonic()
            for bound in self.sockets:
                bound.close()  # so that whoever comes now is refused, not kept waiting
        self._send(signal.SIGTERM)

    def _send(self, number: int) -> None:
        for pid in self._alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    # ---- waiting ----

    def _wait(self) -> None:
        now = time.monotonic()
        if self._stopping_since is not None:
            until = self._stopping_since + _KILLED_AFTER
            if until <= now:
                self._send(signal.SIGKILL)
                until = now + 1
        else:
            until = min((one.due for one in self._workers if one.pid is None), default=now + 60)
        if select.select([self._wake], [], [], max(until - now, 0.01))[0]:
            for number in os.read(self._wake, 64):
                self._heard(number)

    def _heard(self, number: int) -> None:
        if number == signal.SIGINT:
            self.interrupted = True
        if number in (signal.SIGINT, signal.SIGTERM):
            self._stop()

    @contextlib.contextmanager
    def _signals(self) -> Generator[None]:
        self._wake, writer = os.pipe()
        os.set_blocking(writer, False)
        before = {number: signal.signal(number, _wake_up) for number in _OURS}
        previous = signal.set_wakeup_fd(writer)
        try:
            yield
        finally:
            signal.set_wakeup_fd(previous)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(self._wake)
            os.close(writer)


def _wake_up(_number: int, _frame: object) -> None:
    """Nothing: that it is handled at all makes Python write its number to the wake-up descriptor."""
