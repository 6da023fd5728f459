"""Counts the statements that reach a database, and what each transaction cost: the promise is one write a step.

with counting() as statements:
    await store.commit([OpenFamily(family)])
assert statements.writes == 1
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define, field
from sqlalchemy import Connection, Engine, event

WRITES = ("INSERT", "UPDATE", "DELETE")
BOUNDARIES = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


def is_write(statement: str) -> bool:
    return statement.lstrip().upper().startswith(WRITES)


@define
class Statements:
    """All statements of all engines of this process, in the order in which they were sent; not what bounds them."""

    sent: list[str] = field(factory=list)
    commits: list[tuple[str, ...]] = field(factory=list)  # what each committed transaction held
    _open: list[str] = field(factory=list)

    @property
    def writes(self) -> int:
        return sum(map(is_write, self.sent))

    @property
    def reads(self) -> int:
        return len(self.sent) - self.writes

    def clear(self) -> None:
        self.sent.clear()
        self.commits.clear()

    def note(self, connection, cursor, statement, parameters, context, executemany) -> None:
        if statement.startswith(BOUNDARIES):
            return
        self.sent.append(statement)
        if is_write(statement):
            self._open.append(statement)

    def committed(self, connection: Connection) -> None:
        self.commits.append(tuple(self._open))
        self._open.clear()

    def rolled_back(self, connection: Connection) -> None:
        self._open.clear()


@contextmanager
def counting() -> Iterator[Statements]:
    """Statements are counted in whichever thread they are sent; no store needs to know."""
    statements = Statements()
    heard: dict[str, Callable[..., Any]] = {
        "before_cursor_execute": statements.note,
        "commit": statements.committed,
        "rollback": statements.rolled_back,
    }
    for name, listener in heard.items():
        event.listen(Engine, name, listener)
    try:
        yield statements
    finally:
        for name, listener in heard.items():
            event.remove(Engine, name, listener)
