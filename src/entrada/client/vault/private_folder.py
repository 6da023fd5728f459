"""A folder of small files that nobody else can read: modes are checked, writes are whole or not there.

A file is replaced by rename, after its content has reached the disk; who dies in between leaves the old one, and a
draft that the next writer overwrites.
"""

import os
import stat
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from entrada.client.errors import StorageError

LOCK, CLAIM, DRAFT = ".lock", ".claim", ".draft"
MOST: Final = 4_000_000  # bytes of a file: whatever is longer was not written here

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_NO_LINK: Final = os.O_NOFOLLOW | os.O_CLOEXEC
_SHORTEST, _LONGEST, _GROWTH = 0.002, 0.05, 1.5  # pauses between two looks at a lock


class PrivateFolder(NamedTuple):
    path: Path
    patience: float = 10.0  # seconds, for another process that writes

    def exists(self) -> bool:
        """Raises StorageError where it is there and not for its owner alone."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return False
        except OSError as error:
            _failed(self.path, "looked at", error)
        _require_private(self.path, found, "700")
        return True

    def make(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            _failed(self.path, "made", error)
        self.exists()

    def read(self, name: str) -> bytes | None:
        path = self.path / name
        try:
            file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | _NO_LINK)
        except FileNotFoundError:
            return None
        except OSError as error:
            _failed(path, "opened", error)
        try:
            found = os.fstat(file)
            _require_private(path, found, "600")
            if not stat.S_ISREG(found.st_mode) or found.st_size > MOST:
                raise StorageError(f"{path} is none of ours", advice="Move it away.")
            return _whole(file, found.st_size)
        except OSError as error:
            _failed(path, "read", error)
        finally:
            os.close(file)

    def write(self, name: str, content: bytes) -> None:
        """By one writer at a time: *name*, or what stands for it, is locked."""
        path, draft = self.path / name, self.path / (name + DRAFT)
        if len(content) > MOST:
            raise StorageError(f"{path} would be longer than {MOST} bytes")
        try:
            with suppress(FileNotFoundError):
                draft.unlink()
            file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600)
            with open(file, "wb") as stream:  # noqa: PTH123 - a descriptor
                stream.write(content)
                stream.flush()
                os.fsync(file)
            draft.replace(path)
            self._settle()
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            _failed(path, "written", error)

    def remove(self, name: str) -> None:
        path = self.path / name
        try:
            path.unlink(missing_ok=True)
            self._settle()
        except OSError as error:
            _failed(path, "removed", error)

    def listed(self, ending: str) -> Iterator[str]:
        """Names that end so, in order."""
        try:
            names = sorted(os.listdir(self.path))  # noqa: PTH208 - names are what is wanted
        except FileNotFoundError:
            return
        except OSError as error:
            _failed(self.path, "listed", error)
        yield from (name for name in names if name.endswith(ending))

    @contextmanager
    def locked(self, name: str) -> Generator[None]:
        """Raises StorageError where another holds it for longer than `patience`."""
        path, waited, pause = self.path / (name + LOCK), 0.0, _SHORTEST
        while (let_go := _hold(path)) is None:
            if waited >= self.patience:
                raise StorageError(
                    f"Another process has held {path} for more than {self.patience:.0f} seconds",
                    advice=f"See which: fuser {path}. If it hangs, end it; the file itself need not be removed.",
                )
            time.sleep(pause)
            waited, pause = waited + pause, min(pause * _GROWTH, _LONGEST)
        try:
            yield
        finally:
            let_go()

    def claim(self, name: str) -> Callable[[], None] | None:
        return _hold(self.path / (name + CLAIM))

    def _settle(self) -> None:
        """A rename, or the lack of a file, outlasts a power cut once its folder has reached the disk."""
        folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class _Held:
    """A locked file, removed when it is let go of; also when nobody is left to do so."""

    def __init__(self, path: Path, file: int) -> None:
        self._path, self._file, self._process = path, file, os.getpid()

    def __call__(self) -> None:
        file, self._file = self._file, -1
        if file < 0:
            return
        if self._process == os.getpid():  # a fork has a copy, and the lock is not its own
            with suppress(OSError):
                self._path.unlink()  # before the lock ends: who waits sees that this file is not the one any more
        os.close(file)

    __del__ = __call__


def _hold(path: Path) -> _Held | None:
    while True:
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o600)
        except OSError as error:
            _failed(path, "locked", error)
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except OSError as error:
            os.close(file)
            if isinstance(error, BlockingIOError):
                return None
            _failed(path, "locked", error)
        if _is_still(path, file):
            return _Held(path, file)
        os.close(file)


def is_held(path: Path) -> bool:
    """Whether a process has *path* locked at this moment."""
    try:
        file = os.open(path, os.O_RDONLY | _NO_LINK)
    except OSError:
        return False
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(file)
    return False


def _is_still(path: Path, file: int) -> bool:
    """Whether *path* leads to *file*: whoever held it last has removed it, and somebody may have made another."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(file))
    except OSError:
        return False


def _whole(file: int, size: int) -> bytes:
    content = b""
    while len(content) <= size and (more := os.read(file, size + 1 - len(content))):
        content += more
    return content


def _require_private(path: Path, found: os.stat_result, mode: str) -> None:
    if found.st_uid != os.geteuid():
        raise StorageError(
            f"{path} belongs to another user (number {found.st_uid})",
            advice=f"Run as that user, or: chown {os.geteuid()} {path}",
        )
    if found.st_mode & _OTHERS:
        raise StorageError(
            f"{path} is open to others (mode {stat.S_IMODE(found.st_mode):o})", advice=f"chmod {mode} {path}"
        )


def _failed(path: Path, at: str, error: OSError) -> NoReturn:
    raise StorageError(f"{path} cannot be {at}: {error.strerror}") from error
