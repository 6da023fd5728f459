"""What is wrong with an OpenAPI document, where, and what to write instead; and what an import leaves out of it."""

from collections.abc import Iterable
from typing import TypeAlias

from attrs import frozen


@frozen
class Fault:
    pointer: str  # `#` and a JSON pointer (RFC 6901), as references are written; `#` is the document
    what: str  # a sentence
    instead: str  # another, in the imperative

    def __str__(self) -> str:
        return f"{self.pointer}: {self.what} Instead: {self.instead}"


@frozen
class Remark:
    """Nothing is wrong there, and nothing of it is imported."""

    pointer: str
    what: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.what}"


Faults: TypeAlias = tuple[Fault, ...]


def pointer_of(path: Iterable[str]) -> str:
    return "".join(("#", *(f"/{_escaped(part)}" for part in path)))


def _escaped(part: str) -> str:
    shown = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in part[:_LONGEST_PART])
    return shown.replace("~", "~0").replace("/", "~1")


_LONGEST_PART = 200
