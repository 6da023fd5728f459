"""Write a token to a file: whole or not at all, and read by nobody else."""

import contextlib
import os
from pathlib import Path

import click


def write_private(path: Path, text: str) -> None:
    """Mode 0600 from its first byte; what was there stays until all of it is written.  Raises ClickException."""
    try:
        # Through a link the file it names is replaced, not the link.
        replace(path.resolve() if path.is_symlink() else path, text)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}. Name another with --file.") from None


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
