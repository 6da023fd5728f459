"""Why a policy, or one way through it, is left to Python."""

from typing import Final, TypeVar

T = TypeVar("T")

MOST: Final = 64  # ways of an operation, or of what they are made of: each choice multiplies them


class NotNative(Exception):
    """Caught where ways are followed and where an operation is compiled, and nowhere else."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooMany(NotNative):
    """Then Python has the whole operation: nobody looks through millions of ways for those that Envoy can go."""

    def __init__(self) -> None:
        super().__init__("its policies make too many cases of requests")


def few(found: tuple[T, ...]) -> tuple[T, ...]:
    """*found*, unless there are too many.  Raises TooMany."""
    if len(found) > MOST:
        raise TooMany
    return found
