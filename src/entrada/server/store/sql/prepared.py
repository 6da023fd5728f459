"""Statements compiled once per database: asking SQLAlchemy's cache for one costs as much as a small insert."""

from collections.abc import Mapping

from attrs import frozen
from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement


@frozen
class _Compiled:
    text: str
    constants: Mapping[str, object]  # what the statement itself binds
    positions: tuple[str, ...] | None  # for drivers that take parameters by position


class Prepared:
    """A statement that writes.  Its parameters are text, numbers, booleans and NULL, which drivers take as they are."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, values: Mapping[str, object]) -> int:
        """Run it; how many rows it wrote."""
        compiled = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        named = {**compiled.constants, **values}
        if compiled.positions is None:
            return connection.exec_driver_sql(compiled.text, named).rowcount
        return connection.exec_driver_sql(compiled.text, tuple(map(named.__getitem__, compiled.positions))).rowcount

    def _compile(self, dialect: Dialect) -> _Compiled:
        if not isinstance(self._statement, ClauseElement):
            raise TypeError(f"nothing to compile: {self._statement!r}")
        made = self._statement.compile(dialect=dialect)
        positions: list[str] | None = getattr(made, "positiontup", None)
        compiled = _Compiled(
            text=str(made),
            constants={name: value for name, value in (made.params or {}).items() if value is not None},
            positions=None if positions is None else tuple(positions),
        )
        self._compiled[dialect.name] = compiled
        return compiled
