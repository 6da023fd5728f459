"""A security group and who is in it.  Graph: group, members."""

from attrs import field, frozen

from entrada.core.directory.ids import GroupId, TenantId, UserId


@frozen(kw_only=True)
class Group:
    id: GroupId
    tenant_id: TenantId
    display_name: str
    description: str | None = None
    security_enabled: bool = True  # False: a distribution group, told to applications only under `All`
    version: int = field(default=0, eq=False)


@frozen(kw_only=True)
class GroupMember:
    tenant_id: TenantId
    group_id: GroupId
    member_id: UserId | GroupId
    version: int = field(default=0, eq=False)
