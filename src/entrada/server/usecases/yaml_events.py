"""What the parser of ruamel.yaml reports of a text, with types.  YAML 1.2."""

from collections.abc import Iterator
from typing import Any, Final

from attrs import frozen
from ruamel.yaml import YAML

from entrada.core.directory.document.tree import Position
from entrada.server.usecases.progress import Progress, silent

_STEP: Final = 512  # events between two tellings of how far it is


@frozen
class Event:
    kind: str  # ScalarEvent, MappingStartEvent, …
    at: Position
    text: str
    plain: bool
    anchor: str | None
    tag: str | None


def events_of(text: str, progress: Progress = silent) -> Iterator[Event]:
    """Raises YAMLError, ValueError."""
    parser: Any = YAML(typ="safe", pure=True)
    lines = text.count("\n") + 1
    for number, event in enumerate(parser.parse(text)):
        if number % _STEP == 0:
            progress("reading, line", event.start_mark.line + 1, lines)
        yield Event(
            kind=type(event).__name__,
            at=Position(event.start_mark.line + 1, event.start_mark.column + 1),
            text=getattr(event, "value", ""),
            plain=getattr(event, "style", None) is None,
            anchor=getattr(event, "anchor", None),
            tag=getattr(event, "tag", None),
        )


def not_yaml(error: Any) -> tuple[Position, str]:
    """Where, and what in a sentence."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "context", None) or str(error).partition("\n")[0]
    at = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
    return at, f"This is not YAML: {problem}."
