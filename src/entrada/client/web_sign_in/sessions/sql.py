"""Sessions in a database that several processes share: PostgreSQL, SQLite, whatever SQLAlchemy speaks to.

Three small tables of our own, made when first needed.  What has expired is deleted in small batches as sessions begin.
"""

import threading
from collections.abc import Callable, Collection
from typing import Final, TypeVar

from attrs import define, field
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from entrada.client.errors import StorageError
from entrada.client.web_sign_in.sessions.port import AT_ONCE, Row, Taken
from entrada.core.jose.numeric_date import NumericDate

T = TypeVar("T")
_DIGEST: Final = 64
_ATTEMPTS: Final = 5  # one for each table, and some

_METADATA: Final = MetaData()
_SESSIONS: Final = Table(
    "entrada_web_sessions",
    _METADATA,
    Column("key", String(_DIGEST), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)
_NAMES: Final = Table(
    "entrada_web_session_names",
    _METADATA,
    Column("name", String(_DIGEST), primary_key=True),
    Column("key", String(_DIGEST), primary_key=True, index=True),
)
_MARKS: Final = Table(
    "entrada_web_session_marks",
    _METADATA,
    Column("mark", String(_DIGEST), primary_key=True),
    Column("expires_at", BigInteger, nullable=False, index=True),
)


def _engine(url: str | Engine) -> Engine:
    return url if isinstance(url, Engine) else create_engine(url, pool_pre_ping=True)


@define
class SqlSessions:
    """*engine*: a URL, as `postgresql+psycopg://…` or `sqlite:///sessions.db`, or the application's own engine."""

    engine: Engine = field(converter=_engine, repr=False)
    blocks: bool = field(default=True, init=False)
    lasts: bool = field(default=True, init=False)
    _is_made: bool = field(default=False, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def add(self, row: Row, now: NumericDate) -> None:
        def work(connection: Connection) -> None:
            _sweep(connection, now)
            values = {"key": row.key, "sealed": row.sealed, "version": row.version, "expires_at": row.expires_at}
            connection.execute(insert(_SESSIONS).values(values))
            if row.names:
                connection.execute(insert(_NAMES), [{"name": name, "key": row.key} for name in sorted(row.names)])

        self._do(work)

    def find(self, key: str, now: NumericDate) -> Row | None:
        def work(connection: Connection) -> Row | None:
            wanted = select(_SESSIONS).where(_SESSIONS.c.key == key, _SESSIONS.c.expires_at > now)
            found = connection.execute(wanted).first()
            if found is None:
                return None
            at = NumericDate(found.expires_at)
            return Row(key=key, sealed=bytes(found.sealed), version=found.version, expires_at=at)

        return self._do(work)

    def replace(self, row: Row, now: NumericDate) -> bool:
        table = _SESSIONS
        at = (table.c.key == row.key, table.c.version == row.version - 1, table.c.expires_at > now)
        values = {"sealed": row.sealed, "version": row.version, "expires_at": row.expires_at}
        changed = self._do(lambda connection: connection.execute(update(table).where(*at).values(values)).rowcount)
        return changed == 1

    def remove(self, key: str) -> None:
        self._do(lambda connection: _delete(connection, [key]))

    def named(self, name: str, now: NumericDate) -> tuple[str, ...]:
        living = _SESSIONS.c.expires_at > now
        wanted = (
            select(_NAMES.c.key).join(_SESSIONS, _SESSIONS.c.key == _NAMES.c.key).where(_NAMES.c.name == name, living)
        )
        return self._do(lambda connection: tuple(connection.execute(wanted.order_by(_NAMES.c.key)).scalars()))

    def mark(self, mark: str, until: NumericDate, now: NumericDate) -> bool:
        def work(connection: Connection) -> None:
            connection.execute(delete(_MARKS).where(_MARKS.c.mark == mark, _MARKS.c.expires_at <= now))
            connection.execute(insert(_MARKS).values(mark=mark, expires_at=until))

        try:
            self._do(work)
        except Taken:
            return False
        return True

    def marked(self, marks: Collection[str], now: NumericDate) -> bool:
        wanted = select(_MARKS.c.mark).where(_MARKS.c.mark.in_(list(marks)), _MARKS.c.expires_at > now).limit(1)
        return self._do(lambda connection: connection.execute(wanted).first()) is not None

    def _do(self, work: Callable[[Connection], T]) -> T:
        try:
            self._make_tables()
            with self.engine.begin() as connection:
                return work(connection)
        except IntegrityError as error:
            raise Taken("The session store holds it already") from error
        except SQLAlchemyError as error:  # its words could quote what was to be written
            raise StorageError(f"The session database fails ({type(error).__name__})") from error

    def _make_tables(self) -> None:
        with self._lock:
            for attempt in range(1, _ATTEMPTS + 1):
                if self._is_made:
                    return
                try:
                    _METADATA.create_all(self.engine)
                    self._is_made = True
                except SQLAlchemyError:  # another process makes them at the same time: what it has made is left alone
                    if attempt == _ATTEMPTS:
                        raise


def _sweep(connection: Connection, now: NumericDate) -> None:
    over = select(_SESSIONS.c.key).where(_SESSIONS.c.expires_at <= now).limit(AT_ONCE)
    _delete(connection, list(connection.execute(over).scalars()))
    marks = select(_MARKS.c.mark).where(_MARKS.c.expires_at <= now).limit(AT_ONCE)
    spent = list(connection.execute(marks).scalars())
    if spent:
        connection.execute(delete(_MARKS).where(_MARKS.c.mark.in_(spent)))


def _delete(connection: Connection, keys: list[str]) -> None:
    if keys:
        connection.execute(delete(_NAMES).where(_NAMES.c.key.in_(keys)))
        connection.execute(delete(_SESSIONS).where(_SESSIONS.c.key.in_(keys)))
