"""A text of JSON or YAML as plain values: nothing said twice, nothing that unfolds without end.  RFC 8259; YAML 1.2.

JSON is a tenth of a second for four megabytes, YAML several seconds for one, and more for what is written to be slow.
So YAML is taken up to a megabyte, without the runs that its parser is slowest with, and what is counted are the
parser's events and what aliases repeat.
"""

import re
from collections.abc import Iterator, Mapping
from json import JSONDecodeError
from typing import Final, cast

from attrs import define, field
from ruamel.yaml.error import YAMLError

from entrada.core.directory.document.tree import NULLS, Position
from entrada.core.gateway.openapi.fault import Fault
from entrada.core.gateway.openapi.read import DEEPEST
from entrada.core.jose.json_object import parse_value
from entrada.server.usecases.yaml_events import Event, events_of, not_yaml

LONGEST: Final = 4 * 1024 * 1024  # characters
LONGEST_YAML: Final = 1024 * 1024
MOST_EVENTS: Final = 200_000
MOST_VALUES: Final = 1_000_000  # with what aliases repeat
_SLOW: Final = re.compile(
    r"(?:^|[\s,\[{])![^\s]{500}|[\x85\u2028\u2029]{100}"
)  # tags, and ends of lines of other worlds
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,400}")
_OTHER_BASE: Final = re.compile(r"0(?:o[0-7]{1,400}|x[0-9a-fA-F]{1,400})")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]{1,100}|[0-9]{1,100}(?:\.[0-9]{0,100})?)(?:[eE][-+]?[0-9]{1,2})?")
_TRUE: Final = frozenset(("true", "True", "TRUE"))
_FALSE: Final = frozenset(("false", "False", "FALSE"))


class _Refused(Exception):
    def __init__(self, at: Position, what: str, instead: str) -> None:
        super().__init__(what)
        self.fault = _fault(at, what, instead)


def plain_document(text: str) -> Mapping[str, object] | Fault:
    """An object; a text that begins with a brace is JSON."""
    if len(text) > LONGEST:
        return Fault("#", f"The document has more than {LONGEST} characters.", "Import it as several APIs.")
    value = _json(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else _yaml(text)
    if isinstance(value, Fault | dict):
        return cast("Mapping[str, object] | Fault", value)
    return Fault("#", "The document is no object.", "Begin it with openapi: 3.1.0.")


def _fault(at: Position, what: str, instead: str) -> Fault:
    return Fault("#", f"Line {at.line}, column {at.column}: {what}", instead)


def _json(text: str) -> object:
    try:
        return parse_value(text.removeprefix("\ufeff"))
    except JSONDecodeError as error:
        at = Position(error.lineno, error.colno)
        return _fault(at, f"This is not JSON: {error.msg}.", "Close what is open, and quote every name.")
    except ValueError as error:
        return Fault("#", f"This JSON is not taken: {error}.", "Change that.")


def _yaml(text: str) -> object:
    if len(text) > LONGEST_YAML:
        return Fault("#", f"YAML of more than {LONGEST_YAML} characters is not taken.", "Write it as JSON.")
    slow = _SLOW.search(text)
    if slow is not None:
        at = Position(text.count("\n", 0, slow.start()) + 1, 1)
        return _fault(at, "A tag, or a run of line separators, is too long.", "Leave it out.")
    try:
        return _Builder(events_of(text)).document()
    except _Refused as refused:
        return refused.fault
    except (YAMLError, ValueError) as error:
        return _fault(*not_yaml(error), "Correct it; an editor that knows YAML shows where.")


@define
class _Builder:
    _events: Iterator[Event]
    _count: int = 0
    _values: int = 0
    _anchored: dict[str, tuple[object, int]] = field(factory=dict[str, tuple[object, int]])  # with how many values

    def document(self) -> object:
        value, is_read = None, False
        while (event := self._next(None)) is not None:
            if event.kind == "DocumentStartEvent":
                if is_read:
                    raise _Refused(event.at, "A second document begins here.", "Write one document in a file.")
                value, is_read = self._node(self._following(), 0), True
        return value

    def _next(self, end: str | None) -> Event | None:
        """None when it is over, or when *end* ends what is being read."""
        event = next(self._events, None)
        self._count += 1
        if event is not None and self._count > MOST_EVENTS:
            raise _Refused(event.at, "The document is too large for YAML.", "Write it as JSON, or as several APIs.")
        return None if event is None or event.kind == end else event

    def _following(self) -> Event:
        return cast("Event", self._next(None))  # the parser closes what it opens

    def _node(self, event: Event, depth: int) -> object:
        if depth > DEEPEST:
            raise _Refused(event.at, "This is nested too deeply.", "Name schemas, and refer to them.")
        if event.kind == "AliasEvent":
            return self._again(event)
        if event.tag not in {None, "!"}:
            raise _Refused(event.at, f"Tags are not taken: {event.tag}.", "Leave the tag out.")
        before = self._values
        self._take(event, 1)
        value = self._value(event, depth)
        if event.anchor:
            self._anchored[event.anchor] = (value, self._values - before)
        return value

    def _again(self, event: Event) -> object:
        if event.anchor not in self._anchored:
            raise _Refused(
                event.at, f"*{event.anchor} stands for nothing, or for what is not complete.", "Write it out."
            )
        value, values = self._anchored[event.anchor]
        self._take(event, values)
        return value

    def _take(self, event: Event, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise _Refused(event.at, "With its aliases written out, the document is too large.", "Use fewer of them.")

    def _value(self, event: Event, depth: int) -> object:
        if event.kind == "MappingStartEvent":
            return self._members(depth)
        if event.kind == "SequenceStartEvent":
            return self._items(depth)
        if not event.text.isascii():
            _check_text(event)
        return _scalar(event.text) if event.plain and event.tag is None else event.text

    def _items(self, depth: int) -> list[object]:
        items = list[object]()
        while (event := self._next("SequenceEndEvent")) is not None:
            items.append(self._node(event, depth + 1))
        return items

    def _members(self, depth: int) -> dict[str, object]:
        members = dict[str, object]()
        while (event := self._next("MappingEndEvent")) is not None:
            name = _name(event)
            if name in members:
                raise _Refused(event.at, f"The member {name[:80]!r} is written twice.", "Leave one of them out.")
            members[name] = self._node(self._following(), depth + 1)
        return members


def _name(event: Event) -> str:
    """As it is written: of the status 200, too, a text."""
    if event.kind != "ScalarEvent" or event.tag not in {None, "!"}:
        raise _Refused(event.at, "A member's name is a word.", "Write one, without a tag or an alias.")
    if event.plain and event.text == "<<":
        raise _Refused(event.at, "Merge keys are not taken.", "Write the members out.")
    _check_text(event)
    return event.text


def _check_text(event: Event) -> None:
    try:
        event.text.encode()
    except UnicodeEncodeError:  # an escaped half of a surrogate pair
        raise _Refused(event.at, "This text is not Unicode.", "Write the character itself.") from None


def _scalar(text: str) -> object:
    """By the core schema of YAML 1.2; what JSON has no number for is a text."""
    if text in NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text
