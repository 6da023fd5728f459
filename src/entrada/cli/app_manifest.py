"""`entrada app manifest` and `entrada app import`: applications as files, from here and from Azure.  Section 37."""

import asyncio
import json
from pathlib import Path
from typing import Final, TextIO, TypeVar

import click

from entrada.cli.graph_here import chosen_tenant, operator
from entrada.cli.places import Place, opened_installation, place, place_options
from entrada.cli.progress import ProgressLine
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application
from entrada.core.directory.graph.manifest import Format, Manifest, from_list, to_manifest
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from entrada.core.jose.json_object import parse_value
from entrada.server.usecases.administer.applications import find_application, list_applications
from entrada.server.usecases.administer.import_applications import Imported, import_applications
from entrada.server.usecases.installation import Installation

T = TypeVar("T")
_FORMATS: Final = {"graph": Format.GRAPH, "aad": Format.AAD_GRAPH}
_LARGEST: Final = 64 * 1024 * 1024
tenant_option: Final = click.option(
    "--tenant", metavar="ID|DOMAIN", envvar="ENTRADA_TENANT", show_envvar=True, help="Whose directory."
)


@click.command()
@click.argument("name")
@click.option(
    "--format",
    "wanted",
    type=click.Choice(list(_FORMATS)),
    default="graph",
    show_default=True,
    help="Microsoft Graph's names, or the older ones of Azure AD Graph.",
)
@tenant_option
@place_options
def manifest(name: str, *, wanted: str, tenant: str | None, config: Path | None, data_dir: Path | None) -> None:
    """Print an application's manifest, of the installation here."""
    written = asyncio.run(_manifest(place(config, data_dir), tenant, name, _FORMATS[wanted]))
    click.echo(json.dumps(written, indent=2, ensure_ascii=False))


async def _manifest(here: Place, tenant: str | None, name: str, wanted: Format) -> dict[str, object]:
    async with opened_installation(here) as installation:
        actor = operator(installation, await chosen_tenant(here, installation.store, tenant))
        return to_manifest(await _named(installation, actor, name), wanted)


async def _named(here: Installation, actor: Actor, name: str) -> Application:
    if guid := parse_guid(name):
        return _unless_refused(await find_application(here, actor, guid))
    query = Query(where=Compare("display_name", Op.EQ, name), top=2)
    found = _unless_refused(await list_applications(here, actor, query)).items
    if len(found) == 1:
        return found[0]
    raise click.ClickException(
        f"Several applications are called {name}: say which by its id." if found else f"There is no application {name}."
    )


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.File(encoding="utf-8-sig"))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@tenant_option
@place_options
def import_(
    files: tuple[TextIO, ...], *, dry_run: bool, tenant: str | None, config: Path | None, data_dir: Path | None
) -> None:
    """Take applications from files.

    Each of FILES is a manifest downloaded from the Azure portal, in either format, or what `az ad app list` prints; -
    for standard input. All the applications are taken, or none. They keep their client ids; one that is here already is
    changed to what its manifest says. Secrets are in no manifest: make new ones with `entrada app secret add`.
    """
    manifests = [one for file in files for one in _read(file)]
    imported = asyncio.run(_import(place(config, data_dir), tenant, manifests, dry_run=dry_run))
    for one in imported:
        _say(one)
    counts = sum(one.made for one in imported), sum(one.changed for one in imported)
    click.echo(f"{counts[0]} to add, {counts[1]} to change." if dry_run else f"{counts[0]} added, {counts[1]} changed.")


def _read(file: TextIO) -> tuple[Manifest, ...]:
    try:
        text = file.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise click.ClickException(f"{file.name} is longer than {_LARGEST // 2**20} MB.")
        return _unless_refused(from_list(parse_value(text)), f"{file.name}: ")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file.name} is not UTF-8; save it as such.") from None
    except json.JSONDecodeError as error:
        raise click.ClickException(
            f"{file.name}:{error.lineno}:{error.colno}: This is not JSON: {error.msg}."
        ) from None
    except ValueError as error:
        raise click.ClickException(f"{file.name} is no JSON that can be taken: {error}.") from None


async def _import(here: Place, tenant: str | None, manifests: list[Manifest], *, dry_run: bool) -> tuple[Imported, ...]:
    progress = ProgressLine()
    async with opened_installation(here) as installation:
        actor = operator(installation, await chosen_tenant(here, installation.store, tenant))
        try:
            done = await import_applications(installation, actor, manifests, progress, commit=not dry_run)
        finally:
            progress.end()
    return _unless_refused(done)


def _unless_refused(found: T | Problem, where: str = "") -> T:
    if not isinstance(found, Problem):
        return found
    target = f" ({found.target})" if found.target else ""
    raise click.ClickException(f"{where}{found.message}{target}")


def _say(one: Imported) -> None:
    sign, colour = ("+", "green") if one.made else ("~", "yellow") if one.changed else ("=", None)
    click.echo(f"{click.style(sign, fg=colour, bold=True)} {one.application.display_name} ({one.application.app_id})")
    for note in one.left_out:
        click.echo(f"    {note}", err=True)
