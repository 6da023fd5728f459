"""Argon2id for people's passwords, off the event loop, a few at a time.  RFC 9106; performance.md section 7."""

from asyncio import Semaphore, get_running_loop
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import InvalidHashError, VerificationError

from entrada.server.usecases.installation import TooBusy

# OWASP's second choice: 19 MiB, two passes, one lane.  Stronger parameters apply themselves at the next sign-in.
_PASSES: Final = 2
_MEMORY: Final = 19 * 1024  # KiB
_AT_ONCE: Final = 4  # each holds 19 MiB and a core; the others wait their turn
_WAITING: Final = 100  # at some 20 ms each, the last waits half a second to two


class Argon2Hasher:
    def __init__(self, dummy: str) -> None:
        """*dummy* is any password: its hash is what unknown accounts are checked against."""
        self._argon2 = Argon2(time_cost=_PASSES, memory_cost=_MEMORY, parallelism=1)
        # Threads of its own: whatever else hangs in a thread, people can sign in.
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="argon2")
        self._turns, self._queued = Semaphore(_AT_ONCE), 0
        self._dummy_password, self._dummy = dummy, ""

    async def hash(self, password: str) -> str:
        async with self._turn():
            return await get_running_loop().run_in_executor(self._threads, self._argon2.hash, password)

    async def verify(self, hashed: str | None, password: str) -> bool:
        if not self._dummy:
            self._dummy = await self.hash(self._dummy_password)
        async with self._turn():
            judged = get_running_loop().run_in_executor(self._threads, self._matches, hashed or self._dummy, password)
            matches = await judged
        return matches and hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        try:
            return self._argon2.check_needs_rehash(hashed)
        except InvalidHashError:
            return True

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        """Whoever gives up waiting, as when the browser has gone, is worked for no more."""
        if self._queued >= _WAITING:
            raise TooBusy
        self._queued += 1
        try:
            async with self._turns:
                yield
        finally:
            self._queued -= 1

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._argon2.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
