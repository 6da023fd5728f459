"""Which database a URL means."""

from sqlalchemy import URL, Engine, make_url

from entrada.server.store.port import Store
from entrada.server.store.sql.backend import Backend
from entrada.server.store.sql.sqlite import SqliteBackend, sqlite_write_engine
from entrada.server.store.sql.store import SqlStore


def open_store(url: str) -> Store:
    """The store at *url*, `sqlite:///path` or `postgresql+psycopg://…`, whose tables `migrate` has made.

    No connection is made before the first question, so an unreachable PostgreSQL shows as StoreUnavailable then.
    """
    return SqlStore(_backend(_parse(url)))


def write_engine(url: str) -> Engine:
    """An engine for migrations and for whoever works on the tables themselves."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite_write_engine(parsed)
    from entrada.server.store.sql.postgresql import postgresql_write_engine  # noqa: PLC0415

    return postgresql_write_engine(parsed)


def _parse(url: str) -> URL:
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return parsed
        case "postgresql":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ValueError(f"no store for {other}: use sqlite:///path or postgresql+psycopg://…")


def _backend(url: URL) -> Backend:
    if url.get_backend_name() == "sqlite":
        return SqliteBackend(url)
    # Here, because its driver comes with the extra `postgres`, which a store in one file does not need.
    from entrada.server.store.sql.postgresql import PostgresqlBackend  # noqa: PLC0415

    return PostgresqlBackend(url)
