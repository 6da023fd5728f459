"""What an application is, at a glance; where its endpoints are; how programs are told of it."""

import json
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from entrada.core.directory.application import Application
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.presence import presence
from entrada.core.protocol.discovery import configuration as published
from entrada.core.protocol.scope import OIDC
from entrada.core.protocol.version import Version
from entrada.server.usecases.lookup import find_application
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.portal.applications.desk import opened, show
from entrada.server.web.portal.applications.lists import AUDIENCES
from entrada.server.web.portal.applications.snippets import Facts, postman_environment, snippets
from entrada.server.web.portal.door import Visitor

_ENDPOINTS: Final = {
    "authorization_endpoint": "Authorization endpoint",
    "token_endpoint": "Token endpoint",
    "device_authorization_endpoint": "Device authorization endpoint",
    "end_session_endpoint": "Sign-out endpoint",
    "jwks_uri": "Keys (JWKS)",
    "userinfo_endpoint": "UserInfo endpoint",
    "issuer": "Issuer",
}


async def overview(visitor: Visitor) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    app = desk.app
    stored = await visitor.here.store.find_service_principal(app.tenant_id, app.app_id)
    principal = presence(app, stored, app.tenant_id)
    audience = next(text for key, text, _ in AUDIENCES if key == app.sign_in_audience.value)
    return show(
        desk,
        "portal/applications/overview.html",
        app.display_name,
        principal=principal,
        stored=stored,
        audience=audience,
    )


async def endpoints(visitor: Visitor) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    origin, tenant = visitor.here.origin, segment_of(desk.app.is_multi_tenant, desk.app.tenant_id)
    v2, v1 = (published(origin, tenant, version, region=None) for version in (Version.V2, Version.V1))
    return show(
        desk,
        "portal/applications/endpoints.html",
        "Endpoints",
        tenant=tenant,
        v2=_rows(v2),
        v1=_rows(v1),
        metadata=f"{origin}/{tenant}/v2.0/.well-known/openid-configuration",
        graph=f"{origin}/v1.0",
        origin=origin,
    )


async def configuration(visitor: Visitor) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    template, facts = "portal/applications/configuration.html", await _facts(visitor, desk.app)
    return show(desk, template, "Configuration", snippets=snippets(facts))


async def postman(visitor: Visitor) -> Response:
    """The environment as a file."""
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    body = json.dumps(postman_environment(await _facts(visitor, desk.app)), indent=2, ensure_ascii=False)
    disposition = f'attachment; filename="entrada-{desk.app.app_id}.postman_environment.json"'
    return Response(body, 200, {**HEADERS, "Content-Disposition": disposition}, "application/json")


def _rows(document: Mapping[str, object]) -> list[tuple[str, str, bool]]:
    return [(words, str(document[name]), True) for name, words in _ENDPOINTS.items() if name in document]


async def _facts(visitor: Visitor, app: Application) -> Facts:
    return Facts(
        origin=visitor.here.origin,
        app=app,
        segment=segment_of(app.is_multi_tenant, app.tenant_id),
        tenant_name=visitor.tenant.default_domain,
        scopes=await _asked(visitor, app) or _own_scope(app),
    )


async def _asked(visitor: Visitor, app: Application) -> tuple[str, ...]:
    """What it asks for in the name of a user, of the first such API: a token is for one."""
    for access in app.required_resource_access:
        api = await find_application(visitor.here.store, access.resource_app_id) if access.scopes else None
        values = [one.value for one in api.scopes if one.id in access.scopes] if api else []
        if api == MICROSOFT_GRAPH:
            values = [one for one in values if one not in OIDC]  # libraries ask for these by themselves
        if api and values:
            before = "" if api == MICROSOFT_GRAPH else f"{next(iter(api.identifier_uris), api.app_id)}/"
            return tuple(f"{before}{value}" for value in values)
    return ()


def _own_scope(app: Application) -> tuple[str, ...]:
    """A scope that such an application would ask for: its own, if it offers one."""
    if app.identifier_uris and app.offered:
        return (f"{app.identifier_uris[0]}/{next(iter(app.offered.values())).value}",)
    return ("User.Read",)


def segment_of(is_multi_tenant: bool, tenant_id: str) -> str:  # noqa: FBT001
    """Which tenant its requests name."""
    return "organizations" if is_multi_tenant else tenant_id
