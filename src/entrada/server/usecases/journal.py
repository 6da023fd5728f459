"""The journal: stories of requests and last uses of credentials, kept in memory and written in batches.  Design 4, 10.

Lossy by design: it never makes anybody wait.  Of requests that were let in, and of refusals of nobody known, no more
than so many a second are told; where the store cannot follow the oldest stories are dropped, and counted; what a killed
process held is gone.  Each worker process writes its own.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import define, evolve, field, frozen

from entrada.core.directory.ids import ANY_TENANT, TenantId, UserId
from entrada.core.directory.story import Story, Use
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.server.store.port import Store
from entrada.server.usecases.lookup import find_application, find_authority

MOST: Final = 4000  # stories that wait
BATCH: Final = 200
GRANTED_A_SECOND: Final = 50  # who was let in asks nothing; why somebody was refused is what people come for
STRANGERS_A_SECOND: Final = 50  # refusals of nobody known: anybody can have as many as they like
_USED_AGAIN: Final = Seconds(60)  # a last use is told this exactly
_KEYS: Final = 20_000
_HOPELESS: Final = 5  # stories of a batch, from its first on, that a store did not take


@frozen(kw_only=True)
class Draft:
    """A story whose tenant and user are looked up when it is written: no request waits for that."""

    story: Story
    names: tuple[str, ...] = field(default=(), repr=False)  # perhaps of its tenant: of the path, of who was to sign in
    home: TenantId | None = None  # the user's


@define
class _Second:
    at: NumericDate = NumericDate(0)
    told: int = 0

    def count(self, now: NumericDate) -> int:
        """How many in this second, with one more."""
        self.told = self.told + 1 if self.at == now else 1
        self.at = now
        return self.told


@define
class Journal:
    dropped: int = 0  # since the last time somebody asked
    strangers: int = 0  # whose refusal was not told, since then
    _waiting: deque[Draft] = field(factory=deque[Draft], repr=False)
    _uses: dict[tuple[str, str], Use] = field(factory=dict[tuple[str, str], Use], repr=False)
    _told: dict[tuple[str, str], NumericDate] = field(factory=dict[tuple[str, str], NumericDate], repr=False)
    _of_granted: _Second = field(factory=_Second, repr=False)
    _of_strangers: _Second = field(factory=_Second, repr=False)
    _full: asyncio.Event = field(factory=asyncio.Event, repr=False)

    def has_room_for_granted(self, now: NumericDate) -> bool:
        """Asked before a story of somebody who was let in is made up: making it costs, too."""
        return self._of_granted.count(now) <= GRANTED_A_SECOND

    def has_room_for_stranger(self, now: NumericDate) -> bool:
        """Asked before the story of a refusal that nobody known had; those that are not told are counted."""
        room = self._of_strangers.count(now) <= STRANGERS_A_SECOND
        self.strangers += not room
        return room

    def keep(self, draft: Draft) -> None:
        if len(self._waiting) >= MOST:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(draft)
        if len(self._waiting) >= BATCH:
            self._full.set()

    def used(self, use: Use) -> None:
        key = (use.object_id, use.key_id)
        if use.at - self._told.get(key, NumericDate(0)) < _USED_AGAIN:
            return
        if len(self._told) >= _KEYS:
            self._told.clear()
        self._told[key] = use.at
        self._uses[key] = use

    async def until_due(self, patience: float) -> None:
        """Until a batch waits, or *patience* seconds are over."""
        try:
            async with asyncio.timeout(patience):
                await self._full.wait()
        except TimeoutError:
            pass
        self._full.clear()

    async def write(self, store: Store) -> None:
        """Everything that waits, batch by batch.  What a failing store does not take is lost."""
        while self._waiting or self._uses:
            drafts = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            uses = tuple(self._uses.values())
            self._uses.clear()
            try:
                await store.write_journal([await _completed(store, one) for one in drafts], uses)
            except Exception:  # noqa: BLE001 - what cannot be written is of one story, or of the store
                await self._write_singly(store, drafts, uses)

    async def _write_singly(self, store: Store, drafts: Sequence[Draft], uses: tuple[Use, ...]) -> None:
        """So that a story that cannot be written takes no others along."""
        lost = 0
        for number, draft in enumerate(drafts, 1):
            try:
                await store.write_journal([await _completed(store, draft)], ())
            except Exception:
                lost += 1
                if lost == number and number in (_HOPELESS, len(drafts)):  # none was taken: it is the store
                    self.dropped += len(drafts)
                    raise
        self.dropped += lost
        await store.write_journal([], uses)


async def _completed(store: Store, draft: Draft) -> Story:
    """With the tenant that may read it: the one it was asked of, else the user's, else the application's."""
    story = draft.story
    candidates = [one for one in [await _tenant(store, name) for name in draft.names] if one is not None]
    if story.tenant_id != ANY_TENANT:
        candidates.insert(0, story.tenant_id)
    user = await _user(store, story.user_id, [*candidates, *([draft.home] if draft.home else [])])
    if not candidates and user is not None:
        candidates = [user.tenant_id]
    if not candidates and story.client_id is not None:
        client = await find_application(store, story.client_id)
        candidates = [client.tenant_id] if client is not None else []
    name = user.user_principal_name if user is not None else None
    return evolve(story, tenant_id=candidates[0] if candidates else ANY_TENANT, user_principal_name=name)


async def _tenant(store: Store, name: str) -> TenantId | None:
    authority = await find_authority(store, name)
    return authority.tenant.id if authority is not None and authority.tenant is not None else None


async def _user(store: Store, user_id: str | None, tenants: Iterable[TenantId]) -> User | None:
    if user_id is None:
        return None
    for tenant_id in tenants:
        user = await store.find_user(tenant_id, UserId(user_id))
        if user is not None:
            return user
    return None
