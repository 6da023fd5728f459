"""Where an installation keeps its files, and the option that says so."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def default_folder() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "entrada"


def make_private(folder: Path) -> None:
    """Raises click.ClickException where it cannot be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"The data folder {folder} cannot be made: {error.strerror}.") from None


def data_dir_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="ENTRADA_DATA_DIR",
        help="Folder for the database, keys and certificates. [default: a folder of yours]",
    )(command)
