"""How often something happened lately, in this process: against a client or a guesser that runs wild.

Bounded and lossy: what must hold across replicas is counted in the store.
"""

from collections import OrderedDict
from typing import Final

from attrs import field, frozen

from entrada.core.jose.numeric_date import NumericDate, Seconds

MAX_KEYS: Final = 20_000

Key = tuple[str, ...]


class Lately:
    def __init__(self) -> None:
        self._since: OrderedDict[Key, tuple[NumericDate, int]] = OrderedDict()

    def count(self, key: Key, now: NumericDate, window: Seconds) -> int:
        """In the window that began with the first time."""
        start, times = self._since.get(key, (now, 0))
        return times if now - start < window else 0

    def add(self, key: Key, now: NumericDate, window: Seconds) -> int:
        """How often, this time included."""
        times = self.count(key, now, window) + 1
        start = self._since[key][0] if times > 1 else now
        self._since[key] = (start, times)
        if times == 1:
            self._since.move_to_end(key)
        if len(self._since) > MAX_KEYS:
            self._since.popitem(last=False)
        return times


@frozen
class Counted:
    """A list for each use: whoever fills one, as polls do, makes nothing of another forgotten."""

    device_starts: Lately = field(factory=Lately)
    device_polls: Lately = field(factory=Lately)
    user_codes_of_browsers: Lately = field(factory=Lately)
    user_codes_of_places: Lately = field(factory=Lately)
