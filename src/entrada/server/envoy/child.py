"""The child process: started so that it ends with us, its two streams read, ended politely or not."""

import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from attrs import define, field, frozen

from entrada.server.envoy import lifeline, log_lines
from entrada.server.envoy.binary import Binary
from entrada.server.envoy.bootstrap import Limits
from entrada.server.envoy.places import Places

_CHUNK: Final = 65_536
_POLITE: Final = 3.0  # seconds between SIGTERM and SIGKILL


def to_standard_error(lines: bytes) -> None:
    sys.stderr.buffer.write(lines)
    sys.stderr.buffer.flush()


@frozen(kw_only=True)
class Options:
    workers: int | None = None  # threads; None: one for each processor that we may use
    log_level: Literal["info", "warning"] = "warning"  # below, requests are told; above, no reason for a refusal
    limits: Limits = field(factory=Limits)
    hear_access: Callable[[bytes], None] = to_standard_error  # whole lines of its standard output: the access log
    drain: float = 10.0  # seconds for requests to end when we stop
    patience: float = 5.0  # seconds for configuration to be accepted


@define(eq=False)
class Child:
    process: asyncio.subprocess.Process
    log: log_lines.Reader
    _readers: list[asyncio.Task[None]]

    @property
    def has_ended(self) -> bool:
        return self.process.returncode is not None

    async def wait(self) -> None:
        """Until it has ended and all it said is read."""
        await self.process.wait()
        await asyncio.wait(self._readers)  # who is no longer interested shall not stop them

    async def end(self) -> None:
        with suppress(ProcessLookupError):
            self.process.terminate()
        with suppress(TimeoutError):
            async with asyncio.timeout(_POLITE):
                await self.wait()
        await self.kill()

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.wait()


async def spawn(binary: Binary, places: Places, options: Options) -> Child:
    """Raises OSError."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", str(Path(lifeline.__file__)), str(os.getpid()), str(places.occupied)),
        *(str(binary.path), *_arguments(places, options)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us: we drain first
    )
    log = log_lines.Reader()
    readers = [_read_log(process.stderr, log), _read_access(process.stdout, options.hear_access)]
    return Child(process, log, [asyncio.create_task(reader) for reader in readers])


def _arguments(places: Places, options: Options) -> list[str]:
    workers = () if options.workers is None else ("--concurrency", str(options.workers))
    return [
        *("-c", str(places.bootstrap), "--disable-hot-restart", *workers),
        *("--file-flush-interval-msec", "1000"),  # of the access log: who looks into it expects what was just asked
        *("--log-level", options.log_level, "--log-format", log_lines.FORMAT, "--log-format-escaped"),
        "--reject-unknown-dynamic-fields",  # Envoy would leave out a check whose name it does not know
        *("--drain-strategy", "immediate", "--drain-time-s", "60"),  # of connections, when the listener changes
    ]


async def _read_log(stream: asyncio.StreamReader | None, log: log_lines.Reader) -> None:
    while stream is not None and (data := await stream.read(_CHUNK)):
        log.feed(data)
    log.close()


async def _read_access(stream: asyncio.StreamReader | None, hear: Callable[[bytes], None]) -> None:
    rest = b""
    while stream is not None and (data := await stream.read(_CHUNK)):
        whole, newline, rest = (rest + data).rpartition(b"\n")
        if newline:
            hear(whole + newline)
