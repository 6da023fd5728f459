"""Eight tasks want the same thing: one gets it, on each store, for every effect that can fail."""

import asyncio

import pytest
from attrs import evolve

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.protocol.effects import (
    AddSigningKey,
    DecideDeviceFlow,
    NotWithin,
    OpenFamily,
    OpenSession,
    PutAttempts,
    PutEntity,
    RecordAudit,
    RemoveEntity,
    ReplaceSigningKey,
    RestoreEntity,
    RotateFamily,
    StartDeviceFlow,
    Unchanged,
    Unlinked,
    UseFactorStep,
)
from tests.store.known import (
    ADA,
    ADA_OWNS,
    ADA_PAINTS,
    APP,
    APPROVAL,
    ARTISTS,
    ATTEMPTS,
    AUDIT,
    BEN,
    DELETED_USER,
    DEVICE_FLOW,
    FAMILY,
    FAMILY_WITHOUT_BROWSER,
    GUEST,
    NOW,
    OPEN_FAMILY,
    OPEN_SESSION,
    OTHER_TENANT,
    PAINTERS,
    PAINTERS_ARE_ARTISTS,
    SESSION,
    SIGN_IN,
    SIGNING_KEY,
    START_DEVICE_FLOW,
    TENANT,
    flow_of,
    guid,
)

RACERS = range(8)
DELETED_ADA = evolve(DELETED_USER, id=ADA.id, user=ADA)


def alike(effect):
    def ask(number):
        return [effect]

    return ask


def own_user(number):
    return evolve(ADA, id=guid(number), display_name=f"racer {number}")


def own_tenant(number):
    return evolve(TENANT, id=guid(number), domains=(f"{number}.example", "wanted.example"))


def own_app(number):
    return evolve(APP, id=guid(number), app_id=guid(number), identifier_uris=("api://wanted",))


def link_ada(_number):
    return [Unchanged(evolve(ADA, version=1)), PutEntity(ADA_PAINTS)]


def remove_ada(_number):
    return [RemoveEntity(evolve(ADA, version=1)), Unlinked(TENANT.id, (ADA.id,))]


def demote(number, one, other):
    return [PutEntity(evolve(one, version=1, display_name=str(number))), Unchanged(evolve(other, version=1))]


def nest(inner, outer):
    link = evolve(PAINTERS_ARE_ARTISTS, group_id=outer.id, member_id=inner.id)
    return [PutEntity(link), NotWithin(TENANT.id, outer.id, inner.id)]


