"""What Alembic runs: all missing steps in one transaction, on the connection that `migrate` hands over."""

from alembic import context
from sqlalchemy import Connection, text

from entrada.server.store.sql.schema import METADATA


def _one_at_a_time(connection: Connection) -> None:
    """Let replicas that start together migrate after each other; SQLite's write lock already does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('entrada migrations'))"))


def _run(connection: Connection) -> None:
    _one_at_a_time(connection)
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    context.run_migrations()


_run(context.config.attributes["connection"])
