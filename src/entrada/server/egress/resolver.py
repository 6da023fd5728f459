"""Look a name up in threads of its own, few of them: a nameserver that hangs holds up nothing else.

Whoever may register an application chooses the names, and the machine's resolver cannot be interrupted: a look-up that
nobody waits for any more still keeps its thread.
"""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore
from typing import Final

AT_ONCE: Final = 8


class Resolver:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="look-up")
        self._free = Semaphore(AT_ONCE)

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Every address of *host*, as the machine's own resolver orders them.  Raises OSError, at once when full."""
        if not self._free.acquire(blocking=False):
            raise OSError("too many names are being looked up")
        looking = self._threads.submit(_look_up, host, port)
        looking.add_done_callback(lambda _: self._free.release())
        return await asyncio.wrap_future(looking)


def _look_up(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(address[0]) for *_, address in found]
