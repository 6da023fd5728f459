"""The options that say where a token goes, and in which shape."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from entrada.cli.tokens.output import Output, OutputType
from entrada.cli.tokens.written import Ways
from entrada.core.jose.numeric_date import Seconds

Command = Callable[..., Any]
_MINUTE: Final = 60


def output_options(*, warned_within: int) -> Callable[[Command], Command]:
    """The command receives all of them as `ways`.  *warned_within*: minutes."""

    def decorated(command: Command) -> Command:
        @functools.wraps(command)
        def with_ways(*arguments: object, **given: Any) -> object:
            return command(*arguments, ways=_read(given), **given)

        wrapped: Command = with_ways
        for option in reversed((*_OPTIONS, _warn_expiry(warned_within))):
            wrapped = option(wrapped)
        return wrapped

    return decorated


_OPTIONS: Final = (
    click.option(
        "-o",
        "--output",
        type=OutputType(),
        default="token",
        show_default=True,
        help="The token alone, or with what is known of it; env is for a shell, exec for kubectl.",
    ),
    click.option("--json", "as_json", is_flag=True, help="The same as -o json."),
    click.option("--file", type=click.Path(path_type=Path, dir_okay=False), help="Write it there, for you alone."),
    click.option("--copy/--no-clipboard", default=False, help="Onto the clipboard too, for 45 seconds."),
)


def _warn_expiry(minutes: int) -> Callable[[Command], Command]:
    return click.option(
        "--warn-expiry",
        default=minutes,
        show_default=True,
        type=click.IntRange(min=0),
        metavar="MINUTES",
        help="Say so where a kept token ends within that time.",
    )


def _read(given: dict[str, Any]) -> Ways:
    """Takes what is its own out of *given*."""
    output = Output(given.pop("output"))
    return Ways(
        output=Output.JSON if given.pop("as_json") else output,
        file=given.pop("file"),
        copy=given.pop("copy"),
        warn_within=Seconds(given.pop("warn_expiry") * _MINUTE),
    )
