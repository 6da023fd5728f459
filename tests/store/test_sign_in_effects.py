"""Who signs in without a browser, what makes a session stronger, and what ends with one."""

import asyncio

import pytest
from attrs import evolve

from entrada.core.directory.ids import SessionId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import (
    EndSession,
    LogSignIn,
    OpenFamily,
    OpenSession,
    RevokeFamily,
    RevokeSessionFamilies,
    RotateFamily,
    StrengthenSession,
    SucceedFamily,
)
from entrada.server.store.sql.effects import unit
from entrada.server.store.sql.engine import write_engine
from tests.store.known import (
    BEN,
    DAY,
    FAMILY,
    FAMILY_WITHOUT_BROWSER,
    NOW,
    OPEN_FAMILY,
    OPEN_SESSION,
    OTHER_TENANT,
    SESSION,
    SIGN_IN,
    SIGN_IN_WITHOUT_BROWSER,
    SUCCESSOR,
    TENANT,
    family_of,
    guid,
    sign_in,
    start_family,
)

LATER = NumericDate(NOW + 60)
REVOKE = RevokeSessionFamilies(TENANT.id, SESSION.id, LATER)
SIGN_OUT = (EndSession(TENANT.id, SESSION.id, LATER), REVOKE)
WEAK = evolve(SESSION, methods=("pwd",))
OPEN_WEAK = OpenSession(WEAK, SIGN_IN)
AGAIN = evolve(SIGN_IN, id=guid(0x52), at=LATER, address="192.0.2.7")
STRENGTHEN = StrengthenSession(TENANT.id, SESSION.id, ("pwd", "otp", "mfa"), AGAIN)
STRONG = evolve(WEAK, methods=STRENGTHEN.methods)

# ---- without a browser ----


async def test_a_family_without_a_session_asks_for_none(store):
    assert await store.commit([OpenFamily(FAMILY_WITHOUT_BROWSER)])
    assert await store.find_family(FAMILY.key) == FAMILY_WITHOUT_BROWSER
    assert not await store.commit([OpenFamily(FAMILY_WITHOUT_BROWSER)])


async def test_a_family_without_a_session_rotates_and_has_successors(store):
    successor = evolve(SUCCESSOR, session_id=None)
    assert await store.commit([OpenFamily(FAMILY_WITHOUT_BROWSER)])
    assert await store.commit([RotateFamily(FAMILY.key, 0, LATER), SucceedFamily(FAMILY.key, successor)])
    assert await store.find_family(successor.key) == successor


async def test_families_without_a_session_hang_on_no_session(store):
    nameless = SessionId("")
    assert await store.commit([OpenFamily(FAMILY_WITHOUT_BROWSER)])
    assert await store.list_session_clients(TENANT.id, nameless) == frozenset()
    assert await store.commit([RevokeSessionFamilies(TENANT.id, nameless, LATER)])
    assert await store.find_family(FAMILY.key) == FAMILY_WITHOUT_BROWSER


async def test_a_sign_in_without_a_session_is_logged(store):
    assert await store.commit([LogSignIn(SIGN_IN_WITHOUT_BROWSER)])
    assert await store.list_sign_ins(TENANT.id, top=10) == (SIGN_IN_WITHOUT_BROWSER,)


async def test_logging_twice_keeps_the_first(store):
    assert await store.commit([LogSignIn(SIGN_IN_WITHOUT_BROWSER)])
    assert await store.commit([LogSignIn(evolve(SIGN_IN_WITHOUT_BROWSER, user_id=BEN.id))])
    assert await store.list_sign_ins(TENANT.id, top=10) == (SIGN_IN_WITHOUT_BROWSER,)


# ---- a session that becomes stronger ----


async def test_a_session_becomes_stronger_and_stays_itself(store):
    assert await store.commit([OPEN_WEAK, OPEN_FAMILY])
    assert await store.commit([STRENGTHEN])
    assert await store.find_session(TENANT.id, SESSION.id) == STRONG
    assert await store.list_sessions(TENANT.id, SESSION.user_id) == (STRONG,)
    assert await store.list_sign_ins(TENANT.id, top=10) == (AGAIN, SIGN_IN)
    assert await store.list_session_clients(TENANT.id, SESSION.id) == {FAMILY.client_id}
    assert await store.commit([RotateFamily(FAMILY.key, 0, LATER), OpenFamily(family_of(0))])


