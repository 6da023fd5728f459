"""A device's request: made once, decided once, found by its id and by what the person types.  RFC 8628."""

import pytest
from attrs import evolve

from entrada.core.directory.ids import ANY_TENANT, FamilyId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import DecideDeviceFlow, OpenFamily, StartDeviceFlow
from tests.store.known import APPROVAL, DEVICE_FLOW, FAMILY, NOW, OTHER_TENANT, START_DEVICE_FLOW, flow_of, guid

KEY, CODE = DEVICE_FLOW.key, DEVICE_FLOW.user_code
LATER = NumericDate(NOW + 60)
APPROVE, DECLINE = DecideDeviceFlow(KEY, APPROVAL, LATER), DecideDeviceFlow(KEY, None, LATER)


@pytest.mark.parametrize(
    "flow",
    [
        DEVICE_FLOW,
        evolve(DEVICE_FLOW, decided_at=LATER, approval=APPROVAL),
        evolve(DEVICE_FLOW, decided_at=LATER),
        evolve(DEVICE_FLOW, key=evolve(KEY, tenant_id=ANY_TENANT)),
    ],
    ids=["undecided", "approved", "declined", "in no certain tenant"],
)
async def test_a_flow_is_found_as_it_was_started(store, flow):
    assert await store.commit([StartDeviceFlow(flow)])
    assert await store.find_device_flow(flow.key) == flow
    assert await store.find_device_flow_by_user_code(flow.user_code) == flow


@pytest.mark.parametrize(
    "key",
    [evolve(KEY, id=FamilyId(guid(1))), evolve(KEY, tenant_id=OTHER_TENANT.id), evolve(KEY, id=FamilyId("\0"))],
    ids=["of another id", "of another tenant", "of NUL"],
)
async def test_a_flow_is_unknown(store, key):
    assert await store.commit([START_DEVICE_FLOW])
    assert await store.find_device_flow(key) is None


@pytest.mark.parametrize("code", ["", CODE.lower(), CODE[:-1], "%", "\ud800", "\0"], ids=ascii)
async def test_a_user_code_is_unknown(store, code):
    assert await store.commit([START_DEVICE_FLOW])
    assert await store.find_device_flow_by_user_code(code) is None


@pytest.mark.parametrize(
    "second",
    [
        evolve(DEVICE_FLOW, user_code="OTHER"),
        evolve(DEVICE_FLOW, key=flow_of(1).key),
        evolve(DEVICE_FLOW, key=evolve(KEY, tenant_id=OTHER_TENANT.id)),
    ],
    ids=["its id", "its user code", "its user code, in another tenant"],
)
async def test_a_flow_whose_name_is_taken_is_not_started(store, second):
    assert await store.commit([START_DEVICE_FLOW])
    assert not await store.commit([StartDeviceFlow(second)])
    assert await store.find_device_flow(KEY) == DEVICE_FLOW
    assert await store.find_device_flow_by_user_code(CODE) == DEVICE_FLOW
    assert await store.find_device_flow_by_user_code("OTHER") is None


@pytest.mark.parametrize("decision", [APPROVE, DECLINE], ids=["approved", "declined"])
async def test_a_flow_is_decided_once(store, decision):
    assert await store.commit([START_DEVICE_FLOW])
    assert await store.commit([decision])
    for late in (APPROVE, DECLINE):
        assert not await store.commit([evolve(late, at=NumericDate(LATER + 1))])
    decided = evolve(DEVICE_FLOW, decided_at=LATER, approval=decision.approval)
    assert await store.find_device_flow(KEY) == decided
    assert await store.find_device_flow_by_user_code(CODE) == decided


async def test_an_unknown_flow_is_not_decided(store):
    assert not await store.commit([APPROVE])
    assert await store.commit([START_DEVICE_FLOW])
    assert not await store.commit([evolve(APPROVE, key=evolve(KEY, tenant_id=OTHER_TENANT.id))])
    assert await store.find_device_flow(KEY) == DEVICE_FLOW


@pytest.mark.parametrize(("after_its_end", "held"), [(-1, True), (0, False), (1, False)])
async def test_a_flow_that_has_ended_is_not_decided(store, after_its_end, held):
    assert await store.commit([START_DEVICE_FLOW])
    assert await store.commit([evolve(APPROVE, at=NumericDate(DEVICE_FLOW.ends_at + after_its_end))]) is held


async def test_a_failing_effect_takes_the_flow_with_it(store):
    assert not await store.commit([START_DEVICE_FLOW, APPROVE, OpenFamily(FAMILY)])
    assert await store.find_device_flow(KEY) is None
    assert await store.commit([START_DEVICE_FLOW])
    assert not await store.commit([APPROVE, OpenFamily(FAMILY)])
    assert await store.find_device_flow(KEY) == DEVICE_FLOW


async def test_a_flow_goes_when_it_is_over_and_frees_its_code(store):
    longer = evolve(flow_of(1), ends_at=NumericDate(NOW + 9999))
    assert await store.commit([START_DEVICE_FLOW, StartDeviceFlow(longer)])
    assert await store.sweep(DEVICE_FLOW.ends_at, limit=10) == 0
    assert await store.sweep(NumericDate(DEVICE_FLOW.ends_at + 1), limit=10) == 1
    assert await store.find_device_flow(KEY) is None
    assert await store.find_device_flow_by_user_code(CODE) is None
    assert await store.find_device_flow_by_user_code(longer.user_code) == longer
    assert await store.commit([StartDeviceFlow(evolve(DEVICE_FLOW, key=flow_of(2).key))])
