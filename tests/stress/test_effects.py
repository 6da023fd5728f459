"""What many want of one database at once, by two replicas: one winner each, nothing lost, nobody who was signed out stays.

The stores themselves, without servers before them: as fast as the database answers.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from attrs import evolve

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.ids import ClientId, FamilyId, SessionId, TenantId, UserId
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.device_flow import Approval, DeviceFlow, DeviceFlowKey
from entrada.core.protocol.effects import (
    DecideDeviceFlow,
    Effect,
    EndSession,
    OpenFamily,
    OpenSession,
    PutAttempts,
    RevokeSessionFamilies,
    StartDeviceFlow,
    SucceedFamily,
    UseFactorStep,
)
from entrada.core.protocol.token_family import FamilyKey, TokenFamily
from entrada.server.store.port import Store
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.migrate import migrate

WIDTH = 8
ROUNDS = [50, pytest.param(1_000, marks=pytest.mark.stress)]
DAY = 86_400
NOW = NumericDate(30_000 * DAY)
TENANT, APP = TenantId("57e55000-0000-4000-8000-000000000001"), ClientId("57e55000-0000-4000-8000-0000000000a2")

Replicas = tuple[Store, Store]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_url")
        return url
    url = f"sqlite:///{tmp_path / 'entrada.db'}"
    migrate(url)
    return url


@pytest.fixture
async def replicas(database: str) -> AsyncIterator[Replicas]:
    """Two stores with a writer each: to the database they are two processes."""
    stores = (open_store(database), open_store(database))
    yield stores
    for store in stores:
        await store.close()


def numbers_of(rounds: int) -> range:
    """As many, and others for another count of rounds: they share a database."""
    return range(10 * rounds, 11 * rounds)


async def race(replicas: Replicas, wanted: Sequence[Effect], first: int) -> list[bool]:
    """All of *wanted* at once; which replica is asked first changes with *first*."""
    return await asyncio.gather(*(replicas[(first + n) % 2].commit([effect]) for n, effect in enumerate(wanted)))


def guid(number: int) -> str:
    return f"57e55000-0000-4000-8000-{number:012x}"


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_a_device_is_let_in_or_turned_away_once(replicas: Replicas, rounds: int) -> None:
    for number in numbers_of(rounds):
        key = DeviceFlowKey(tenant_id=TENANT, id=FamilyId(guid(number)))
        flow = DeviceFlow(
            key=key, user_code=f"C{number}", client_id=APP, scope="openid", asked_at=NOW, ends_at=NumericDate(NOW + 900)
        )
        started = await race(replicas, [StartDeviceFlow(flow)] * WIDTH, number)
        decided = await race(replicas, [DecideDeviceFlow(key, approval_by(n), NOW) for n in range(WIDTH)], number)
        assert (sum(started), sum(decided)) == (1, 1)
        kept = await replicas[0].find_device_flow(key)
        assert kept is not None
        assert kept.approval == approval_by(decided.index(True))


def approval_by(person: int) -> Approval | None:
    """Some decline."""
    if person % 3 == 0:
        return None
    return Approval(
        tenant_id=TENANT,
        user_id=UserId(guid(person)),
        issued_in=TENANT,
        session_id=SessionId(guid(person)),
        authenticated_at=NOW,
        methods=("pwd",),
    )


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_every_failure_that_was_counted_counts(replicas: Replicas, rounds: int) -> None:
    user = UserId(guid(rounds))
    fresh = Attempts(tenant_id=TENANT, user_id=user, counter=Counter.UNFAMILIAR, failed_at=NOW)

    async def guess(store: Store) -> int:
        """Look, count one more, until it is written; how often somebody else was quicker."""
        for lost in range(100 * WIDTH):
            seen = await store.find_attempts(TENANT, user, Counter.UNFAMILIAR) or fresh
            if await store.commit([PutAttempts(evolve(seen, failures=seen.failures + 1))]):
                return lost
        raise AssertionError("never written")

    lost = 0
    for number in range(rounds):
        lost += sum(await asyncio.gather(*(guess(replicas[(number + n) % 2]) for n in range(WIDTH))))
    counted = await replicas[0].find_attempts(TENANT, user, Counter.UNFAMILIAR)
    assert counted is not None
    assert counted.failures == counted.version == rounds * WIDTH
    assert lost > 0, "they did not race"


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_a_one_time_code_is_spent_once(replicas: Replicas, rounds: int) -> None:
    user = UserId(guid(rounds))
    for step in range(rounds):
        won = await race(replicas, [UseFactorStep(TENANT, user, step)] * WIDTH, step)
        assert sum(won) == 1


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_whoever_is_signed_out_keeps_no_family(replicas: Replicas, rounds: int) -> None:
    """Codes are redeemed and tokens refreshed, by both replicas, while the session and its families are ended."""
    escaped, opened = 0, set[int]()
    for number in numbers_of(rounds):
        session = session_of(number)
        old = family_of(number * 100, session)
        assert await replicas[0].commit([session_opened(session), OpenFamily(old)])
        asked: list[Effect] = [OpenFamily(family_of(number * 100 + n, session)) for n in range(1, WIDTH)]
        asked.append(SucceedFamily(old.key, family_of(number * 100 + 50, session)))
        commits = [replicas[(number + n) % 2].commit([effect]) for n, effect in enumerate(asked)]
        ended: list[Effect] = [EndSession(TENANT, session.id, NOW), RevokeSessionFamilies(TENANT, session.id, NOW)]
        commits.insert(number % (WIDTH + 1), replicas[number // 2 % 2].commit(ended))
        assert sum(await asyncio.gather(*commits)) >= 2  # the sign-out, and the successor's, never fail
        numbers = (0, *range(1, WIDTH), 50)
        found = [await replicas[0].find_family(family_of(number * 100 + n, session).key) for n in numbers]
        escaped += sum(family is not None and family.revoked_at is None for family in found)
        opened.add(sum(family is not None for family in found))
    assert escaped == 0
    assert len(opened) > 1, "always the same came through: they did not race"


def session_of(number: int) -> BrowserSession:
    return BrowserSession(
        tenant_id=TENANT,
        id=SessionId(guid(0x5E00000 + number)),
        user_id=UserId(guid(0xA1)),
        authenticated_at=NOW,
        methods=("pwd",),
        persistent=False,
        ends_at=NumericDate(NOW + DAY),
    )


def session_opened(session: BrowserSession) -> OpenSession:
    entry = SignIn(
        tenant_id=TENANT,
        id=session.id,
        at=NOW,
        user_id=session.user_id,
        client_id=APP,
        session_id=session.id,
        address="127.0.0.1",
        user_agent="",
        correlation_id=session.id,
    )
    return OpenSession(session, entry)


def family_of(number: int, session: BrowserSession) -> TokenFamily:
    key = FamilyKey(tenant_id=TENANT, id=FamilyId(guid(0xFA0000000 + number)), end_day=NOW // DAY + 90)
    return TokenFamily(key=key, client_id=APP, user_id=session.user_id, session_id=session.id, issued_at=NOW)
