"""How far long work has come, told to whoever waits for it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

T = TypeVar("T")

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it is done, and of how much."""

_STEP: Final = 256  # things between two tellings


def silent(what: str, done: int, of: int) -> None:
    """Nobody waits."""


def told(progress: Progress, what: str, things: Iterable[T], of: int) -> Iterator[T]:
    for done, thing in enumerate(things):
        if done % _STEP == 0:
            progress(what, done, of)
        yield thing
    progress(what, of, of)
