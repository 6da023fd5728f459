"""The audit log, written with what it tells of, and the journal, written afterwards."""

import pytest
from attrs import evolve

from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.ids import ANY_TENANT
from entrada.core.directory.query.condition import AnyElement, Both, Compare, Op
from entrada.core.directory.query.query import Order, Query
from entrada.core.directory.story import Story
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import PutEntity, RecordAudit
from entrada.server.store.port import StoreUnavailable
from tests.store.known import ADA, APP, AUDIT, BEN, NOW, OTHER_TENANT, STORY, TENANT, USE, guid, remember

LATER = NumericDate(NOW + 60)


async def audits(store, **asked):
    return (await store.list_page(DirectoryAudit, TENANT.id, Query(**asked))).items


# ---- audits ----


async def test_a_row_comes_with_its_change_and_comes_back_whole(store):
    assert await store.commit([PutEntity(ADA), RecordAudit(AUDIT)])
    assert await audits(store) == (AUDIT,)


async def test_a_change_that_fails_leaves_no_row(store):
    await remember(store, ADA)
    assert not await store.commit([RecordAudit(AUDIT), PutEntity(ADA)])
    assert await audits(store) == ()


async def test_a_row_is_written_once(store):
    assert await store.commit([RecordAudit(AUDIT)])
    assert await store.commit([RecordAudit(evolve(AUDIT, activity="Another"))])
    assert await audits(store) == (AUDIT,)


async def test_what_happened_to_an_object_newest_first(store):
    rows = [evolve(AUDIT, id=guid(number), at=NumericDate(NOW + number)) for number in range(3)]
    of_ben = evolve(AUDIT, id=guid(9), at=LATER, targets=(evolve(AUDIT.targets[0], id=BEN.id),))
    assert await store.commit([*map(RecordAudit, [*rows, of_ben])])
    where = AnyElement("target_id", Op.EQ, ADA.id)
    assert await audits(store, where=where, order=Order("at", descending=True)) == tuple(reversed(rows))
    by_ben = Both((Compare("actor_id", Op.EQ, BEN.id), Compare("at", Op.GE, LATER)))
    assert await audits(store, where=by_ben) == (of_ben,)


async def test_a_row_by_itself_is_one_statement_and_raises_no_number(lasting_store, statements):
    assert await lasting_store.commit([RecordAudit(AUDIT)])
    assert [sent.split()[:3] for sent in statements.sent] == [["INSERT", "INTO", "directory_audits"]]


# ---- the journal ----


async def test_a_story_is_found_by_its_trace_id_alone_and_whole(store):
    nobodys = evolve(STORY, tenant_id=ANY_TENANT, trace_id=guid(0x58))
    await store.write_journal([STORY, nobodys], [])
    assert await store.find_story(STORY.trace_id) == STORY
    assert await store.find_story(nobodys.trace_id) == nobodys
    for unknown in (guid(0x59), "", "\0", "\ud800", "%"):
        assert await store.find_story(unknown) is None


async def test_what_is_told_is_not_told_again(store):
    await store.write_journal([STORY], [USE])
    await store.write_journal([evolve(STORY, event="another"), evolve(STORY, trace_id=guid(0x59))], [USE])
    assert await store.find_story(STORY.trace_id) == STORY
    assert await store.find_story(guid(0x59)) is not None
    assert await store.list_uses(TENANT.id, APP.app_id) == (USE,)


async def test_stories_are_listed_by_what_they_tell(store):
    granted = evolve(STORY, trace_id=guid(0x59), granted=True, aadsts=None, at=LATER)
    await store.write_journal([STORY, granted, evolve(STORY, tenant_id=OTHER_TENANT.id)], [])
    newest = await store.list_page(Story, TENANT.id, Query(order=Order("at", descending=True), count=True))
    assert (newest.items, newest.count) == ((granted, STORY), 2)
    refused = await store.list_page(Story, TENANT.id, Query(where=Compare("aadsts", Op.EQ, 50126)))
    assert refused.items == (STORY,)


@pytest.mark.parametrize("order", [1, -1])
async def test_the_latest_use_of_each_credential_is_kept(store, order):
    latest, other = evolve(USE, at=LATER), evolve(USE, key_id=guid(0x700))
    await store.write_journal([], [USE, latest, other][::order])
    await store.write_journal([], [USE])
    assert await store.list_uses(TENANT.id, APP.app_id) == (latest, other)
    assert await store.list_uses(OTHER_TENANT.id, APP.app_id) == ()
    assert await store.list_uses(TENANT.id, guid(0xDEAD)) == ()


async def test_a_batch_is_one_transaction_and_an_empty_one_none(lasting_store, statements):
    await lasting_store.write_journal([evolve(STORY, trace_id=guid(number)) for number in range(50)], [USE])
    assert [len(commit) for commit in statements.commits] == [51]
    statements.clear()
    await lasting_store.write_journal([], [])
    assert statements.sent == []


async def test_a_closed_store_takes_no_journal(place):
    store = place.open()
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.write_journal([STORY], [USE])
