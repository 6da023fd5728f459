"""Becomes Envoy: takes the lock of the folder, asks to die with its parent, and executes what follows.

Run as a file by `python -I -S`: PARENT LOCK PROGRAM ARGUMENTS.  A process of its own, because these steps are not safe
between fork and exec of one with threads.  The lock stays with what it becomes: whoever finds it held knows that the
process whose id the file holds is alive.
"""

import ctypes
import fcntl
import os
import resource
import signal
import sys
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
_FILES = 65_536  # two for each connection of a client


def main(parent: int, lock: str, command: list[str]) -> None:
    held = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"{lock} is held by another process")
    os.ftruncate(held, 0)
    os.write(held, str(os.getpid()).encode())
    os.set_inheritable(held, True)  # noqa: FBT003 - takes no name
    _die_with(parent)
    _open_many_files()
    os.execve(command[0], command, {})  # noqa: S606 - nothing of our environment: it holds the master key


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:  # it died before we asked
        sys.exit(1)


def _open_many_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if most == resource.RLIM_INFINITY else min(most, _FILES)
    with suppress(OSError, ValueError):  # macOS has a limit below its limit
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
