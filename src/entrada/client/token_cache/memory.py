"""Keep tokens for as long as this process lives."""

from collections.abc import Callable
from threading import Lock

from attrs import field, frozen

from entrada.client.token_cache.port import Kept, Partition
from entrada.client.tokens import Account


@frozen(eq=False)
class MemoryCache:
    _kept: dict[Partition, Kept] = field(factory=dict[Partition, Kept], init=False, repr=False)
    _claimed: set[Partition] = field(factory=set[Partition], init=False, repr=False)
    _lock: Lock = field(factory=Lock, init=False, repr=False)

    blocks: bool = field(default=False, init=False)

    def read(self, partition: Partition) -> Kept | None:
        return self._kept.get(partition)

    def change(self, partition: Partition, decide: Callable[[Kept | None], Kept | None]) -> Kept | None:
        with self._lock:
            kept = decide(self._kept.get(partition))
            if kept is None:
                self._kept.pop(partition, None)
            else:
                self._kept[partition] = kept
            return kept

    def claim(self, partition: Partition) -> Callable[[], None] | None:
        with self._lock:
            if partition in self._claimed:
                return None
            self._claimed.add(partition)
        return lambda: self._claimed.discard(partition)

    def partitions(self) -> tuple[tuple[Partition, Account | None], ...]:
        with self._lock:
            return tuple((partition, kept.account) for partition, kept in self._kept.items())
