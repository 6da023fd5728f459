"""`entrada gateway apply`, `export`, `import` and `apis`: what the API gateway serves, as a file."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TextIO, TypeVar

import click
from attrs import evolve

from entrada.cli.directory_files import keep, operator_name, read_text
from entrada.cli.places import Place, opened_installation, place, place_options
from entrada.cli.shown_diff import ask, show_changes, show_counts
from entrada.cli.table import table
from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.openapi.imported import Imported
from entrada.core.gateway.openapi.refusal import import_refused
from entrada.server.usecases.audited import operator
from entrada.server.usecases.gateway.apis import list_apis
from entrada.server.usecases.gateway.file.apply import GatewayFileRefused, apply_gateway, plan_gateway
from entrada.server.usecases.gateway.file.write import export_gateway
from entrada.server.usecases.gateway.import_api import (
    ApiImported,
    Document,
    ImportPlan,
    plan_imported,
    put_imported,
    read_document,
)
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.installation import Installation

T = TypeVar("T")


@click.command()
@click.option(
    "-f", "--file", "source", required=True, type=click.File(encoding="utf-8"), help="The file; - for standard input."
)
@click.option("--prune", is_flag=True, help="Also remove what the gateway holds beyond the file.")
@click.option("--yes", is_flag=True, help="Do not ask.  Needed where nobody can answer.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@place_options
def apply(*, source: TextIO, prune: bool, yes: bool, dry_run: bool, config: Path | None, data_dir: Path | None) -> None:
    """Bring the gateway to what a file says.

    Shows what would be added (+), changed (~) and removed (-), then asks. All of it is done, or nothing. Applying a
    file twice changes nothing. A running gateway follows within a second. Policies stand in the file, or in files
    beside it. A secret that the file does not name stays as it is.

    \b
      entrada gateway apply -f gateway.yaml --dry-run
      entrada gateway apply -f gateway.yaml --prune --yes
    """
    text, beside = read_text(source), _beside(source)
    piped = source.name == "<stdin>"

    async def work(here: Installation, actor: Actor) -> None:
        plan = await plan_gateway(here, actor, text, beside, os.environ, prune=prune)
        if isinstance(plan, GatewayFileRefused):
            raise _refusal(source.name, plan)
        if isinstance(plan, Problem):
            raise click.ClickException(plan.message)
        for one in plan.warnings:
            click.echo(f"{source.name}:{one.at.line}:{one.at.column}: warning: {one.message}", err=True)
        show_changes(plan.diff)
        show_counts(plan.diff)
        if dry_run or plan.diff.is_empty:
            return
        if not yes:
            ask(from_standard_input=piped)
        _done(await apply_gateway(here, actor, plan))
        click.echo("Done.")

    _on(place(config, data_dir), work)


@click.command()
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to; without it, standard output."
)
@place_options
def export(*, output: Path | None, config: Path | None, data_dir: Path | None) -> None:
    """Write the gateway's configuration as a file that `entrada gateway apply` takes back.

    Without secrets: they stay where they are stored.
    """
    text = _on(place(config, data_dir), lambda here, actor: _answered(export_gateway(here, actor)))
    keep(output, text)


@click.command("import")
@click.argument("source", metavar="FILE|URL")
@click.option("--path", required=True, help="Where the gateway serves it: colors.")
@click.option("--id", "name", help="What the API is known by; by default its path, with dashes.")
@click.option("--service-url", help="The backend, in place of the server that the document names.")
@click.option("--no-subscription", is_flag=True, help="Ask callers for no subscription key.")
@click.option("--replace", is_flag=True, help="Also where the API has another name than the document.")
@click.option("--yes", is_flag=True, help="Do not ask.  Needed to renew an API where nobody can answer.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@place_options
def import_(
    *,
    source: str,
    path: str,
    name: str | None,
    service_url: str | None,
    no_subscription: bool,
    config: Path | None,
    data_dir: Path | None,
    **how: bool,
) -> None:
    """Make an API of an OpenAPI 3 document, or renew the one that was made of it.

    Operations are known again by their ids, or by method and template, and keep their policies; those that the document
    does not describe any more are removed. Where there is such an API, it shows what would change, then asks.

    \b
      entrada gateway import openapi.json --path shop --service-url https://shop.internal.example
      entrada gateway import https://petstore3.swagger.io/api/v3/openapi.json --path pets
    """
    document = Document(url=source) if source.startswith(("https://", "http://")) else Document(text=_text_of(source))

    def adapted(api: Api) -> Api:
        api = api if service_url is None else evolve(api, service_url=service_url)
        return evolve(api, subscription_required=False) if no_subscription else api

    known_as, at = name or path.strip("/").replace("/", "-"), path.strip("/")

    async def work(here: Installation, actor: Actor) -> ApiImported | None:
        imported = await _read(here, document)
        plan = _done(await plan_imported(here, actor, imported, known_as, at, adapted))
        go_on = _is_wanted(plan, imported, **how)
        return _done(await put_imported(here, actor, imported, known_as, at, adapted)) if go_on else None

    made = _on(place(config, data_dir), work)
    if made is not None:
        said = f"{made.api.noun.display_name} at /{made.api.noun.path}, with {len(made.operations)} operations"
        click.echo(f"{said}; {len(made.removed)} removed." if made.removed else f"{said}.")


async def _read(here: Installation, document: Document) -> Imported:
    imported = await read_document(here.egress, document)
    if not isinstance(imported, Imported):
        return _done(import_refused(imported))
    for remark in imported.remarks:
        click.echo(f"Note: {remark}", err=True)
    return imported


def _is_wanted(plan: ImportPlan, imported: Imported, *, replace: bool, yes: bool, dry_run: bool) -> bool:
    """A new API is simply made; of one that there is already, what would change is shown, and asked."""
    if plan.before is not None and not replace:
        _require_same(plan.before, imported)
    if plan.before is not None or dry_run:
        show_changes(plan.diff)
        show_counts(plan.diff)
    if plan.before is not None and not (plan.diff.is_empty or yes or dry_run):
        ask(from_standard_input=False)
    return not dry_run


def _require_same(before: Api, imported: Imported) -> None:
    """What another document was imported to is not lost by a path that was chosen twice."""
    if imported.display_name != before.display_name:
        raise click.ClickException(
            f"The document is of {imported.display_name}, and /{before.path} is {before.display_name} ({before.id}). "
            "Choose another --path, or say --replace."
        )


@click.command()
@place_options
def apis(*, config: Path | None, data_dir: Path | None) -> None:
    """List the APIs of the gateway."""
    found = _on(place(config, data_dir), lambda here, actor: _answered(list_apis(here, actor)))
    click.echo(table(("ID", "PATH", "BACKEND", "NAME"), [_row(one) for one in found]))


def _row(one: Kept[Api]) -> tuple[str, str, str, str]:
    api = one.noun
    return api.id, api.public_path or "/", api.service_url or "-", api.display_name


# ---- working on the store ----


def _on(here: Place, work: Callable[[Installation, Actor], Awaitable[T]]) -> T:
    async def run() -> T:
        async with opened_installation(here) as installation:
            gateway = installation.gateway
            if gateway is None:
                raise click.ClickException(
                    "There is no gateway: set ENTRADA_GATEWAY_ORIGIN and ENTRADA_GATEWAY_TENANT."
                )
            return await work(installation, operator(installation, gateway.tenant_id, Via.FILE, operator_name()))

    return asyncio.run(run())


async def _answered(work: Awaitable[T | Problem]) -> T:
    return _done(await work)


def _done(found: T | Problem) -> T:
    if isinstance(found, Problem):
        for one in found.details[:-1]:
            click.echo(one.message, err=True)
        raise click.ClickException(found.details[-1].message if found.details else found.message)
    return found


def _refusal(name: str, refused: GatewayFileRefused) -> click.ClickException:
    """The last fault ends the command; those before it are said here."""
    lines = [f"{name}:{fault}" for fault in refused.faults]
    for line in lines[:-1]:
        click.echo(line, err=True)
    return click.ClickException(f"{lines[-1]} Nothing was changed.")


def _beside(source: TextIO) -> Callable[[str], str | None]:
    folder = Path() if source.name == "<stdin>" else Path(source.name).parent

    def read(name: str) -> str | None:
        try:
            return (folder / name).read_bytes().decode("utf-8")  # as it was written, line ends too
        except (OSError, ValueError):
            return None

    return read


def _text_of(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{name} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise click.ClickException(f"{name} is not UTF-8; save it as such.") from None