async def test_a_session_may_become_as_strong_as_it_is(store):
    assert await store.commit([OPEN_WEAK, STRENGTHEN])
    assert await store.commit([STRENGTHEN])
    assert await store.find_session(TENANT.id, SESSION.id) == STRONG
    assert await store.list_sign_ins(TENANT.id, top=10) == (AGAIN, SIGN_IN)


async def test_only_that_session_becomes_stronger(store):
    others = (evolve(WEAK, id=SessionId(guid(0x5D))), evolve(WEAK, tenant_id=OTHER_TENANT.id))
    assert await store.commit([OPEN_WEAK, *(OpenSession(one, evolve(SIGN_IN, id=one.id)) for one in others)])
    assert await store.commit([STRENGTHEN])
    assert [await store.find_session(one.tenant_id, one.id) for one in others] == list(others)


# fmt: off
NOT_LIVE = [  # what was committed before, what is found of the session
    pytest.param([],                                                               None,                            id="unknown"),
    pytest.param([OpenSession(evolve(WEAK, tenant_id=OTHER_TENANT.id), SIGN_IN)],  None,                            id="another tenant's"),
    pytest.param([OPEN_WEAK, EndSession(TENANT.id, SESSION.id, NOW)],              evolve(WEAK, revoked_at=NOW),    id="revoked"),
    pytest.param([OpenSession(evolve(WEAK, ends_at=LATER), SIGN_IN)],              evolve(WEAK, ends_at=LATER),     id="has ended this second"),
]
# fmt: on


@pytest.mark.parametrize(("before", "found"), NOT_LIVE)
async def test_what_is_over_becomes_no_stronger_and_leaves_no_row(store, before, found):
    assert await store.commit(before)
    logged = await store.list_sign_ins(TENANT.id, top=10)
    assert not await store.commit([STRENGTHEN])
    assert not await store.commit([RevokeFamily(FAMILY.key, NOW), STRENGTHEN])
    assert await store.find_session(TENANT.id, SESSION.id) == found
    assert await store.list_sign_ins(TENANT.id, top=10) == logged


async def test_a_session_becomes_stronger_in_its_last_second(store):
    assert await store.commit([OpenSession(evolve(WEAK, ends_at=NumericDate(LATER + 1)), SIGN_IN)])
    assert await store.commit([STRENGTHEN])


async def test_a_unit_that_fails_leaves_the_session_weak(store):
    assert await store.commit([OPEN_WEAK])
    assert not await store.commit([STRENGTHEN, OPEN_WEAK])
    assert await store.find_session(TENANT.id, SESSION.id) == WEAK
    assert await store.list_sign_ins(TENANT.id, top=10) == (SIGN_IN,)


@pytest.mark.parametrize("place_in_line", [0, 2, 4, 8])
async def test_no_session_becomes_stronger_after_its_end(lasting_store, replica, place_in_line):
    """Eight replicas and tabs are at it while the person signs out: the log says which came through, and no other."""
    assert await lasting_store.commit([OPEN_WEAK])
    stores, rows = (lasting_store, replica), [evolve(AGAIN, id=guid(0x60 + number)) for number in range(8)]
    asked = [stores[number % 2].commit([evolve(STRENGTHEN, sign_in=row)]) for number, row in enumerate(rows)]
    asked.insert(place_in_line, replica.commit(SIGN_OUT))
    outcomes = await asyncio.gather(*asked)
    assert outcomes.pop(place_in_line)
    found = await lasting_store.find_session(TENANT.id, SESSION.id)
    assert found == evolve(STRONG if any(outcomes) else WEAK, revoked_at=LATER)
    logged = {row.id for row, held in zip(rows, outcomes, strict=True) if held}
    assert {row.id for row in await lasting_store.list_sign_ins(TENANT.id, top=10)} == {SIGN_IN.id, *logged}
    assert not await lasting_store.commit([STRENGTHEN])


