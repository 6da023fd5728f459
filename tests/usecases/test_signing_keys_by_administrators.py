"""Who may list and rotate the signing keys, when, and what the audit log says of it."""

import pytest
from attrs import evolve

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.actor import AS_THE_USER, Actor, Via
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.query.query import Query
from entrada.core.directory.user import User
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.administer.keys import list_keys, rotate_signing_keys
from entrada.server.usecases.audited_rotation import KeyState
from entrada.testing import platform

pytestmark = pytest.mark.anyio

COLORS = TenantId("c0105000-0000-4000-8000-000000000001")
SOMEBODY = User(
    id=UserId("c0105000-0000-4000-8000-0000000000a1"),
    tenant_id=COLORS,
    user_principal_name="ada@colors.example",
    display_name="Ada",
)
OPERATOR = Actor(tenant_id=COLORS, via=Via.COMMAND_LINE, correlation_id="c", operator=True)
A_DAY = 86_400


def holding(*roles: str, permissions: frozenset[str] = AS_THE_USER) -> Actor:
    user = evolve(SOMEBODY, directory_roles=frozenset(roles))
    return Actor(tenant_id=COLORS, via=Via.PORTAL, correlation_id="c", user=user, permissions=permissions)


ADMINISTRATOR = holding(role.GLOBAL_ADMINISTRATOR)


@pytest.fixture
async def there(signing_keys: MemoryStore):
    return await platform(keys=signing_keys)


async def states(there) -> list[KeyState]:
    rows = await list_keys(there.here, OPERATOR)
    assert not isinstance(rows, Problem)
    return [one.state for one in rows]


async def audits(there):
    return (await there.here.store.list_page(DirectoryAudit, COLORS, Query())).items


async def test_a_new_installation_has_one_that_signs_and_the_next(there):
    assert await states(there) == [KeyState.SIGNING, KeyState.NEXT]


# fmt: off
READERS = [
    pytest.param(ADMINISTRATOR,                                                       True,  id="a Global Administrator"),
    pytest.param(holding(role.GLOBAL_READER),                                         True,  id="a Global Reader"),
    pytest.param(OPERATOR,                                                            True,  id="the operator"),
    pytest.param(holding(role.APPLICATION_ADMINISTRATOR),                             False, id="an administrator of applications"),
    pytest.param(holding(),                                                           False, id="a member"),
    pytest.param(holding(role.GLOBAL_ADMINISTRATOR, permissions=frozenset({"Directory.ReadWrite.All"})), False, id="through an application that may not do all"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "allowed"), READERS)
async def test_who_may_list_them(there, actor, allowed):
    found = await list_keys(there.here, actor)
    assert isinstance(found, Problem) is not allowed
    if isinstance(found, Problem):
        assert found.status == 403


async def test_no_rotation_before_the_next_key_is_known_everywhere(there):
    there.clock.advance(A_DAY - 1)
    refused = await rotate_signing_keys(there.here, ADMINISTRATOR)
    assert isinstance(refused, Problem)
    assert refused.code == "Request_TooSoon"
    assert await states(there) == [KeyState.SIGNING, KeyState.NEXT]
    assert await audits(there) == ()


async def test_a_day_later_the_next_one_signs_and_the_log_says_who_did_it(there):
    there.clock.advance(A_DAY)
    rotated = await rotate_signing_keys(there.here, ADMINISTRATOR)
    assert not isinstance(rotated, Problem)
    assert (rotated.sequence, rotated.state) == (2, KeyState.SIGNING)
    assert await states(there) == [KeyState.RETIRED, KeyState.SIGNING, KeyState.NEXT]
    (row,) = await audits(there)
    assert row.activity == "Rotate signing keys"
    assert row.initiated_by.user_principal_name == "ada@colors.example"
    assert [(one.display_name, one.modified[0].new_value) for one in row.targets] == [
        ("Signing key 2", '"signing"'),
        ("Signing key 1", '"retired"'),
    ]
    assert "sealed" not in repr(row)


async def test_only_who_runs_the_installation_may_be_hasty(there):
    refused = await rotate_signing_keys(there.here, ADMINISTRATOR, at_once=True)
    assert isinstance(refused, Problem)
    assert refused.status == 403
    done = await rotate_signing_keys(there.here, OPERATOR, at_once=True)
    assert not isinstance(done, Problem)


async def test_a_reader_rotates_nothing(there):
    there.clock.advance(A_DAY)
    refused = await rotate_signing_keys(there.here, holding(role.GLOBAL_READER))
    assert isinstance(refused, Problem)
    assert refused.status == 403
    assert await states(there) == [KeyState.SIGNING, KeyState.NEXT]
