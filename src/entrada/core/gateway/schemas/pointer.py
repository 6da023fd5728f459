"""Where a reference within a document leads.  RFC 6901; RFC 3986, section 3.5."""

from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import unquote

_LONGEST_INDEX: Final = 9


class LeadsNowhere(Exception):
    """There is no such part."""


def path_of(reference: str) -> tuple[str, ...] | None:
    """The names on the way; None when *reference* leads out of the document or names an anchor of it."""
    if reference == "#":
        return ()
    if not reference.startswith("#/"):
        return None
    return tuple(unquote(part).replace("~1", "/").replace("~0", "~") for part in reference[2:].split("/"))


def found_at(root: object, path: tuple[str, ...]) -> object:
    """Raises LeadsNowhere."""
    value = root
    for part in path:
        value = _member(value, part)
    return value


def _member(value: object, name: str) -> object:
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        if name in members:
            return members[name]
    elif isinstance(value, list) and name.isdecimal() and name.isascii() and len(name) <= _LONGEST_INDEX:
        items = cast("list[object]", value)
        if int(name) < len(items):
            return items[int(name)]
    raise LeadsNowhere