# ---- the families of a session ----


async def test_every_family_of_a_session_ends(store):
    await start_family(store)
    assert await store.commit([OpenFamily(family_of(0)), SucceedFamily(FAMILY.key, SUCCESSOR), REVOKE])
    for key in (FAMILY.key, family_of(0).key, SUCCESSOR.key):
        assert (await store.find_family(key)).revoked_at == LATER
        assert not await store.commit([RotateFamily(key, 0, LATER)])


async def test_what_had_ended_before_keeps_its_moment(store):
    await start_family(store)
    assert await store.commit([RevokeFamily(FAMILY.key, NOW)])
    assert await store.commit([REVOKE])
    assert (await store.find_family(FAMILY.key)).revoked_at == NOW


async def test_families_of_other_sessions_and_tenants_go_on(store):
    other = evolve(SESSION, id=SessionId(guid(0x5D)))
    elsewhere = evolve(SESSION, tenant_id=OTHER_TENANT.id)
    others = evolve(family_of(1), session_id=other.id)
    abroad = evolve(FAMILY, key=evolve(FAMILY.key, tenant_id=OTHER_TENANT.id))
    await start_family(store)
    for session, family in ((other, others), (elsewhere, abroad)):
        logged = evolve(SIGN_IN, id=session.id, tenant_id=session.tenant_id)
        assert await store.commit([OpenSession(session, logged), OpenFamily(family)])
    assert await store.commit([REVOKE])
    assert await store.find_family(others.key) == others
    assert await store.find_family(abroad.key) == abroad


async def test_a_session_without_families_may_be_revoked(store):
    assert await store.commit([REVOKE])


@pytest.mark.parametrize("place_in_line", [0, 2, 4, 8])
async def test_no_family_outlives_a_sign_out(lasting_store, replica, place_in_line):
    """Eight codes are redeemed while the person signs out: whichever family was opened has ended."""
    assert await lasting_store.commit([OPEN_SESSION])
    stores, families = (lasting_store, replica), [family_of(number) for number in range(8)]
    asked = [stores[number % 2].commit([OpenFamily(family)]) for number, family in enumerate(families)]
    asked.insert(place_in_line, replica.commit(SIGN_OUT))
    outcomes = await asyncio.gather(*asked)
    found = [await lasting_store.find_family(family.key) for family in families]
    assert all(family is None or family.revoked_at == LATER for family in found)
    assert sum(outcomes) - 1 == sum(family is not None for family in found)


# ---- the same, step by step, where transactions run beside each other ----


@pytest.fixture
def transactions(empty_postgres_url):
    """Two connections, as of two replicas."""
    engine = write_engine(empty_postgres_url)
    with engine.connect() as first, engine.connect() as second:
        yield first, second
    engine.dispose()


def commit(connection, *effects):
    with connection.begin():
        return unit.apply(connection, effects)


async def meanwhile(first, effects, second, others):
    """*effects* are applied but not committed when *others* come: what each heard, and whether the others waited."""
    transaction = first.begin()
    held = unit.apply(first, effects)
    waiting = asyncio.create_task(asyncio.to_thread(commit, second, *others))
    done, _ = await asyncio.wait({waiting}, timeout=0.3)
    transaction.commit()
    return held, await waiting, not done


@pytest.mark.postgres
async def test_a_sign_out_waits_for_a_family_that_is_being_opened(transactions):
    first, second = transactions
    assert commit(first, OPEN_SESSION)
    assert await meanwhile(first, [OPEN_FAMILY], second, SIGN_OUT) == (True, True, True)
    assert not commit(first, RotateFamily(FAMILY.key, 0, LATER))


@pytest.mark.postgres
async def test_a_family_waits_for_a_sign_out(transactions):
    first, second = transactions
    assert commit(first, OPEN_SESSION)
    assert await meanwhile(first, SIGN_OUT, second, [OPEN_FAMILY]) == (True, False, True)


