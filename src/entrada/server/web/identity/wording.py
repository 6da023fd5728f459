"""How directory objects read on a page."""

from collections.abc import Iterable
from typing import TypedDict

from entrada.core.directory.application import Application
from entrada.core.protocol.consent.permission import Permission
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


def permission_rows(permissions: Iterable[Permission]) -> list[PermissionRow]:
    """The user's texts, or the administrator's where there are none (reference section 29)."""
    return [
        {
            "name": one.scope.user_consent_display_name or one.scope.admin_consent_display_name,
            "description": one.scope.user_consent_description or one.scope.admin_consent_description,
            "resource": one.resource.display_name,
            "admin": one.scope.admin_only,
        }
        for one in permissions
    ]


def publisher(client: Application) -> str:
    return client.verified_publisher or client.publisher_domain or ""
