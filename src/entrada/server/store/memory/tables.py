"""What is in memory, how it is looked up, and how a unit that failed takes back what it changed."""

from collections.abc import Callable
from typing import Any, TypeVar

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key
from entrada.core.directory.ids import SessionId, TenantId, UserId
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.story import Story, Use
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.protocol.device_flow import DeviceFlow, DeviceFlowKey
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.server.store import identity

E = TypeVar("E", bound=Entity)
K = TypeVar("K")
V = TypeVar("V")

AttemptsKey = tuple[TenantId, UserId, Counter]


def attempts_key(attempts: Attempts) -> AttemptsKey:
    return attempts.tenant_id, attempts.user_id, attempts.counter


class Tables:
    def __init__(self) -> None:
        self.families: dict[FamilyKey, TokenFamily] = {}
        self.sessions: dict[tuple[TenantId, SessionId], BrowserSession] = {}
        self.sign_ins: dict[tuple[TenantId, NumericDate, str], SignIn] = {}
        self.device_flows: dict[DeviceFlowKey, DeviceFlow] = {}
        self.user_codes: dict[str, DeviceFlowKey] = {}
        self.attempts: dict[AttemptsKey, Attempts] = {}
        self.factor_steps: dict[tuple[TenantId, UserId], int] = {}
        self.signing_keys: dict[int, SigningKeyRecord] = {}
        self.audits: dict[tuple[TenantId, str], DirectoryAudit] = {}
        self.stories: dict[tuple[TenantId, str], Story] = {}
        self.uses: dict[tuple[TenantId, str, str], Use] = {}
        self._entities: dict[type[Any], dict[Key, Any]] = {}
        self.holders: dict[identity.Name, Entity] = {}
        self._undo: list[Callable[[], object]] = []

    # ---- what is there ----

    def of(self, kind: type[E]) -> dict[Key, E]:
        # One dictionary per kind: what is filed under a kind is of that kind.
        return self._entities.setdefault(kind, {})

    def find(self, kind: type[E], key: Key) -> E | None:
        return self.of(kind).get(key)

    def held(self, kind: type[E], name: identity.Name) -> E | None:
        holder = self.holders.get(name)
        return holder if isinstance(holder, kind) else None

    def all(self, kind: type[E], tenant_id: TenantId) -> list[E]:
        table = self.of(kind)
        return [table[key] for key in sorted(table) if key[0] == tenant_id]

    # ---- what changes ----

    def put(self, table: dict[K, V], key: K, value: V) -> None:
        self._remember(table, key)
        table[key] = value

    def delete(self, table: dict[K, V], key: K) -> None:
        self._remember(table, key)
        table.pop(key, None)

    def take_back(self) -> None:
        while self._undo:
            self._undo.pop()()

    def keep(self) -> None:
        """What was changed until now is not taken back any more."""
        self._undo.clear()

    def _remember(self, table: dict[K, V], key: K) -> None:
        """Note how to undo the next change to *key*."""
        if key in table:
            before = table[key]
            self._undo.append(lambda: table.update({key: before}))
        else:
            self._undo.append(lambda: table.pop(key, None))
