"""The button that consents for everybody: what it grants, to whom, who may press it, and how all is taken back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from attrs import evolve

from entrada.core.directory import directory_role as role
from entrada.core.directory.ids import ClientId
from entrada.core.directory.microsoft_graph import APP_ID, APP_ROLES
from entrada.core.directory.permission import RequiredResourceAccess
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.protocol.effects import RemoveEntity
from entrada.server.usecases.administer.grant_admin_consent import grant_admin_consent, revoke_consent
from entrada.server.usecases.administer.permission_status import permission_status
from entrada.server.usecases.administer.service_principals import delete_service_principal
from tests.drivers.live_server import CLI, COLORS_API, PETALS, REPSYS
from tests.plugins.platforms import InProcess
from tests.usecases.acting import OPERATOR, TENANT, activities, audits, ben, program, refused, run
from tests.web.seats import DAEMON, Seat, change, commit, grant, installed
from tests.web.test_revoke_sign_in_sessions import token_of

ADMIN = ben(role.APPLICATION_ADMINISTRATOR)
SIGN_IN = {"openid", "profile", "offline_access"}
PORTAL = "c0105000-0000-4000-8000-00000000f07a"


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def held(here: Any, app_id: str) -> dict[str, set[str]]:
    """What everybody has granted to the application, by the API's appId."""
    principals = {one.id: one for one in asyncio.run(here.store.list_entities(ServicePrincipal, TENANT))}
    grants = asyncio.run(here.store.list_entities(PermissionGrant, TENANT))
    # A grant to or on a service principal that is not stored would be a KeyError here.
    return {
        principals[one.resource_id].app_id: set(one.scopes)
        for one in grants
        if principals[one.client_id].app_id == app_id and one.principal_id is None
    }


def application(here: Any, app_id: str) -> Any:
    return asyncio.run(here.store.find_application(ClientId(app_id)))


def test_everything_listed_is_granted_to_everybody_and_nobody_is_asked(in_process: InProcess, here: Any) -> None:
    done = run(grant_admin_consent(here, ADMIN, REPSYS))
    assert held(here, REPSYS) == {APP_ID: {"Mail.Read", "User.Read"} | SIGN_IN, COLORS_API: {"Colors.Read"}}
    assert len(done.grants) == 2
    assert "code" in Seat(in_process).sign_in({"scope": f"openid api://{COLORS_API}/Colors.Read"})


def test_pressing_it_again_changes_and_logs_nothing(here: Any) -> None:
    run(grant_admin_consent(here, ADMIN, REPSYS))
    assert run(grant_admin_consent(here, ADMIN, REPSYS)).grants == ()
    assert activities(here) == ["Consent to application"]
    (row,) = audits(here)
    assert row.targets[0].type == "ServicePrincipal"
    assert [one.type for one in row.targets[1:]] == ["Application", "PermissionGrant", "PermissionGrant"]


def test_it_adds_to_what_is_there(in_process: InProcess, here: Any) -> None:
    grant(in_process, REPSYS, COLORS_API, "Colors.Write")
    run(grant_admin_consent(here, ADMIN, REPSYS))
    assert held(here, REPSYS)[COLORS_API] == {"Colors.Read", "Colors.Write"}


def test_service_principals_that_are_missing_are_made_with_it(here: Any) -> None:
    for app_id in (REPSYS, COLORS_API):
        run_delete = delete_service_principal(here, OPERATOR, installed(here.store, ClientId(app_id), TENANT).id)
        assert asyncio.run(run_delete) is None
    run(grant_admin_consent(here, ADMIN, REPSYS))
    assert set(held(here, REPSYS)) == {APP_ID, COLORS_API}


def test_app_roles_are_assigned_to_the_application(here: Any) -> None:
    commit(here.store, *map(RemoveEntity, asyncio.run(here.store.list_entities(AppRoleAssignment, TENANT))))
    done = run(grant_admin_consent(here, ADMIN, DAEMON))
    (assignment,) = asyncio.run(here.store.list_entities(AppRoleAssignment, TENANT))
    assert assignment.principal_id == installed(here.store, ClientId(DAEMON), TENANT).id
    assert done.assignments == (assignment,)
    assert run(grant_admin_consent(here, ADMIN, DAEMON)).assignments == ()


def test_what_an_api_needs_behind_the_client_it_knows_is_granted_to_the_api(here: Any) -> None:
    run(grant_admin_consent(here, ADMIN, CLI))
    middle = "c0105000-0000-4000-8000-00000000b0b0"
    assert held(here, middle)[COLORS_API] == {"Colors.Read"}
    assert held(here, CLI)[middle] == {"access_as_user"}


