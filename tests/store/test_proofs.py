"""The counters of lockout, and one-time codes that are spent."""

import asyncio

import pytest
from attrs import evolve

from entrada.core.credentials.attempts import Counter
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import (
    ForgetAttempts,
    PutAttempts,
    PutEntity,
    RemoveEntity,
    StartFactorSteps,
    UseFactorStep,
)
from tests.store.known import ADA, ATTEMPTS, BEN, DAY, NOW, OTHER_TENANT, TENANT, remember

PUT = PutAttempts(ATTEMPTS)
FORGET = ForgetAttempts(ATTEMPTS.tenant_id, ATTEMPTS.user_id, ATTEMPTS.counter)
OTHERS = [
    {"tenant_id": OTHER_TENANT.id},
    {"user_id": BEN.id},
    {"counter": Counter.FAMILIAR},
    {"counter": Counter.SECOND_FACTOR},
]


async def found(store, attempts=ATTEMPTS):
    return await store.find_attempts(attempts.tenant_id, attempts.user_id, attempts.counter)


# ---- counters ----


@pytest.mark.parametrize("attempts", [ATTEMPTS, evolve(ATTEMPTS, recent=(), locks=0)], ids=["locked", "few"])
async def test_counters_are_found_as_they_were_put(store, attempts):
    assert await store.commit([PutAttempts(attempts)])
    assert await found(store) == attempts
    assert (await found(store)).version == 1


@pytest.mark.parametrize("other", OTHERS, ids=str)
async def test_each_account_and_place_counts_for_itself(store, other):
    others = evolve(ATTEMPTS, failures=7, **other)
    assert await store.commit([PUT])
    assert await found(store, others) is None
    assert await store.commit([PutAttempts(others)])
    assert await store.commit([FORGET])
    assert await found(store) is None
    assert await found(store, others) == others


async def test_counters_are_new_once(store):
    assert await store.commit([PUT])
    assert not await store.commit([PutAttempts(evolve(ATTEMPTS, failures=9))])
    assert await found(store) == ATTEMPTS


async def test_each_failure_raises_the_version(store):
    assert await store.commit([PUT])
    for version in (1, 2, 3):
        assert await store.commit([PutAttempts(evolve(ATTEMPTS, failures=version, version=version))])
    assert ((await found(store)).failures, (await found(store)).version) == (3, 4)


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_counters_that_changed_meanwhile_are_not_replaced(store, version):
    assert await store.commit([PUT])
    assert await store.commit([PutAttempts(evolve(ATTEMPTS, failures=4, version=1))])
    assert not await store.commit([PutAttempts(evolve(ATTEMPTS, failures=0, version=version))])
    assert (await found(store)).failures == 4


async def test_counters_that_were_forgotten_are_not_replaced(store):
    assert await store.commit([PUT])
    assert await store.commit([FORGET])
    assert not await store.commit([PutAttempts(evolve(ATTEMPTS, version=1))])
    assert await found(store) is None
    assert await store.commit([PUT])


async def test_a_success_forgets_whatever_was_counted(store):
    assert await store.commit([PUT])
    assert await store.commit([PutAttempts(evolve(ATTEMPTS, failures=9, version=1))])
    assert await store.commit([FORGET])
    assert await found(store) is None
    assert await store.commit([FORGET])


async def test_a_failing_unit_counts_nothing(store):
    assert not await store.commit([PUT, UseFactorStep(TENANT.id, ADA.id, 7), PutAttempts(ATTEMPTS)])
    assert await found(store) is None
    assert await store.commit([UseFactorStep(TENANT.id, ADA.id, 7)])


async def test_no_failure_is_lost(lasting_store, replica):
    """However many fail at once, each success of the store is one failure more."""

    async def fail(store, times):
        counted = 0
        for _ in range(times):
            seen = await found(store) or evolve(ATTEMPTS, failures=0)
            counted += await store.commit([PutAttempts(evolve(seen, failures=seen.failures + 1))])
        return counted

    counted = await asyncio.gather(*(fail(store, 10) for store in (lasting_store, replica) for _ in range(4)))
    assert (await found(lasting_store)).failures == sum(counted) > 0


