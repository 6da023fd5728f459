"""What each step costs the database.  Each number is a promise: a step that grows fails here."""

import asyncio

import pytest
from attrs import evolve

from entrada.core.directory.ids import UserId
from entrada.core.directory.query.query import Query
from entrada.core.directory.user import User
from entrada.core.protocol.effects import (
    AddSigningKey,
    DecideDeviceFlow,
    EndSession,
    ForgetAttempts,
    LogSignIn,
    OpenFamily,
    PutAttempts,
    PutEntity,
    RevokeFamily,
    RevokeSessionFamilies,
    RotateFamily,
    StartDeviceFlow,
    StartFactorSteps,
    StrengthenSession,
    SucceedFamily,
    UseFactorStep,
)
from tests.store.known import (
    ADA,
    ADA_PAINTS,
    ADAS_GRANT,
    APP,
    APPROVAL,
    ATTEMPTS,
    BEN,
    CLEO_AT_HOME,
    DEVICE_FLOW,
    FAMILY,
    FAMILY_WITHOUT_BROWSER,
    GUEST,
    NOW,
    OPEN_FAMILY,
    OPEN_SESSION,
    PAINTERS,
    PAINTERS_ARE_ARTISTS,
    PRINCIPAL,
    SESSION,
    SIGN_IN,
    SIGN_IN_WITHOUT_BROWSER,
    SIGNING_KEY,
    START_DEVICE_FLOW,
    SUCCESSOR,
    TENANT,
    family_of,
    flow_of,
    guid,
    remember,
    sign_in,
    start_family,
)

BENS_ATTEMPTS = evolve(ATTEMPTS, user_id=BEN.id)

# fmt: off
COSTS = [  # what is done, how many statements write
    pytest.param([OPEN_FAMILY], 1, id="OpenFamily"),
    pytest.param([OpenFamily(FAMILY_WITHOUT_BROWSER)], 1, id="OpenFamily without a session"),
    pytest.param([RotateFamily(family_of(0).key, 0, NOW)], 1, id="RotateFamily"),
    pytest.param([SucceedFamily(family_of(0).key, SUCCESSOR)], 1, id="SucceedFamily"),
    pytest.param([RevokeFamily(family_of(0).key, NOW)], 1, id="RevokeFamily"),
    pytest.param([EndSession(TENANT.id, SESSION.id, NOW)], 1, id="EndSession"),
    pytest.param([StrengthenSession(TENANT.id, SESSION.id, ("pwd", "mfa"), evolve(SIGN_IN, id=guid(7)))], 2, id="StrengthenSession, and its row in the log"),
    pytest.param([RevokeSessionFamilies(TENANT.id, SESSION.id, NOW)], 2, id="RevokeSessionFamilies: end them, and look again"),
    pytest.param([LogSignIn(SIGN_IN_WITHOUT_BROWSER)], 1, id="LogSignIn"),
    pytest.param([START_DEVICE_FLOW], 1, id="StartDeviceFlow"),
    pytest.param([DecideDeviceFlow(flow_of(0).key, APPROVAL, NOW)], 1, id="DecideDeviceFlow"),
    pytest.param([PutAttempts(ATTEMPTS)], 1, id="PutAttempts, new"),
    pytest.param([PutAttempts(evolve(BENS_ATTEMPTS, version=1))], 1, id="PutAttempts, again"),
    pytest.param([ForgetAttempts(TENANT.id, BEN.id, ATTEMPTS.counter)], 1, id="ForgetAttempts"),
    pytest.param([UseFactorStep(TENANT.id, ADA.id, 100)], 1, id="UseFactorStep"),
    pytest.param([StartFactorSteps(TENANT.id, ADA.id, 100)], 1, id="StartFactorSteps"),
    pytest.param([AddSigningKey(SIGNING_KEY)], 1, id="AddSigningKey"),
]
# fmt: on


