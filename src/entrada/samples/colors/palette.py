"""The colors there are, and those that were mixed since; in memory, so a restart washes the brushes."""

from collections.abc import Callable, Sequence
from typing import Final

from attrs import define, field, frozen

MOST: Final = 500  # colors: whoever may mix may not fill the memory


@frozen
class Paint:
    name: str
    hex: str


FIRST: Final = (
    Paint("amber", "#ffbf00"),
    Paint("apricot", "#fbceb1"),
    Paint("beige", "#f5f5dc"),
    Paint("blue", "#0000ff"),
    Paint("coral", "#ff7f50"),
    Paint("crimson", "#dc143c"),
    Paint("denim", "#1560bd"),
    Paint("fuchsia", "#ff00ff"),
    Paint("moss", "#8a9a5b"),
    Paint("violet", "#8f00ff"),
)


class PaletteFull(Exception):
    """No room for one more."""


@define
class Palette:
    _paints: dict[str, Paint] = field(factory=lambda: {paint.name: paint for paint in FIRST}, init=False)

    def all(self) -> Sequence[Paint]:
        return sorted(self._paints.values(), key=lambda paint: paint.name)

    def find(self, name: str) -> Paint | None:
        return self._paints.get(name)

    def random(self, entropy: Callable[[int], bytes]) -> Paint:
        paints = self.all()
        return paints[int.from_bytes(entropy(8), "big") % len(paints)]

    def mix(self, paint: Paint) -> bool:
        """False: there is one of that name already.  Raises PaletteFull."""
        if paint.name in self._paints:
            return False
        if len(self._paints) >= MOST:
            raise PaletteFull
        self._paints[paint.name] = paint
        return True

    def wash(self) -> int:
        """How many of the mixed colors are gone."""
        mixed = [name for name in self._paints if name not in {paint.name for paint in FIRST}]
        for name in mixed:
            del self._paints[name]
        return len(mixed)
