"""Read what a request writes into a group.  Reference section 38 (group types)."""

import re
from collections.abc import Mapping
from typing import Final

from attrs import evolve, frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import (
    MemberFault,
    Members,
    boolean,
    each,
    line,
    reading,
    said,
    text,
)
from entrada.core.directory.graph.object_reference import reference
from entrada.core.directory.group import Group
from entrada.core.directory.ids import GroupId, TenantId
from entrada.core.jose.numeric_date import NumericDate

_NICKNAME: Final = re.compile(r"[!-~]{1,64}")
_IN_NICKNAMES_NEVER: Final = frozenset('@()\\[]";:<>,')
_MOST_BOUND: Final = 20
_SECURITY_ONLY: Final = "Only security groups are kept here"
_MAIL: Final = f"{_SECURITY_ONLY}: mailEnabled is false, for there is no mail."
_TYPES: Final = f"{_SECURITY_ONLY}: groupTypes is [], not Unified (Microsoft 365) or DynamicMembership (by a rule)."
_ABSENT: Final = (
    "classification",
    "membershipRule",
    "theme",
    "visibility",
    "preferredLanguage",
    "preferredDataLocation",
)
_READ_ONLY: Final = (
    "id",
    "createdDateTime",
    "deletedDateTime",
    "mail",
    "securityIdentifier",
    "proxyAddresses",
    "renewedDateTime",
    "expirationDateTime",
    "creationOptions",
    "resourceBehaviorOptions",
    "resourceProvisioningOptions",
    "membershipRuleProcessingState",
    "onPremisesSecurityIdentifier",
    "onPremisesSyncEnabled",
    "@odata.type",
)


@frozen
class WrittenGroup:
    """The group as it shall be, and by their ids who shall be added to it."""

    group: Group
    members: tuple[str, ...]
    owners: tuple[str, ...]


def new_group(
    tenant_id: TenantId, group_id: GroupId, members: Mapping[str, object], now: NumericDate
) -> WrittenGroup | Problem:
    def read() -> WrittenGroup:
        asked = Members(members, "group")
        group = Group(
            id=group_id,
            tenant_id=tenant_id,
            display_name=asked.required("displayName", line(256)),
            mail_nickname=asked.required("mailNickname", _nickname),
            created_at=now,
        )
        if not asked.required("securityEnabled", boolean):
            raise MemberFault(f"{_SECURITY_ONLY}: securityEnabled is true.", "securityEnabled")
        if asked.required("mailEnabled", boolean):
            raise MemberFault(_MAIL, "mailEnabled")
        return _written(group, asked)

    return reading(read)


def changed_group(group: Group, members: Mapping[str, object]) -> WrittenGroup | Problem:
    return reading(lambda: _written(group, Members(members, "group")))


def _written(group: Group, asked: Members) -> WrittenGroup:
    changed = evolve(
        group,
        display_name=asked.given("displayName", line(256), group.display_name),
        mail_nickname=asked.given("mailNickname", _nickname, group.mail_nickname),
        description=asked.nullable("description", line(1024), group.description),
    )
    bound = each(reference, most=_MOST_BOUND)
    written = WrittenGroup(
        changed, asked.given("members@odata.bind", bound, ()), asked.given("owners@odata.bind", bound, ())
    )
    _refuse_other_kinds(group, asked)
    asked.ignore(*_READ_ONLY)
    asked.finish()
    return written


def _refuse_other_kinds(group: Group, asked: Members) -> None:
    """What a group is, it stays."""
    kind = f"{_SECURITY_ONLY}, and a group keeps its kind"
    asked.only("securityEnabled", group.security_enabled, why=f"{kind}: securityEnabled stays as it is.")
    asked.only("mailEnabled", not group.security_enabled, why=_MAIL)
    asked.only("groupTypes", [], why=_TYPES)
    asked.only("isAssignableToRole", *_UNSET, why="isAssignableToRole: directory roles are assigned to users here.")
    for name in _ABSENT:
        asked.only(name, why=f"{name} is not kept here: leave it out.")


_UNSET: Final = (False,)


def _nickname(value: object, path: str) -> str:
    found = text(value, path)
    if not _NICKNAME.fullmatch(found) or not _IN_NICKNAMES_NEVER.isdisjoint(found):
        never = " ".join(sorted(_IN_NICKNAMES_NEVER))
        raise MemberFault(
            f"{path} has 1 to 64 ASCII characters, no space and none of {never}: not {said(found)}.", path
        )
    return found
