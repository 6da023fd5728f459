"""A security group and who is in it.  Graph: group, members."""

from attrs import field, frozen

from entrada.core.directory.ids import GroupId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class Group:
    id: GroupId
    tenant_id: TenantId
    display_name: str
    description: str | None = None
    security_enabled: bool = True  # False: a distribution group, told to applications only under `All`
    mail_nickname: str | None = None
    created_at: NumericDate = field(default=NumericDate(0), eq=False)  # 0: nobody noted it
    version: int = field(default=0, eq=False)


@frozen(kw_only=True)
class GroupMember:
    tenant_id: TenantId
    group_id: GroupId
    member_id: UserId | GroupId
    version: int = field(default=0, eq=False)
