"""YAML as a tree with positions, and back.  YAML 1.2, of which we take what a person would write by hand.

No anchors, tags or second documents: a file that is diffed and reviewed should mean what it shows.
"""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from entrada.core.directory.document.fault import Fault, FaultFound
from entrada.core.directory.document.plain_tree import Plain
from entrada.core.directory.document.tree import Items, Member, Members, Node, Position, Scalar
from entrada.server.usecases.progress import Progress, silent
from entrada.server.usecases.yaml_events import Event, events_of, not_yaml

MAX_DEPTH = 20  # our own files reach 9
MAX_LENGTH = 64 * 1024 * 1024
_HALVES: Final = re.compile(r"[\ud800-\udfff]")
_TURNS_ROUND: Final = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What makes a line look as if it said something else; YAML would write it as it is."""


def parse_yaml(text: str, progress: Progress = silent) -> Node | Fault:
    if len(text) > MAX_LENGTH:
        return Fault(Position(1, 1), f"The file has more than {MAX_LENGTH} characters.")
    try:
        return _document(events_of(text, progress))
    except FaultFound as found:
        return found.fault
    except (YAMLError, ValueError) as error:
        return Fault(*not_yaml(error))


def _document(events: Iterator[Event]) -> Node:
    root: Node | None = None
    for event in events:
        if event.kind == "DocumentStartEvent":
            if root is not None:
                raise FaultFound(event.at, "A file holds one document; a second begins here.")
            root = _node(next(events), events, 0)
    return root or Members((), Position(1, 1))


def _node(event: Event, events: Iterator[Event], depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise FaultFound(event.at, "This is nested too deeply.")
    if event.anchor:
        raise FaultFound(event.at, "Anchors and aliases are not taken: write the value out.")
    if event.tag not in {None, "!"}:
        raise FaultFound(event.at, f"Tags are not taken: {event.tag}.")
    if event.kind == "MappingStartEvent":
        return Members(tuple(_members(events, depth)), event.at)
    if event.kind == "SequenceStartEvent":
        return Items(tuple(_items(events, depth)), event.at)
    if not _is_unicode(event.text):
        raise FaultFound(event.at, "This text is not Unicode: write the character itself.")
    return Scalar(event.text, event.plain, event.at)


def _is_unicode(text: str) -> bool:
    """Unlike an escaped half of a surrogate pair, that no UTF-8 can carry further."""
    return text.isascii() or not _HALVES.search(text)


def _items(events: Iterator[Event], depth: int) -> Iterator[Node]:
    while (event := next(events)).kind != "SequenceEndEvent":
        yield _node(event, events, depth + 1)


def _members(events: Iterator[Event], depth: int) -> Iterator[Member]:
    seen = set[str]()
    while (event := next(events)).kind != "MappingEndEvent":
        name = _node(event, events, depth + 1)
        if not isinstance(name, Scalar):
            raise FaultFound(name.at, "A member's name is a word.")
        if name.text in seen:
            raise FaultFound(name.at, f"The member {name.text} is written twice.")
        seen.add(name.text)
        yield Member(name.text, name.at, _node(next(events), events, depth + 1))


def yaml_text(tree: Plain, heading: str) -> str:
    """*tree* as block YAML under *heading*, each line of which becomes a comment."""
    yaml: Any = YAML()
    yaml.default_flow_style = False
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(_with_paragraphs(tree), stream)
    body = _TURNS_ROUND.sub(lambda found: f"\\u{ord(found[0]):04X}", stream.getvalue())  # each stands in double quotes
    return "".join(f"# {line}".rstrip() + "\n" for line in heading.splitlines()) + "\n" + body


def _with_paragraphs(tree: Plain) -> Plain:
    match tree:
        case dict():
            return {_quoted(name): _with_paragraphs(value) for name, value in tree.items()}
        case list():
            return [_with_paragraphs(value) for value in tree]
        case str() if _TURNS_ROUND.search(tree):
            return _quoted(tree)
        case str() if _reads_as_a_block(tree):
            return str.__new__(LiteralScalarString, tree)
        case _:
            return tree


def _quoted(text: str) -> str:
    return str.__new__(DoubleQuotedScalarString, text) if _TURNS_ROUND.search(text) else text


def _reads_as_a_block(text: str) -> bool:
    lines = text.split("\n")
    return len(lines) > 1 and all(line.isprintable() and line == line.strip() for line in lines) and bool(lines[0])
