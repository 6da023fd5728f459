"""On which line of a JSON text a member stands: for saying where a fault is.  The text is well-formed."""

import re
from collections.abc import Iterator
from typing import Final

Place = tuple[str | int, ...]

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def line_of(text: str, path: Place) -> int:
    """Of the member, or of the nearest thing around it that is there."""
    found = dict(_places(text))
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 1)


def _places(text: str) -> Iterator[tuple[Place, int]]:
    """The place of each value, outside in."""
    path: list[str | int] = []
    inside: list[str] = []
    named = True  # whether the next token is a value
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word == ",":
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else path[-1]
            named = inside[-1] == "["
        elif word == ":":
            named = True
        elif word in "}]":
            inside.pop()
            path.pop()
        elif not named:
            path[-1] = _unquoted(word)
        else:
            yield tuple(path), text.count("\n", 0, token.start()) + 1
            if word in "{[":
                inside.append(word)
                path.append(0 if word == "[" else "")
                named = word == "["


def _unquoted(word: str) -> str:
    import json

    name: str = json.loads(word)
    return name
