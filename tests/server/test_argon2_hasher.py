"""People's passwords at rest: Argon2id, with parameters that can be read from the hash.  RFC 9106."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from argon2 import PasswordHasher as Argon2
from argon2 import Type, extract_parameters

from entrada.server.argon2_hasher import Argon2Hasher
from entrada.server.usecases.installation import TooBusy

pytestmark = pytest.mark.anyio


@pytest.fixture
def hasher() -> Argon2Hasher:
    return Argon2Hasher(dummy="anything")


async def test_a_password_opens_its_hash_and_no_other(hasher: Argon2Hasher):
    hashed = await hasher.hash("a long one")
    assert await hasher.verify(hashed, "a long one")
    assert not await hasher.verify(hashed, "a long onf")


async def test_it_is_argon2id_as_strong_as_owasp_asks(hasher: Argon2Hasher):
    found = extract_parameters(await hasher.hash("a long one"))
    assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (Type.ID, 19 * 1024, 2, 1)


async def test_equal_passwords_have_different_hashes(hasher: Argon2Hasher):
    assert await hasher.hash("a long one") != await hasher.hash("a long one")


async def test_nobody_has_no_password_not_even_the_dummys(hasher: Argon2Hasher):
    assert not await hasher.verify(None, "anything")


async def test_a_weaker_hash_is_outdated_and_still_opens(hasher: Argon2Hasher):
    weak = Argon2(time_cost=1, memory_cost=8, parallelism=1).hash("a long one")
    assert hasher.is_outdated(weak)
    assert await hasher.verify(weak, "a long one")
    assert not hasher.is_outdated(await hasher.hash("a long one"))


async def test_whatever_hangs_in_other_threads_passwords_are_checked(hasher: Argon2Hasher):
    hashed, hang, loop = await hasher.hash("a long one"), Event(), asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(1))
    hanging = loop.run_in_executor(None, hang.wait)
    try:
        assert await asyncio.wait_for(hasher.verify(hashed, "a long one"), 10)
    finally:
        hang.set()
        await hanging


async def test_a_queue_has_an_end_and_whoever_left_is_worked_for_no_more():
    hasher = Argon2Hasher(dummy="x")
    hashed = await hasher.hash("four unrelated curtains")
    crowd = [asyncio.ensure_future(hasher.verify(hashed, "wrong")) for _ in range(100)]
    await asyncio.sleep(0)
    with pytest.raises(TooBusy):
        await hasher.verify(hashed, "four unrelated curtains")
    for one in crowd:
        one.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    assert await hasher.verify(hashed, "four unrelated curtains")
