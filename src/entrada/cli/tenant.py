"""`entrada tenant`: make tenants, list them."""

import asyncio
from pathlib import Path

import click

from entrada.cli.places import Place, opened_installation, opened_store, place, place_options
from entrada.cli.table import table
from entrada.cli.user import for_user, hand_over
from entrada.core.directory.tenant import Tenant
from entrada.server.usecases.administer.user_passwords import offer_password_link
from entrada.server.usecases.create_tenant import Created, NewTenant, TenantRefused, create_tenant
from entrada.server.usecases.handed_over import Link


@click.group()
def tenant() -> None:
    """Make tenants and list them.

    A tenant is one organization's directory: its people, groups and applications.
    """


@tenant.command()
@click.option("--name", required=True, help="What people know the organization by.")
@click.option("--domain", required=True, help="Its domain, such as example.com: user names end in it.")
@click.option("--admin", required=True, metavar="UPN", help="The first administrator's user name: you@example.com.")
@click.option("--admin-name", default="Administrator", show_default=True, help="What is shown of that person.")
@place_options
def create(*, name: str, domain: str, admin: str, admin_name: str, config: Path | None, data_dir: Path | None) -> None:
    """Make a tenant and its first Global Administrator.

    Prints a link. Whoever opens it within three days chooses the administrator's password; then it opens nothing more.
    A running server knows the tenant within seconds.
    """
    asked = NewTenant(display_name=name, domain=domain, administrator=admin, administrator_name=admin_name)
    made = asyncio.run(_create(place(config, data_dir), asked))
    if isinstance(made, TenantRefused):
        raise click.ClickException(made.fault)
    click.echo(f"Tenant {made.tenant.display_name}, {made.tenant.id}, domain {made.tenant.default_domain}")
    hand_over(made.administrator.user_principal_name, Link(made.link))


async def _create(here: Place, asked: NewTenant) -> Created | TenantRefused:
    async with opened_installation(here) as installation:
        return await create_tenant(installation, asked)


@tenant.command()
@click.argument("upn")
@place_options
def link(*, upn: str, config: Path | None, data_dir: Path | None) -> None:
    """Make a new link by which UPN chooses a password.

    For an administrator who lost the first one, or a forgotten password. The person's current password stays good until
    the link is used.
    """
    hand_over(upn, asyncio.run(for_user(place(config, data_dir), upn, offer_password_link)))


@tenant.command("list")
@place_options
def list_(*, config: Path | None, data_dir: Path | None) -> None:
    """List the tenants."""
    found = asyncio.run(_list(place(config, data_dir)))
    if not found:
        click.echo("There is no tenant yet. Make one with: entrada tenant create", err=True)
        return
    rows = [(one.id, one.display_name, ", ".join(one.domains), "" if one.enabled else "disabled") for one in found]
    click.echo(table(("id", "name", "domains", ""), rows))


async def _list(here: Place) -> tuple[Tenant, ...]:
    async with opened_store(here) as store:
        return await store.list_tenants()
