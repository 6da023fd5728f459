"""Long work says how far it has come: on a terminal in one line that changes, elsewhere in a line now and then."""

import sys
import time
from typing import Final

import click

_PATIENCE: Final = 1.0  # seconds in which nobody wonders
_ON_A_TERMINAL: Final = 0.1  # seconds between two lines
_ELSEWHERE: Final = 15.0


class ProgressLine:
    """A `usecases.progress.Progress` on standard error; quiet about what is quickly done."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._next = time.monotonic() + _PATIENCE
        self._shown = 0  # columns of the line that stands there

    def __call__(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (_ON_A_TERMINAL if self._terminal else _ELSEWHERE)
        self._show(f"{what}: {done:,} of {of:,}")

    def end(self) -> None:
        """Leave no line behind."""
        if self._shown:
            click.echo("\r" + " " * self._shown + "\r", nl=False, err=True)
            self._shown = 0

    def _show(self, line: str) -> None:
        if not self._terminal:
            click.echo(line, err=True)
            return
        click.echo("\r" + line.ljust(self._shown), nl=False, err=True)
        self._shown = len(line)
