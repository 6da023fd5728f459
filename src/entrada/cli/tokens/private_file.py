"""Write a token to a file: whole or not at all, and read by nobody else.

What is no file (a pipe, a device, `/dev/stdout`) is written into: put in its place, as only root can, a file would take
what others send there from then on.
"""

import contextlib
import os
import stat
from pathlib import Path
from typing import Final

import click

_STREAMS: Final = {"/dev/stdout": 1, "/dev/stderr": 2}


def write_private(path: Path, text: str) -> None:
    """Mode 0600 from its first byte; what was there stays until all of it is written.  Raises ClickException."""
    try:
        if (descriptor := already_open(path)) is not None:
            _write_into(os.dup(descriptor), text)
        elif _is_no_file(path):
            _write_into(os.open(path, os.O_WRONLY | os.O_CLOEXEC), text)
        else:
            # Through a link the file it names is replaced, not the link.
            replace(path.resolve() if path.is_symlink() else path, text)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}. Name another.") from None


def already_open(path: Path) -> int | None:
    """Written where it stands: what a shell sent there with `>>` is not begun anew."""
    name = str(path)
    if name in _STREAMS:
        return _STREAMS[name]
    folder, _, number = name.rpartition("/")
    return int(number) if folder in ("/dev/fd", "/proc/self/fd") and number.isdecimal() and len(number) < 6 else None


def _is_no_file(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))  # of a folder it is said that it is one


def _write_into(descriptor: int, text: str) -> None:
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def replace(path: Path, text: str) -> None:
    """*path* is no link.  Raises OSError, having changed nothing."""
    import tempfile  # which brings half a library

    descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp: 0600, ours alone
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(made).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(made).unlink()
        raise
