"""How directory objects read on a page."""

from collections.abc import Iterable
from typing import TypedDict

from entrada.core.directory.application import Application
from entrada.core.directory.ids import TenantId
from entrada.core.protocol.consent.permission import ApplicationPermission, Grantable, Permission
from entrada.core.protocol.sign_in.account import Account
from entrada.server.store.port import DirectoryReader


class AccountRow(TypedDict):
    name: str
    username: str
    tenant_name: str
    signed_in: bool
    key: str


class PermissionRow(TypedDict):
    name: str
    description: str
    resource: str
    admin: bool


class PermissionGroup(TypedDict):
    """*app* is who gets *permissions*, None the application that asks; *alone* is without a signed-in user."""

    app: str | None
    alone: bool
    permissions: list[PermissionRow]


async def account_rows(store: DirectoryReader, accounts: Iterable[Account]) -> list[AccountRow]:
    rows: list[AccountRow] = []
    for one in accounts:
        tenant = await store.find_tenant(one.user.tenant_id)
        rows.append(
            {
                "name": one.user.display_name,
                "username": one.user.user_principal_name,
                "tenant_name": tenant.display_name if tenant else "",
                "signed_in": True,
                "key": one.session.id,
            }
        )
    return rows


def groups(
    permissions: Iterable[Permission],
    roles: Iterable[ApplicationPermission] = (),
    *,
    for_organization: bool = False,
) -> list[PermissionGroup]:
    """Who gets what: the application first, then each API behind it; what is for an application alone, last."""
    scopes, own_roles = tuple(permissions), tuple(roles)
    named: tuple[Grantable, ...] = (*scopes, *own_roles)
    apps = {one.through.app_id: one.through for one in named if one.through}
    found: list[PermissionGroup] = []
    for app in (None, *apps.values()):
        theirs = [one for one in scopes if _is_for(one.through, app)]
        alone = [one for one in own_roles if _is_for(one.through, app)]
        name = app.display_name if app else None
        delegated = scope_rows(theirs, for_organization=for_organization)
        found.append({"app": name, "alone": False, "permissions": delegated})
        found.append({"app": name, "alone": True, "permissions": role_rows(alone)})
    return [group for group in found if group["permissions"]]


def scope_rows(permissions: Iterable[Permission], *, for_organization: bool = False) -> list[PermissionRow]:
    """The user's texts; the administrator's where there are none, or a whole organization is meant (section 29)."""
    return [
        {
            "name": (not for_organization and one.scope.user_consent_display_name)
            or one.scope.admin_consent_display_name,
            "description": (not for_organization and one.scope.user_consent_description)
            or one.scope.admin_consent_description,
            "resource": one.resource.display_name,
            "admin": one.scope.admin_only,
        }
        for one in permissions
    ]


def role_rows(roles: Iterable[ApplicationPermission]) -> list[PermissionRow]:
    return [
        {
            "name": one.role.display_name,
            "description": one.role.description,
            "resource": one.resource.display_name,
            "admin": True,
        }
        for one in roles
    ]


async def about(store: DirectoryReader, client: Application, tenant_id: TenantId) -> dict[str, object]:
    """Who publishes the application, and what there is to be careful about in the tenant of *tenant_id*."""
    home = await store.find_tenant(client.tenant_id)
    unverified = client.tenant_id != tenant_id and client.verified_publisher is None
    return {
        "publisher_verified": client.verified_publisher is not None,
        "app_home": home.display_name if home else "",
        "terms_url": client.terms_url,
        "privacy_url": client.privacy_url,
        "risk_note": "It comes from another organization, and nobody has verified who publishes it."
        if unverified
        else None,
    }


def publisher(client: Application) -> str:
    return client.verified_publisher or client.publisher_domain or ""


def _is_for(through: Application | None, app: Application | None) -> bool:
    return (through.app_id if through else None) == (app.app_id if app else None)
