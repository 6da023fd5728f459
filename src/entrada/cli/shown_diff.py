"""What a file would change, before it is asked whether it shall."""

import sys
from collections.abc import Iterable

import click

from entrada.core.directory.document.diff import Diff, Difference


def show_changes(diff: Diff) -> None:
    for line in _lines(diff):
        click.echo(line)


def show_counts(diff: Diff) -> None:
    click.echo(
        f"{len(diff.added)} to add, {len(diff.changed)} to change, {len(diff.removed)} to remove, "
        f"{diff.unchanged} as they are."
    )


def ask(*, from_standard_input: bool) -> None:
    if from_standard_input or not sys.stdin.isatty():
        raise click.UsageError("Nobody can answer here: look at it with --dry-run, then say --yes.")
    if not click.confirm("Apply this?"):
        raise click.ClickException("Nothing was changed.")


def _lines(diff: Diff) -> Iterable[str]:
    for sign, colour, differences in (
        ("+", "green", diff.added),
        ("~", "yellow", diff.changed),
        ("-", "red", diff.removed),
    ):
        yield from (_line(sign, colour, one) for one in differences)


def _line(sign: str, colour: str, one: Difference) -> str:
    return f"{click.style(sign, fg=colour, bold=True)} {one}"
