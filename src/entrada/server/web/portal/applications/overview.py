"""What an application is, at a glance; where its endpoints are; how programs are told of it."""

import json
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from entrada.core.directory.application import Application
from entrada.core.directory.presence import presence
from entrada.core.protocol.discovery import configuration as published
from entrada.core.protocol.version import Version
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
    return show(
        desk, "portal/applications/configuration.html", "Configuration", snippets=snippets(_facts(visitor, desk.app))
    )


async def postman(visitor: Visitor) -> Response:
    """The environment as a file."""
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    body = json.dumps(postman_environment(_facts(visitor, desk.app)), indent=2, ensure_ascii=False)
    disposition = f'attachment; filename="entrada-{desk.app.app_id}.postman_environment.json"'
    return Response(body, 200, {**HEADERS, "Content-Disposition": disposition}, "application/json")


def _rows(document: Mapping[str, object]) -> list[tuple[str, str, bool]]:
    return [(words, str(document[name]), True) for name, words in _ENDPOINTS.items() if name in document]


def _facts(visitor: Visitor, app: Application) -> Facts:
    return Facts(
        origin=visitor.here.origin,
        app=app,
        segment=segment_of(app.is_multi_tenant, app.tenant_id),
        tenant_name=visitor.tenant.default_domain,
        scope=_own_scope(app),
    )


def _own_scope(app: Application) -> str:
    """A scope that such an application would ask for: its own, if it offers one."""
    if app.identifier_uris and app.offered:
        return f"{app.identifier_uris[0]}/{next(iter(app.offered.values())).value}"
    return "User.Read"


def segment_of(is_multi_tenant: bool, tenant_id: str) -> str:  # noqa: FBT001
    """Which tenant its requests name."""
    return "organizations" if is_multi_tenant else tenant_id