# fmt: off
PRESSING = [
    pytest.param(ben(),                                       {403},      id="nobody in particular"),
    pytest.param(ben(role.APPLICATION_DEVELOPER),             {403},      id="an Application Developer"),
    pytest.param(ADMIN,                                       {403},      id="an Application Administrator"),
    pytest.param(ben(role.GLOBAL_ADMINISTRATOR),              set(),      id="a Global Administrator"),
    pytest.param(ben(role.PRIVILEGED_ROLE_ADMINISTRATOR),     set(),      id="a Privileged Role Administrator"),
    pytest.param(program("DelegatedPermissionGrant.ReadWrite.All"), {403}, id="a program that grants delegated permissions alone"),
    pytest.param(program("DelegatedPermissionGrant.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"), set(), id="a program that may both"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "why"), PRESSING)
def test_who_may_press_it_where_app_roles_of_microsoft_graph_are_listed(here: Any, actor: Any, why: set[int]) -> None:
    wanted = RequiredResourceAccess(resource_app_id=APP_ID, roles=(APP_ROLES[0].id,))
    change(here.store, application(here, REPSYS), required_resource_access=(wanted,))
    before = asyncio.run(here.store.list_entities(AppRoleAssignment, TENANT))
    if why:
        assert {refused(grant_admin_consent(here, actor, REPSYS))[0]} == why
        assert asyncio.run(here.store.list_entities(AppRoleAssignment, TENANT)) == before
        assert held(here, REPSYS) == {}
    else:
        assert len(run(grant_admin_consent(here, actor, REPSYS)).assignments) == 1


def test_an_application_that_lists_nothing_says_what_to_do(here: Any) -> None:
    change(here.store, application(here, REPSYS), required_resource_access=())
    assert refused(grant_admin_consent(here, ADMIN, REPSYS)) == (400, None)
    assert refused(grant_admin_consent(here, ADMIN, PETALS)) == (404, None)


def test_it_is_given_to_the_registration_that_was_read(in_process: InProcess, here: Any) -> None:
    change(here.store, application(here, REPSYS), notes="changed")
    app = application(here, REPSYS)
    token = token_of(in_process, "Directory.AccessAsUser.All", "ada@colors.example")

    def press(seen: int) -> int:
        headers = {"authorization": f"Bearer {token}", "if-match": f'W/"{seen}"'}
        answer = in_process.client.post(f"/v1.0/applications/{app.id}/grantAdminConsent", headers=headers)
        return answer.status_code

    assert press(app.version - 1) == 412
    assert COLORS_API not in held(here, REPSYS)
    assert press(app.version) == 204
    assert COLORS_API in held(here, REPSYS)


def test_all_of_it_is_taken_back(in_process: InProcess, here: Any) -> None:
    Seat(in_process).sign_in()  # Ben consents for himself
    run(grant_admin_consent(here, ADMIN, REPSYS))
    grant(in_process, CLI, COLORS_API, "Colors.Read")
    gone = run(revoke_consent(here, ADMIN, REPSYS))
    assert len(gone.grants) == 3
    assert held(here, REPSYS) == {}
    assert held(here, CLI) == {COLORS_API: {"Colors.Read"}}
    assert activities(here).count("Revoke consent") == 1
    assert run(revoke_consent(here, ADMIN, REPSYS)).grants == ()
    assert refused(revoke_consent(here, ben(), REPSYS)) == (403, None)


def test_the_status_says_what_is_granted_for_whom(in_process: InProcess, here: Any) -> None:
    Seat(in_process).sign_in()
    grant(in_process, REPSYS, COLORS_API, "Colors.Write Gone")
    rows = {
        (one.resource_name, one.value): one for one in run(permission_status(here, ben(), application(here, REPSYS)))
    }
    said = {name: (one.listed, one.for_all, one.people, one.needs_admin) for name, one in rows.items()}
    ben_alone = ("ben@colors.example",)
    assert said == {
        ("Microsoft Graph", "Mail.Read"): (True, False, (), False),
        ("Microsoft Graph", "User.Read"): (True, False, ben_alone, False),
        ("Microsoft Graph", "offline_access"): (False, False, ben_alone, False),
        ("Microsoft Graph", "openid"): (False, False, ben_alone, False),
        ("Microsoft Graph", "profile"): (False, False, ben_alone, False),
        ("oauth-backend-app", "Colors.Read"): (True, False, (), False),
        ("oauth-backend-app", "Colors.Write"): (False, True, (), True),
        ("oauth-backend-app", "Gone"): (False, True, (), True),
    }
    assert rows["oauth-backend-app", "Gone"].permission is None


def test_the_status_of_app_roles(here: Any) -> None:
    (row,) = run(permission_status(here, ADMIN, application(here, DAEMON)))
    assert (row.value, row.delegated, row.for_all, row.needs_admin) == ("Colors.ReadAll", False, True, True)
    unknown = RequiredResourceAccess(resource_app_id=ClientId(PETALS), scopes=(row.permission_id,))  # type: ignore[arg-type]
    lost = evolve(application(here, DAEMON), required_resource_access=(unknown,))
    first, second = run(permission_status(here, ADMIN, lost))
    assert (first.resource_name, first.permission, first.is_granted) == (None, None, False)
    assert (second.value, second.listed, second.is_granted) == ("Colors.ReadAll", False, True)
