"""Expose an API: its Application ID URI, the scopes it offers, the clients that need no consent for them."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, bad, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.graph.permission import scope_json
from entrada.core.directory.permission import PermissionScope
from entrada.server.web.portal.applications.desk import AT, beside, change, entry_field, opened, show
from entrada.server.web.portal.door import Visitor, problem_page
from entrada.server.web.signed_in.form import Form

_HERE: Final = "/expose"
_SCOPES: Final = "oauth2PermissionScopes"
_FIELDS: Final = (
    "adminConsentDisplayName",
    "adminConsentDescription",
    "userConsentDisplayName",
    "userConsentDescription",
)
Entry = dict[str, object]


async def expose(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    app, store = desk.app, visitor.here.store
    clients = [(one, await store.find_application(one.app_id)) for one in app.pre_authorized]
    return show(
        desk,
        "portal/applications/expose.html",
        "Expose an API",
        beside(problem, {"api.preAuthorizedApplications": "clientId"}),
        entered,
        proposed=f"api://{app.app_id}",
        clients=clients,
    )


async def save_uris(visitor: Visitor, form: Form) -> Response:
    members = {"identifierUris": form.lines("identifierUris")}
    said = (
        "The Application ID URI is saved." if members["identifierUris"] else "The application has no ID URI any more."
    )
    return await change(visitor, form, lambda _: members, expose, said=said, back=_HERE)


async def scope_form(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    """Of a new scope, or of one that there is."""
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    scope = _named(desk.app, visitor.request.path_params.get("scope"))
    if isinstance(scope, Problem):
        return problem_page(visitor, scope, at=AT)
    title = f"Scope {scope.value}" if scope else "Add a scope"
    crumb = ("Expose an API", desk.path + _HERE)
    return show(
        desk,
        "portal/applications/scope.html",
        title,
        entry_field(problem),
        entered,
        (crumb,),
        scope=scope,
        proposed=f"api://{desk.app.app_id}",
    )


async def save_scope(visitor: Visitor, form: Form) -> Response:
    def compose(app: Application) -> Mapping[str, object] | Problem:
        scope = _named(app, visitor.request.path_params.get("scope"))
        if isinstance(scope, Problem):
            return scope
        written: Entry = {
            "value": form.get("value").strip(),
            "type": form.get("type"),
            "isEnabled": form.get("isEnabled") == "true",
            **{name: form.text(name) for name in _FIELDS},
        }
        known = [scope_json(one) for one in app.scopes]
        if scope is None:
            return _with_uri(app, form, [*known, written])
        return {"api": {_SCOPES: [{**one, **written} if one["id"] == scope.id else one for one in known]}}

    return await change(visitor, form, compose, scope_form, said="The scope is saved.", back=_HERE)


async def remove_scope(visitor: Visitor, form: Form) -> Response:
    """Enabled ones must be disabled first, so that nobody removes by a slip what tokens are asked for."""

    def compose(app: Application) -> Mapping[str, object]:
        return {"api": {_SCOPES: [scope_json(one) for one in app.scopes if one.id != form.get("scope")]}}

    return await change(visitor, form, compose, expose, said="The scope is removed.", back=_HERE)


async def switch_scope(visitor: Visitor, form: Form) -> Response:
    enabled = form.get("isEnabled") == "true"

    def compose(app: Application) -> Mapping[str, object]:
        known = [scope_json(one) for one in app.scopes]
        return {
            "api": {
                _SCOPES: [{**one, "isEnabled": enabled} if one["id"] == form.get("scope") else one for one in known]
            }
        }

    said = "The scope is enabled." if enabled else "The scope is disabled: no new token carries it."
    return await change(visitor, form, compose, expose, said=said, back=_HERE)


async def add_client(visitor: Visitor, form: Form) -> Response:
    def compose(app: Application) -> Mapping[str, object] | Problem:
        client_id, chosen = form.text("clientId"), form.all("scope")
        if client_id is None or not chosen:
            return bad("Enter the client's application ID, and tick the scopes it needs no consent for.", "clientId")
        others = [one for one in _pre_authorized(app) if one["appId"] != client_id]
        entry: Entry = {"appId": client_id, "delegatedPermissionIds": chosen}
        return {"api": {"preAuthorizedApplications": [*others, entry]}}

    return await change(visitor, form, compose, expose, said="The client is authorized.", back=_HERE)


async def remove_client(visitor: Visitor, form: Form) -> Response:
    def compose(app: Application) -> Mapping[str, object]:
        kept = [one for one in _pre_authorized(app) if one["appId"] != form.get("client")]
        return {"api": {"preAuthorizedApplications": kept}}

    return await change(visitor, form, compose, expose, said="The client is authorized no more.", back=_HERE)


def _with_uri(app: Application, form: Form, scopes: list[Entry]) -> Mapping[str, object]:
    """A first scope comes with the ID URI that names it, if the box is ticked."""
    wants = form.has("withUri") and not app.identifier_uris
    return {"api": {_SCOPES: scopes}, **({"identifierUris": [f"api://{app.app_id}"]} if wants else {})}


def _pre_authorized(app: Application) -> list[Entry]:
    return [{"appId": one.app_id, "delegatedPermissionIds": sorted(one.permission_ids)} for one in app.pre_authorized]


def _named(app: Application, scope_id: object) -> PermissionScope | Problem | None:
    if scope_id is None:
        return None
    found = next((one for one in app.scopes if one.id == scope_id), None)
    return found or not_found("scope", str(scope_id))
