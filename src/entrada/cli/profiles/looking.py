"""`entrada config list` and `show`."""

import sys

import click

from entrada.cli.profiles.named import existing, kept, name_of, profile_named, told
from entrada.cli.profiles.profile import Profile


@click.command("list")
@click.option(
    "-o", "--output", type=click.Choice(["table", "text", "json", "yaml", "names"]), default="table",
    help="A table for people; data, or the names alone, for scripts.  [default: table]",
)  # fmt: skip
@click.option("--json", "as_json_", is_flag=True, hidden=True)
@click.option("-v", "--verbose", is_flag=True, help="With ids and addresses in full.")
def list_(*, output: str, as_json_: bool, verbose: bool) -> None:
    """List the profiles."""
    from entrada.cli.profiles.shown_profile import listed

    profiles = kept().all()
    for line in listed(profiles, "json" if as_json_ else output, verbose=verbose, width=_width()):
        click.echo(line)
    if not profiles:
        told("No profiles found. Make one with: entrada config create")


@click.command()
@profile_named
@click.option(
    "-o", "--output", type=click.Choice(["table", "text", "json", "yaml"]), default="table", help="[default: table]"
)
@click.option("--json", "as_json_", is_flag=True, hidden=True)
@click.option("--show-secrets", is_flag=True, help="The secret, too: at a terminal, after a question.")
def show(*, name: str | None, called: str | None, output: str, as_json_: bool, show_secrets: bool) -> None:
    """Show one profile, and where its secret is kept; never the secret itself."""
    from entrada.cli.profiles.shown_profile import shown

    profile = existing(kept(), name_of(name, called))
    secret, where = None, None
    if profile.proof.has_secret:
        from entrada.cli.profiles.kept_secret import secret_of, vault_here

        vault = vault_here()
        secret = secret_of(vault, profile)
        where = f"in the vault: {vault.rung}" if secret is not None else "nowhere: give it with `entrada config edit`"
    revealed = _revealed(profile, secret) if show_secrets else None
    for line in shown(profile, "json" if as_json_ else output, secret_kept=where, secret=revealed):
        click.echo(line)


def _width() -> int | None:
    """None: it is no terminal, and nobody counts columns."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def _revealed(profile: Profile, secret: str | None) -> str | None:
    from entrada.cli.tokens.chosen import a_person_is_there

    if secret is None:
        return None
    if not (a_person_is_there() and sys.stdout.isatty()):
        raise click.UsageError("A secret is shown at a terminal only.")
    click.confirm(f"Show the secret of {profile.name} on this screen?", abort=True, err=True)
    return secret
