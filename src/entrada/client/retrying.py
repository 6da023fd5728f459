"""Ask again where that helps and harms nothing.  RFC 9110 §9.2.2, §10.2.3; RFC 6585 §4.

A flow's calls are repeated around it, once for both drivers.  What was never sent, or was turned away unread (429), is
safe to send again, and so is a call that says so of itself; the redemption of a code is none: a second one may cost the
person their session.  A 503 does not say who wrote it: a proxy whose server broke off after reading writes one too.
"""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from attrs import frozen

from entrada.client.errors import NotConnected, NoWay, Unreachable
from entrada.client.flow import Call, Flow, Reply, Step, Wait

T = TypeVar("T")
_TURNED_AWAY: Final = 429
_FAILED: Final = frozenset({408, 500, 502, 503, 504})
_SHARES: Final = 1 << 16


@frozen(kw_only=True)
class Patience:
    tries: int = 4
    first_pause: float = 0.5  # seconds; doubled each time
    longest_pause: float = 20.0  # also where the authority asks for more: then the caller is told at once
    within: float = 60.0  # for all tries of one call


@frozen(kw_only=True)
class Retrying:
    """*clock* counts seconds since the epoch; *entropy* spreads those who failed together."""

    clock: Callable[[], float]
    entropy: Callable[[int], bytes]
    patience: Patience = Patience()

    def __call__(self, flow: Flow[T]) -> Flow[T]:
        step: Callable[[], Step] = partial(next, flow)
        try:
            while True:
                try:
                    wanted = step()
                except StopIteration as done:
                    answer: T = done.value
                    return answer
                try:
                    reply = (yield from self._patiently(wanted)) if isinstance(wanted, Call) else (yield wanted)
                    step = partial(flow.send, reply)
                except Exception as error:  # noqa: BLE001 - the flow's to judge
                    step = partial(flow.throw, error)
        finally:
            flow.close()

    def _patiently(self, call: Call) -> Flow[Reply]:
        ends = self.clock() + self.patience.within
        for attempt in range(1, self.patience.tries):
            try:
                reply = yield call
            except Unreachable as failure:
                pause = self._pause(attempt, None)
                if not _is_worth_a_try(call, failure) or self.clock() + pause > ends:
                    raise
            else:
                pause = self._pause(attempt, reply)
                if not _helps(call, reply) or pause > self.patience.longest_pause or self.clock() + pause > ends:
                    return reply
            yield Wait(pause)
        return (yield call)

    def _pause(self, attempt: int, reply: Reply | None) -> float:
        """At least what the authority asks for; else half of the back-off for sure and half by lot."""
        backed_off = self.patience.first_pause * (1 << (attempt - 1))
        lot = int.from_bytes(self.entropy(2)) / _SHARES
        named = retry_after(reply, self.clock()) if reply is not None else None
        if named is not None:
            return named + lot * self.patience.first_pause
        return min(backed_off * (1 + lot) / 2, self.patience.longest_pause)


def retry_after(reply: Reply, now: float) -> float | None:
    """The seconds that `Retry-After` asks for, spelt as such or as a date."""
    value = reply.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    if not value:
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - a package of its own, seldom needed

    try:
        return max(parsedate_to_datetime(value).timestamp() - now, 0.0)
    except (ValueError, OverflowError):  # the year 99999999999999
        return None


def _is_worth_a_try(call: Call, failure: Unreachable) -> bool:
    if isinstance(failure, NoWay):
        return False
    return isinstance(failure, NotConnected) or _is_repeatable(call)


def _helps(call: Call, reply: Reply) -> bool:
    return reply.status == _TURNED_AWAY or (reply.status in _FAILED and _is_repeatable(call))


def _is_repeatable(call: Call) -> bool:
    return call.repeatable or (call.form is None and call.method in (None, "GET", "HEAD"))
