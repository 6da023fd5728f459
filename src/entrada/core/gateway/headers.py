"""Header lines as they travel: pairs, in order, names compared without regard to case.  RFC 9110, section 5."""

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

Headers: TypeAlias = tuple[tuple[str, str], ...]

SENSITIVE: Final = frozenset({"authorization", "cookie", "set-cookie", "proxy-authorization"})  # lower case
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def values(headers: Headers, name: str) -> tuple[str, ...]:
    """Those of each line of that name."""
    wanted = name.lower()
    return tuple(value for one, value in headers if one.lower() == wanted)


def joined(headers: Headers, name: str) -> str | None:
    """As one line says it (RFC 9110 §5.3); None without any."""
    found = values(headers, name)
    return ",".join(found) if found else None


def without(headers: Headers, names: Iterable[str]) -> Headers:
    unwanted = {name.lower() for name in names}
    return tuple(pair for pair in headers if pair[0].lower() not in unwanted)


def replaced(headers: Headers, name: str, lines: Iterable[str]) -> Headers:
    """With these *lines* alone of that name, at the end."""
    return (*without(headers, (name,)), *((name, line) for line in lines))


def is_name(text: str) -> bool:
    """A token (RFC 9110 §5.6.2)."""
    return _TOKEN.fullmatch(text) is not None


def is_value(text: str) -> bool:
    """Fit to stand in a line: no line end, no other control character.  What is not ASCII travels as UTF-8."""
    return _UNPRINTABLE.search(text) is None
