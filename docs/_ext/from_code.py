"""Fill reference pages from the code: settings, commands, error catalogue, endpoints.

A page says `<!-- from code: settings -->` and `<!-- until here -->` where the table belongs, and between them how to
come by it, for whoever reads the page as it stands in the repository.  What the code has no words for stands in a table
here, and a route without words fails the build.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
from sphinx.application import Sphinx
from starlette.routing import Mount, Route

from entrada.cli.main import main
from entrada.cli.serve import serve
from entrada.core.errors import catalogue
from entrada.core.errors.reason import Reason
from entrada.server.app import Exposure, application
from entrada.server.settings import PREFIX, known
from entrada.server.web import managed_identity
from entrada.server.web.gateway_admin import openapi as gateway_openapi
from entrada.server.web.gateway_admin import table as gateway_table
from entrada.server.web.graph.endpoint import Endpoint, Resource
from entrada.server.web.graph.openapi import permissions_of
from entrada.server.web.graph.table import TABLE
from entrada.server.web.http.later import Later

sys.path.insert(0, str(Path(__file__).parent))  # for whoever reads this file without Sphinx
from policies import policies

PLACE = re.compile(r"<!-- from code: ([a-z]+) -->\n(?:(?!<!--).)*<!-- until here -->", re.DOTALL)


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# ---- settings ----


def settings() -> str:
    options = {option.name: option.opts[0] for option in serve.params}
    rows = [
        (
            f"`{PREFIX}{one.name.upper()}`",
            f"`{one.name}`",
            f"`{options[one.name]}`" if one.name in options else "",
            one.metadata["doc"] + (f" Default: `{one.default}`." if one.default != "" else ""),
        )
        for one in known()
    ]
    return table(("in the environment", "in the file", "option", "what it says"), rows)


# ---- commands ----


def commands() -> str:
    return "\n\n".join(_help(command, parent) for command, parent in walk())


def walk() -> Iterator[tuple[click.Command, click.Context]]:
    """Every command with its context, groups before what they hold."""

    def below(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
        yield command, context
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                if inner is not None:
                    yield from below(inner, click.Context(inner, info_name=name, parent=context, max_content_width=100))

    yield from below(main, click.Context(main, info_name="entrada", max_content_width=100, terminal_width=100))


def _help(command: click.Command, context: click.Context) -> str:
    return f"## {context.command_path}\n\n```text\n{click.unstyle(command.get_help(context))}\n```"


# ---- errors ----


def reasons() -> list[Reason]:
    return [value for value in vars(catalogue).values() if isinstance(value, Reason)]


def errors() -> str:
    return table(("code", "OAuth error", "status", "what it means", "what to do"), [_row(one) for one in reasons()])


def _row(one: Reason) -> tuple[str, ...]:
    error = f"`{one.error}`" + (f", suberror `{one.suberror}`" if one.suberror else "")
    return (
        f"[{one.aadsts}](errors/{one.aadsts}.md) `{one.name}`",
        error,
        str(one.status),
        general(one.text),
        general(one.advice),
    )


def general(sentence: str) -> str:
    """Facts that a refusal fills in, by their names."""
    return re.sub(r"'?\{(\w+)\}'?", r"*\1*", sentence)


# ---- endpoints ----

# fmt: off
PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "Authorization and tokens": (
        ("/{tenant}/oauth2/v2.0/authorize", "The code flow, hybrid, ID tokens; modes query, fragment, form_post."),
        ("/{tenant}/oauth2/authorize", "The same as v1.0: `resource` instead of API scopes."),
        ("/{tenant}/oauth2/v2.0/token", "Codes, refresh tokens, client credentials, on behalf of, devices, passwords."),
        ("/{tenant}/oauth2/token", "The same as v1.0: numbers are texts, the ID token is a v1.0 one."),
        ("/{tenant}/oauth2/v2.0/devicecode", "Starts a device flow: a code for the device, a code for a person."),
        ("/{tenant}/oauth2/devicecode", "The same as v1.0: numbers are texts, `verification_url`."),
        ("/{tenant}/oauth2/v2.0/logout", "End session endpoint."),
        ("/{tenant}/oauth2/logout", "The same."),
    ),
    "Metadata": (
        ("/{tenant}/v2.0/.well-known/openid-configuration", "Discovery document, v2.0."),
        ("/{tenant}/.well-known/openid-configuration", "Discovery document, v1.0."),
        ("/{tenant}/discovery/v2.0/keys", "Signing keys, each with the issuer it signs for."),
        ("/{tenant}/discovery/keys", "The same keys, without issuers."),
        ("/common/discovery/instance", "Instance discovery, `api-version` 1.0, 1.1: knows itself."),
        ("/{tenant}/{realm:userrealm}/{username}", "User realm: every account is managed."),
    ),
    "Pages": (
        ("/", "What this server is; in development also who may sign in and which applications there are."),
        ("/error", "Explains an error code: `/error?code=50011`."),
        ("/enrol", "Where a person chooses a password by a one-time link."),
        ("/devicelogin", "What devices show, since people type it: leads to the page below."),
        ("/{tenant}/oauth2/deviceauth", "Where a person types the code of a device."),
        ("/{tenant}/oauth2/deviceauth/decision", "The form of the page that shows which device asks."),
        ("/{tenant}/v2.0/adminconsent", "Where an administrator consents for an organization: `scope`, or `.default`."),
        (
            "/{tenant}/adminconsent",
            "The same as v1.0: the whole registration, app roles included. Its POST is the page's form.",
        ),
        ("/{tenant}/login", "The forms of the pages that sign in: account, user name, password, second factor."),
        ("/{tenant}/consent", "The form of the consent page."),
        ("/{tenant}/oauth2/v2.0/logout/account", "The form of the page that asks which account to sign out of."),
        ("/account", "Your account: sessions, consents, password, second factor."),
        ("/account/sessions", "The form that ends one session."),
        ("/account/everywhere", "The form that ends all of them."),
        ("/account/consents", "The form that takes a consent back."),
        ("/account/password", "The page that changes the password, and its form."),
        ("/account/recovery-codes", "The form that makes new recovery codes."),
        ("/account/authenticator", "The form that removes the authenticator, or leads to another one."),
        ("/account/ended", "What whoever has just ended the session of this very browser is told."),
        ("/common/account/signin", "Starts a sign-in that leads to `/account`."),
        ("/branding/{tenant}/accent.css", "The accent a tenant chose, in shades for light and dark pages."),
        ("/branding/{tenant}/logo", "Its logo."),
        ("/static/entrada", "Stylesheet and icon."),
    ),
    "Graph": (
        ("/v1.0/{path:anything}", "Everything of [the Graph reference](graph.md)."),
        ("/v1.0/$batch", "Up to twenty requests to Graph in one."),
        ("/v1.0/openapi.json", "What that is, as an OpenAPI description."),
        ("/v1.0/$metadata", "What that is, as OData describes it."),
        ("/v1.0/me/messages", "That person's mail, newest first, with `$top` and `$skip`. Needs `Mail.Read`."),
        ("/{tenant}/users/{user}/getMemberObjects", "The same, where a token with too many groups points to."),
        ("/oidc/userinfo", "Userinfo of OpenID Connect. Needs `openid`."),
        ("/{tenant}/openid/userinfo", "The same, as v1.0 names it."),
    ),
    "The gateway's administration": (
        ("/gateway/v1/{path:path}", "Everything of [the gateway's admin API](gateway-api.md)."),
        ("/gateway/v1/openapi.json", "What that is, as an OpenAPI description."),
    ),
    "The portal": (
        ("/portal", "The portal: what administrators, and owners of applications, do by mouse."),
        ("/portal/{room}", "Its pages and their forms, for people; programs use [Graph](graph.md)."),
        ("/portal/search", "Finds whatever id, name or address is typed."),
        ("/portal/signin", "Starts a sign-in; `tenant` names a directory one is a guest of."),
        ("/portal/signin-oidc", "Its redirect URI."),
        ("/portal/signout", "The form that signs out."),
        ("/portal/signout-oidc", "Its front-channel logout URL."),
        ("/portal/signed-out", "Where one lands afterwards."),
    ),
    "The developer console": (
        ("/developer", "The catalogue of the APIs that the gateway serves. It signs in as the portal does."),
        ("/developer/{room}", "Its pages and their forms, for people."),
        ("/developer/signin", "Leads on to the authorization server that a sign-in was begun at."),
        ("/developer/signin-oauth/code/callback/{server}", "The redirect URI of the gateway's authorization servers."),
        ("/developer/signin-openid/code/callback/{provider}", "The redirect URI of its OpenID Connect providers."),
    ),
    "For operators": (
        ("/healthz", "200 as long as the process answers."),
        ("/readyz", "200 as long as the database answers too, 503 when it does not."),
    ),
}
# fmt: on


# On a listener of its own, if `entrada up --managed-identity` asks for it.
MACHINE: tuple[tuple[str, str], ...] = (
    ("/metadata/identity/oauth2/token", "A token, as the instance metadata service of a virtual machine gives it."),
    ("/metadata/identity/oauth2/token/", "The same, as the Node libraries write it."),
    ("/msi/token", "A token, as App Service gives it to whoever knows the value of X-IDENTITY-HEADER."),
)


def routes() -> dict[str, tuple[str, ...]]:
    """Every path that answers, with its methods."""
    nobody: Any = SimpleNamespace(origin="https://localhost", development=True)
    return _routes_of(application(nobody, Exposure(())))


def _routes_of(app: Any) -> dict[str, tuple[str, ...]]:
    while not hasattr(app, "routes"):
        app = app._app  # noqa: SLF001 - what guards the application wraps it
    found: dict[str, set[str]] = {}
    for route in _each_route(app.routes):
        methods = route.methods if isinstance(route, Route) and route.methods else {"GET"}
        found.setdefault(_named(route.path), set()).update(methods - {"HEAD"})
        if not isinstance(route, Route | Mount):
            raise TypeError(f"a route of an unknown kind: {route}")
    return {path: tuple(sorted(methods)) for path, methods in found.items()}


def _named(path: str) -> str:
    """The pages of the portal and the console are for people, and menus list them: here those of each are one."""
    own = {path for group in ("The portal", "The developer console") for path, _ in PLACES[group]}
    homes = (home for home in ("/portal", "/developer") if path.startswith(f"{home}/") and path not in own)
    return next((f"{home}/{{room}}" for home in homes), path)


def _each_route(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        yield from route.routes if isinstance(route, Later) else [route]


def endpoints() -> str:
    answering = routes()
    described = {path for rows in PLACES.values() for path, _ in rows}
    if described != set(answering):
        raise ValueError(f"routes and words differ: {sorted(described ^ set(answering))}")
    tables = [f"## {name}\n\n{_endpoint_table(rows, answering)}" for name, rows in PLACES.items()]
    return "\n\n".join([*tables, _of_the_machine()])


def _of_the_machine() -> str:
    nobody: Any = SimpleNamespace()
    answering = _routes_of(managed_identity.application(nobody, (), ""))
    if {path for path, _ in MACHINE} != set(answering):
        raise ValueError("the routes of the managed identity and their words differ")
    return f"## Managed identity, on its own port\n\n{_endpoint_table(MACHINE, answering)}"


def _endpoint_table(rows: Iterable[tuple[str, str]], answering: dict[str, tuple[str, ...]]) -> str:
    return table(
        ("path", "methods", "what answers"), [(f"`{path}`", _methods(answering[path]), words) for path, words in rows]
    )


def _methods(found: tuple[str, ...]) -> str:
    return "POST, OPTIONS" if {"PUT", "POST"} <= set(found) else ", ".join(found)


# ---- Graph ----


def graph() -> str:
    """By the first word of the path."""
    found: dict[str, list[Endpoint]] = {}
    for row in TABLE:
        found.setdefault(row.path.split("/")[1], []).append(row)
    return "\n\n".join(f"### {name}\n\n{_graph_table(rows)}" for name, rows in found.items())


def _graph_table(rows: Iterable[Endpoint]) -> str:
    heading = ("request", "what it does", "delegated", "application")
    return table(
        heading, [(f"`{row.method} {row.path}`", row.words, *map(_one_of, permissions_of(row))) for row in rows]
    )


def _one_of(permissions: Sequence[str]) -> str:
    return " ".join(f"`{one}`" for one in permissions) or "none"


def gatewayapi() -> str:
    """By the first word of the path."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in gateway_table.TABLE:
        asked = " ".join(f"`{name}` {words}" for name, words in row.query.items())
        permissions = _one_of(gateway_openapi.permissions_of(row))
        words = f"{row.words} {asked}".strip()
        found.setdefault(row.path.split("/")[1], []).append((f"`{row.method} {row.path}`", words, permissions))
    heading = ("request", "what it does", "permission")
    return "\n\n".join(f"### {name}\n\n{table(heading, rows)}" for name, rows in found.items())


