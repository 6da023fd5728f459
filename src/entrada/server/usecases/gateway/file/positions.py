"""A YAML file as plain values, and where in it each of them stands.  YAML 1.2."""

import re
from collections.abc import Iterator, Mapping
from math import inf, isfinite
from typing import Final

from attrs import field, frozen

from entrada.core.directory.document.tree import Items, Members, Node, Position, Scalar

_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,400}")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]{1,100}|[0-9]{1,100}(?:\.[0-9]{0,100})?)(?:[eE][-+]?[0-9]{1,3})?")
_BOOLEANS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_ABOVE: Final = re.compile(r"(?:\.[^.\[\]]*|\[[0-9]+\])\Z")


@frozen
class Written:
    """*at* by paths such as apis[0].operations[2].method."""

    value: object
    at: Mapping[str, Position] = field(repr=False)

    def position(self, path: str) -> Position:
        """Of it, or of what is nearest above it."""
        while path and path not in self.at:
            above = _ABOVE.sub("", path)
            path = above if above != path else ""
        return self.at.get(path, Position(1, 1))


def written(root: Node) -> Written:
    at = dict(_positions(root, ""))
    return Written(_value(root), at)


def _positions(node: Node, path: str) -> Iterator[tuple[str, Position]]:
    yield path, node.at
    if isinstance(node, Items):
        for number, one in enumerate(node.items):
            yield from _positions(one, f"{path}[{number}]")
    elif isinstance(node, Members):
        for member in node.members:
            yield from _positions(member.value, f"{path}.{member.name}" if path else member.name)


def _value(node: Node) -> object:
    if isinstance(node, Items):
        return [_value(one) for one in node.items]
    if isinstance(node, Members):
        return {one.name: _value(one.value) for one in node.members}
    return _scalar(node) if node.plain else node.text


def _scalar(node: Scalar) -> object:
    if node.is_null:
        return None
    if node.text in _BOOLEANS:
        return _BOOLEANS[node.text]
    if _INTEGER.fullmatch(node.text):
        return int(node.text)  # whole, however large: one that a schema holds comes back as it went
    number = float(node.text) if _FLOAT.fullmatch(node.text) else inf
    return number if isfinite(number) else node.text
