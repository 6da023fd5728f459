"""One evaluation: the context, the variables of its block, and how much it may still do."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, cast
from uuid import UUID

from attrs import define, field

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.expressions.context import Context

MAX_WORK: Final = 2_000_000  # steps, and characters looked at or made
MAX_STRING: Final = 262_144  # characters


class Failing(Exception):
    """What C# would throw; its text goes into a trace, so it holds no value."""


class FailingAt(Exception):
    def __init__(self, place: Place, what: str) -> None:
        super().__init__(what)
        self.place, self.what = place, what


@define
class Frame:
    context: Context
    place: Place  # of the expression
    variables: dict[str, object] = field(factory=dict[str, object])
    work: int = 0
    guids: int = 0

    def spend(self, amount: int = 1) -> None:
        self.work += amount
        if self.work > MAX_WORK:
            raise Failing("The expression does more than is allowed.")

    def look_at(self, *values: object) -> None:
        self.spend(1 + sum(map(_size, values)))

    def guid(self) -> UUID:
        """Another one at each call, made of the entropy of the request and of where the call stands."""
        self.guids += 1
        seed = sha256(self.context.entropy + f"|{self.place}|{self.guids}".encode()).digest()
        return UUID(bytes=seed[:16], version=4)


def _size(value: object) -> int:
    return len(cast("Sequence[object]", value)) if isinstance(value, (str, tuple)) else 0


def fits(length: int) -> None:
    """To be asked before a string of *length* is made."""
    if length > MAX_STRING:
        raise Failing(f"A string would be longer than {MAX_STRING} characters.")