def properties() -> str:
    """What each collection is filtered, searched and ordered by."""
    resources = {row.resource.set: row.resource for row in TABLE if row.resource is not None and row.resource.known}
    return table(("collection", "`$filter`", "`$search`", "`$orderby`"), map(_asked, resources.values()))


def _asked(resource: Resource) -> tuple[str, ...]:
    known = resource.known.values()
    return (
        f"`{resource.set}`",
        " ".join(f"`{one.path}{'/any' if one.collection else ''}`" for one in known),
        " ".join(f"`{one.path}`" for one in known if one.searched),
        " ".join(f"`{one.path}`" for one in known if one.ordered),
    )


# ---- Sphinx ----

PARTS: dict[str, Callable[[], str]] = {
    "settings": settings,
    "commands": commands,
    "errors": errors,
    "endpoints": endpoints,
    "gatewayapi": gatewayapi,
    "graph": graph,
    "properties": properties,
    "policies": policies,
}


def fill(_app: Sphinx, _docname: str, source: list[str]) -> None:
    source[0] = PLACE.sub(lambda found: PARTS[found[1]](), source[0])


def always_anew(app: Sphinx, *_: object) -> list[str]:
    """Code may have changed where the page has not."""
    return [name for name in app.env.found_docs if PLACE.search(app.env.doc2path(name).read_text(encoding="utf-8"))]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", fill)
    app.connect("env-get-outdated", always_anew)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
