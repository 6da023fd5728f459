"""The root of the `entrada` command.  Groups load when they are asked for, so that `--help` and tokens are quick."""

from importlib import import_module
from typing import Final

import click

from entrada import __version__

_COMMANDS: Final = {
    "up": ("entrada.cli.up", "up"),
    "serve": ("entrada.cli.serve", "serve"),
    "migrate": ("entrada.cli.migrate", "migrate"),
    "tenant": ("entrada.cli.tenant", "tenant"),
    "apply": ("entrada.cli.directory_files", "apply"),
    "export": ("entrada.cli.directory_files", "export"),
    "keys": ("entrada.cli.keys", "keys"),
    "trust": ("entrada.cli.trust", "trust"),
    "doctor": ("entrada.cli.doctor", "doctor"),
}


class Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="entrada")
def main() -> None:
    """Sign-in, tokens and consent as the Microsoft identity platform speaks them.

    `entrada up` starts a whole platform for development on this machine, with people and apps in it. `entrada serve`
    runs one for real users.
    """
