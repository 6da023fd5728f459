"""Ask the database, unless the question holds what no database can be asked for."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select


def _is_askable(value: object) -> bool:
    """Whether a database can be asked for *value*: no text of ours holds NUL or half a surrogate pair."""
    if not isinstance(value, str):
        return True
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:
        return False


def rows_of(connection: Connection, statement: Select[*tuple[Any, ...]], **values: object) -> Iterable[Any]:
    if not all(map(_is_askable, values.values())):
        return ()
    return connection.execute(statement, values).all()
