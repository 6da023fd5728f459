"""`entrada config`: profiles, which say as whom and of whom tokens are asked for."""

from typing import Final

import click

from entrada.cli.collector import loaded

_COMMANDS: Final = {  # the file of `profiles`, and the command in it
    "create": ("changing", "create"),
    "list": ("looking", "list_"),
    "show": ("looking", "show"),
    "edit": ("changing", "edit"),
    "delete": ("changing", "delete"),
    "export": ("carrying", "export"),
    "import": ("carrying", "import_"),
}


class _Lazy(click.Group):
    """Who lists profiles waits for nothing that changes or carries them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        file, name = _COMMANDS[cmd_name]
        command: click.Command = getattr(loaded(f"entrada.cli.profiles.{file}"), name)
        return command


@click.group(cls=_Lazy)
def config() -> None:
    """Keep profiles: as whom, and of whom, tokens are asked for.

    They are one file, which may be read by anybody and edited by hand; secrets are never in it but in the vault of
    this machine. Names are found whatever the case of their letters.

    \b
      entrada config create graph --tenant contoso.example --client-id 11111111-1111-4111-8111-111111111111
      entrada config create nightly --tenant contoso.example --client-id … --client-secret-stdin < secret
      entrada get-token -p graph

    Without a profile, `entrada get-token` uses the one that $ENTRADA_PROFILE names, a running `entrada up`, or the only
    profile there is.
    """