@pytest.mark.postgres
async def test_a_sign_out_waits_for_a_session_that_becomes_stronger(transactions):
    first, second = transactions
    assert commit(first, OPEN_WEAK)
    assert await meanwhile(first, [STRENGTHEN], second, SIGN_OUT) == (True, True, True)
    assert not commit(first, STRENGTHEN)


@pytest.mark.postgres
async def test_a_session_that_becomes_stronger_waits_for_a_sign_out(transactions):
    first, second = transactions
    assert commit(first, OPEN_WEAK)
    assert await meanwhile(first, SIGN_OUT, second, [STRENGTHEN]) == (True, False, True)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "ending",
    [[REVOKE], [RevokeFamily(FAMILY.key, LATER), RevokeFamily(SUCCESSOR.key, LATER)]],
    ids=["with the session", "one by one"],
)
async def test_a_successor_does_not_escape(transactions, ending):
    """It comes while its predecessor ends: whoever ends it waits, looks again, and finds both."""
    first, second = transactions
    assert commit(first, OPEN_SESSION, OPEN_FAMILY)
    outcome = await meanwhile(first, [SucceedFamily(FAMILY.key, SUCCESSOR)], second, ending)
    assert outcome == (True, True, True)
    assert not commit(first, RotateFamily(FAMILY.key, 0, LATER))
    assert not commit(first, RotateFamily(SUCCESSOR.key, 0, LATER))


@pytest.mark.postgres
async def test_families_of_one_session_do_not_wait_for_each_other(transactions):
    first, second = transactions
    assert commit(first, OPEN_SESSION)
    assert await meanwhile(first, [OPEN_FAMILY], second, [OpenFamily(family_of(0))]) == (True, True, False)


# ---- what is known of an account ----


async def test_sessions_are_listed_newest_first(store):
    sessions = [
        evolve(SESSION, id=SessionId(guid(number)), authenticated_at=NumericDate(NOW + moment))
        for number, moment in enumerate((5, 9, 9, 1))
    ]
    others = (evolve(SESSION, id=guid(8), user_id=BEN.id), evolve(SESSION, id=guid(9), tenant_id=OTHER_TENANT.id))
    for session in (*sessions, *others):
        assert await store.commit([OpenSession(session, evolve(SIGN_IN, id=session.id))])
    assert await store.list_sessions(TENANT.id, SESSION.user_id) == tuple(sessions[n] for n in (2, 1, 0, 3))
    assert await store.commit([EndSession(TENANT.id, sessions[1].id, LATER)])
    assert await store.list_sessions(TENANT.id, SESSION.user_id) == tuple(sessions[n] for n in (2, 0, 3))
    ended_too = await store.list_sessions(TENANT.id, SESSION.user_id, LATER)
    assert [one.id for one in ended_too] == [sessions[n].id for n in (2, 1, 0, 3)]
    after = NumericDate(LATER + 1)
    assert await store.list_sessions(TENANT.id, SESSION.user_id, after) == tuple(sessions[n] for n in (2, 0, 3))
    await store.sweep(NumericDate(SESSION.ends_at + DAY), limit=100)
    assert await store.list_sessions(TENANT.id, SESSION.user_id) == ()


# fmt: off
PLACES = [
    pytest.param({},                             True,  id="the place of the last sign-in"),
    pytest.param({"address": "127.0.0.2"},       False, id="another address"),
    pytest.param({"address": ""},                False, id="no address"),
    pytest.param({"address": "127.0.0._"},       False, id="a pattern"),
    pytest.param({"address": "\0"},              False, id="NUL"),
    pytest.param({"user_id": BEN.id},            False, id="another account"),
    pytest.param({"tenant_id": OTHER_TENANT.id}, False, id="another tenant"),
]
# fmt: on


@pytest.mark.parametrize(("asked", "known"), PLACES)
async def test_places_that_an_account_knows(store, asked, known):
    await sign_in(store)
    place = {"tenant_id": TENANT.id, "user_id": SIGN_IN.user_id, "address": SIGN_IN.address, **asked}
    assert await store.has_signed_in_from(**place) is known
