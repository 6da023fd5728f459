"""However many guess at once, and at however many replicas: no failure is lost, and no guess gets past the lock."""

import asyncio
import shutil

import pytest
from attrs import evolve

from entrada.core.credentials.attempts import Counter
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.migrate import migrate
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.prove_password import prove_password
from entrada.testing import platform
from tests.store.statements import counting

BEN, NOBODY, PASSWORD = "ben@colors.example", "bob@colors.example", "Entrada-dev-2026"
COLORS, BEN_ID = TenantId("c0105000-0000-4000-8000-000000000001"), UserId("c0105000-0000-4000-8000-0000000000b1")
THRESHOLD = 10


@pytest.fixture(scope="module")
def filled(tmp_path_factory, signing_keys):
    """A database with the development directory in it."""
    file = tmp_path_factory.mktemp("lockout") / "entrada.db"
    migrate(f"sqlite:///{file}")

    async def fill() -> None:
        store = open_store(f"sqlite:///{file}")
        await platform(store, keys=signing_keys)
        await store.close()

    asyncio.run(fill())
    return file


@pytest.fixture
def file(filled, tmp_path):
    return shutil.copy(filled, tmp_path / "entrada.db")


async def replicas(file, signing_keys) -> list[Installation]:
    """Two servers on one database."""
    first = (await platform(open_store(f"sqlite:///{file}"), keys=signing_keys)).here
    return [first, evolve(first, store=open_store(f"sqlite:///{file}"))]


async def guess(here: Installation, password: str, username: str = BEN) -> User | Refusal:
    return await prove_password(here, username, password, address="198.51.100.20")


def said(answers, reason) -> int:
    return answers.count(Refusal(reason))


@pytest.mark.parametrize("username", [BEN, NOBODY])
def test_thirty_two_guesses_at_once_are_counted_to_the_threshold_and_no_further(file, signing_keys, username):
    async def race():
        both = await replicas(file, signing_keys)
        answers = await asyncio.gather(*(guess(both[n % 2], f"wrong {n}", username) for n in range(32)))
        late = [await guess(here, PASSWORD, username) for here in both]
        found = await both[0].store.find_attempts(COLORS, BEN_ID, Counter.UNFAMILIAR)
        for here in both:
            await here.store.close()
        return answers, late, found

    answers, late, found = asyncio.run(race())
    assert said(answers, why.WRONG_PASSWORD) == THRESHOLD
    assert said(answers, why.ACCOUNT_LOCKED) == 32 - THRESHOLD
    assert late == [Refusal(why.ACCOUNT_LOCKED)] * 2
    assert username == NOBODY or (found.locks, found.failures) == (1, 0)


def test_the_right_guess_among_many_at_once_is_refused_once_the_door_is_locked(signing_keys):
    """While it is verified, ten others fail."""

    async def race():
        here = (await platform(keys=signing_keys)).here
        slow = evolve(here, hasher=_Meanwhile(here, lambda: [guess(here, f"wrong {n}") for n in range(THRESHOLD)]))
        return await guess(slow, PASSWORD), await guess(here, PASSWORD)

    assert asyncio.run(race()) == (Refusal(why.ACCOUNT_LOCKED), Refusal(why.ACCOUNT_LOCKED))


class _Meanwhile:
    def __init__(self, here, deeds) -> None:
        self._hasher, self._deeds = here.hasher, deeds

    async def verify(self, hashed, password) -> bool:
        await asyncio.gather(*self._deeds())
        return await self._hasher.verify(hashed, password)

    def is_outdated(self, hashed) -> bool:
        return self._hasher.is_outdated(hashed)


def test_a_known_and_an_unknown_name_send_the_same_statements(file, signing_keys):
    async def sent(username: str) -> list[list[str]]:
        here, other = await replicas(file, signing_keys)
        rounds = []
        for n in range(THRESHOLD + 2):
            with counting() as statements:
                await guess(here, f"wrong {n}", username)
            rounds.append([" ".join(one.split()[:12]) for one in statements.sent])
        await here.store.close()
        await other.store.close()
        return rounds

    known, unknown = asyncio.run(sent(BEN)), asyncio.run(sent(NOBODY))
    assert known[1:] == unknown[1:]  # but for what the cache of the directory learns from the first
    assert any("INSERT INTO attempts" in one for one in known[0])


def test_nothing_that_was_typed_is_kept(file, signing_keys):
    async def type_it() -> None:
        here, other = await replicas(file, signing_keys)
        for username in (BEN, NOBODY):
            await guess(here, "My-Almost-Right-Pass", username)
        await here.store.close()
        await other.store.close()

    asyncio.run(type_it())
    kept = b"".join(one.read_bytes() for one in file.parent.iterdir())
    assert b"Almost" not in kept
    assert NOBODY.encode() not in kept
