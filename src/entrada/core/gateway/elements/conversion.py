"""What a literal, or the value of an expression, is as text, number, yes or no.  Each raises ValueError, with what to
write.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from entrada.core.gateway import headers
from entrada.core.gateway.entities.url import HOSTS, web_url
from entrada.core.gateway.expressions.spelled import spelled

Converter: TypeAlias = Callable[[object], str]

_DIGITS: Final = re.compile(r"[0-9]{1,9}")


class UnfitValue(ValueError):
    """As a rule something that the caller sent: it is answered with 400, not with 500."""


def text(value: object) -> str:
    return spelled(value)


def anything(value: object) -> object:
    return value


def flag(value: object) -> bool:
    said = value if isinstance(value, bool) else spelled(value).strip().lower()
    if said in (True, "true"):
        return True
    if said in (False, "false"):
        return False
    raise ValueError("write true or false.")


def number(low: int, high: int) -> Callable[[object], int]:
    def convert(value: object) -> int:
        digits = spelled(value).strip()
        found = int(digits) if _DIGITS.fullmatch(digits) else None
        if found is None or not low <= found <= high:
            raise ValueError(f"write a whole number from {low} to {high}.")
        return found

    return convert


def one_of(options: Sequence[str]) -> Callable[[object], str]:
    def convert(value: object) -> str:
        said = spelled(value)
        if said not in options:
            raise ValueError(f"write {' or '.join(options)}.")
        return said

    return convert


def header_name(value: object) -> str:
    said = spelled(value)
    if not headers.is_name(said):
        raise ValueError("write the name of a header: letters, digits and hyphens.")
    return said


def header_value(value: object) -> str:
    said = spelled(value).strip()
    if not headers.is_value(said):
        raise UnfitValue("write a value without line ends and control characters.")
    return said


def url(value: object) -> str:
    said = spelled(value)
    parts = web_url(said)
    if parts is None or parts.query:
        raise ValueError(f"write a URL that starts with https:// or http://, {HOSTS}, without a query.")
    return said
