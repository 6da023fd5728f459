"""What each step costs the database.  Each number is a promise: a step that grows fails here."""

import asyncio

import pytest
from attrs import evolve

from entrada.core.protocol.effects import (
    AddSigningKey,
    EndSession,
    OpenFamily,
    PutEntity,
    RevokeFamily,
    RotateFamily,
    SucceedFamily,
)
from tests.store.known import (
    ADA,
    ADAS_GRANT,
    APP,
    FAMILY,
    NOW,
    OPEN_FAMILY,
    OPEN_SESSION,
    SESSION,
    SIGNING_KEY,
    SUCCESSOR,
    TENANT,
    family_of,
    sign_in,
    start_family,
)

# fmt: off
COSTS = [  # what is done, how many statements write
    pytest.param([OPEN_FAMILY], 1, id="OpenFamily"),
    pytest.param([RotateFamily(family_of(0).key, 0, NOW)], 1, id="RotateFamily"),
    pytest.param([SucceedFamily(family_of(0).key, SUCCESSOR)], 1, id="SucceedFamily"),
    pytest.param([RevokeFamily(family_of(0).key, NOW)], 1, id="RevokeFamily"),
    pytest.param([EndSession(TENANT.id, SESSION.id, NOW)], 1, id="EndSession"),
    pytest.param([AddSigningKey(SIGNING_KEY)], 1, id="AddSigningKey"),
]
# fmt: on


@pytest.mark.parametrize(("effects", "writes"), COSTS)
async def test_a_step_is_one_statement_in_one_transaction(lasting_store, statements, effects, writes):
    await sign_in(lasting_store)
    warm = evolve(SUCCESSOR, key=evolve(SUCCESSOR.key, id=family_of(1).key.id))
    assert await lasting_store.commit([OpenFamily(family_of(0)), OpenFamily(warm)])  # their weeks have partitions now
    statements.clear()
    assert await lasting_store.commit(effects)
    assert (statements.writes, statements.reads) == (writes, 0)
    assert [len(commit) for commit in statements.commits] == [writes]


async def test_signing_in_is_two_inserts_in_one_transaction(lasting_store, statements):
    await lasting_store.find_session(TENANT.id, SESSION.id)
    statements.clear()
    assert await lasting_store.commit([OPEN_SESSION])
    assert [sent.split()[:3] for sent in statements.sent] == [
        ["INSERT", "INTO", "sessions"],
        ["INSERT", "INTO", "sign_ins"],
    ]
    assert [len(commit) for commit in statements.commits] == [2]


async def test_consent_is_a_grant_and_the_directorys_number(lasting_store, statements):
    assert await lasting_store.commit([PutEntity(ADAS_GRANT)])
    assert [sent.split()[2] for sent in statements.sent if sent.startswith("INSERT")] == [
        "directory_versions",
        "permission_grants",
    ]
    assert len(statements.commits) == 1


async def test_a_directory_number_is_raised_once_per_unit_and_tenant(lasting_store, statements):
    assert await lasting_store.commit([PutEntity(TENANT), PutEntity(ADA), PutEntity(APP)])
    assert sum("INTO directory_versions" in sent for sent in statements.sent) == 1


async def test_what_waits_together_is_committed_together(lasting_store, statements):
    await sign_in(lasting_store)
    statements.clear()
    families = [family_of(number) for number in range(64)]
    held = await asyncio.gather(*(lasting_store.commit([OpenFamily(family)]) for family in families))
    assert all(held)
    assert sum(map(len, statements.commits)) == 64
    assert len(statements.commits) <= 4


async def test_a_known_object_is_not_asked_for_again(lasting_store, statements):
    assert await lasting_store.commit([PutEntity(TENANT), PutEntity(APP)])
    for _ in range(2):  # the first time tells whose the application is
        await lasting_store.find_application(APP.app_id)
    statements.clear()
    await start_family(lasting_store)  # writes, but not into the directory
    for _ in range(10):
        assert await lasting_store.find_application(APP.app_id) == APP
    assert not any("applications" in sent for sent in statements.sent)


async def test_an_objects_change_costs_one_look(lasting_store, statements):
    assert await lasting_store.commit([PutEntity(ADA)])
    await lasting_store.find_user(TENANT.id, ADA.id)
    assert await lasting_store.commit([PutEntity(evolve(ADA, version=1, account_enabled=False))])
    statements.clear()
    for _ in range(5):
        assert not (await lasting_store.find_user(TENANT.id, ADA.id)).account_enabled
    assert sum("users" in sent for sent in statements.sent) == 1


async def test_finding_a_family_is_one_look(lasting_store, statements):
    await start_family(lasting_store)
    statements.clear()
    assert await lasting_store.find_family(FAMILY.key) == FAMILY
    assert (statements.reads, statements.writes) == (1, 0)
