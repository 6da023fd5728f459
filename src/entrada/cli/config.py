"""`entrada config`: profiles, which say as whom and of whom tokens are asked for."""

import click

from entrada.cli.profiles.carrying import export, import_
from entrada.cli.profiles.changing import create, delete, edit
from entrada.cli.profiles.looking import list_, show


@click.group()
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


for _command in (create, list_, show, edit, delete, export, import_):
    config.add_command(_command)
