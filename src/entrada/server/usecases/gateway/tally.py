"""How often who has called, as this process has counted.  Gateway reference section 7.

Bounded: a window that has ended is dropped, and beyond a number those that were longest not counted: whoever varies
what is counted by (addresses, say) fills no memory.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from entrada.core.gateway.counters import LONGEST, Counters, Window
from entrada.core.jose.numeric_date import NumericDate

MOST: Final = 100_000


class Tally:
    """Read and merged without waiting in between: what two requests count at once is lost otherwise."""

    def __init__(self, most: int = MOST) -> None:
        self._windows: OrderedDict[str, Window] = OrderedDict()  # in order of their last call
        self._most = most

    @property
    def windows(self) -> Counters:
        return self._windows

    def merge(self, counted: Mapping[str, Window], now: NumericDate) -> None:
        for key, window in counted.items():
            self._windows[key] = window
            self._windows.move_to_end(key)
        while self._windows and (len(self._windows) > self._most or self._first_has_ended(now)):
            self._windows.popitem(last=False)

    def _first_has_ended(self, now: NumericDate) -> bool:
        calls = next(iter(self._windows.values())).calls
        return not calls or calls[-1][0] <= now - LONGEST
