"""Bring a database's tables up to date.  Alembic, configured here: nothing to install beside the package."""

from pathlib import Path
from typing import Final

from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from entrada.server.store.port import StoreUnavailable
from entrada.server.store.sql.engine import write_engine

HEAD: Final = "0005"
"""The newest step of `migrations/versions`: known without loading Alembic, because each start asks."""

_STEPS: Final = Path(__file__).parent / "migrations"


def pending(url: str) -> bool:
    """Whether the tables at *url* lack a step, or were never made."""
    # Numbers only grow, and yesterday's code runs on today's tables: a newer step is none that lacks.
    return (revision(url) or "") < HEAD


def revision(url: str) -> str | None:
    """The last step that was taken."""
    engine = write_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            taken: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return taken
    except OperationalError as error:
        raise StoreUnavailable(str(error.orig)) from error
    finally:
        engine.dispose()


def migrate(url: str) -> None:
    """Take all missing steps, in one transaction; what the database holds is kept."""
    from alembic import command  # noqa: PLC0415  (slow to load, and seldom needed)
    from alembic.config import Config  # noqa: PLC0415

    from entrada.server.store.sql.catching_up import catch_up  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    engine = write_engine(url)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            catch_up(connection)
    except OperationalError as error:
        raise StoreUnavailable(str(error.orig)) from error
    finally:
        engine.dispose()
