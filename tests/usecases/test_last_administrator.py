"""Somebody who can sign in administers the tenant still, whoever is taken the role."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest
from attrs import evolve

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import HomeAccount, User
from entrada.core.protocol.effects import Effect, PutEntity, RemoveEntity
from entrada.server.usecases.administer.directory_roles import remove_role_member
from entrada.server.usecases.administer.users import change_user
from entrada.server.usecases.installation import Installation
from tests.usecases.acting import ADA, OPERATOR, TENANT
from tests.web.seats import PETALS

_HOME: Final = TenantId(PETALS)
_GUEST: Final = User(
    id=UserId("c0105000-0000-4000-8000-0000000000e9"),
    tenant_id=TENANT,
    user_principal_name="fay_petals.example#EXT#@colors.example",
    display_name="Fay",
    user_type="Guest",
    home=HomeAccount(tenant_id=_HOME, user_id=UserId("9e7a1500-0000-4000-8000-0000000000f1")),
    directory_roles=frozenset({role.GLOBAL_ADMINISTRATOR}),
)


async def _settle(here: Installation, what: str) -> None:
    assert _GUEST.home is not None
    account = await here.store.find_user(_HOME, _GUEST.home.user_id)
    tenant = await here.store.find_tenant(_HOME)
    assert account is not None
    assert isinstance(tenant, Tenant)
    effects: dict[str, list[Effect]] = {
        "all well": [],
        "account disabled at home": [PutEntity(evolve(account, account_enabled=False))],
        "account gone at home": [RemoveEntity(account)],
        "home disabled": [PutEntity(evolve(tenant, enabled=False))],
    }
    assert await here.store.commit([PutEntity(_GUEST), *effects[what]])


@pytest.mark.parametrize(
    ("what", "enough"),
    [
        ("all well", True),
        ("account disabled at home", False),
        ("account gone at home", False),
        ("home disabled", False),
    ],
)
def test_a_guest_counts_who_can_sign_in(in_process, what: str, enough: bool) -> None:
    here: Installation = in_process.platform.here
    asyncio.run(_settle(here, what))
    done = asyncio.run(remove_role_member(here, OPERATOR, role.GLOBAL_ADMINISTRATOR, ADA))
    assert isinstance(done, Problem) is not enough, done
    disabled = asyncio.run(change_user(here, OPERATOR, ADA, {"accountEnabled": False}))
    assert isinstance(disabled, Problem) is not enough, disabled
