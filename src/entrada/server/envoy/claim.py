"""The folder is ours alone: no other supervisor works in it, and no Envoy of a killed one lives on."""

import asyncio
import fcntl
import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog
from attrs import frozen

from entrada.server.envoy.places import Places

_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()
_PATIENCE: Final = 5.0  # seconds for a killed process to be gone
_PAUSE: Final = 0.1


@frozen
class Claim:
    """Held as long as the file is open."""

    file: int

    def release(self) -> None:
        os.close(self.file)


@frozen
class NotClaimed:
    why: str


async def claim(places: Places) -> Claim | NotClaimed:
    """Raises OSError where the folder cannot be written."""
    file = _locked(places.supervised)
    if file is None:
        return NotClaimed(f"another process runs a gateway from {places.folder}: stop it, or choose another folder")
    if not await _end_what_was_left(places):
        os.close(file)
        return NotClaimed(f"an Envoy that was left behind holds {places.occupied}, and cannot be ended")
    return Claim(file)


async def _end_what_was_left(places: Places) -> bool:
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while (file := _locked(places.occupied)) is None:
        if asyncio.get_running_loop().time() > deadline:
            return False
        # The lock is held, so the process that wrote its id there lives: nobody else has that number.
        if process := int(places.occupied.read_text() or 0):
            _log.warning("envoy_left_behind", process=process)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        await asyncio.sleep(_PAUSE)
    os.close(file)
    return True


def _locked(path: Path) -> int | None:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file
