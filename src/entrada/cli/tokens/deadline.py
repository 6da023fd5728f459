"""`--timeout`: an end to whatever is under way, a wait for a lock, a browser or a server alike."""

import contextlib
from collections.abc import Generator
from types import FrameType

from entrada.cli.endings import TOO_LATE, Ended


@contextlib.contextmanager
def deadline(seconds: float | None) -> Generator[None]:
    """Raises Ended, with the code for being late, from wherever the work stands.  None: as long as it takes.

    An alarm signal, since only that interrupts every wait; so for the main thread alone.
    """
    if seconds is None:
        yield
        return
    import signal

    def late(_signal: int, _frame: FrameType | None) -> None:
        raise Ended(f"Nobody finished within {seconds:g} s. Ask again with a longer --timeout.", TOO_LATE)

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
