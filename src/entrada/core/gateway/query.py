"""A query string read and changed without touching the parts that nobody named.  WHATWG URL, section 5."""

from collections.abc import Iterable
from urllib.parse import quote, unquote_plus


def pairs(query: str) -> tuple[tuple[str, str], ...]:
    return tuple(_pair(part) for part in query.split("&") if part)


def values(query: str, name: str) -> tuple[str, ...]:
    """Of each parameter of that name, spelled exactly so."""
    return tuple(value for one, value in pairs(query) if one == name) if query else ()


def without(query: str, names: Iterable[str]) -> str:
    """A name is left out however it is escaped, and in whatever case: many a backend reads them alike."""
    if not query:
        return query
    unwanted = {name.casefold() for name in names}
    return "&".join(part for part in query.split("&") if _pair(part)[0].casefold() not in unwanted)


def appended(query: str, name: str, given: Iterable[str]) -> str:
    added = [f"{quote(name, safe='')}={quote(value, safe='')}" for value in given]
    return "&".join([query, *added] if query else added)


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return unquote_plus(name), unquote_plus(value)
