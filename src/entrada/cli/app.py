"""`entrada app`: application registrations.  Each command is one or two requests to Graph."""

from typing import Any, Final

import click

from entrada.cli.app_credentials import certificate, federated, secret
from entrada.cli.app_manifest import import_, manifest
from entrada.cli.app_permissions import permission, role
from entrada.cli.desk import Desk, Json, desk_options
from entrada.cli.named import application, searched
from entrada.cli.shown import Columns, output_option, show_all, show_one

_AUDIENCES: Final = {"single": "AzureADMyOrg", "multiple": "AzureADMultipleOrgs"}
_PLATFORMS: Final = {"web": "web", "spa": "spa", "public": "publicClient"}
_LIST: Final[Columns] = {
    "name": lambda app: app["displayName"],
    "application (client) id": lambda app: app["appId"],
    "for": lambda app: app["signInAudience"],
    "made": lambda app: (app["createdDateTime"] or "")[:10],
}
_ONE: Final[Columns] = {
    "name": lambda app: app["displayName"],
    "application (client) id": lambda app: app["appId"],
    "object id": lambda app: app["id"],
    "accounts": lambda app: app["signInAudience"],
    "token version": lambda app: app["api"]["requestedAccessTokenVersion"] or 1,
    "application id URI": lambda app: app["identifierUris"],
    "web redirect URIs": lambda app: app["web"]["redirectUris"],
    "spa redirect URIs": lambda app: app["spa"]["redirectUris"],
    "public redirect URIs": lambda app: app["publicClient"]["redirectUris"],
    "scopes": lambda app: [one["value"] for one in app["api"]["oauth2PermissionScopes"]],
    "app roles": lambda app: [one["value"] for one in app["appRoles"]],
    "secrets": lambda app: [f"{one['displayName']}  {one['keyId']}" for one in app["passwordCredentials"]],
    "certificates": lambda app: [f"{one['displayName']}  {one['keyId']}" for one in app["keyCredentials"]],
}


@click.group()
def app() -> None:
    """Register applications, and change what they may do.

    NAME is an application's display name, its client id or its object id. Every command works on the installation here,
    or with --server on another one.
    """


for _command in (secret, certificate, federated, permission, role, manifest, import_):
    app.add_command(_command)


@app.command("list")
@click.option("--search", metavar="WORDS", help="Only those whose name has words that begin so.")
@output_option
@desk_options
def list_(*, desk: Desk, search: str | None, output: str) -> None:
    """List applications."""
    asked = f"/applications?$search={searched(search)}&$count=true" if search else "/applications?$orderby=displayName"
    show_all(desk.every(asked), _LIST, output, "There is no such application. Make one with: entrada app create")


@app.command()
@click.argument("name")
@output_option
@desk_options
def show(name: str, *, desk: Desk, output: str) -> None:
    """Show one application."""
    show_one(application(desk, name), _ONE, output)


@app.command()
@click.argument("display_name", metavar="NAME")
@click.option(
    "--accounts",
    type=click.Choice(list(_AUDIENCES)),
    default="single",
    show_default=True,
    help="Of one organization, or of any.",
)
@click.option(
    "--web", "web", multiple=True, metavar="URI", help="A redirect URI of a web application; may be said again."
)
@click.option("--spa", "spa", multiple=True, metavar="URI", help="A redirect URI of a single-page application.")
@click.option(
    "--public", "public", multiple=True, metavar="URI", help="A redirect URI of a mobile or desktop application."
)
@click.option(
    "--token-version", type=click.Choice(["1", "2"]), help="Of the access tokens for it, as an API.  [default: 1]"
)
@output_option
@desk_options
def create(
    display_name: str,
    *,
    desk: Desk,
    accounts: str,
    web: tuple[str, ...],
    spa: tuple[str, ...],
    public: tuple[str, ...],
    token_version: str | None,
    output: str,
) -> None:
    """Register an application.

    It is made known in the tenant at once: its service principal is made, too.
    """
    uris = {"web": web, "spa": spa, "publicClient": public}
    members: Json = {"displayName": display_name, "signInAudience": _AUDIENCES[accounts]}
    if token_version:
        members["api"] = {"requestedAccessTokenVersion": int(token_version)}
    members |= {platform: {"redirectUris": list(given)} for platform, given in uris.items() if given}
    made = desk.post("/applications", members)
    desk.post("/servicePrincipals", {"appId": made["appId"]})
    show_one(made, _ONE, output)


@app.command()
@click.argument("name")
@click.option("--name", "display_name", help="Call it so.")
@click.option("--accounts", type=click.Choice(list(_AUDIENCES)), help="Of one organization, or of any.")
@click.option("--token-version", type=click.Choice(["1", "2"]), help="Of the access tokens for this API.")
@click.option("--id-tokens/--no-id-tokens", default=None, help="From the authorization endpoint (hybrid flow).")
@click.option("--logout-url", metavar="URI", help="Where the browser is sent, unseen, when somebody signs out.")
@desk_options
def update(
    name: str,
    *,
    desk: Desk,
    display_name: str | None,
    accounts: str | None,
    token_version: str | None,
    id_tokens: bool | None,
    logout_url: str | None,
) -> None:
    """Change an application."""
    web: Json = {}
    if id_tokens is not None:
        web["implicitGrantSettings"] = {"enableIdTokenIssuance": id_tokens}
    if logout_url is not None:
        web["logoutUrl"] = logout_url or None
    members: Json = {
        "displayName": display_name,
        "signInAudience": _AUDIENCES[accounts] if accounts else None,
        "api": {"requestedAccessTokenVersion": int(token_version)} if token_version else None,
        "web": web or None,
    }
    said = {member: value for member, value in members.items() if value is not None}
    if not said:
        raise click.UsageError("Say what to change.")
    desk.patch(f"/applications/{application(desk, name)['id']}", said)


