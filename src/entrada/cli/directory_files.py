"""`entrada apply` and `entrada export`: the directory as a file."""

import asyncio
import getpass
import os
from pathlib import Path
from typing import TextIO

import click

from entrada.cli.places import Place, opened_store, place, place_options
from entrada.cli.progress import ProgressLine
from entrada.cli.seed_credentials import replacement
from entrada.cli.shown_diff import ask, show_changes, show_counts
from entrada.core.directory.ids import TenantId
from entrada.core.jose import base64url
from entrada.server import app
from entrada.server.argon2_hasher import Argon2Hasher
from entrada.server.store.port import Store
from entrada.server.usecases.apply_directory import FileRefused, Plan, commit_plan, plan_directory
from entrada.server.usecases.export_directory import export_directory
from entrada.server.usecases.settle_credentials import Credentials


@click.command()
@click.option(
    "-f", "--file", "source", required=True, type=click.File(encoding="utf-8"), help="The file; - for standard input."
)
@click.option("--prune", is_flag=True, help="Also remove what the file's tenants hold beyond it.")
@click.option("--yes", is_flag=True, help="Do not ask.  Needed where nobody can answer.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@place_options
def apply(*, source: TextIO, prune: bool, yes: bool, dry_run: bool, config: Path | None, data_dir: Path | None) -> None:
    """Bring the directory to what a file says.

    Shows what would be added (+), changed (~) and removed (-), then asks. All of it is done, or nothing. Applying a
    file twice changes nothing. A running server follows within seconds.

    In production a credential the file calls seed is replaced: by ENTRADA_PASSWORD_<USER> or ENTRADA_SECRET_<APP> from
    the environment, or by one made here and printed once.
    """
    here, text = place(config, data_dir), read_text(source)
    plan = asyncio.run(_plan(here, text, prune=prune))
    if isinstance(plan, FileRefused):
        raise _refusal(source.name, plan)
    _show(plan)
    if dry_run or not plan.effects:
        return
    if not yes:
        ask(from_standard_input=source.name == "<stdin>")
    if not asyncio.run(_commit(here, plan)):
        raise click.ClickException("Somebody changed the directory meanwhile; nothing was done. Apply again.")
    click.echo("Done.")
    _hand_over(plan)


def read_text(source: TextIO) -> str:
    try:
        text = source.read()
    except UnicodeDecodeError:
        raise click.ClickException(f"{source.name} is not UTF-8; save it as such.") from None
    return text


async def _plan(here: Place, text: str, *, prune: bool) -> Plan | FileRefused:
    progress = ProgressLine()
    async with opened_store(here) as store:
        try:
            found = plan_directory(text, store, app.clock(), _credentials(here), prune=prune, progress=progress)
            return await found
        finally:
            progress.end()


async def _commit(here: Place, plan: Plan) -> bool:
    async with opened_store(here) as store:
        return await commit_plan(plan, store, app.clock(), operator_name())


def operator_name() -> str | None:
    """Whom the machine knows at its keyboard; nobody, in most containers."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return None


def _credentials(here: Place) -> Credentials:
    hasher = Argon2Hasher(dummy=base64url.encode(os.urandom(16)))
    return Credentials(
        hash_password=hasher.hash,
        verify_password=lambda password, hashed: hasher.verify(hashed, password),
        environment=os.environ,
        replace_seed=None if here.development else replacement(os.environ),
    )


def _refusal(name: str, refused: FileRefused) -> click.ClickException:
    """The last fault ends the command; those before it are said here."""
    lines = [f"{name}:{fault}" for fault in refused.faults]
    for line in lines[:-1]:
        click.echo(line, err=True)
    return click.ClickException(f"{lines[-1]} Nothing was changed.")


def _show(plan: Plan) -> None:
    diff = plan.diff
    show_changes(diff)
    for missing in plan.without_value:
        click.echo(f"Note: {missing} has no value, here or in the file.", err=True)
    show_counts(diff)


def _hand_over(plan: Plan) -> None:
    if plan.made:
        click.echo("Made here, and shown this once:")
    for one in plan.made:
        click.echo(f"  {one.credential.kind} of {one.credential.owner}: {one.value}")


# ---- export ----


@click.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to; standard output else.")
@click.option("--tenant", "tenants", multiple=True, metavar="ID|DOMAIN", help="Only this one; may be said again.")
@click.option(
    "--with-hashes", is_flag=True, help="With password hashes and secret digests: guard the file as you do them."
)
@place_options
def export(
    *, output: Path | None, tenants: tuple[str, ...], with_hashes: bool, config: Path | None, data_dir: Path | None
) -> None:
    """Write the directory as a file that `entrada apply` takes back.

    Passwords and secrets are named without their values, unless --with-hashes says otherwise. A file it writes is
    readable by its owner alone.
    """
    keep(output, asyncio.run(_export(place(config, data_dir), tenants, with_hashes=with_hashes)))


def keep(output: Path | None, text: str) -> None:
    """On standard output, where no file is named."""
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        _write(output, text)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"Written to {output}.", err=True)


async def _export(here: Place, tenants: tuple[str, ...], *, with_hashes: bool) -> str:
    async with opened_store(here) as store:
        chosen = [await _tenant_id(store, one) for one in tenants] or None
        return await export_directory(store, chosen, with_hashes=with_hashes)


async def _tenant_id(store: Store, named: str) -> TenantId:
    by_domain = await store.find_tenant_by_domain(named.lower())
    found = by_domain or await store.find_tenant(TenantId(named.lower()))
    if found is None:
        raise click.ClickException(f"There is no tenant {named}. See: entrada tenant list")
    return found.id


def _write(output: Path, text: str) -> None:
    """Whole or not at all."""
    draft = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(output)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
