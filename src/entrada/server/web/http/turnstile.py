"""Let in only as many at once as there would be room for if each were a guess.  RFC 6585 §4; ASVS 6.3.1.

What a request weighs is known at its end.  Until then it counts as a guess, or any number sent at once would get past
the limit; but whoever finds no room for that only waits for those before to be weighed, so that a burst of requests
that succeed is slowed down and never refused.
"""

from asyncio import Future, get_running_loop, timeout
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

from attrs import define, field

from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.throttle import Bucket, has_room, pour, wait

MOST: Final = 20_000
_PATIENCE: Final = 10.0  # seconds; then the requests before are not being answered
_SHORTLY: Final = Seconds(1)
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@define
class Recent(Generic[K, V]):
    """No more of them than `MOST`: whoever has been quiet the longest is forgotten."""

    kept: OrderedDict[K, V] = field(factory=OrderedDict[K, V])

    def put(self, key: K, value: V) -> None:
        self.kept[key] = value
        self.kept.move_to_end(key)
        if len(self.kept) > MOST:
            self.kept.popitem(last=False)


@define
class _Crowd:
    inside: int = 0
    waiting: OrderedDict[Future[None], None] = field(factory=OrderedDict[Future[None], None])  # in order


@define
class Turnstile(Generic[K]):
    """One for each key.  Whoever enters leaves with what it weighed."""

    per_minute: int  # 0: no limit
    clock: Callable[[], NumericDate]
    buckets: Recent[K, Bucket] = field(factory=Recent[K, Bucket])
    crowds: dict[K, _Crowd] = field(factory=dict[K, _Crowd])  # of what is under way

    async def enter(self, key: K) -> Seconds:
        """0 once it is let in; else how long to stay away."""
        while self.per_minute:
            now, bucket = self.clock(), self._bucket(key)
            if away := wait(bucket, self.per_minute, now):
                self._wake(key)
                return away
            crowd = self.crowds.setdefault(key, _Crowd())
            if has_room(bucket, crowd.inside, self.per_minute, now):
                crowd.inside += 1
                self._wake(key)
                break
            if not await self._turn(key, crowd):
                return _SHORTLY
        return Seconds(0)

    def leave(self, key: K, weighs: float) -> None:
        if not self.per_minute:
            return
        self.buckets.put(key, pour(self._bucket(key), weighs, self.per_minute, self.clock()))
        self.crowds[key].inside -= 1
        self._wake(key)

    async def _turn(self, key: K, crowd: _Crowd) -> bool:
        """Whether it came in time.  Each who is woken wakes the next, or waits again."""
        turn: Future[None] = get_running_loop().create_future()
        crowd.waiting[turn] = None
        try:
            async with timeout(_PATIENCE):
                await turn
        except BaseException as given_up:
            crowd.waiting.pop(turn, None)
            if not turn.cancelled():
                self._wake(key)  # it was our turn, and we are going
            if isinstance(given_up, TimeoutError):
                return False
            raise
        return True

    def _wake(self, key: K) -> None:
        """The next; and forget a crowd of nobody."""
        crowd = self.crowds.get(key)
        if crowd is None:
            return
        while crowd.waiting:
            turn, _ = crowd.waiting.popitem(last=False)
            if not turn.done():
                turn.set_result(None)
                break
        if not crowd.inside and not crowd.waiting:
            del self.crowds[key]

    def _bucket(self, key: K) -> Bucket:
        return self.buckets.kept.get(key, Bucket())
