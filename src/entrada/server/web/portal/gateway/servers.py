"""The OAuth 2.0 authorization servers: what the developer console signs developers in with, in their tenant or another.

The secrets are write-only: what is left empty stays, and a box of its own removes one.
"""

from typing import Any, Final

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.gateway.entities.authorization_server import (
    AuthorizationMethod,
    AuthorizationServer,
    ClientAuthenticationMethod,
    GrantType,
)
from entrada.core.gateway.entities.ids import AuthorizationServerId
from entrada.core.gateway.entities.security import BearerTokenSendingMethod
from entrada.server.usecases.gateway.authorization_servers import (
    change_authorization_server,
    create_authorization_server,
    delete_authorization_server,
    redirect_url,
    servers_of,
)
from entrada.server.web.portal.gateway.apis import some_of
from entrada.server.web.portal.gateway.desk import STALE, Desk, Question, ask, finished, refused, room, show
from entrada.server.web.portal.gateway.discovery import discovered
from entrada.server.web.portal.gateway.naming import id_of
from entrada.server.web.portal.gateway.secret_field import secret_in
from entrada.server.web.portal.gateway.shelf import Shelf, listed
from entrada.server.web.signed_in.form import Form

SERVERS: Final = Shelf[AuthorizationServer](
    word="authorization server",
    title="OAuth 2.0 servers",
    path="servers",
    kind=AuthorizationServer,
    pages=(("Settings", "/settings"),),
)
GRANTS: Final = (
    (GrantType.AUTHORIZATION_CODE, "Authorization code", "The developer signs in; the console redeems the code."),
    (GrantType.AUTHORIZATION_CODE_WITH_PKCE, "Authorization code + PKCE", "The same, safe against a stolen code."),
    (GrantType.IMPLICIT, "Implicit", "Kept so that a configuration can move; the console does not offer it."),
    (GrantType.RESOURCE_OWNER_PASSWORD, "Resource owner password", "With the user name and password below."),
    (GrantType.CLIENT_CREDENTIALS, "Client credentials", "In the name of the client itself: nobody signs in."),
)
REQUESTS: Final = (("GET", "GET"), ("POST", "POST"))
CLIENT_METHODS: Final = (("Basic", "Basic", "In the Authorization header."), ("Body", "In the body", ""))
SENDING: Final = (
    ("authorizationHeader", "Authorization header", ""),
    ("query", "Query parameter", "Tokens in addresses end up in logs: only for backends that read nothing else."),
)
_SPARE: Final = 2
_MOST: Final = 40


async def show_all(desk: Desk) -> Response:
    part = listed(desk, SERVERS.all(desk))
    return room(desk, "servers.html", SERVERS.title, part=part, grants=_grants)


def _grants(server: AuthorizationServer) -> str:
    return ", ".join(text for grant, text, _ in GRANTS if grant in server.grant_types)


async def start(
    desk: Desk, problem: Problem | None = None, entered: Form | None = None, found: str | None = None
) -> Response:
    return show(
        desk,
        "server_new.html",
        title="Add an OAuth 2.0 server",
        crumbs=[SERVERS.crumb],
        problem=problem,
        entered=entered,
        redirect=_redirect_of(desk, entered) if entered else None,
        **_choices(desk, None, entered, found),
    )


def _choices(desk: Desk, server: AuthorizationServer | None, entered: Form | None, found: str | None) -> dict[str, Any]:
    parameters = server.token_body_parameters if server else ()
    typed = next((at for at in range(_MOST) if not (entered and entered.has(f"tokenBodyParameters.{at}.name"))), _MOST)
    rows = max(len(parameters) + _SPARE, typed)
    return {
        "server": server,
        "grants": GRANTS,
        "requests": REQUESTS,
        "client_methods": CLIENT_METHODS,
        "sending": SENDING,
        "parameters": [*parameters, *([("", "")] * (rows - len(parameters)))],
        "found": found,
        "pattern": redirect_url(desk.here, "…"),
        "issuer": f"{desk.here.origin}/{desk.place.tenant_id}/v2.0",
    }


def _redirect_of(desk: Desk, form: Form) -> str | None:
    """Of the id that the form has so far, typed or made of the name."""
    name = form.text("displayName")
    known = form.text("name") or (id_of(name, "server") if name else None)
    return redirect_url(desk.here, known) if known else None


async def show_redirect(desk: Desk) -> Response:
    """The redirect URL alone, as one types."""
    name, typed = desk.visitor.query("name"), desk.visitor.query("displayName")
    known = name or (id_of(typed, "server") if typed else "")
    url = redirect_url(desk.here, known) if known else None
    return show(desk, "redirect.html", title="Redirect URL", redirect=url, pattern=redirect_url(desk.here, "…"))


async def create(desk: Desk, form: Form) -> Response:
    if form.get("do") == "discover":
        return await _discover_new(desk, form)
    name = form.get("displayName").strip()
    blank = AuthorizationServer(id=AuthorizationServerId(form.text("name") or id_of(name, "server")), display_name=name)
    made = _with_settings(blank, form)
    if not isinstance(made, Problem):
        kept = await create_authorization_server(desk.here, desk.actor, made)
        if not isinstance(kept, Problem):
            said = "The server is added. Register its redirect URL with the client app, and it can be used."
            return finished(desk, SERVERS.path_of(blank.id), said)
        made = kept
    return await start(desk, made, form)


