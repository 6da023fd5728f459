"""The `entrada` command: one file per command group."""

import click

from entrada import __version__

__all__ = ["main"]


@click.group()
@click.version_option(__version__, prog_name="entrada")
def main() -> None:
    """Sign-in, tokens and consent as the Microsoft identity platform speaks them."""
