"""Who is in a group, through groups within it too, a page of them: however many members there are, few are read.

In two questions, since one that recurs makes SQLite read every membership of the tenant for each group.
"""

from typing import Final

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from entrada.core.directory.ids import GroupId, TenantId
from entrada.core.directory.query.query import After, Page
from entrada.server.store.nesting import groups_within
from entrada.server.store.sql.asking import rows_of
from entrada.server.store.sql.schema import GROUP_MEMBERS, GROUPS

_MEMBERS: Final = GROUP_MEMBERS.c
_IS_GROUP: Final = and_(GROUPS.c.tenant_id == _MEMBERS.tenant_id, GROUPS.c.id == _MEMBERS.member_id)
_NESTINGS: Final = (
    select(_MEMBERS.group_id, _MEMBERS.member_id)
    .select_from(GROUPS.join(GROUP_MEMBERS, _IS_GROUP))
    .where(GROUPS.c.tenant_id == bindparam("tenant_id"))
)
_OF_ONE: Final = and_(_MEMBERS.tenant_id == bindparam("tenant_id"), _MEMBERS.group_id == bindparam("group_id"))
_OF_SOME: Final = and_(
    _MEMBERS.tenant_id == bindparam("tenant_id"),
    _MEMBERS.group_id.in_(bindparam("group_ids", expanding=True)),
    _MEMBERS.member_id != bindparam("group_id"),
)
_COUNT_OF_ONE: Final = select(func.count()).select_from(GROUP_MEMBERS).where(_OF_ONE)
_COUNT_OF_SOME: Final = select(func.count(_MEMBERS.member_id.distinct())).where(_OF_SOME)


def _page(of: Select[tuple[str]]) -> Select[tuple[str]]:
    after = _MEMBERS.member_id > bindparam("after")
    return of.where(after).order_by(_MEMBERS.member_id).limit(bindparam("some"))


_PAGE_OF_ONE: Final = _page(select(_MEMBERS.member_id).where(_OF_ONE))
_PAGE_OF_SOME: Final = _page(select(_MEMBERS.member_id).distinct().where(_OF_SOME))


def members_within(
    connection: Connection, tenant_id: TenantId, group_id: GroupId, after: str, top: int, *, count: bool
) -> Page[str]:
    nestings = [(row.group_id, row.member_id) for row in rows_of(connection, _NESTINGS, tenant_id=tenant_id)]
    within = groups_within(group_id, nestings)
    some = len(within) > 1
    values: dict[str, object] = {"tenant_id": tenant_id, "group_id": group_id}
    if some:
        values["group_ids"] = sorted(within)
    page = _PAGE_OF_SOME if some else _PAGE_OF_ONE
    ids = [row.member_id for row in rows_of(connection, page, **values, after=after, some=top + 1)]
    shown = tuple(ids[:top])
    counted = _COUNT_OF_SOME if some else _COUNT_OF_ONE
    number = connection.execute(counted, values).scalar_one() if count else None
    return Page(shown, After(None, shown[-1]) if len(ids) > top else None, number)
