"""Whether a database can be used as it is, in one line where it cannot."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from entrada.cli.endings import CannotBegin
from entrada.cli.unseen import one_line
from entrada.server.settings import Settings
from entrada.server.store.port import StoreUnavailable
from entrada.server.store.sql import migrate

T = TypeVar("T")


def require_tables(settings: Settings) -> None:
    """Raise CannotBegin unless the database answers and has the tables of this release."""
    if (file := sqlite_file(settings)) is not None and not file.exists():
        raise CannotBegin(f"There is no database at {file} yet. Make it with: entrada migrate")
    if asking(migrate.pending, settings):
        raise CannotBegin("The database lacks tables of this release. Bring it up to date with: entrada migrate")


def asking(ask: Callable[[str], T], settings: Settings) -> T:
    """What *ask* says of the database's URL; every way in which it cannot be used is a CannotBegin."""
    try:
        return ask(settings.database_url)
    except StoreUnavailable as error:
        raise CannotBegin(
            f"The database does not answer: {_short(error)}. Start it, or mend ENTRADA_DATABASE."
        ) from None
    except ModuleNotFoundError as error:
        raise CannotBegin(
            f"PostgreSQL needs {error.name}, which is not installed: pip install 'entrada[postgres]'"
        ) from None
    except (ArgumentError, ValueError):  # their words would repeat the URL, and a password in it
        raise CannotBegin("ENTRADA_DATABASE cannot be read: write postgresql://user:password@host:5432/name") from None
    except DBAPIError as error:
        raise CannotBegin(f"The database cannot be used: {_short(error.orig)}. Mend ENTRADA_DATABASE.") from None
    except OSError as error:
        raise CannotBegin(
            f"{error.filename} cannot be used: {error.strerror}. Mend ENTRADA_DATABASE or ENTRADA_DATA_DIR."
        ) from None


def sqlite_file(settings: Settings) -> Path | None:
    if not settings.database_url.startswith("sqlite:"):
        return None
    return Path(asking(lambda url: make_url(url).database or "", settings))


def shown(settings: Settings) -> str:
    """The database's URL without its password."""
    return asking(lambda url: make_url(url).render_as_string(hide_password=True), settings)


def _short(error: object) -> str:
    """The first line of what a driver says, which may go on for ten."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return one_line(lines[0]).rstrip(".")
