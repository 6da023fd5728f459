"""What the tests of directory files share: a quick hasher, and the development file."""

import hashlib
from pathlib import Path

import entrada.server
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.apply_directory import FileRefused, Plan, apply_directory
from entrada.server.usecases.settle_credentials import Credentials

NOW = NumericDate(1_770_000_000)
COLORS = "c0105000-0000-4000-8000-000000000001"
DEVELOPMENT = (Path(entrada.server.__file__).parent / "development.yaml").read_text("utf-8")


class SaltedHasher:
    """As Argon2 does it, but at once: the same password never has the same hash twice."""

    def __init__(self) -> None:
        self.hashed = 0

    async def hash(self, password: str) -> str:
        self.hashed += 1
        return self._digest(password, str(self.hashed))

    async def verify(self, password: str, stored: str) -> bool:
        return stored == self._digest(password, stored.split("$")[2])

    def _digest(self, password: str, salt: str) -> str:
        return f"$argon2id${salt}${hashlib.sha256(f'{salt}{password}'.encode()).hexdigest()}"


def credentials(**more) -> Credentials:
    hasher = SaltedHasher()
    return Credentials(hash_password=hasher.hash, verify_password=hasher.verify, **more)


async def applied(text: str, store: MemoryStore, *, prune: bool = False, now=NOW, **more) -> Plan:
    plan = await apply_directory(text, store, now, credentials(**more), prune=prune)
    assert not isinstance(plan, FileRefused), [str(fault) for fault in plan.faults]
    return plan
