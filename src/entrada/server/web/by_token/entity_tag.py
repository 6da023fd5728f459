"""The version of an object as an ETag, and the one a request says it saw.  RFC 9110 §8.8.3 and §13.1.1."""

import re
from typing import Final

from attrs import frozen

from entrada.core.directory.administration.problem import Problem, bad

_TAG: Final = re.compile(r'(?:W/)?"(\d{1,15})"', re.ASCII)


def entity_tag(version: int) -> str:
    """Weak: the same version may be written with other members selected."""
    return f'W/"{version}"'


@frozen
class Seen:
    version: int | None  # None: whichever it is now


def read_if_match(text: str | None) -> Seen | Problem:
    """`*` says that there is such an object, which whoever changes one has said already."""
    if text is None or text.strip() == "*":
        return Seen(None)
    match = _TAG.fullmatch(text.strip())
    if match is None:
        return bad('If-Match is the one ETag the object was read with, as W/"7", or *.', "If-Match")
    return Seen(int(match[1]))
