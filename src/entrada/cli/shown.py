"""How the directory's objects are printed: tables for people, JSON or YAML for scripts."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

import click

from entrada.cli.table import table
from entrada.cli.unseen import spelled_out, spelled_out_in_json

Json = Mapping[str, Any]
Columns = Mapping[str, Callable[[Json], object]]
"""By heading: what stands in the column."""

output_option: Final = click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json", "yaml"]),
    default="table",
    show_default=True,
    help="A table for people; JSON or YAML, with everything, for scripts.",
)


def show_all(objects: Iterable[Json], columns: Columns, output: str, empty: str) -> None:
    """*empty* is said, on standard error, where there is nothing to list."""
    if output != "table":
        _write([_plain(one) for one in objects], output)
        return
    rows = [[cell(read(one)) for read in columns.values()] for one in objects]
    if rows:
        click.echo(table(list(columns), rows))
    else:
        click.echo(empty, err=True)


def show_one(found: Json, columns: Columns, output: str) -> None:
    """One line for each member."""
    if output != "table":
        _write(_plain(found), output)
        return
    for line in lines_of_one({heading: read(found) for heading, read in columns.items()}):
        click.echo(line)


def lines_of_one(values: Mapping[str, object]) -> Iterator[str]:
    """By heading; a list is one line for each."""
    width = max(map(len, values))
    for heading, value in values.items():
        for name, line in zip((heading, *_BLANKS), _lines(value), strict=False):
            yield f"{click.style(name.ljust(width), dim=True)}  {line}".rstrip()


_BLANKS: Final = ("",) * 1000


def _lines(value: object) -> Sequence[str]:
    if isinstance(value, (list, tuple)):
        return [cell(one) for one in cast("Sequence[object]", value)] or [""]
    return [cell(value)]


def cell(value: object) -> str:
    """A name may hold what moves a terminal's cursor, or turns its line round: that is spelled out."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(cell, cast("Sequence[object]", value)))
        case _:
            return spelled_out(str(value))


def _plain(found: Json) -> dict[str, Any]:
    """Without what only says where the answer came from."""
    return {name: value for name, value in found.items() if not name.startswith("@odata.")}


def _write(value: object, output: str) -> None:
    if output == "json":
        click.echo(spelled_out_in_json(json.dumps(value, indent=2, ensure_ascii=False)))
        return
    from entrada.server.usecases.yaml_tree import yaml_text  # only who wants YAML waits for it

    click.echo(yaml_text(cast("Any", value), "").lstrip("\n"), nl=False)
