"""How many applications an ordinary member may own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application
from entrada.core.directory.ids import ApplicationId, ClientId, UserId
from entrada.core.directory.owner import Owner
from entrada.core.protocol.effects import PutEntity
from entrada.server.usecases.administer.applications import create_application, delete_application
from entrada.server.usecases.administer.deleted_items import purge_deleted, restore_deleted
from entrada.server.usecases.administer.quota import MOST_OWNED
from entrada.server.usecases.installation import Installation
from tests.usecases.acting import OPERATOR, TENANT, ben, program, run


@pytest.fixture
def here(in_process: Any) -> Installation:
    """Ben owns as many as he may, but one."""
    installation: Installation = in_process.platform.here
    made = [f"c0105000-0000-4000-8000-0000{number:08x}" for number in range(MOST_OWNED - 1)]
    apps = [
        Application(id=ApplicationId(one), app_id=ClientId(one), tenant_id=TENANT, display_name="Owned") for one in made
    ]
    own = UserId(str(ben().id))
    owners = [Owner(tenant_id=TENANT, object_id=one.id, owner_id=own) for one in apps]
    assert asyncio.run(installation.store.commit([*map(PutEntity, apps), *map(PutEntity, owners)]))
    return installation


def _made(here: Installation, actor: Any = None) -> Application | Problem:
    return asyncio.run(create_application(here, actor or ben(), {"displayName": "One more"}))


def test_no_more_than_so_many_by_a_member(here: Installation) -> None:
    last = _made(here)
    assert isinstance(last, Application)
    refused = _made(here)
    assert isinstance(refused, Problem)
    assert (refused.status, refused.code) == (403, "Directory_QuotaExceeded")
    assert str(MOST_OWNED) in refused.message
    run(delete_application(here, ben(), last.id))
    assert isinstance(_made(here), Problem)  # it could be restored
    run(restore_deleted(here, ben(), last.id))
    assert isinstance(_made(here), Problem)
    run(delete_application(here, ben(), last.id))
    assert asyncio.run(purge_deleted(here, ben(), last.id)) is None
    assert isinstance(_made(here), Application)


@pytest.mark.parametrize(
    "actor",
    [
        ben(role.APPLICATION_DEVELOPER),
        ben(role.APPLICATION_ADMINISTRATOR),
        program("Application.ReadWrite.All"),
        OPERATOR,
    ],
    ids=["developer", "administrator", "program", "operator"],
)
def test_who_has_a_role_may_own_more(here: Installation, actor: Any) -> None:
    for _ in range(2):
        assert isinstance(_made(here, actor), Application)
