"""A store in memory that fails whoever changes the directory without a row in the audit log of the same commit."""

import sys
from collections.abc import Mapping, Sequence
from typing import Final

from entrada.core.protocol.effects import Effect, PutEntity, RecordAudit, RemoveEntity, RestoreEntity
from entrada.server.store.memory import MemoryStore

_USE_CASES: Final = "entrada.server.usecases"

EXEMPT: Final[Mapping[tuple[str, str], str]] = {
    ("prove_password", "_upgraded"): "the same password under a stronger hash: nobody has changed anything",
    (
        "register_portal",
        "register_portal",
    ): "the portal's own registration, of no tenant: there is no log to tell it in",
    ("second_factor", "_spend"): "a sign-in, which the sign-in log tells; it leaves one recovery code less",
}
"""Which function of which use case may, and why."""


class Unaudited(AssertionError):
    """An object was put or removed, and the audit log would not say so."""


class WatchedStore(MemoryStore):
    """Watches the use cases; a test puts what it likes."""

    async def commit(self, effects: Sequence[Effect]) -> bool:
        asking = sys._getframe(1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - whoever awaits this
        module = str(asking.f_globals.get("__name__", ""))
        if module.startswith(_USE_CASES) and not is_told(effects):
            deed = (module.rpartition(".")[2], asking.f_code.co_name)
            if deed not in EXEMPT:
                raise Unaudited(f"{module}.{deed[1]} changes the directory without RecordAudit in the same commit")
        return await super().commit(effects)


def is_told(effects: Sequence[Effect]) -> bool:
    changes = any(isinstance(one, PutEntity | RemoveEntity | RestoreEntity) for one in effects)
    return not changes or any(isinstance(one, RecordAudit) for one in effects)
