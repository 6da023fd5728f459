"""Where an installation keeps its files, and the option that says so."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any, Final

import click

from entrada.cli.endings import CannotBegin

MASTER_KEY_FILE: Final = "master.key"


def default_folder() -> Path:
    named = os.environ.get("XDG_DATA_HOME", "")
    # A relative one is to be ignored: XDG Base Directory Specification, "Environment variables".
    base = named if Path(named).is_absolute() else Path.home() / ".local" / "share"
    return Path(base) / "entrada"


def development_folder(given: Path | None) -> Path:
    return given or default_folder() / "development"


def make_private(folder: Path) -> None:
    """Raises CannotBegin where it cannot be made, or not be written to."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotBegin(_advice(folder, f"cannot be made: {error.strerror}")) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise CannotBegin(_advice(folder, "cannot be written to"))


@contextmanager
def claimed(folder: Path) -> Generator[None]:
    """For one `entrada up` at a time; the claim ends with the process, however that ends.  Raises CannotBegin."""
    with (folder / "up.lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except OSError:
            raise CannotBegin(f"Another `entrada up` uses {folder}. Stop it, or choose another --data-dir.") from None
        yield


def _advice(folder: Path, fault: str) -> str:
    return f"The data folder {folder} {fault}. Make it this user's, or choose another with --data-dir."


def data_dir_option(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """*default* is how the folder below the default one is called."""
    return click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="ENTRADA_DATA_DIR",
        show_envvar=True,
        help="Folder for the database, keys and certificates.  "
        f"[default: ~/.local/share/entrada/{default}; $XDG_DATA_HOME in place of ~/.local/share, if set]",
    )
