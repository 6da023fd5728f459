"""The passphrase that profiles travel under: from standard input, the environment, or a person."""

import os
import sys
from collections.abc import Callable
from typing import Any

import click
from attrs import frozen

from entrada.cli.profiles.asking import ask_secret
from entrada.cli.tokens.chosen import a_person_is_there


class WrongPassphrase(ValueError):
    """Or a file that was changed: the two cannot be told apart."""


@frozen
class PassphraseFrom:
    stdin: bool
    variable: str | None

    def read(self, *, confirmed: bool) -> str:
        """Raises UsageError where there is none, and nobody to ask."""
        if self.stdin:
            found = sys.stdin.readline().rstrip("\r\n")
        elif self.variable is not None:
            found = os.environ.get(self.variable, "")
        elif a_person_is_there():
            found = ask_secret("Passphrase", confirmed=confirmed)
        else:
            raise click.UsageError("Missing --passphrase-stdin (or --passphrase-env): nobody can be asked here.")
        if not found:
            raise click.UsageError("An empty passphrase protects nothing.")
        return found


def passphrase_options(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option("--passphrase-env", metavar="NAME", help="Take it from that environment variable.")(command)
    return click.option("--passphrase-stdin", is_flag=True, help="Read the passphrase from standard input.")(command)
