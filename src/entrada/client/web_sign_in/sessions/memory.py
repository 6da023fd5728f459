"""Sessions in the memory of one process: for development and tests, gone when it ends."""

import threading
from collections import OrderedDict
from collections.abc import Collection
from typing import Final

from attrs import define, evolve, field

from entrada.client.web_sign_in.sessions.port import Row
from entrada.core.jose.numeric_date import NumericDate

MOST: Final = 10_000  # whoever came longest ago makes room


@define
class MemorySessions:
    most: int = MOST
    blocks: bool = field(default=False, init=False)
    lasts: bool = field(default=False, init=False)
    _rows: OrderedDict[str, Row] = field(factory=OrderedDict[str, Row], init=False, repr=False)
    _marks: OrderedDict[str, NumericDate] = field(factory=OrderedDict[str, NumericDate], init=False, repr=False)
    _names: dict[str, set[str]] = field(factory=dict[str, set[str]], init=False, repr=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def add(self, row: Row, now: NumericDate) -> None:
        with self._lock:
            self._rows[row.key] = row
            for name in row.names:
                self._names.setdefault(name, set()).add(row.key)
            while len(self._rows) > self.most:
                self._drop(next(iter(self._rows)))

    def find(self, key: str, now: NumericDate) -> Row | None:
        with self._lock:
            return self._living(key, now)

    def replace(self, row: Row, now: NumericDate) -> bool:
        with self._lock:
            before = self._living(row.key, now)
            if before is None or before.version != row.version - 1:
                return False
            self._rows[row.key] = evolve(row, names=before.names)
            self._rows.move_to_end(row.key)
            return True

    def remove(self, key: str) -> None:
        with self._lock:
            self._drop(key)

    def named(self, name: str, now: NumericDate) -> tuple[str, ...]:
        with self._lock:
            return tuple(key for key in sorted(self._names.get(name, ())) if self._living(key, now))

    def mark(self, mark: str, until: NumericDate, now: NumericDate) -> bool:
        with self._lock:
            if self._marks.get(mark, now) > now:
                return False
            self._marks[mark] = until
            self._marks.move_to_end(mark)
            while len(self._marks) > self.most and self._marks[next(iter(self._marks))] <= now:
                self._marks.popitem(last=False)
            return True

    def marked(self, marks: Collection[str], now: NumericDate) -> bool:
        with self._lock:
            return any(self._marks.get(mark, now) > now for mark in marks)

    def _living(self, key: str, now: NumericDate) -> Row | None:
        row = self._rows.get(key)
        if row is None or row.expires_at > now:
            return row
        self._drop(key)
        return None

    def _drop(self, key: str) -> None:
        row = self._rows.pop(key, None)
        for name in row.names if row is not None else ():
            keys = self._names.get(name, set())
            keys.discard(key)
            if not keys:
                self._names.pop(name, None)
