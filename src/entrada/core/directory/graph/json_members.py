"""Read the members of decoded Graph JSON strictly: each by its type, unknown ones refused, faults with their path.

A member that is missing leaves what is stored as it is; that is PATCH, and POST is PATCH on the defaults:

    def patched(group: Group, members: Mapping[str, object]) -> Group | Problem:
        return reading(lambda: _patched(group, Members(members, "group")))

    def _patched(group: Group, members: Members) -> Group:
        web = members.within("web")                                            # {"web": {"logoutUrl": …}}
        changed = evolve(
            group,
            display_name=members.given("displayName", line(256), group.display_name),    # null is a fault
            description=members.nullable("description", paragraphs(1024), group.description),  # null empties it
            tags=members.given("tags", each(line(256)), group.tags),                     # replaces the whole list
            logout_url=web.nullable("logoutUrl", line(255), group.logout_url),
        )
        members.ignore("id", "createdDateTime")                                # read-only, and Graph ignores it
        members.off("mailEnabled", why="There is no mail here.")               # cannot be honoured: refused when set
        web.finish()
        members.finish()                                                       # whatever is left is unknown: refused
        return changed

A reader takes a value and its path, and raises `MemberFault`; `reading` makes it the Problem that the caller answers.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar, cast

from entrada.core.directory import plain_text
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.ids import parse_guid
from entrada.core.jose.numeric_date import NumericDate, as_datetime

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
Read = Callable[[object, str], T]

_SHOWN: Final = 80  # characters of what was sent, in an answer about it


class MemberFault(Exception):
    """One member cannot be taken as it is."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.problem = bad(message, path or None)


def reading(read: Callable[[], T]) -> T | Problem:
    """What *read* makes of the members, or the Problem of the first that is at fault."""
    try:
        return read()
    except MemberFault as fault:
        return fault.problem


