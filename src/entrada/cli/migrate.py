"""`entrada migrate`: the database's tables, brought up to date."""

from pathlib import Path

import click

from entrada.cli.data_folder import make_private
from entrada.cli.databases import asking, shown
from entrada.cli.places import place, place_options
from entrada.server.store.sql import migrate as steps


@click.command()
@place_options
def migrate(config: Path | None, data_dir: Path | None) -> None:
    """Bring the database's tables up to date.

    Makes them the first time. What the database holds is kept, and running it again does nothing. Run it before
    `entrada serve` of a new release: servers of the old one go on meanwhile.
    """
    here = place(config, data_dir)
    if not here.settings.database:
        make_private(here.folder)
    before = asking(steps.revision, here.settings)
    if (before or "") >= steps.HEAD:
        click.echo(f"{shown(here.settings)} is up to date ({before}).")
        return
    asking(steps.migrate, here.settings)
    click.echo(
        f"{shown(here.settings)} is at {steps.HEAD} now; it was {'empty' if before is None else f'at {before}'}."
    )
