"""Sessions in Redis, which drops them by itself when they expire.

A session is a hash of its sealed bytes and its version; a name is a set of keys.  What must be one step is one script.
The keys of one step may lie in different slots, so this is for one Redis with its replicas, not for Redis Cluster.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeVar, cast

from attrs import define, field
from redis import Redis
from redis.exceptions import RedisError

from entrada.client.errors import StorageError
from entrada.client.web_sign_in.sessions.port import Row
from entrada.core.jose.numeric_date import NumericDate

T = TypeVar("T")
_TIME_OUT: Final = 5.0  # seconds; a request must not wait for ever

_ADD: Final = """
redis.call('HSET', KEYS[1], 'sealed', ARGV[1], 'version', ARGV[2], 'expires_at', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
for at = 2, #KEYS do
  redis.call('SADD', KEYS[at], ARGV[5])
  if redis.call('TTL', KEYS[at]) < tonumber(ARGV[6]) then redis.call('EXPIRE', KEYS[at], ARGV[6]) end
end
"""
_REPLACE: Final = """
local before = redis.call('HMGET', KEYS[1], 'version', 'expires_at')
if before[1] ~= ARGV[4] or tonumber(before[2]) <= tonumber(ARGV[6]) then return 0 end
redis.call('HSET', KEYS[1], 'sealed', ARGV[1], 'version', ARGV[2], 'expires_at', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
"""


def _client(url: "str | Redis") -> Redis:
    if isinstance(url, Redis):
        return url
    return Redis.from_url(  # pyright: ignore[reportUnknownMemberType] - its options are not typed
        url, socket_timeout=_TIME_OUT, socket_connect_timeout=_TIME_OUT
    )


@define
class RedisSessions:
    """*client*: a URL, as `redis://…` or `rediss://…`, or a client of the application's own."""

    client: Redis = field(converter=_client, repr=False)
    prefix: str = "entrada:web:"
    blocks: bool = field(default=True, init=False)
    lasts: bool = field(default=True, init=False)

    def add(self, row: Row, now: NumericDate) -> None:
        keys = [self._session(row.key), *(self._name(name) for name in sorted(row.names))]
        left = _left(row.expires_at, now)
        stand = max(left, _left(row.ends_at, now))
        values: list[bytes | int | str] = [row.sealed, row.version, row.expires_at, left, row.key, stand]
        self._do(lambda: self.client.eval(_ADD, len(keys), *keys, *values))

    def find(self, key: str, now: NumericDate) -> Row | None:
        found = cast("Mapping[bytes, bytes]", self._do(lambda: self.client.hgetall(self._session(key))))
        if not found or int(found[b"expires_at"]) <= now:
            return None
        at = NumericDate(int(found[b"expires_at"]))
        return Row(key=key, sealed=found[b"sealed"], version=int(found[b"version"]), expires_at=at)

    def replace(self, row: Row, now: NumericDate) -> bool:
        before, left = row.version - 1, _left(row.expires_at, now)
        values: list[bytes | int] = [row.sealed, row.version, row.expires_at, before, left, now]
        return bool(self._do(lambda: self.client.eval(_REPLACE, 1, self._session(row.key), *values)) == 1)

    def remove(self, key: str) -> None:
        self._do(lambda: self.client.delete(self._session(key)))

    def named(self, name: str, now: NumericDate) -> tuple[str, ...]:
        members = cast("set[bytes]", self._do(lambda: self.client.smembers(self._name(name))))
        keys = sorted(member.decode() for member in members)
        living = [key for key in keys if self.find(key, now) is not None]
        gone = [key for key in keys if key not in living]
        if gone:
            self._do(lambda: self.client.srem(self._name(name), *gone))
        return tuple(living)

    def mark(self, mark: str, until: NumericDate, now: NumericDate) -> bool:
        name = f"{self.prefix}mark:{mark}"
        return bool(self._do(lambda: self.client.set(name, until, nx=True, ex=_left(until, now))))

    def marked(self, marks: Collection[str], now: NumericDate) -> bool:
        names = [f"{self.prefix}mark:{mark}" for mark in marks]
        found = cast("list[bytes | None]", self._do(lambda: self.client.mget(names)) if names else [])
        return any(int(until) > now for until in found if until is not None)

    def _session(self, key: str) -> str:
        return f"{self.prefix}session:{key}"

    def _name(self, name: str) -> str:
        return f"{self.prefix}name:{name}"

    def _do(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except RedisError as error:
            raise StorageError(f"The session store in Redis fails ({type(error).__name__})") from error


def _left(until: NumericDate, now: NumericDate) -> int:
    return max(1, until - now)