@app.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@desk_options
def delete(name: str, *, desk: Desk, yes: bool) -> None:
    """Delete an application.

    For thirty days `entrada app restore` brings it back.
    """
    found = application(desk, name)
    if not yes:
        click.confirm(
            f"Delete {found['displayName']} ({found['appId']})?  Nobody can sign in to it any more.", abort=True
        )
    desk.delete(f"/applications/{found['id']}")
    click.echo(f"Deleted. To bring it back: entrada app restore {found['id']}")


@app.command()
@click.argument("object_id")
@desk_options
def restore(object_id: str, *, desk: Desk) -> None:
    """Bring a deleted application back.

    With everything that hung on it.  OBJECT_ID is from `entrada app deleted`.
    """
    back = desk.post(f"/directory/deletedItems/{object_id}/restore")
    click.echo(f"{back['displayName']} is back.")


@app.command()
@output_option
@desk_options
def deleted(*, desk: Desk, output: str) -> None:
    """List deleted applications."""
    columns: Columns = {
        "name": lambda one: one["displayName"],
        "object id": lambda one: one["id"],
        "deleted": lambda one: one["deletedDateTime"],
    }
    show_all(
        desk.every("/directory/deletedItems/microsoft.graph.application"),
        columns,
        output,
        "No application was deleted lately.",
    )


# ---- where answers go ----


@app.group()
def redirect() -> None:
    """Add and remove redirect URIs."""


platform_option: Final = click.option(
    "--platform",
    type=click.Choice(list(_PLATFORMS)),
    default="web",
    show_default=True,
    help="Which kind of application it is of.",
)


@redirect.command("add")
@click.argument("name")
@click.argument("uri")
@platform_option
@desk_options
def redirect_add(name: str, uri: str, *, desk: Desk, platform: str) -> None:
    """Let answers go to URI."""

    def with_it(uris: list[str]) -> list[str]:
        return [*uris, uri]

    _redirects(desk, name, platform, with_it)


@redirect.command("remove")
@click.argument("name")
@click.argument("uri")
@platform_option
@desk_options
def redirect_remove(name: str, uri: str, *, desk: Desk, platform: str) -> None:
    """Let no answer go to URI any more."""

    def without_it(uris: list[str]) -> list[str]:
        return [one for one in uris if one != uri]

    _redirects(desk, name, platform, without_it)


def _redirects(desk: Desk, name: str, platform: str, change: Any) -> None:
    found, member = application(desk, name), _PLATFORMS[platform]
    before: list[str] = found[member]["redirectUris"]
    after = change(before)
    if after == before:
        raise click.ClickException(f"{found['displayName']} has no such redirect URI.")
    desk.patch(f"/applications/{found['id']}", {member: {"redirectUris": after}})


# ---- what it offers ----


@app.command()
@click.argument("name")
@click.option("--uri", metavar="URI", help="The Application ID URI.  [default: api:// and the client id]")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="VALUE",
    help="A permission to offer, such as Colors.Read; may be said again.",
)
@click.option("--admins-only", is_flag=True, help="Only administrators may grant these scopes.")
@desk_options
def expose(name: str, *, desk: Desk, uri: str | None, scopes: tuple[str, ...], admins_only: bool) -> None:
    """Make an API of an application.

    It gets an Application ID URI, and scopes that others ask for.
    """
    found = application(desk, name)
    members: Json = {}
    if uri or not found["identifierUris"]:
        members["identifierUris"] = [*found["identifierUris"], uri or f"api://{found['appId']}"]
    offered = found["api"]["oauth2PermissionScopes"]
    members["api"] = {
        "oauth2PermissionScopes": [*offered, *(_scope(value, admins_only=admins_only) for value in scopes)]
    }
    desk.patch(f"/applications/{found['id']}", members)


def _scope(value: str, *, admins_only: bool) -> Json:
    return {
        "value": value,
        "type": "Admin" if admins_only else "User",
        "isEnabled": True,
        "adminConsentDisplayName": value,
        "adminConsentDescription": f"The app may do {value} for the signed-in user.",
    }


# ---- who answers for it ----


@app.group()
def owner() -> None:
    """List, add and remove the owners of an application."""


@owner.command("list")
@click.argument("name")
@output_option
@desk_options
def owner_list(name: str, *, desk: Desk, output: str) -> None:
    """List who owns it."""
    columns: Columns = {
        "name": lambda one: one["displayName"],
        "user": lambda one: one.get("userPrincipalName"),
        "id": lambda one: one["id"],
    }
    show_all(desk.every(f"/applications/{application(desk, name)['id']}/owners"), columns, output, "Nobody owns it.")


@owner.command("add")
@click.argument("name")
@click.argument("upn")
@desk_options
def owner_add(name: str, upn: str, *, desk: Desk) -> None:
    """Let UPN change the application."""
    user = desk.get(f"/users/{upn}")
    body = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{user['id']}"}
    desk.post(f"/applications/{application(desk, name)['id']}/owners/$ref", body)


@owner.command("remove")
@click.argument("name")
@click.argument("upn")
@desk_options
def owner_remove(name: str, upn: str, *, desk: Desk) -> None:
    """Let UPN change the application no more."""
    user = desk.get(f"/users/{upn}")
    desk.delete(f"/applications/{application(desk, name)['id']}/owners/{user['id']}/$ref")
