"""What has ended goes away, a few rows at a time; what has not stays."""

import pytest
from attrs import evolve

from entrada.core.directory.deleted_item import KEPT, DeletedItem
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.ids import ANY_TENANT, TenantId
from entrada.core.directory.query.query import Query
from entrada.core.directory.story import Story
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import OpenFamily, OpenSession, RecordAudit, RotateFamily
from entrada.server.store.retention import AUDITS_KEPT, SIGN_INS_KEPT, STORIES_KEPT
from entrada.server.store.sql.engine import open_store
from tests.store.known import (
    AUDIT,
    DAY,
    DELETED_APP,
    FAMILY,
    NOW,
    SESSION,
    SIGN_IN,
    STORY,
    TENANT,
    family_of,
    guid,
    remember,
    sign_in,
)
from tests.store.places import connect

WEEK = 7 * DAY
FAMILIES_END = NumericDate((FAMILY.key.end_day + 1) * DAY)  # the day after


async def test_nothing_has_ended(store):
    await sign_in(store)
    assert await store.commit([OpenFamily(FAMILY)])
    assert await store.sweep(NOW, limit=1000) == 0


async def test_families_stay_on_their_last_day(store):
    await sign_in(store)
    assert await store.commit([OpenFamily(FAMILY)])
    await store.sweep(NumericDate(FAMILIES_END - 1), limit=1000)
    assert await store.find_family(FAMILY.key) == FAMILY
    assert await store.commit([RotateFamily(FAMILY.key, 0, NOW)])


async def test_families_go_within_a_week_of_their_end(store):
    await sign_in(store)
    families = [family_of(number) for number in range(12)]
    ended = [
        evolve(family, key=evolve(family.key, end_day=family.key.end_day - number))
        for number, family in enumerate(families)
    ]
    assert await store.commit([*map(OpenFamily, ended)])
    survivor = evolve(FAMILY, key=evolve(FAMILY.key, end_day=FAMILY.key.end_day + 8))
    assert await store.commit([OpenFamily(survivor)])
    swept = await store.sweep(NumericDate(FAMILIES_END + WEEK), limit=1000)
    assert swept == 12 + 2  # and the session, and its sign-in
    for family in ended:
        assert await store.find_family(family.key) is None
    assert await store.find_family(survivor.key) == survivor


@pytest.mark.parametrize(("late", "found"), [(0, True), (1, False)])
async def test_sessions_go_when_they_are_over(store, late, found):
    await sign_in(store)
    await store.sweep(NumericDate(SESSION.ends_at + late), limit=10)
    assert (await store.find_session(TENANT.id, SESSION.id) is not None) is found


@pytest.mark.parametrize(("late", "kept"), [(0, 1), (1, 0)])
async def test_sign_ins_are_kept_thirty_days(store, late, kept):
    assert await store.commit([OpenSession(evolve(SESSION, ends_at=NumericDate(NOW + 1000 * DAY)), SIGN_IN)])
    await store.sweep(NumericDate(SIGN_IN.at + SIGN_INS_KEPT + late), limit=10)
    assert len(await store.list_sign_ins(TENANT.id, top=10)) == kept


async def test_no_more_than_the_limit_at_once(store):
    for number in range(7):
        session, entry = evolve(SESSION, id=guid(number)), evolve(SIGN_IN, id=guid(number))
        assert await store.commit([OpenSession(session, entry)])
    late = NumericDate(NOW + 1000 * DAY)
    swept = [await store.sweep(late, limit=4) for _ in range(5)]
    assert swept == [4, 4, 4, 2, 0]


async def test_many_rows_go_in_small_transactions(lasting_store, statements):
    many = [OpenSession(evolve(SESSION, id=guid(n)), evolve(SIGN_IN, id=guid(n))) for n in range(600)]
    assert await lasting_store.commit(many)
    statements.clear()
    assert await lasting_store.sweep(NumericDate(NOW + 1000 * DAY), limit=5000) == 1200
    assert len([commit for commit in statements.commits if commit]) == 3


# ---- what administrators leave ----


async def known(store, kind):
    page = await store.list_page(kind, TENANT.id, Query(count=True))
    assert page.count == len(page.items)
    return page.count


@pytest.mark.parametrize(("late", "kept"), [(0, 1), (1, 0)])
async def test_what_is_deleted_can_be_restored_for_thirty_days(store, late, kept):
    await remember(store, DELETED_APP)
    assert await store.sweep(NumericDate(NOW + KEPT + late), limit=10) == 1 - kept
    assert await known(store, DeletedItem) == kept


@pytest.mark.parametrize(("late", "kept"), [(0, 1), (1, 0)])
async def test_audits_are_kept_for_a_year_and_a_month(store, late, kept):
    assert await store.commit([RecordAudit(AUDIT)])
    assert await store.sweep(NumericDate(NOW + AUDITS_KEPT + late), limit=10) == 1 - kept
    assert await known(store, DirectoryAudit) == kept


@pytest.mark.parametrize(("late", "kept"), [(0, 1), (1, 0)])
async def test_stories_are_kept_as_long_as_sign_ins(store, late, kept):
    await store.write_journal([STORY], [])
    assert await store.sweep(NumericDate(NOW + STORIES_KEPT + late), limit=10) == 1 - kept
    assert await known(store, Story) == kept


def keep_no_more_than(monkeypatch, of_tenant, of_all):
    for module in ("entrada.server.store.memory.store", "entrada.server.store.sql.sweeping"):
        monkeypatch.setattr(f"{module}.MOST_STORIES", of_all)
        monkeypatch.setattr(f"{module}.MOST_STORIES_OF_TENANT", of_tenant)


