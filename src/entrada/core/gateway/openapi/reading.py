"""One reading of a document: what was found wrong so far, what references led to, and how much was taken.

A reference is read once however many lead there, and what it brings is weighed each time: a small document that repeats
a large part a thousand times is refused before it is a large one.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeVar, cast

from attrs import define, field

from entrada.core.gateway.openapi.fault import Fault, Remark
from entrada.core.gateway.openapi.spot import Spot
from entrada.core.gateway.schemas.pointer import LeadsNowhere, found_at, path_of

MAXIMUM_WEIGHT: Final = 16 * 1024 * 1024  # characters of texts, and one for each value
MOST_TOLD: Final = 500
MOST_STEPS: Final = 8  # from reference to reference
_STEP: Final = 50  # what one weighs
REFERENCE: Final = "$ref"
_LONGEST_NAMED: Final = 200
T = TypeVar("T")


class TooMuch(Exception):
    """The document unfolds to more than an import takes."""


class Enough(Exception):
    """Nobody reads more faults than have been found."""


@define
class Reading:
    root: dict[str, object]
    faults: list[Fault] = field(factory=list[Fault])
    remarks: list[Remark] = field(factory=list[Remark])
    schemas: dict[str, object] = field(factory=dict[str, object])  # that references led to outside of the components
    weight: int = 0
    _read: dict[tuple[object, tuple[str, ...]], tuple[object, int]] = field(
        factory=dict[tuple[object, tuple[str, ...]], tuple[object, int]]
    )

    def fault(self, spot: Spot, what: str, instead: str) -> None:
        self.faults.append(Fault(spot.pointer, what, instead))
        if len(self.faults) >= MOST_TOLD:
            raise Enough

    def remark(self, spot: Spot, what: str) -> None:
        if len(self.remarks) < MOST_TOLD:
            self.remarks.append(Remark(spot.pointer, what))

    def weigh(self, weight: int) -> None:
        self.weight += weight
        if self.weight > MAXIMUM_WEIGHT:
            raise TooMuch

    # ---- what JSON has, or a fault ----

    def members(self, spot: Spot) -> Iterator[tuple[str, Spot]]:
        """Of an object; none where nothing is."""
        if spot.value is not None and self.is_object(spot):
            yield from ((str(name), Spot(value, (*spot.path, str(name)))) for name, value in spot.members.items())

    def without_extensions(self, spot: Spot) -> Iterator[tuple[str, Spot]]:
        """Of an object whose members have names of their author's and may be extensions (`x-`), which say nothing."""
        yield from ((name, item) for name, item in self.members(spot) if not name.startswith("x-"))

    def items(self, spot: Spot) -> Iterator[Spot]:
        value: object = spot.value
        if isinstance(value, list):
            yield from (Spot(one, (*spot.path, str(n))) for n, one in enumerate(cast("list[object]", value)))
        elif value is not None:
            self._wrong(spot, "a list")

    def text(self, spot: Spot) -> str:
        """Empty where nothing is.  A number is a text that YAML's author did not put in quotes."""
        value: object = spot.value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            if value is not None:
                self._wrong(spot, "a text")
            return ""
        text = str(value)
        self.weigh(len(text))
        return text

    def flag(self, spot: Spot) -> bool:
        if spot.value is not None and not isinstance(spot.value, bool):
            self._wrong(spot, "true or false")
        return spot.value is True

    def is_object(self, spot: Spot) -> bool:
        """A fault where it is something else."""
        if isinstance(spot.value, dict):
            return True
        self._wrong(spot, "an object")
        return False

    def _wrong(self, spot: Spot, wanted: str) -> None:
        self.fault(spot, f"Here stands {spot.kind}, where OpenAPI has {wanted}.", f"Write {wanted}.")

    # ---- references ----

    def once(self, spot: Spot, read: Callable[["Reading", Spot], T]) -> T | None:
        """What *read* makes of what is there, or of what a reference there leads to; None when nothing is."""
        found = self.resolved(spot)
        if found is None or found.value is None:
            return None
        if found is spot:
            return read(self, spot)
        key = (read, found.path)
        if key not in self._read:
            before = self.weight
            value = read(self, found)
            self._read[key] = (value, self.weight - before)
        else:
            self.weigh(self._read[key][1] + 1)
        return cast("T", self._read[key][0])

    def resolved(self, spot: Spot) -> Spot | None:
        """*spot* itself unless it is a reference; None, and a fault, when that leads nowhere."""
        seen = {spot.path}
        at = spot
        while REFERENCE in at.members:
            following = self.target(at.at(REFERENCE))
            if following is None:
                return None
            if following.path in seen or len(seen) > MOST_STEPS:
                what = "leads back to itself" if following.path in seen else "leads to another, and so on and on"
                self.fault(spot, f"The reference {what}.", "Refer to a part that is written out.")
                return None
            seen.add(following.path)
            at = following
        return at

    def target(self, reference: Spot) -> Spot | None:
        """Where that one reference leads, and a fault when it is nowhere, or outside of the document."""
        text = reference.value
        self.weigh(_STEP)
        if not isinstance(text, str):
            self._wrong(reference, "a text")
            return None
        shown = text[:_LONGEST_NAMED] if text.isprintable() else "with unprintable characters"
        path = path_of(text)
        if path is None:
            self.fault(
                reference,
                f"The reference `{shown}` leads out of the document, or to an anchor; neither is followed.",
                "Bundle the files into one document, and refer to its parts: #/components/schemas/Color.",
            )
            return None
        try:
            return Spot(found_at(self.root, path), path)
        except LeadsNowhere:
            self.fault(reference, f"The reference `{shown}` leads nowhere.", "Refer to a part that is there.")
            return None
