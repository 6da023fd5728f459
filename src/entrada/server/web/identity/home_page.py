"""The page at `/`: what this server is; in development also who can sign in, and where."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.directory.application import Application
from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.web.http.site import Site


async def home(site: Site, _request: Request) -> Response:
    development = site.here.development
    tenants = sorted(await site.here.store.list_tenants(), key=lambda one: one.display_name) if development else []
    context = {
        "development": development,
        "users": [row for tenant in tenants for row in await _users(site, tenant)],
        "apps": [row for tenant in tenants for row in await _apps(site, tenant)],
        "links": _links(site, tenants),
    }
    return site.pages.render("home.html", context)


def _links(site: Site, tenants: Sequence[Tenant]) -> list[dict[str, str]]:
    segments = [("Every organization", "organizations"), *((one.display_name, one.id) for one in tenants)]
    return [
        {
            "label": label,
            "url": f"{site.here.origin}/{segment}/v2.0/.well-known/openid-configuration",
            "note": "OpenID Connect metadata",
        }
        for label, segment in segments
    ]


async def _users(site: Site, tenant: Tenant) -> list[dict[str, str]]:
    users = await site.here.store.list_entities(User, tenant.id)
    return [
        {"name": one.display_name, "username": one.user_principal_name, "note": _note(one), "password": ""}
        for one in users
    ]


def _note(user: User) -> str:
    if not user.account_enabled:
        return "Account disabled"
    return "Global Administrator" if GLOBAL_ADMINISTRATOR in user.directory_roles else ""


async def _apps(site: Site, tenant: Tenant) -> list[dict[str, str]]:
    apps = await site.here.store.list_entities(Application, tenant.id)
    return [
        {"name": one.display_name, "client_id": one.app_id, "note": "", "url": site.samples.get(one.app_id, "")}
        for one in sorted(apps, key=lambda one: one.display_name.lower())
    ]