class Members:
    """An object's members; *what* it is, for sentences; *path* of it in the request, "" for the whole body."""

    def __init__(self, value: object, what: str, path: str = "") -> None:
        self._left = dict(_object(value, path))
        self._known = list[str]()
        self._what = what
        self.path = path

    def has(self, name: str) -> bool:
        """Whether it is there and not taken yet."""
        return name in self._left

    def path_of(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def required(self, name: str, read: Read[T]) -> T:
        if not self.has(name):
            raise MemberFault(f"A new {self._what} needs {self.path_of(name)}.", self.path_of(name))
        return read(self._take(name), self.path_of(name))

    def given(self, name: str, read: Read[T], stored: T) -> T:
        """*stored* when it is missing.  Null is not allowed."""
        value = self._take(name, _MISSING)
        return stored if value is _MISSING else read(value, self.path_of(name))

    def nullable(self, name: str, read: Read[T], stored: T | None) -> T | None:
        """*stored* when it is missing, None when it is null."""
        value = self._take(name, _MISSING)
        if value is _MISSING:
            return stored
        return None if value is None else read(value, self.path_of(name))

    def emptied(self, name: str, read: Read[T], stored: T, empty: T) -> T:
        """*stored* when it is missing, *empty* when it is null."""
        read_value = self.nullable(name, read, stored)
        return empty if read_value is None else read_value

    def within(self, name: str) -> "Members":
        """The object *name*, or one without members in its place."""
        value = self._take(name, _MISSING)
        return Members({} if value is _MISSING else value, self._what, self.path_of(name))

    def ignore(self, *names: str) -> None:
        """Read-only members that Graph lets clients send back."""
        for name in names:
            self._take(name, None)

    def only(self, name: str, *defaults: object, why: str) -> None:
        """A member that cannot be honoured may say what it says by itself: null or one of *defaults*."""
        value = self._take(name, None)
        if value is not None and not any(type(value) is type(one) and value == one for one in defaults):
            raise MemberFault(why, self.path_of(name))

    def off(self, name: str, *, why: str) -> None:
        """The same for what may only be false."""
        self.only(name, *(False,), why=why)

    def finish(self) -> None:
        """Whatever was not asked for is unknown.  OData's annotations (OData JSON 4.01 §4.5) say nothing here."""
        for name in self._left:
            if "@" not in name:
                close = get_close_matches(name, self._known, n=1)
                hint = f" Did you mean {close[0]}?" if close else f" Known here: {', '.join(sorted(self._known))}."
                shown = (
                    self.path_of(name)[:_SHOWN].encode(errors="replace").decode()
                )  # what JSON can spell, and UTF-8 not
                raise MemberFault(f"{self._subject()} has no member {shown!r}.{hint}", shown)

    def _subject(self) -> str:
        return f"{self.path} of the {self._what}" if self.path else f"The {self._what}"

    def _take(self, name: str, default: object = None) -> object:
        self._known.append(name)
        return self._left.pop(name, default)


_MISSING: Final = object()


def said(value: object) -> str:
    """What was sent, short enough to be said back."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _object(value: object, path: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise MemberFault(f"{path or 'The body'} is an object: {{…}}, not {_kind(value)}.", path)
    return cast("Mapping[str, object]", value)


def text(value: object, path: str) -> str:
    """Any text, of any length, that a database can hold: JSON can spell halves of characters, and NUL."""
    if not isinstance(value, str):
        raise MemberFault(f"{path} is a text, not {_kind(value)}.", path)
    if "\0" in value or not _is_unicode(value):
        raise MemberFault(f"{path} holds a NUL, or half of a character.", path)
    return value


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def line(longest: int, *, empty: bool = False) -> Read[str]:
    """One line for people to read; see `plain_text`."""

    def read(value: object, path: str) -> str:
        found = _fitting(value, path, longest)
        if not plain_text.is_line(found):
            raise MemberFault(f"{path} is one line of text, without control characters.", path)
        if not empty and not found.strip():
            raise MemberFault(f"{path} is empty.", path)
        return found

    return read


def paragraphs(longest: int) -> Read[str]:
    """Text of several lines; may be empty."""

    def read(value: object, path: str) -> str:
        found = _fitting(value, path, longest)
        if not plain_text.is_paragraphs(found):
            raise MemberFault(f"{path} holds a control character.", path)
        return found

    return read


def _fitting(value: object, path: str, longest: int) -> str:
    found = text(value, path)
    if len(found) > longest:
        raise MemberFault(f"{path} has at most {longest} characters, not {len(found)}.", path)
    return found


def boolean(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise MemberFault(f"{path} is true or false, not {_kind(value)}.", path)
    return value


def integer(least: int, most: int) -> Read[int]:
    def read(value: object, path: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise MemberFault(f"{path} is a whole number from {least} to {most}, not {said(value)}.", path)
        return value

    return read


def guid(value: object, path: str) -> str:
    """In its canonical, lower-case form."""
    if (canonical := parse_guid(text(value, path))) is None:
        raise MemberFault(f"{path} is a GUID, not {said(value)}.", path)
    return canonical


def moment(value: object, path: str) -> NumericDate:
    """An RFC 3339 date and time, UTC where no offset is said; parts of seconds are dropped."""
    try:
        parsed = datetime.fromisoformat(text(value, path))
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return NumericDate(int(aware.astimezone(UTC).timestamp() // 1))
    except (ValueError, OverflowError):
        raise MemberFault(f"{path} is a date and time such as 2026-01-31T09:30:00Z, not {said(value)}.", path) from None


def written_moment(date: NumericDate) -> str:
    return f"{as_datetime(date).replace(tzinfo=None).isoformat()}Z"  # strftime writes the year 999 with three digits


def one_of(kind: type[E]) -> Read[E]:
    def read(value: object, path: str) -> E:
        try:
            return kind(text(value, path))
        except ValueError:
            raise MemberFault(f"{path} is one of {', '.join(kind)}, not {said(value)}.", path) from None

    return read


def choice(*words: str) -> Read[str]:
    def read(value: object, path: str) -> str:
        if (found := text(value, path)) not in words:
            raise MemberFault(f"{path} is one of {', '.join(words)}, not {said(value)}.", path)
        return found

    return read


def each(read: Read[T], *, most: int | None = None) -> Read[tuple[T, ...]]:
    """A list of values of one kind; a fault names the list."""
    return lambda value, path: tuple(read(one, path) for one in _items(value, path, most))


def objects(read: Callable[[Members], T], what: str, *, most: int | None = None) -> Read[tuple[T, ...]]:
    """A list of objects; a fault names the object by its place: appRoles[2].value.  *read* need not call `finish`."""
    return lambda value, path: tuple(_read_objects(read, what, _items(value, path, most), path))


def _read_objects(read: Callable[[Members], T], what: str, items: Collection[object], path: str) -> Iterator[T]:
    for place, item in enumerate(items):
        members = Members(item, what, f"{path}[{place}]")
        yield read(members)
        members.finish()


def _items(value: object, path: str, most: int | None) -> Collection[object]:
    if not isinstance(value, (list, tuple)):
        raise MemberFault(f"{path} is a list: […], not {_kind(value)}.", path)
    items = cast("Collection[object]", value)
    if most is not None and len(items) > most:
        raise MemberFault(f"{path} has at most {most} entries, not {len(items)}.", path)
    return items


def without_doubles(values: Collection[str], what: str, path: str, *, ignoring_case: bool = True) -> None:
    """Raise when one is there twice."""
    seen = set[str]()
    for value in values:
        key = value.lower() if ignoring_case else value
        if key in seen:
            raise MemberFault(f"The {what} {said(value)} is listed twice.", path)
        seen.add(key)


def judge(fault: str | None, path: str) -> None:
    """Raise the sentence that a rule of the directory answers with, where it answers with one."""
    if fault is not None:
        raise MemberFault(fault, path)


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list() | tuple():
            return "a list"
        case _:
            return "an object"
