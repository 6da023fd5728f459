"""The portal's rooms, as the sidebar lists them."""

from collections.abc import Callable
from typing import Final

from attrs import evolve, frozen

from entrada.core.directory.administration.operations import Operation
from entrada.server.usecases.administer.deleted_items import READING_DELETED


@frozen
class Item:
    key: str  # what a page says it stands in
    title: str
    path: str
    needs: tuple[Operation, ...] = ()  # offered to those who may one of them
    of_gateway: bool = False  # only in the directory that a gateway is configured in


@frozen
class Group:
    title: str
    items: tuple[Item, ...]


MENU: Final = (
    Group("", (Item("home", "Home", "/portal"),)),
    Group(
        "Applications",
        (
            Item("applications", "App registrations", "/portal/applications"),
            Item("enterprise", "Enterprise applications", "/portal/enterprise"),
            Item("gateway", "API gateway", "/portal/gateway", (Operation.READ_GATEWAY,), of_gateway=True),
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
            Item("security", "Security", "/portal/security", (Operation.READ_POLICIES,)),
            Item("keys", "Signing keys", "/portal/keys", (Operation.READ_KEYS,)),
            Item("deleted", "Deleted items", "/portal/deleted", READING_DELETED),
        ),
    ),
    Group(
        "Logs",
        (
            Item("sign-ins", "Sign-in logs", "/portal/sign-ins", (Operation.READ_SIGN_INS,)),
            Item("audits", "Audit log", "/portal/audits", (Operation.READ_AUDITS,)),
        ),
    ),
)


def offered(may: Callable[[Operation], bool], *, gateway: bool) -> tuple[Group, ...]:
    """The rooms that whoever *may* this much finds open; a page refuses those who come all the same.

    *gateway*: whether there is one, and it is configured in this directory.
    """

    def is_open(item: Item) -> bool:
        return (gateway or not item.of_gateway) and (not item.needs or any(map(may, item.needs)))

    groups = [evolve(group, items=tuple(filter(is_open, group.items))) for group in MENU]
    return tuple(group for group in groups if group.items)
