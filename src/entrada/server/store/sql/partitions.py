"""PostgreSQL keeps families in a partition for each week of their end day, and drops a week whole when it is over.

A week and not a day: a statement that names a family's end day then plans over fourteen partitions instead of a
hundred.  What has no partition lands in the default one and is deleted row by row.
"""

from collections.abc import Collection
from threading import Lock
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from entrada.core.jose.numeric_date import NumericDate
from entrada.server.store.retention import day_of
from entrada.server.store.sql.failures import is_disconnection

DAYS: Final = 7

_NAMES: Final = text(
    "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
    " WHERE inhparent = 'families'::regclass AND relname LIKE 'families\\_w%'"
)
# A partition is made and dropped under a lock that stops everyone: better give up, and try again later, than wait.
_HURRY: Final = text("SET LOCAL lock_timeout = '300ms'")


def week_of(end_day: int) -> int:
    return end_day // DAYS


def _partition(week: int) -> str:
    return f"families_w{week}"


class Partitions:
    """Which weeks have partitions, as this process knows; asked by the writer's thread and by the sweeper's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._settled: set[int] = set()  # made, or tried in vain: then the default partition serves the week
        self._lock = Lock()

    def make_room(self, connection: Connection, end_days: Collection[int]) -> None:
        weeks = {week_of(day) for day in end_days} - self._settled
        if not weeks:
            return
        with self._lock:
            for week in weeks - self._existing(connection):
                _make(connection, week)
            self._settled |= weeks

    def make_room_ahead(self, now: NumericDate) -> None:
        """For families of a day and of ninety, this week's and next week's: made while nobody waits for them."""
        today = day_of(now)
        with self._engine.connect() as connection:
            self.make_room(connection, [today + ahead for ahead in (0, 1, DAYS, 90, 91, 90 + DAYS)])

    def drop_ended(self, now: NumericDate) -> int:
        with self._engine.connect() as connection:
            ended = [week for week in self._existing(connection) if (week + 1) * DAYS <= day_of(now)]
            return sum(_drop(connection, week) for week in ended)

    def _existing(self, connection: Connection) -> set[int]:
        with connection.begin():
            return {int(name.removeprefix("families_w")) for name in connection.scalars(_NAMES)}


def _make(connection: Connection, week: int) -> None:
    first, end = week * DAYS, (week + 1) * DAYS
    make = f"CREATE TABLE {_partition(week)} PARTITION OF families FOR VALUES FROM ({first}) TO ({end})"
    try:
        with connection.begin():
            connection.execute(_HURRY)
            connection.execute(text(make))
    except DBAPIError as error:
        # Another process made it, or was in the way, or the default partition already holds rows of this week.
        if is_disconnection(error):
            raise


def _drop(connection: Connection, week: int) -> int:
    """How many rows went with the partition; none when somebody was in the way."""
    try:
        with connection.begin():
            connection.execute(_HURRY)
            rows: int = connection.execute(text(f"SELECT count(*) FROM {_partition(week)}")).scalar_one()  # noqa: S608
            connection.execute(text(f"DROP TABLE {_partition(week)}"))
            return rows
    except DBAPIError as error:
        if is_disconnection(error):
            raise
        return 0
