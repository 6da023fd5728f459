"""Pages of collections: whatever is asked, each store answers as plain Python would."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.directory_audit import (
    AuditTarget,
    DirectoryAudit,
    Initiator,
    ModifiedProperty,
    OperationType,
)
from entrada.core.directory.entity import Entity
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import ApplicationId, ClientId, GroupId, ServicePrincipalId, UserId
from entrada.core.directory.microsoft_graph import graph_principal
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.condition import (
    EVERYTHING,
    AnyElement,
    Both,
    Compare,
    Condition,
    Either,
    Not,
    Op,
)
from entrada.core.directory.query.fields import FIELDS, Type
from entrada.core.directory.query.query import Order, Query
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.story import Kind, Story
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import PutEntity, RecordAudit, RemoveEntity
from entrada.server.store.memory import MemoryStore
from entrada.server.store.port import Store
from tests.store.known import (
    ADA,
    ADAS_ROLE,
    APP,
    BEN,
    DAEMONS_ROLE,
    NOW,
    OTHER_APP,
    OTHER_TENANT,
    PAINTERS,
    PRINCIPAL,
    TENANT,
    guid,
    remember,
)

# Names that look alike and are not, with and without case, marks and words.
# ruff: noqa: RUF001
NAMES = (
    "Ada Ångström", "ada ångström", "ADA", "Ben", "ben 100%", "b_n", "back\\slash", "o'Neil \"q\"", "Straße", "STRASSE",
    "ΟΔΟΣ", "οδος", "İstanbul", "ıspanak", "Ａｄａ", "日本 太郎", "मीरा देवी", "emoji 🎨🖌", "", " ", "tab\tbed", "a-b.c",
    "\U0010ffff", "\U0010ffff\U0010ffff", "\ud7ffx", "\ue000x", "<b>bold</b>", "نورة", "x" * 400 + "a", "X" * 400 + "b",
)  # fmt: skip
MAILS = (None, "Ada@Colors.example", "ben@colors.example", "", "a+b@x.example")


def user(number: int) -> User:
    name, mail = NAMES[number % len(NAMES)], MAILS[number % len(MAILS)]
    return User(
        id=UserId(guid(0x1000 + number)),
        tenant_id=TENANT.id,
        user_principal_name=f"User{number * 7 % 40}@Colors.example",
        display_name=name,
        given_name=None if number % 3 else name[::-1],
        department=None if number % 4 == 0 else f"Dep {number % 2}",
        mail=mail,
        account_enabled=number % 5 != 0,
        created_at=NumericDate(number % 6),
        other_mails=tuple(one for one in MAILS[: number % 4] if one) + (("sep\x1farated",) if number % 9 == 0 else ()),
    )


def application(number: int) -> Application:
    return evolve(
        APP,
        id=ApplicationId(guid(0x2000 + number)),
        app_id=ClientId(guid(0x3000 + number)),
        display_name=NAMES[number % len(NAMES)],
        description=None if number % 2 else NAMES[-number % len(NAMES)],
        identifier_uris=tuple(f"api://{number}/{one}" for one in range(number % 3)),
        client_secrets=APP.client_secrets if number % 2 else (),
    )


def principal(number: int) -> ServicePrincipal:
    app_id = application(number).app_id if number % 4 else ClientId(guid(0x3999 + number))  # or of none we know
    return ServicePrincipal(id=ServicePrincipalId(guid(0x4000 + number)), tenant_id=TENANT.id, app_id=app_id)


def member(number: int) -> GroupMember:
    return GroupMember(tenant_id=TENANT.id, group_id=GroupId(guid(number % 3)), member_id=UserId(guid(number)))


def grant(number: int) -> PermissionGrant:
    client, resource = ServicePrincipalId(guid(number % 4)), ServicePrincipalId(guid(number % 2))
    principal_id = None if number < 4 else UserId(guid(number))
    return PermissionGrant(
        tenant_id=TENANT.id, client_id=client, resource_id=resource, principal_id=principal_id, scopes=frozenset({"A"})
    )


def audit(number: int) -> DirectoryAudit:
    targets = tuple(
        AuditTarget(
            id=guid(one),
            type="User",
            display_name=NAMES[one],
            modified=(ModifiedProperty(display_name="displayName", old_value=None, new_value='"ü"'),),
        )
        for one in range(number % 3)
    )
    return DirectoryAudit(
        tenant_id=TENANT.id,
        id=guid(0x5000 + number),
        at=NumericDate(NOW + number // 2),
        activity=("Add user", "Update user")[number % 2],
        category="UserManagement",
        operation=OperationType.UPDATE,
        correlation_id=guid(number),
        initiated_by=Initiator(via="graph", user_id=guid(1) if number % 2 else None, app_id=guid(2)),
        targets=targets,
    )


def story(number: int) -> Story:
    return Story(
        tenant_id=TENANT.id,
        trace_id=guid(0x6000 + number),
        at=NumericDate(NOW + number // 3),
        correlation_id=guid(number),
        kind=(Kind.INTERACTIVE, Kind.OTHER)[number % 2],
        event="redeemed",
        granted=number % 3 == 0,
        aadsts=None if number % 3 == 0 else 50126,
        user_principal_name=NAMES[number % len(NAMES)],
        address="192.0.2.7",
    )


def deleted(number: int) -> DeletedItem:
    of = {"user": user(number)} if number % 2 else {"application": application(number)}
    return DeletedItem(tenant_id=TENANT.id, id=guid(0x7000 + number), deleted_at=NumericDate(NOW + number % 3), **of)


POPULATION: tuple[Entity, ...] = (
    *map(user, range(40)),
    *map(application, range(12)),
    *map(principal, range(12)),
    graph_principal(TENANT.id),
    *(evolve(PAINTERS, id=GroupId(guid(n)), display_name=name) for n, name in enumerate(NAMES[:9])),
    *map(member, range(9)),
    *map(grant, range(9)),
    ADAS_ROLE,
    DAEMONS_ROLE,
    *(Owner(tenant_id=TENANT.id, object_id=GroupId(guid(n % 3)), owner_id=UserId(guid(n))) for n in range(7)),
    *map(deleted, range(7)),
    evolve(BEN, tenant_id=OTHER_TENANT.id),  # nobody may see it
)


async def settle(store: Store) -> None:
    assert await store.commit([PutEntity(one) for one in POPULATION])
    assert await store.commit([RecordAudit(audit(number)) for number in range(12)])
    await store.write_journal([story(number) for number in range(12)], [])


# ---- what may be asked ----

PIECES = sorted({name[start:end] for name in NAMES for start, end in ((0, 2), (0, 99), (1, 3), (-2, None))})
ODD = ("\0", "a\x1fb", "\ud800", "%", "_", "\\", "É", "ß", "ss", "100%", "a b", "\U0010ffff")
TEXTS = st.sampled_from([*PIECES, *ODD, *filter(None, MAILS), *map(guid, range(4)), "x" * 500]) | st.text(max_size=3)
VALUES = {
    Type.TEXT: st.none() | TEXTS | TEXTS.map(str.upper),
    Type.NUMBER: st.none() | st.integers(-1, 7) | st.sampled_from([NOW, NOW + 1, 2**63, -(2**70)]),
    Type.FLAG: st.none() | st.booleans(),
    Type.COLLECTION: st.none() | TEXTS,
}
ELEMENT_OPS = (Op.EQ, Op.STARTS_WITH, Op.ENDS_WITH, Op.CONTAINS)


@st.composite
def comparisons(draw: st.DrawFn, kind: type[Any]) -> Condition:
    field = draw(st.sampled_from(sorted(FIELDS[kind].values(), key=lambda one: one.name)))
    value = draw(VALUES[field.type])
    if field.type is Type.COLLECTION:
        return AnyElement(field.name, draw(st.sampled_from(ELEMENT_OPS)), value)
    ops = [op for op in Op if op is not Op.SEARCH or field.may_search]
    return Compare(field.name, draw(st.sampled_from(ops)), value)


def conditions(kind: type[Any]) -> st.SearchStrategy[Condition]:
    def more(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, max_size=3).map(tuple)
        return several.map(Both) | several.map(Either) | inner.map(Not)

    return st.recursive(comparisons(kind), more, max_leaves=4)


@st.composite
def queries(draw: st.DrawFn) -> tuple[type[Any], Query]:
    kind = draw(st.sampled_from(list(FIELDS)))
    ordered = sorted(name for name, field in FIELDS[kind].items() if field.may_order)
    order = draw(st.none() | st.builds(Order, st.sampled_from(ordered), st.booleans())) if ordered else None
    where = draw(st.just(EVERYTHING) | conditions(kind))
    return kind, Query(where=where, order=order, top=draw(st.integers(1, 15)), count=draw(st.booleans()))


async def all_pages(store: Store, kind: type[Any], query: Query) -> list[Any]:
    pages = [await store.list_page(kind, TENANT.id, query)]
    while pages[-1].more is not None:
        pages.append(await store.list_page(kind, TENANT.id, evolve(query, after=pages[-1].more)))
    return pages


def test_whatever_is_asked_the_database_answers_as_memory_does(database):
    store, memory = database.open(), MemoryStore()
    asyncio.run(settle(store))
    asyncio.run(settle(memory))

    async def both(kind: type[Any], query: Query) -> None:
        assert await all_pages(store, kind, query) == await all_pages(memory, kind, query)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(queries())
    def agree(asked: tuple[type[Any], Query]) -> None:
        asyncio.run(both(*asked))

    try:
        agree()
    finally:
        asyncio.run(store.close())


# ---- what plain Python would ----


@pytest.fixture
async def settled(store):
    await settle(store)
    return store


async def names(store: Store, where: Condition, kind: type[Any] = User) -> list[str]:
    page = await store.list_page(kind, TENANT.id, Query(where=where, order=Order("display_name"), top=99))
    return [one.display_name for one in page.items]


# fmt: off
FOUND = [  # where, whose names
    pytest.param(Compare("display_name", Op.EQ, "ADA ÅNGSTRÖM"), {"Ada Ångström", "ada ångström"}, id="without case"),
    pytest.param(Compare("display_name", Op.EQ, "strasse"), {"Straße", "STRASSE"}, id="without case, where lower case would not do"),
    pytest.param(Compare("display_name", Op.CONTAINS, "%"), {"ben 100%"}, id="a percent sign is a percent sign"),
    pytest.param(Compare("display_name", Op.CONTAINS, "_"), {"b_n"}, id="so is an underscore"),
    pytest.param(Compare("display_name", Op.SEARCH, "ångs ad"), {"Ada Ångström", "ada ångström"}, id="each word begins a word"),
    pytest.param(Compare("display_name", Op.SEARCH, "gström"), set(), id="the middle of a word finds nothing"),
    pytest.param(Compare("display_name", Op.SEARCH, "दे मी"), {"मीरा देवी"}, id="marks belong to words"),
    pytest.param(Compare("display_name", Op.SEARCH, "bold"), {"<b>bold</b>"}, id="punctuation does not"),
    pytest.param(Compare("display_name", Op.STARTS_WITH, "\U0010ffff"), {"\U0010ffff", "\U0010ffff\U0010ffff"}, id="begins with the last character there is"),
    pytest.param(Compare("display_name", Op.EQ, "\0"), set(), id="what no text holds"),
    pytest.param(AnyElement("other_mails", Op.EQ, "ADA@colors.example"), None, id="an element without case"),
    pytest.param(AnyElement("other_mails", Op.EQ, "ada@colors"), set(), id="a part of an element is none"),
    pytest.param(AnyElement("other_mails", Op.EQ, "sep"), set(), id="nor a part before what separates elements"),
]
# fmt: on


@pytest.mark.parametrize(("where", "found"), FOUND)
async def test_who_is_found(settled, where, found):
    wanted = {user(n).display_name for n in range(40) if "Ada@Colors.example" in user(n).other_mails}
    assert set(await names(settled, where)) == (wanted if found is None else found)


async def test_missing_values_equal_none_alone(settled):
    without = {user(n).id for n in range(40) if user(n).mail is None}
    for where in (Compare("mail", Op.EQ, None), Not(Compare("mail", Op.NE, None))):
        page = await settled.list_page(User, TENANT.id, Query(where=where, top=99))
        assert {one.id for one in page.items} == without
    other = await settled.list_page(User, TENANT.id, Query(where=Compare("mail", Op.NE, "ben@colors.example"), top=99))
    assert without < {one.id for one in other.items}
    either = Either((Compare("mail", Op.LE, "z"), Compare("mail", Op.GE, "a")))
    told = await settled.list_page(User, TENANT.id, Query(where=either, top=99))
    assert not without & {one.id for one in told.items}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("field", [None, "display_name", "mail", "created_at"])
async def test_pages_follow_each_other_and_miss_nobody(settled, field, descending):
    order = Order(field, descending) if field else None
    pages = await all_pages(settled, User, Query(order=order, top=7, count=True))
    ids = [one.id for page in pages for one in page.items]
    assert sorted(ids) == sorted(user(n).id for n in range(40))
    assert {page.count for page in pages} == {40}
    assert [len(page.items) for page in pages] == [7, 7, 7, 7, 7, 5]
    if field is None:
        assert ids == sorted(ids)
    else:
        values = [getattr(one, field) for page in pages for one in page.items]
        known = [value.casefold()[:400] if isinstance(value, str) else value for value in values if value is not None]
        assert known == sorted(known, reverse=descending)
        missing = [value is None for value in values]
        assert missing == sorted(missing, reverse=not descending)


async def test_a_page_that_ends_with_the_last_object_has_no_other(settled):
    page = await settled.list_page(User, TENANT.id, Query(top=40))
    assert (len(page.items), page.more, page.count) == (40, None, None)


async def test_what_comes_between_pages_is_neither_shown_twice_nor_missed(settled):
    query = Query(order=Order("display_name"), top=10)
    first = await settled.list_page(User, TENANT.id, query)
    behind = evolve(first.items[0], id=UserId(guid(0x9001)), version=0, user_principal_name="new1@colors.example")
    ahead = evolve(behind, id=UserId(guid(0x9002)), display_name="zzz", user_principal_name="new2@colors.example")
    await remember(settled, behind, ahead)
    rest = await all_pages(settled, User, evolve(query, after=first.more))
    ids = [one.id for page in (first, *rest) for one in page.items]
    assert len(ids) == len(set(ids)) == 41
    assert ahead.id in ids
    assert behind.id not in ids


async def test_a_service_principal_has_its_applications_name(settled):
    found = Query(where=Compare("display_name", Op.EQ, "ben"), top=99)
    page = await settled.list_page(ServicePrincipal, TENANT.id, found)
    assert [one.id for one in page.items] == [principal(3).id]
    renamed = await settled.find_entity(Application, (TENANT.id, application(3).id))
    assert await settled.commit([PutEntity(evolve(renamed, display_name="Benjamin"))])
    assert not (await settled.list_page(ServicePrincipal, TENANT.id, found)).items
    graph = Query(where=Compare("display_name", Op.SEARCH, "microsoft graph"))
    assert (await settled.list_page(ServicePrincipal, TENANT.id, graph)).items == (graph_principal(TENANT.id),)


async def test_a_page_shows_what_was_written_last(settled):
    one = await settled.find_entity(User, (TENANT.id, user(20).id))
    assert await settled.commit([PutEntity(evolve(one, display_name="Benedict"))])
    assert await names(settled, Compare("display_name", Op.STARTS_WITH, "bened")) == ["Benedict"]
    assert await names(settled, Compare("display_name", Op.EQ, one.display_name)) == []
    page = await settled.list_page(User, TENANT.id, Query(where=Compare("id", Op.EQ, one.id)))
    assert [found.version for found in page.items] == [one.version + 1]


async def test_who_is_removed_is_neither_shown_nor_counted(settled):
    one = await settled.find_entity(User, (TENANT.id, user(20).id))
    assert await settled.commit([RemoveEntity(one)])
    page = await settled.list_page(User, TENANT.id, Query(top=7, count=True))
    assert page.count == 39


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        pytest.param(User, Query(where=Compare("password", Op.EQ, "x")), id="an unknown field"),
        pytest.param(User, Query(order=Order("user_type")), id="no order"),
        pytest.param(User, Query(where=Compare("surname", Op.SEARCH, "x")), id="not searched"),
        pytest.param(User, Query(where=Compare("other_mails", Op.EQ, "x")), id="a collection as a whole"),
        pytest.param(User, Query(where=AnyElement("other_mails", Op.LT, "x")), id="elements in order"),
    ],
)
async def test_a_question_without_meaning_is_a_bug(settled, kind, query):
    with pytest.raises(ValueError, match=r"asked by|order of|not searched|collection"):
        await settled.list_page(kind, TENANT.id, query)


async def test_nobody_sees_another_tenants_objects(settled):
    await remember(settled, evolve(ADA, id=UserId(guid(0x9003)), tenant_id=OTHER_TENANT.id))
    page = await settled.list_page(User, OTHER_TENANT.id, Query(count=True))
    assert {one.tenant_id for one in page.items} == {OTHER_TENANT.id}
    assert page.count == 2


def test_every_kind_is_populated():
    counted = {type(one) for one in POPULATION} | {DirectoryAudit, Story}
    assert counted >= set(FIELDS)
    assert {Group, AppRoleAssignment, Owner} <= set(FIELDS)
    assert all(a != b for a, b in pairwise(map(user, range(40))))
    assert {OTHER_APP.app_id, PRINCIPAL.app_id}.isdisjoint(application(n).app_id for n in range(12))