async def _discover_new(desk: Desk, form: Form) -> Response:
    filled = await _filled(desk, form)
    if isinstance(filled, Problem):
        return await start(desk, filled, form)
    return await start(desk, None, filled, form.get("discovery").strip())


async def _filled(desk: Desk, form: Form) -> Form | Problem:
    """The form, with both endpoints of what it names."""
    found = await discovered(desk, form.get("discovery").strip())
    if isinstance(found, Problem):
        return found
    return form.with_values(authorizationEndpoint=found.authorization_endpoint, tokenEndpoint=found.token_endpoint)


def _with_settings(server: AuthorizationServer, form: Form) -> AuthorizationServer | Problem:
    parameters = _body_parameters(form)
    if isinstance(parameters, Problem):
        return parameters
    methods = {*form.all("authorizationMethods"), "GET"}
    return evolve(
        server,
        display_name=form.get("displayName").strip(),
        description=form.get("description").strip(),
        client_registration_endpoint=form.get("clientRegistrationEndpoint").strip(),
        grant_types=tuple(one for one in GrantType if one in form.all("grantTypes")),
        authorization_endpoint=form.get("authorizationEndpoint").strip(),
        authorization_methods=tuple(one for one in AuthorizationMethod if one in methods),
        support_state=form.has("supportState"),
        token_endpoint=form.get("tokenEndpoint").strip(),
        token_body_parameters=parameters,
        client_authentication_method=tuple(
            one for one in ClientAuthenticationMethod if one in form.all("clientAuthenticationMethod")
        ),
        bearer_token_sending_methods=tuple(
            one for one in BearerTokenSendingMethod if one in form.all("bearerTokenSendingMethods")
        ),
        default_scope=" ".join(form.get("defaultScope").split()),
        client_id=form.get("clientId").strip(),
        client_secret=secret_in(form, "clientSecret"),
        resource_owner_username=form.text("resourceOwnerUsername"),
        resource_owner_password=secret_in(form, "resourceOwnerPassword"),
        use_in_test_console=form.has("useInTestConsole"),
        use_in_api_documentation=form.has("useInApiDocumentation"),
    )


def _body_parameters(form: Form) -> tuple[tuple[str, str], ...] | Problem:
    made: list[tuple[str, str]] = []
    for at in range(_MOST):
        place = f"tokenBodyParameters.{at}"
        name, value = form.text(f"{place}.name"), form.get(f"{place}.value").strip()
        if name:
            made.append((name, value))
        elif value:
            return bad("Say what the parameter is called, or remove its value.", f"{place}.name")
    return tuple(made)


async def overview(desk: Desk, server: AuthorizationServer) -> Response:
    stored = desk.configuration.authorization_servers[server.id]
    return SERVERS.page(
        desk,
        server,
        "server.html",
        redirect=redirect_url(desk.here, server.id),
        grants=_grants(server),
        has_secret=bool(stored.client_secret),
        has_password=bool(stored.resource_owner_password),
        apis=[one for one in desk.configuration.apis.values() if server.id in servers_of(one)],
    )


async def settings(
    desk: Desk,
    server: AuthorizationServer,
    problem: Problem | None = None,
    entered: Form | None = None,
    found: str | None = None,
) -> Response:
    stored = desk.configuration.authorization_servers[server.id]
    return SERVERS.page(
        desk,
        server,
        "server_settings.html",
        "Settings",
        problem=problem,
        entered=entered,
        redirect=redirect_url(desk.here, server.id),
        has_secret=bool(stored.client_secret),
        has_password=bool(stored.resource_owner_password),
        **_choices(desk, server, entered, found),
    )


async def save_settings(desk: Desk, server: AuthorizationServer, form: Form) -> Response:
    if form.get("do") == "discover":
        filled = await _filled(desk, form)
        if isinstance(filled, Problem):
            return await settings(desk, server, filled, form)
        return await settings(desk, server, None, filled, form.get("discovery").strip())
    answer = await change_authorization_server(
        desk.here, desk.actor, server.id, lambda kept: _with_settings(kept, form), form.seen
    )
    if isinstance(answer, Problem):
        return await settings(desk, server, answer, form)
    return finished(desk, SERVERS.path_of(server.id), "The settings are saved.")


async def ask_to_delete(desk: Desk, server: AuthorizationServer, problem: Problem | None = None) -> Response:
    using = [one.display_name for one in desk.configuration.apis.values() if server.id in servers_of(one)]
    along = f"The security of {some_of(using)} loses it: the console signs nobody in with it any more."
    asked = Question(
        title=f"Delete {server.display_name}",
        question="Delete this server? Tokens that the console has got by it stay valid until they expire.",
        consequences=[*([along] if using else []), "Its client secret is deleted with it."],
        back=SERVERS.path_of(server.id),
        crumbs=[SERVERS.crumb, (server.display_name, SERVERS.path_of(server.id))],
        seen=SERVERS.seen(desk, server),
        fields={"force": "true"} if using else {},
    )
    return ask(desk, asked, problem)


async def delete(desk: Desk, server: AuthorizationServer, form: Form) -> Response:
    answer = await delete_authorization_server(desk.here, desk.actor, server.id, form.seen, force=form.has("force"))
    if isinstance(answer, Problem):
        again = answer.status in (STALE, 409)
        return await ask_to_delete(desk, server, answer) if again else refused(desk, answer, [SERVERS.crumb])
    return finished(desk, SERVERS.crumb[1], f"The server {server.display_name} is deleted.")
