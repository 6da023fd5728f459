"""How often somebody called within the last seconds: a window that slides.  Gateway reference section 7.

Exact to the second and to one process: what counts is a value that `decide` is given, and gives back.  Calls that were
refused are not counted [unverified for Azure], so that a client that is too quick gets through at the rate it may have.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from attrs import field, frozen

from entrada.core.jose.numeric_date import NumericDate, Seconds

LONGEST: Final = Seconds(300)  # the longest renewal period of a sliding window


@frozen
class Window:
    """Calls of each second, oldest first."""

    calls: tuple[tuple[NumericDate, int], ...] = field(default=(), repr=False)

    def used(self, period: Seconds, now: NumericDate) -> int:
        return sum(times for at, times in self.calls if at > now - period)

    def counted(self, times: int, now: NumericDate) -> "Window":
        """With *times* more, and without what no period reaches any more."""
        kept = tuple(one for one in self.calls if one[0] > now - LONGEST)
        if kept and kept[-1][0] >= now:  # a clock that was set back must not undo the order
            return Window((*kept[:-1], (kept[-1][0], kept[-1][1] + times)))
        return Window((*kept, (now, times)))

    def wait(self, room: int, period: Seconds, now: NumericDate) -> Seconds:
        """How long until no more than *room* calls are counted."""
        over = self.used(period, now) - room
        for at, times in self.calls:
            if over > 0 and at > now - period:
                over -= times
                if over <= 0:
                    return Seconds(at + period - now)
        return Seconds(0) if over <= 0 else period


Counters: TypeAlias = Mapping[str, Window]
NOBODY: Final = Window()