@pytest.mark.parametrize(
    "attempts",
    [
        evolve(ATTEMPTS, failed_at=NOW, locked_until=NumericDate(0)),
        evolve(ATTEMPTS, failed_at=NumericDate(NOW - 5 * DAY), locked_until=NOW),
    ],
    ids=["after the last failure", "after the end of the lock"],
)
async def test_counters_are_kept_for_a_day(store, attempts):
    assert await store.commit([PutAttempts(attempts)])
    assert await store.sweep(NumericDate(NOW + DAY), limit=10) == 0
    assert await found(store) == attempts
    assert await store.sweep(NumericDate(NOW + DAY + 1), limit=10) == 1
    assert await found(store) is None


async def test_a_further_failure_keeps_the_counters_longer(store):
    attempts = evolve(ATTEMPTS, locked_until=NumericDate(0))
    assert await store.commit([PutAttempts(attempts)])
    assert await store.commit([PutAttempts(evolve(attempts, version=1, failed_at=NumericDate(NOW + 9)))])
    assert await store.sweep(NumericDate(NOW + DAY + 9), limit=10) == 0


# ---- one-time codes ----


async def test_a_step_is_spent_once(store):
    use = UseFactorStep(TENANT.id, ADA.id, 58_000_000)
    assert await store.commit([use])
    assert not await store.commit([use])


@pytest.mark.parametrize(("step", "held"), [(99, False), (100, False), (101, True), (2**40, True)])
async def test_only_a_later_step_is_good(store, step, held):
    assert await store.commit([UseFactorStep(TENANT.id, ADA.id, 100)])
    assert await store.commit([UseFactorStep(TENANT.id, ADA.id, step)]) is held
    assert not await store.commit([UseFactorStep(TENANT.id, ADA.id, max(step, 100))])
    assert await store.commit([UseFactorStep(TENANT.id, ADA.id, max(step, 100) + 1)])


@pytest.mark.parametrize("other", [(TENANT.id, BEN.id), (OTHER_TENANT.id, ADA.id)], ids=["user", "tenant"])
async def test_each_account_spends_its_own_codes(store, other):
    assert await store.commit([UseFactorStep(TENANT.id, ADA.id, 100)])
    assert await store.commit([UseFactorStep(*other, 100)])


async def test_the_first_step_may_be_any(store):
    assert await store.commit([UseFactorStep(TENANT.id, ADA.id, 0)])
    assert not await store.commit([UseFactorStep(TENANT.id, ADA.id, 0)])


@pytest.mark.parametrize("step", [99, 100, 101])
async def test_another_authenticator_starts_with_its_own_code(store, step):
    start = StartFactorSteps(TENANT.id, ADA.id, step)
    assert await store.commit([start])
    assert await store.commit([UseFactorStep(TENANT.id, ADA.id, 200), UseFactorStep(TENANT.id, BEN.id, 200)])
    assert await store.commit([start])
    assert not await store.commit([UseFactorStep(TENANT.id, ADA.id, step)])
    assert await store.commit([UseFactorStep(TENANT.id, ADA.id, step + 1)])
    assert not await store.commit([UseFactorStep(TENANT.id, BEN.id, 200)])


async def test_spent_codes_go_with_their_user(store):
    use, others = UseFactorStep(TENANT.id, ADA.id, 100), UseFactorStep(TENANT.id, BEN.id, 100)
    await remember(store, ADA, BEN)
    assert await store.commit([use, others])
    assert not await store.commit([RemoveEntity(evolve(ADA, version=9))])
    assert not await store.commit([use])
    assert await store.commit([RemoveEntity(evolve(ADA, version=1))])
    assert await store.commit([PutEntity(ADA), use])
    assert not await store.commit([others])
