"""A document that an authority publishes, remembered: one question serves many sign-ins, and none fails that need not.

While it cannot be had anew, what is known serves on for a day, and no longer: it may have been withdrawn.  While
nothing is known, the last failure answers for some seconds.
"""

import os
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from attrs import define, field

from entrada.client.errors import BadMetadata, Unreachable
from entrada.client.flow import Call, Flow, Reply, Wait
from entrada.core.jose.numeric_date import NumericDate, Seconds

T = TypeVar("T")
RETRIED_AFTER: Final = Seconds(5)
SERVES_ON: Final = Seconds(24 * 60 * 60)  # after it should have been read anew
_LOOKED_AGAIN: Final = 0.05  # seconds, while another asks
_TOO_MANY_REQUESTS: Final = 429


@define
class Published(Generic[T]):
    parse: Callable[[dict[str, object]], T]  # raises ValueError
    _value: T | None = field(default=None, init=False)
    _read_at: NumericDate | None = field(default=None, init=False)
    _asked_at: NumericDate | None = field(default=None, init=False)
    _failure: Unreachable | BadMetadata | None = field(default=None, init=False)
    _asking: int | None = field(default=None, init=False)  # the process: in a fork of it nobody asks on

    def settled(self) -> Flow[None]:
        """Whoever asks at this moment has got the answer."""
        while self._asking == os.getpid():
            yield Wait(_LOOKED_AGAIN)

    def get(self, url: str, now: NumericDate, *, at_most: Seconds) -> Flow[T]:
        """Not older than *at_most*, if that can be had.  Raises BadMetadata and Unreachable where nothing is known."""
        if self._serving(now, at_most) is None:
            yield from self.settled()
        asked_lately, known = _within(self._asked_at, now, RETRIED_AFTER), self._serving(now, at_most)
        if known is not None and (asked_lately or _within(self._read_at, now, at_most)):
            return known
        if self._failure is not None and asked_lately:
            raise _copy(self._failure)
        self._asked_at, self._asking = now, os.getpid()  # before the answer comes: meanwhile nobody else asks
        try:
            reply = yield Call(url=url)
            self._value, self._read_at, self._failure = self._read(url, reply), now, None
        except (Unreachable, BadMetadata) as failure:
            self._failure = _copy(failure)
            if known is None:
                raise
            return known
        finally:
            self._asking = None
        return self._value

    def _serving(self, now: NumericDate, at_most: Seconds) -> T | None:
        return self._value if _within(self._read_at, now, Seconds(at_most + SERVES_ON)) else None

    def _read(self, url: str, reply: Reply) -> T:
        if reply.status == _TOO_MANY_REQUESTS or reply.status >= 500:
            raise Unreachable(f"{url} answered with the status {reply.status}")
        if reply.status != 200:
            raise BadMetadata(f"{url} answered with the status {reply.status}: the authority publishes nothing there")
        try:
            return self.parse(reply.members())
        except ValueError as error:
            raise BadMetadata(f"{url}: {error}") from None


def _copy(failure: Unreachable | BadMetadata) -> Unreachable | BadMetadata:
    """To be remembered, or raised once more: an exception that was raised holds on to the frames it passed."""
    return type(failure)(*failure.args, advice=failure.advice)


def _within(since: NumericDate | None, now: NumericDate, span: Seconds) -> bool:
    """Either way: a clock that was set back must not stop anything for long."""
    return since is not None and abs(now - since) < span
