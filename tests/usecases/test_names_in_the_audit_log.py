"""The audit log calls links by what they join, and a consent is in the history of the application it was given to."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.ids import ClientId
from entrada.core.directory.query.condition import AnyElement, Compare, Op
from entrada.core.directory.query.query import Query
from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.administer.app_role_assignments import create_app_role_assignment
from entrada.server.usecases.administer.applications import change_application
from entrada.server.usecases.administer.group_members import add_member, remove_member
from entrada.server.usecases.administer.groups import create_group
from entrada.server.usecases.administer.owners import add_owner
from entrada.server.usecases.apply_directory import FileRefused, commit_plan, plan_directory
from tests.plugins.platforms import InProcess
from tests.usecases.acting import ADA, CAI, OPERATOR, TENANT, audits, run
from tests.usecases.directory_files import DEVELOPMENT, NOW, credentials
from tests.web.seats import COLORS_API, REPSYS, Seat, installed

PAINTER = "c0105000-0000-4000-8000-00000401e001"


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def names(here: Any) -> set[str]:
    return {target.display_name for one in audits(here) for target in one.targets}


def app(here: Any, app_id: str) -> Application:
    found = asyncio.run(here.store.find_application(app_id))
    assert found is not None
    return found


def test_members_and_owners_are_called_by_both_names(here: Any) -> None:
    group = run(create_group(here, OPERATOR, {"displayName": "Welders", "mailNickname": "w", "securityEnabled": True, "mailEnabled": False}))  # fmt: skip
    run(add_member(here, OPERATOR, group.id, CAI))
    assert "Cai Crimson in Welders" in names(here)
    asyncio.run(remove_member(here, OPERATOR, group.id, CAI))
    assert asyncio.run(add_owner(here, OPERATOR, app(here, REPSYS).id, CAI)) is None
    assert f"Cai Crimson for {app(here, REPSYS).display_name}" in names(here)
    assert all("Cai Crimson in Welders" in {target.display_name for target in one.targets} for one in audits(here) if "member" in one.activity)  # fmt: skip


def test_required_permissions_are_told_in_graphs_words(here: Any) -> None:
    wanted = [{"resourceAppId": COLORS_API, "resourceAccess": [{"id": PAINTER, "type": "Role"}]}]
    run(change_application(here, OPERATOR, app(here, REPSYS).id, {"requiredResourceAccess": wanted}))
    (row,) = audits(here)
    (told,) = row.targets[0].modified
    assert (told.display_name, json.loads(told.new_value or "")) == ("requiredResourceAccess", wanted)


def test_an_assignment_is_called_by_role_api_and_holder(here: Any) -> None:
    resource = installed(here.store, ClientId(COLORS_API), TENANT).id
    run(create_app_role_assignment(here, OPERATOR, {"principalId": ADA, "resourceId": resource, "appRoleId": PAINTER}))
    role = next(one.display_name for one in app(here, COLORS_API).app_roles if one.id == PAINTER)
    api = app(here, COLORS_API).display_name
    assert any(name.startswith(f"{role} on {api} for Ada") for name in names(here)), names(here)


def test_consent_is_in_the_history_of_the_application_and_of_its_service_principal(in_process: InProcess) -> None:
    here = in_process.platform.here
    Seat(in_process).sign_in()
    principal = installed(here.store, ClientId(REPSYS), TENANT)
    for object_id in (app(here, REPSYS).id, principal.id):
        query = Query(where=AnyElement("target_id", Op.EQ, object_id))
        rows = asyncio.run(here.store.list_page(DirectoryAudit, TENANT, query)).items
        assert any(one.activity == "Consent to application" for one in rows), object_id


@pytest.mark.anyio
async def test_mail_that_a_file_brings_is_no_administration() -> None:
    store = MemoryStore()
    plan = await plan_directory(DEVELOPMENT, store, NOW, credentials())
    assert not isinstance(plan, FileRefused)
    assert await commit_plan(plan, store, NOW)
    rows = (await store.list_page(DirectoryAudit, TENANT, Query(where=Compare("via", Op.EQ, "file"), top=999))).items
    assert rows
    assert {one.activity for one in rows}.isdisjoint({"Add message"})
    told = {target.display_name for one in rows for target in one.targets}
    assert "GroupMember" not in told
    assert "Ben Blue in Painters" in told or any(" in Painters" in one for one in told)