@pytest.mark.parametrize(("effects", "writes"), COSTS)
async def test_a_step_is_one_statement_in_one_transaction(lasting_store, statements, effects, writes):
    await sign_in(lasting_store)
    warm = evolve(SUCCESSOR, key=evolve(SUCCESSOR.key, id=family_of(1).key.id))
    assert await lasting_store.commit([OpenFamily(family_of(0)), OpenFamily(warm)])  # their weeks have partitions now
    assert await lasting_store.commit([StartDeviceFlow(flow_of(0)), PutAttempts(BENS_ATTEMPTS)])
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


async def test_a_user_is_noted_where_collections_are_asked(lasting_store, statements):
    assert await lasting_store.commit([PutEntity(ADA)])
    assert [sent.split()[2] for sent in statements.sent if sent.startswith("INSERT")] == [
        "directory_versions",
        "users",
        "user_fields",
    ]
    assert len(statements.commits) == 1


async def test_a_page_is_one_look_and_a_count_another_where_there_is_more(lasting_store, statements):
    await remember(lasting_store, ADA, BEN)
    for query, looks in ((Query(), 1), (Query(count=True), 1), (Query(count=True, top=1), 2)):
        statements.clear()
        await lasting_store.list_page(User, TENANT.id, query)
        assert (statements.reads, statements.writes) == (looks, 0)


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


# fmt: off
ONE_LOOK = [  # what no cache may answer
    pytest.param(lambda store: store.find_family(FAMILY.key), id="a family"),
    pytest.param(lambda store: store.find_session(TENANT.id, SESSION.id), id="a session"),
    pytest.param(lambda store: store.list_sessions(TENANT.id, ADA.id), id="sessions"),
    pytest.param(lambda store: store.has_signed_in_from(TENANT.id, ADA.id, SIGN_IN.address), id="a place"),
    pytest.param(lambda store: store.find_attempts(TENANT.id, ADA.id, ATTEMPTS.counter), id="counters"),
    pytest.param(lambda store: store.find_device_flow(DEVICE_FLOW.key), id="a device flow"),
    pytest.param(lambda store: store.find_device_flow_by_user_code(DEVICE_FLOW.user_code), id="a device flow by its user code"),
]
# fmt: on


@pytest.mark.parametrize("ask", ONE_LOOK)
async def test_what_signing_in_left_is_looked_up_each_time(lasting_store, statements, ask):
    await start_family(lasting_store)
    assert await lasting_store.commit([START_DEVICE_FLOW, PutAttempts(ATTEMPTS)])
    statements.clear()
    for _ in range(3):
        assert await ask(lasting_store)
    assert (statements.reads, statements.writes) == (3, 0)


# fmt: off
KEPT = [  # what the directory's cache answers, and the table it would ask
    pytest.param(lambda store: store.find_guest(TENANT.id, CLEO_AT_HOME.user_id), "users", id="a guest"),
    pytest.param(lambda store: store.find_service_principal_by_id(TENANT.id, PRINCIPAL.id), "service_principals", id="a service principal by id"),
    pytest.param(lambda store: store.find_groups(TENANT.id, ADA.id), "group_members", id="groups"),
    pytest.param(lambda store: store.find_app_role_assignments(TENANT.id, PRINCIPAL.id), "app_role_assignments", id="roles"),
]
# fmt: on


@pytest.mark.parametrize(("ask", "table"), KEPT)
async def test_the_directory_is_asked_once_until_it_changes(lasting_store, statements, ask, table):
    await remember(lasting_store, GUEST, PRINCIPAL, PAINTERS, ADA_PAINTS, PAINTERS_ARE_ARTISTS)
    statements.clear()
    for looks in (1, 2):
        answers = [await ask(lasting_store) for _ in range(4)]
        assert answers == answers[:1] * 4
        assert sum(table in sent for sent in statements.sent if sent.lstrip().startswith(("SELECT", "WITH"))) == looks
        await remember(lasting_store, evolve(BEN, id=UserId(guid(looks)), user_principal_name=str(looks)))
