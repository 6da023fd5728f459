"""Applications as a tenant knows them: brought in, changed, removed with all that hangs on them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from entrada.core.directory import directory_role as role
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.graph.service_principal_json import service_principal_json
from entrada.core.directory.ids import ApplicationId, ClientId, TenantId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.protocol.effects import PutEntity, RemoveEntity
from entrada.server.usecases.administer.service_principal_owners import (
    add_service_principal_owner,
    list_service_principal_owners,
    remove_service_principal_owner,
)
from entrada.server.usecases.administer.service_principals import (
    change_service_principal,
    create_service_principal,
    delete_service_principal,
    find_service_principal,
    find_service_principal_of,
    list_service_principals,
)
from tests.drivers.live_server import COLORS_API, MULTI, PETALS, REPSYS
from tests.plugins.platforms import InProcess
from tests.usecases.acting import OPERATOR, TENANT, activities, audits, ben, program, refused, run
from tests.web.seats import BEN, commit, grant, installed

ADMIN = ben(role.APPLICATION_ADMINISTRATOR)
OTHERS_OWN = "9e7a1500-0000-4000-8000-0000000000ff"


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def stored(here: Any, app_id: str) -> ServicePrincipal | None:
    return asyncio.run(here.store.find_service_principal(TENANT, ClientId(app_id)))


def forget(here: Any, app_id: str) -> None:
    found = stored(here, app_id)
    assert found is not None
    commit(here.store, RemoveEntity(found))


def test_it_shows_its_application(here: Any) -> None:
    shown = service_principal_json(run(find_service_principal_of(here, ADMIN, COLORS_API)))
    assert shown["appDisplayName"] == "oauth-backend-app"
    assert shown["servicePrincipalNames"] == [COLORS_API, f"api://{COLORS_API}"]
    assert [one["value"] for one in shown["oauth2PermissionScopes"]] == ["Colors.Read", "Colors.Write"]  # type: ignore[attr-defined]
    assert [one["value"] for one in shown["appRoles"]] == ["Painter", "Colors.ReadAll"]  # type: ignore[attr-defined]
    assert run(find_service_principal(here, ADMIN, str(shown["id"]))).display_name == "oauth-backend-app"


def test_microsoft_graph_is_in_every_tenant(here: Any) -> None:
    found = run(find_service_principal_of(here, ADMIN, APP_ID))
    assert (found.display_name, found.principal.tenant_id) == ("Microsoft Graph", TENANT)


def test_they_are_listed_and_found_by_the_name_of_their_application(here: Any) -> None:
    query = Query(where=Compare("display_name", Op.STARTS_WITH, "oauth-"), count=True)
    page = run(list_service_principals(here, ADMIN, query))
    assert ({one.display_name for one in page.items}, page.count) == ({"oauth-backend-app", "oauth-client-app"}, 2)


def test_it_is_made_under_the_id_that_tokens_name_it_by_already(here: Any) -> None:
    before = installed(here.store, ClientId(REPSYS), TENANT).id
    forget(here, REPSYS)
    made = run(create_service_principal(here, ADMIN, {"appId": REPSYS.upper(), "tags": ["a"], "notes": "b"}))
    assert (made.principal.id, made.principal.tags, made.principal.notes) == (before, ("a",), "b")
    assert stored(here, REPSYS) == made.principal
    assert (made.principal.version, made.principal.created_at) == (1, here.clock())
    assert activities(here) == ["Add service principal"]


# fmt: off
NOT_MADE = [
    pytest.param(ADMIN, {"appId": REPSYS},                         (409, "appId"),      id="it is there already"),
    pytest.param(ADMIN, {"appId": OTHERS_OWN},                     (400, "appId"),      id="no such application"),
    pytest.param(ADMIN, {"appId": "repsys"},                       (400, "appId"),      id="no appId"),
    pytest.param(ADMIN, {},                                        (400, "appId"),      id="without appId"),
    pytest.param(ADMIN, {"appId": MULTI, "accountEnabled": "yes"}, (400, "accountEnabled"), id="a member of another type"),
    pytest.param(ADMIN, {"appId": MULTI, "colour": "red"},         (400, "colour"),     id="an unknown member"),
    pytest.param(ben(), {"appId": MULTI},                          (403, None),         id="who holds no role"),
    pytest.param(ben(), {},                                        (403, None),         id="who may not is not told what is wrong"),
    pytest.param(program("Application.Read.All"), {"appId": MULTI}, (403, None),        id="a program that may read"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "members", "why"), NOT_MADE)
def test_it_is_not_made(here: Any, actor: Any, members: dict[str, object], why: tuple[int, str | None]) -> None:
    if members.get("appId") == MULTI:
        forget(here, MULTI)
    before = asyncio.run(here.store.list_entities(ServicePrincipal, TENANT))
    assert refused(create_service_principal(here, actor, members)) == why
    assert asyncio.run(here.store.list_entities(ServicePrincipal, TENANT)) == before
    assert audits(here) == []


def test_another_tenants_own_application_cannot_be_brought_in(here: Any) -> None:
    theirs = Application(
        id=ApplicationId(OTHERS_OWN), app_id=ClientId(OTHERS_OWN), tenant_id=TenantId(PETALS), display_name="Florist"
    )
    commit(here.store, PutEntity(theirs))
    assert refused(create_service_principal(here, OPERATOR, {"appId": theirs.app_id})) == (400, "appId")


# fmt: off
OWNERS_OF_REGISTRATIONS = [
    pytest.param(ben(),                                       id="somebody without a role"),
    pytest.param(ben(role.USER_ADMINISTRATOR),                id="an administrator of something else"),
    pytest.param(program("Application.ReadWrite.OwnedBy"),    id="a program"),
]
# fmt: on


@pytest.mark.parametrize("actor", OWNERS_OF_REGISTRATIONS)
def test_whoever_owns_the_registration_brings_it_in_and_owns_it_there(here: Any, actor: Any) -> None:
    application = asyncio.run(here.store.find_application(ClientId(REPSYS)))
    forget(here, REPSYS)
    commit(here.store, PutEntity(Owner(tenant_id=TENANT, object_id=application.id, owner_id=actor.id)))
    made = run(create_service_principal(here, actor, {"appId": REPSYS}))
    run(change_service_principal(here, actor, made.principal.id, {"notes": "mine"}))
    assert run(find_service_principal_of(here, ADMIN, REPSYS)).principal.notes == "mine"


def test_who_may_change_it_anyway_does_not_become_its_owner(here: Any) -> None:
    forget(here, REPSYS)
    made = run(create_service_principal(here, ADMIN, {"appId": REPSYS}))
    assert run(list_service_principal_owners(here, ADMIN, made.principal.id)) == ()


def test_it_is_changed_and_the_log_says_from_what_to_what(here: Any) -> None:
    principal = installed(here.store, ClientId(REPSYS), TENANT)
    members = {"accountEnabled": False, "appRoleAssignmentRequired": True, "tags": ["x"]}
    changed = run(change_service_principal(here, ADMIN, principal.id, members, principal.version)).principal
    assert (changed.account_enabled, changed.app_role_assignment_required, changed.tags) == (False, True, ("x",))
    assert changed == stored(here, REPSYS)
    told = {one.display_name: (one.old_value, one.new_value) for one in audits(here)[0].targets[0].modified}
    assert told == {
        "accountEnabled": ("true", "false"),
        "appRoleAssignmentRequired": ("false", "true"),
        "tags": ("[]", '["x"]'),
    }


def test_it_is_not_changed_by_whoever_saw_an_older_one(here: Any) -> None:
    principal = installed(here.store, ClientId(REPSYS), TENANT)
    run(change_service_principal(here, ADMIN, principal.id, {"notes": "first"}))
    second = change_service_principal(here, ADMIN, principal.id, {"notes": "second"}, principal.version)
    assert refused(second)[0] == 412
    assert run(find_service_principal(here, ADMIN, principal.id)).principal.notes == "first"


def test_what_was_read_can_be_sent_back(here: Any) -> None:
    found = run(find_service_principal_of(here, ADMIN, COLORS_API))
    after = run(change_service_principal(here, ADMIN, found.principal.id, service_principal_json(found)))
    assert after.principal == found.principal
    assert audits(here) == []


def test_it_takes_everything_along_that_hangs_on_it(in_process: InProcess, here: Any) -> None:
    grant(in_process, REPSYS, COLORS_API, "Colors.Read")
    api = installed(here.store, ClientId(COLORS_API), TENANT)
    commit(here.store, PutEntity(Owner(tenant_id=TENANT, object_id=api.id, owner_id=ADMIN.user.id)))  # type: ignore[union-attr]
    assert asyncio.run(delete_service_principal(here, ADMIN, api.id)) is None
    for kind in (PermissionGrant, Owner):
        assert asyncio.run(here.store.list_entities(kind, TENANT)) == ()
    left = asyncio.run(here.store.list_entities(AppRoleAssignment, TENANT))
    assert [assigned.resource_id for assigned in left if assigned.resource_id == api.id] == []
    kept = asyncio.run(here.store.find_entity(DeletedItem, (TENANT, api.id)))
    assert kept.service_principal.app_id == COLORS_API
    assert (len(kept.grants), len(kept.assignments), len(kept.owners)) == (1, 2, 1)


def test_it_can_be_deleted_made_and_deleted_again(here: Any) -> None:
    for _ in range(2):
        principal = installed(here.store, ClientId(REPSYS), TENANT)
        assert asyncio.run(delete_service_principal(here, ADMIN, principal.id, principal.version)) is None
        again = run(create_service_principal(here, ADMIN, {"appId": REPSYS})).principal
        assert again.version > principal.version  # whoever read that one does not write over this one
    assert activities(here).count("Remove service principal") == 2


def test_microsoft_graph_is_neither_deleted_nor_disabled(here: Any) -> None:
    graph = installed(here.store, APP_ID, TENANT)
    assert refused(delete_service_principal(here, OPERATOR, graph.id)) == (403, None)
    assert refused(change_service_principal(here, OPERATOR, graph.id, {"accountEnabled": False})) == (403, None)


def test_an_unknown_one_is_not_found_and_only_by_whoever_may_look(here: Any) -> None:
    for name in ("x", OTHERS_OWN):
        assert refused(find_service_principal(here, ADMIN, name)) == (404, None)
        assert refused(find_service_principal(here, program(), name)) == (403, None)
        assert refused(delete_service_principal(here, ben(), name)) == (403, None)


def test_owners_come_and_go_and_may_change_it(here: Any) -> None:
    principal = installed(here.store, ClientId(REPSYS), TENANT)
    assert refused(add_service_principal_owner(here, ben(), principal.id, BEN)) == (403, None)
    assert asyncio.run(add_service_principal_owner(here, ADMIN, principal.id, BEN)) is None
    assert refused(add_service_principal_owner(here, ADMIN, principal.id, BEN)) == (400, "@odata.id")
    (owner,) = run(list_service_principal_owners(here, ben(), principal.id))
    assert owner.id == BEN  # type: ignore[union-attr]
    run(change_service_principal(here, ben(), principal.id, {"notes": "mine"}))
    assert asyncio.run(remove_service_principal_owner(here, ben(), principal.id, BEN)) is None
    assert refused(change_service_principal(here, ben(), principal.id, {"notes": "mine"})) == (403, None)
    assert refused(remove_service_principal_owner(here, ADMIN, principal.id, BEN)) == (404, None)
    assert {"Add owner to service principal", "Remove owner from service principal"} <= set(activities(here))
