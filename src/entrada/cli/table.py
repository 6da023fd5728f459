"""Rows in columns, as narrow as what stands in them."""

from collections.abc import Sequence

import click

_GAP = "  "


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The heading is dim; colours in cells take no room."""
    widths = [max(map(_width, column)) for column in zip(heading, *rows, strict=True)]
    lines = [[click.style(cell, dim=True) for cell in heading], *rows]
    return "\n".join(_GAP.join(map(_padded, line, widths)).rstrip() for line in lines)


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(cell: str) -> int:
    return len(click.unstyle(cell))