async def test_only_so_many_stories_are_kept_the_newest(store, monkeypatch):
    keep_no_more_than(monkeypatch, 9, 3)
    told = [evolve(STORY, trace_id=guid(number), at=NumericDate(NOW + number // 2)) for number in range(8)]
    await store.write_journal(told, [])
    assert await store.sweep(NOW, limit=2) == 2
    assert await store.sweep(NOW, limit=100) == 3
    assert await store.sweep(NOW, limit=100) == 0
    assert (await store.list_page(Story, TENANT.id, Query())).items == tuple(told[5:])


def told_of(tenant_id, prefix, number, user_id):
    """Stories of one origin, the oldest first."""
    return [
        evolve(
            STORY,
            tenant_id=tenant_id,
            trace_id=guid(prefix * 100 + one),
            at=NumericDate(NOW + one),
            granted=False,
            user_id=user_id,
        )
        for one in range(number)
    ]


async def test_a_flood_of_strangers_leaves_the_stories_of_the_people_there(store, monkeypatch):
    keep_no_more_than(monkeypatch, 6, 8)
    people = told_of(TENANT.id, 1, 4, guid(1))
    strangers = [evolve(one, at=NumericDate(one.at + 50)) for one in told_of(TENANT.id, 2, 9, None)]
    nobodys = [evolve(one, at=NumericDate(one.at + 50)) for one in told_of(ANY_TENANT, 3, 9, None)]
    await store.write_journal([*people, *strangers, *nobodys], [])
    assert await store.sweep(NOW, limit=100) == 14
    left = (await store.list_page(Story, TENANT.id, Query(top=99))).items
    assert set(left) == {*people, *strangers[-2:]}
    left = (await store.list_page(Story, ANY_TENANT, Query(top=99))).items
    assert set(left) == set(nobodys[-2:])
    assert await store.sweep(NOW, limit=100) == 0


async def test_one_tenant_does_not_crowd_out_another(store, monkeypatch):
    keep_no_more_than(monkeypatch, 5, 100)
    other = TenantId(guid(77))
    few, many = told_of(other, 1, 3, guid(1)), told_of(TENANT.id, 2, 9, guid(2))
    await store.write_journal([*many, *few], [])
    assert await store.sweep(NOW, limit=100) == 4
    assert set((await store.list_page(Story, other, Query(top=99))).items) == set(few)
    assert set((await store.list_page(Story, TENANT.id, Query(top=99))).items) == set(many[-5:])


# ---- PostgreSQL's partitions ----


def partitions(url: str) -> set[str]:
    with connect(url) as c:
        return {
            name
            for (name,) in c.execute(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'families'::regclass"
            )
        } - {"families_default"}


def rows(url: str, table: str) -> int:
    with connect(url) as c:
        (row,) = c.execute(f"SELECT count(*) FROM {table}".encode())
        return int(str(row[0]))


@pytest.fixture
async def on_postgresql(empty_postgres_url):
    store = open_store(empty_postgres_url)
    await store.sweep(NumericDate(10**11), limit=10**9)  # of what earlier tests have left
    yield store
    await store.close()


@pytest.mark.postgres
async def test_a_week_has_a_partition_as_soon_as_a_family_needs_it(on_postgresql, empty_postgres_url):
    far = 50_000
    await sign_in(on_postgresql)
    families = [evolve(family_of(n), key=evolve(family_of(n).key, end_day=far * 7 + n)) for n in range(9)]
    for family in families:
        assert await on_postgresql.commit([OpenFamily(family)])
    assert {f"families_w{far}", f"families_w{far + 1}"} <= partitions(empty_postgres_url)
    assert rows(empty_postgres_url, f"families_w{far}") == 7
    assert rows(empty_postgres_url, "families_default") == 0


@pytest.mark.postgres
async def test_an_ended_week_is_dropped_whole(on_postgresql, empty_postgres_url, statements):
    week = 60_000
    await sign_in(on_postgresql)
    assert await on_postgresql.commit([OpenFamily(evolve(FAMILY, key=evolve(FAMILY.key, end_day=week * 7)))])
    assert f"families_w{week}" in partitions(empty_postgres_url)
    statements.clear()
    await on_postgresql.sweep(NumericDate((week + 1) * WEEK), limit=10)
    assert f"families_w{week}" not in partitions(empty_postgres_url)
    assert any(f"DROP TABLE families_w{week}" in sent for sent in statements.sent)


@pytest.mark.postgres
async def test_what_has_no_partition_lands_in_the_default_one_and_is_swept(on_postgresql, empty_postgres_url):
    reader = connect(empty_postgres_url)
    await sign_in(on_postgresql)
    lost = evolve(FAMILY, key=evolve(FAMILY.key, end_day=70_000 * 7))
    with reader:
        reader.execute("SELECT count(*) FROM families")  # its lock, held to the end, is in the way of a new partition
        assert await on_postgresql.commit([OpenFamily(lost)])
    reader.close()
    assert rows(empty_postgres_url, "families_default") == 1
    assert await on_postgresql.find_family(lost.key) == lost
    assert await on_postgresql.sweep(NumericDate((lost.key.end_day + 1) * DAY), limit=1000) == 3
    assert await on_postgresql.find_family(lost.key) is None


@pytest.mark.postgres
async def test_partitions_are_made_ahead(on_postgresql, empty_postgres_url):
    today = 80_000 * 7
    before = partitions(empty_postgres_url)
    await on_postgresql.sweep(NumericDate(today * DAY), limit=10)
    ahead = {f"families_w{week}" for week in (80_000, 80_001, 80_012, 80_013)}
    assert partitions(empty_postgres_url) - before == ahead
