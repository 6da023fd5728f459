"""Secrets for as long as this process lives: where nothing may be left behind."""

from collections.abc import Callable, Iterator
from threading import Lock

from attrs import field, frozen

from entrada.client.vault.surroundings import Rung


@frozen(eq=False)
class MemoryVault:
    _kept: dict[str, bytes] = field(factory=dict[str, bytes], init=False, repr=False)
    _claimed: set[str] = field(factory=set[str], init=False, repr=False)
    _lock: Lock = field(factory=Lock, init=False, repr=False)

    @property
    def rung(self) -> Rung | None:
        return Rung.MEMORY

    def read(self, name: str) -> bytes | None:
        return self._kept.get(name)

    def change(self, name: str, decide: Callable[[bytes | None], bytes | None]) -> bytes | None:
        with self._lock:
            after = decide(self._kept.get(name))
            if after is None:
                self._kept.pop(name, None)
            else:
                self._kept[name] = after
            return after

    def claim(self, name: str) -> Callable[[], None] | None:
        with self._lock:
            if name in self._claimed:
                return None
            self._claimed.add(name)
        return lambda: self._claimed.discard(name)

    def entries(self, prefix: str) -> Iterator[tuple[str, bytes]]:
        with self._lock:
            found = sorted(self._kept.items())
        yield from ((name, content) for name, content in found if name.startswith(prefix))

    def names(self, prefix: str) -> tuple[str, ...]:
        return tuple(name for name, _ in self.entries(prefix))
