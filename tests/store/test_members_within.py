"""Who is in a group, through others too, page by page."""

import pytest
from attrs import evolve

from entrada.core.directory.group import GroupMember
from entrada.core.directory.ids import GroupId, TenantId, UserId
from entrada.core.protocol.effects import PutEntity
from tests.store.known import PAINTERS, TENANT, guid, remember

OUTER, INNER, INMOST, OTHER = (evolve(PAINTERS, id=GroupId(guid(0x900 + number))) for number in range(4))
PEOPLE = [guid(number) for number in range(1, 8)]


def inside(group, *members):
    return [GroupMember(tenant_id=group.tenant_id, group_id=group.id, member_id=UserId(one)) for one in members]


@pytest.fixture
async def nested(store):
    """Outer > inner > inmost > inner again; outer and inmost share a person, another group holds others."""
    await remember(store, OUTER, INNER, INMOST, OTHER)
    links = [
        *inside(OUTER, INNER.id, PEOPLE[0], PEOPLE[5]),
        *inside(INNER, INMOST.id, PEOPLE[1], PEOPLE[2]),
        *inside(INMOST, INNER.id, PEOPLE[0], PEOPLE[3]),
        *inside(OTHER, PEOPLE[4], PEOPLE[6]),
    ]
    assert await store.commit([PutEntity(one) for one in links])
    return store


async def pages(store, group, top, tenant_id=TENANT.id):
    after, found = "", []
    while True:
        page = await store.list_members_within(tenant_id, group.id, after=after, top=top, count=True)
        found.append(page.items)
        if page.more is None:
            return found, page.count
        after = page.more.id


@pytest.mark.parametrize(
    ("group", "members"),
    [
        (OUTER, {*PEOPLE[:4], PEOPLE[5], INNER.id, INMOST.id}),
        (INNER, {PEOPLE[0], *PEOPLE[1:4], INMOST.id}),
        (OTHER, {PEOPLE[4], PEOPLE[6]}),
    ],
)
@pytest.mark.parametrize("top", [1, 2, 100])
async def test_everybody_within_once_and_in_order(nested, group, members, top):
    found, count = await pages(nested, group, top)
    assert [one for page in found for one in page] == sorted(members)
    assert count == len(members)
    assert all(len(page) == top for page in found[:-1])


async def test_nobody_of_another_tenant_and_nobody_in_no_group(nested):
    assert await pages(nested, OUTER, 5, TenantId(guid(0xEE))) == ([()], 0)
    assert await pages(nested, evolve(OUTER, id=guid(0xDEAD)), 5) == ([()], 0)
    spoilt = await nested.list_members_within(TENANT.id, OUTER.id, after="\0", top=5, count=False)
    assert spoilt.count is None