# fmt: off
RACES = [  # what is there before, what each racer asks for
    pytest.param([OPEN_SESSION], alike(OPEN_FAMILY), id="OpenFamily"),
    pytest.param([], alike(OpenFamily(FAMILY_WITHOUT_BROWSER)), id="OpenFamily without a session"),
    pytest.param([OPEN_SESSION, OPEN_FAMILY], alike(RotateFamily(FAMILY.key, 0, NOW)), id="RotateFamily"),
    pytest.param([], alike(OPEN_SESSION), id="OpenSession"),
    pytest.param([], lambda number: [OpenSession(evolve(SESSION, user_id=UserId(guid(number))), evolve(SIGN_IN, id=guid(number)))], id="OpenSession by several"),
    pytest.param([], alike(START_DEVICE_FLOW), id="StartDeviceFlow"),
    pytest.param([], lambda number: [StartDeviceFlow(evolve(flow_of(number), user_code="WANTED"))], id="StartDeviceFlow, one user code"),
    pytest.param([START_DEVICE_FLOW], lambda number: [DecideDeviceFlow(DEVICE_FLOW.key, APPROVAL if number % 2 else None, NOW)], id="DecideDeviceFlow"),
    pytest.param([], alike(PutAttempts(ATTEMPTS)), id="PutAttempts, new"),
    pytest.param([PutAttempts(ATTEMPTS)], lambda number: [PutAttempts(evolve(ATTEMPTS, version=1, failures=number))], id="PutAttempts, again"),
    pytest.param([], alike(UseFactorStep(TENANT.id, ADA.id, 100)), id="UseFactorStep, the first"),
    pytest.param([UseFactorStep(TENANT.id, ADA.id, 99)], alike(UseFactorStep(TENANT.id, ADA.id, 100)), id="UseFactorStep, a later one"),
    pytest.param([], alike(PutEntity(ADA)), id="PutEntity, new"),
    pytest.param([PutEntity(ADA)], lambda number: [PutEntity(evolve(ADA, version=1, display_name=str(number)))], id="PutEntity, again"),
    pytest.param([], lambda number: [PutEntity(own_user(number))], id="PutEntity, one user principal name"),
    pytest.param([], lambda number: [PutEntity(evolve(GUEST, id=UserId(guid(number)), user_principal_name=str(number)))], id="PutEntity, one account as a guest"),
    pytest.param([], lambda number: [PutEntity(own_tenant(number))], id="PutEntity, one domain"),
    pytest.param([], lambda number: [PutEntity(own_app(number))], id="PutEntity, one identifier URI"),
    pytest.param([], lambda number: [PutEntity(evolve(own_app(number), app_id=APP.app_id, identifier_uris=()))], id="PutEntity, one client id"),
    pytest.param([PutEntity(evolve(own_user(number), user_principal_name=str(number))) for number in RACERS],
                 lambda number: [PutEntity(evolve(own_user(number), version=1))], id="PutEntity, renamed to one user principal name"),
    pytest.param([PutEntity(ADA)], alike(RemoveEntity(evolve(ADA, version=1))), id="RemoveEntity"),
    pytest.param([], alike(PutEntity(ADA_OWNS)), id="PutEntity, one owner"),
    pytest.param([PutEntity(ADA)], lambda number: [RemoveEntity(evolve(ADA, version=1)), PutEntity(DELETED_ADA), RecordAudit(evolve(AUDIT, id=guid(number)))], id="a user is deleted"),
    pytest.param([PutEntity(DELETED_ADA)], lambda number: [RemoveEntity(evolve(DELETED_ADA, version=1)), PutEntity(ADA), RecordAudit(evolve(AUDIT, id=guid(number)))], id="a user is restored"),
    pytest.param([], alike(RestoreEntity(evolve(ADA, version=7))), id="RestoreEntity"),
    pytest.param([PutEntity(ADA)], lambda number: link_ada(number) if number % 2 else remove_ada(number), id="a link, or the end of what it joins"),
    pytest.param([PutEntity(ADA)], lambda number: remove_ada(number) if number % 2 else link_ada(number), id="the end of what a link joins, or the link"),
    pytest.param([PutEntity(ADA), PutEntity(BEN)], lambda number: demote(number, ADA, BEN) if number % 2 else demote(number, BEN, ADA), id="each as long as the other stays"),
    pytest.param([PutEntity(PAINTERS), PutEntity(ARTISTS)], lambda number: nest(PAINTERS, ARTISTS) if number % 2 else nest(ARTISTS, PAINTERS), id="one group in another, or the other in the one"),
    pytest.param([], alike(AddSigningKey(SIGNING_KEY)), id="AddSigningKey"),
    pytest.param([AddSigningKey(SIGNING_KEY)], lambda number: [ReplaceSigningKey(SIGNING_KEY, evolve(SIGNING_KEY, retired_at=number))], id="ReplaceSigningKey"),
    pytest.param([], lambda number: [PutEntity(evolve(OTHER_TENANT, id=TenantId(guid(number)), domains=(f"{number}.x",))), AddSigningKey(SIGNING_KEY)], id="a unit whose last effect is wanted"),
]
# fmt: on


@pytest.mark.parametrize(("before", "wanted"), RACES)
async def test_one_of_eight_tasks_wins(store, before, wanted):
    assert await store.commit(before)
    outcomes = await asyncio.gather(*(store.commit(wanted(number)) for number in RACERS))
    assert sorted(outcomes) == [False] * 7 + [True]


@pytest.mark.parametrize(("before", "wanted"), RACES)
async def test_one_wins_over_two_stores_of_one_database(lasting_store, replica, before, wanted):
    assert await lasting_store.commit(before)
    stores = (lasting_store, replica)
    outcomes = await asyncio.gather(*(stores[number % 2].commit(wanted(number)) for number in RACERS))
    assert sorted(outcomes) == [False] * 7 + [True]


async def test_a_loser_finds_what_the_winner_left(store):
    assert await store.commit([OPEN_SESSION])

    async def open_and_look():
        held = await store.commit([OpenFamily(FAMILY)])
        return held, await store.find_family(FAMILY.key)

    outcomes = await asyncio.gather(*(open_and_look() for _ in RACERS))
    assert [found for _, found in outcomes] == [FAMILY] * 8


async def test_rotations_are_counted_one_by_one(lasting_store, replica):
    """However many try, and however often, each success raised the generation by one."""
    assert await lasting_store.commit([OPEN_SESSION, OPEN_FAMILY])

    async def rotate(store, times):
        won = 0
        for _ in range(times):
            family = await store.find_family(FAMILY.key)
            won += await store.commit([RotateFamily(FAMILY.key, family.generation, NOW)])
        return won

    won = await asyncio.gather(*(rotate(store, 10) for store in (lasting_store, replica) for _ in range(4)))
    family = await lasting_store.find_family(FAMILY.key)
    assert family.generation == sum(won) > 0
