"""The store that forgets when the process ends: for tests and for entrada inside another program's tests."""

from entrada.server.store.memory.store import MemoryStore

__all__ = ["MemoryStore"]
