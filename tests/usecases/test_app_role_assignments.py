"""App roles: who assigns which to whom, and who does not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from attrs import evolve

from entrada.core.directory import directory_role as role
from entrada.core.directory.graph.app_role_assignment_json import DEFAULT_ACCESS, app_role_assignment_json
from entrada.core.directory.graph.link_id import assignment_id
from entrada.core.directory.ids import ClientId
from entrada.core.directory.microsoft_graph import APP_ID, APP_ROLES
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.service_principal import AppRoleAssignment
from entrada.core.protocol.effects import PutEntity, RemoveEntity
from entrada.server.usecases.administer.app_role_assignments import (
    create_app_role_assignment,
    delete_app_role_assignment,
    find_app_role_assignment,
    list_app_role_assignments,
)
from tests.drivers.live_server import COLORS_API, REPSYS
from tests.plugins.platforms import InProcess
from tests.usecases.acting import ADA, OPERATOR, TENANT, activities, audits, ben, program, refused, run
from tests.web.seats import BEN, change, commit, installed

ADMIN = ben(role.APPLICATION_ADMINISTRATOR)
GLOBAL = ben(role.GLOBAL_ADMINISTRATOR)
PRIVILEGED = ben(role.PRIVILEGED_ROLE_ADMINISTRATOR)
PAINTER = "c0105000-0000-4000-8000-00000401e001"
READ_ALL = "c0105000-0000-4000-8000-00000401e002"
PAINTERS = "c0105000-0000-4000-8000-00000000a171"
STRANGER = "c0105000-0000-4000-8000-0000000000ff"
ASSIGNER = program("AppRoleAssignment.ReadWrite.All")


@pytest.fixture
def here(in_process: InProcess) -> Any:
    made = in_process.platform.here
    commit(made.store, *map(RemoveEntity, all_assignments(made)))
    return made


def all_assignments(here: Any) -> tuple[AppRoleAssignment, ...]:
    return asyncio.run(here.store.list_entities(AppRoleAssignment, TENANT))


def principal(here: Any, app_id: str) -> str:
    return installed(here.store, ClientId(app_id), TENANT).id


def asked(here: Any, **changes: object) -> dict[str, object]:
    members = {"principalId": BEN, "resourceId": principal(here, COLORS_API), "appRoleId": PAINTER, **changes}
    for name in ("principalId", "resourceId"):
        if members[name] in {REPSYS, APP_ID}:
            members[name] = principal(here, str(members[name]))
    return members


# fmt: off
ASSIGNED = [
    pytest.param({},                                              "User",             "Ben Blue", "grant to user",        id="to a user"),
    pytest.param({"principalId": PAINTERS},                       "Group",            "Painters", "to group",             id="to a group"),
    pytest.param({"principalId": REPSYS},                         "ServicePrincipal", "repsys",   "to service principal", id="to an application"),
    pytest.param({"appRoleId": DEFAULT_ACCESS},                   "User",             "Ben Blue", "grant to user",        id="access without a role"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "kind", "name", "activity"), ASSIGNED)
def test_it_is_assigned_once(here: Any, changes: dict[str, object], kind: str, name: str, activity: str) -> None:
    made = run(create_app_role_assignment(here, ADMIN, asked(here, **changes)))
    shown = app_role_assignment_json(made)
    assert (shown["principalType"], shown["principalDisplayName"]) == (kind, name)
    assert shown["resourceDisplayName"] == "oauth-backend-app"
    assert shown["createdDateTime"] == "2027-01-15T08:00:00Z"
    assert all_assignments(here) == (made.assignment,)
    assert f"Add app role assignment {activity}" in activities(here)
    assert run(find_app_role_assignment(here, ADMIN, str(shown["id"]))) == made
    # 400, as at Graph.
    assert refused(create_app_role_assignment(here, ADMIN, asked(here, **changes))) == (400, "appRoleId")


# fmt: off
NOT_ASSIGNED = [
    pytest.param(ADMIN, {"appRoleId": READ_ALL},                        (400, "appRoleId"),   id="a role for applications, to a user"),
    pytest.param(ADMIN, {"appRoleId": READ_ALL, "principalId": PAINTERS}, (400, "appRoleId"), id="a role for applications, to a group"),
    pytest.param(ADMIN, {"appRoleId": STRANGER},                        (400, "appRoleId"),   id="no such role"),
    pytest.param(ADMIN, {"appRoleId": "Painter"},                       (400, "appRoleId"),   id="by its value"),
    pytest.param(ADMIN, {"principalId": STRANGER},                      (400, "principalId"), id="to nobody"),
    pytest.param(ADMIN, {"resourceId": STRANGER},                       (400, "resourceId"),  id="on nothing"),
    pytest.param(ADMIN, {"resourceId": COLORS_API},                     (400, "resourceId"),  id="on the appId instead of the object's id"),
    pytest.param(ADMIN, {"color": "red"},                               (400, "color"),       id="an unknown member"),
    pytest.param(ben(), {},                                             (403, None),          id="by somebody without a role, to oneself"),
    pytest.param(ben(), {"color": "red"},                               (403, None),          id="whoever may not is not told what is wrong"),
    pytest.param(program("Directory.ReadWrite.All"), {},                (403, None),          id="by a program that may write the rest"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "changes", "why"), NOT_ASSIGNED)
def test_it_is_not_assigned(here: Any, actor: Any, changes: dict[str, object], why: tuple[int, str | None]) -> None:
    assert refused(create_app_role_assignment(here, actor, asked(here, **changes))) == why
    assert (all_assignments(here), audits(here)) == ((), [])


def test_a_disabled_role_is_not_assigned(here: Any) -> None:
    api = asyncio.run(here.store.find_application(ClientId(COLORS_API)))
    change(here.store, api, app_roles=tuple(evolve(one, is_enabled=False) for one in api.app_roles))
    assert refused(create_app_role_assignment(here, ADMIN, asked(here))) == (400, "appRoleId")


# fmt: off
GRAPH_ROLE_GIVERS = [
    pytest.param(ADMIN,                                     False, id="an Application Administrator"),
    pytest.param(ben(role.CLOUD_APPLICATION_ADMINISTRATOR), False, id="a Cloud Application Administrator"),
    pytest.param(GLOBAL,                                    True,  id="a Global Administrator"),
    pytest.param(PRIVILEGED,                                True,  id="a Privileged Role Administrator"),
    pytest.param(ASSIGNER,                                  True,  id="a program that assigns app roles"),
    pytest.param(OPERATOR,                                  True,  id="the operator"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "may"), GRAPH_ROLE_GIVERS)
def test_who_gives_applications_app_roles_of_microsoft_graph(here: Any, actor: Any, may: bool) -> None:
    members = asked(here, principalId=REPSYS, resourceId=APP_ID, appRoleId=APP_ROLES[0].id)
    if may:
        run(create_app_role_assignment(here, actor, members))
    else:
        assert refused(create_app_role_assignment(here, actor, members)) == (403, None)
    assert len(all_assignments(here)) == may


def test_whoever_owns_the_application_assigns_its_roles_and_takes_them_back(here: Any) -> None:
    owner, api = ben(), principal(here, COLORS_API)
    commit(here.store, PutEntity(Owner(tenant_id=TENANT, object_id=api, owner_id=BEN)))  # type: ignore[arg-type]
    made = run(create_app_role_assignment(here, owner, asked(here, principalId=ADA)))
    other = run(create_app_role_assignment(here, ADMIN, asked(here, resourceId=REPSYS, appRoleId=DEFAULT_ACCESS)))
    assert refused(delete_app_role_assignment(here, owner, assignment_id(other.assignment)))[0] == 403
    assert asyncio.run(delete_app_role_assignment(here, owner, assignment_id(made.assignment))) is None
    assert all_assignments(here) == (other.assignment,)
    assert "Remove app role assignment from user" in activities(here)


def test_it_is_found_from_its_own_two_ends_alone(here: Any) -> None:
    made = run(create_app_role_assignment(here, ADMIN, asked(here))).assignment
    assert refused(delete_app_role_assignment(here, ADMIN, assignment_id(made), ADA)) == (404, None)
    assert refused(delete_app_role_assignment(here, ADMIN, "x", BEN)) == (404, None)
    assert asyncio.run(delete_app_role_assignment(here, ADMIN, assignment_id(made), BEN)) is None


def test_they_are_listed_from_both_sides(here: Any) -> None:
    made = [run(create_app_role_assignment(here, ADMIN, asked(here, principalId=one))) for one in (BEN, ADA, PAINTERS)]
    theirs = Query(where=Compare("principal_id", Op.EQ, BEN))
    on_it = Query(where=Compare("resource_id", Op.EQ, principal(here, COLORS_API)), count=True)
    assert run(list_app_role_assignments(here, ben(), theirs)).items == (made[0],)
    page = run(list_app_role_assignments(here, ben(), on_it))
    assert ({one.principal_name for one in page.items}, page.count) == ({"Ben Blue", "Ada Amber", "Painters"}, 3)
    assert refused(list_app_role_assignments(here, program("User.Read.All"), on_it)) == (403, None)
