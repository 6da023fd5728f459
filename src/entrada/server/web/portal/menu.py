"""The portal's rooms, as the sidebar lists them."""

from typing import Final

from attrs import frozen


@frozen
class Item:
    key: str  # what a page says it stands in
    title: str
    path: str


@frozen
class Group:
    title: str
    items: tuple[Item, ...]


MENU: Final = (
    Group("", (Item("home", "Overview", "/portal"),)),
    Group(
        "Applications",
        (
            Item("applications", "App registrations", "/portal/applications"),
            Item("enterprise", "Enterprise applications", "/portal/enterprise"),
        ),
    ),
    Group(
        "People",
        (
            Item("users", "Users", "/portal/users"),
            Item("groups", "Groups", "/portal/groups"),
            Item("roles", "Roles", "/portal/roles"),
        ),
    ),
    Group(
        "Tenant",
        (
            Item("settings", "Overview", "/portal/settings"),
            Item("branding", "Branding", "/portal/branding"),
            Item("security", "Security", "/portal/security"),
            Item("keys", "Signing keys", "/portal/keys"),
            Item("deleted", "Deleted items", "/portal/deleted"),
        ),
    ),
    Group(
        "Logs",
        (
            Item("sign-ins", "Sign-in logs", "/portal/sign-ins"),
            Item("audits", "Audit log", "/portal/audits"),
        ),
    ),
)
