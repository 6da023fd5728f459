"""Applications: registered, changed, deleted and brought back, by those who may, with what hangs on them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from attrs import evolve

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application, SignInAudience
from entrada.core.directory.deleted_item import KEPT
from entrada.core.directory.ids import ApplicationId, ClientId, ServicePrincipalId, TenantId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.my_account import MY_ACCOUNT
from entrada.core.directory.owner import Owner
from entrada.core.directory.portal import APP_ID as PORTAL
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.protocol.effects import PutEntity
from entrada.server.usecases.administer.applications import (
    change_application,
    create_application,
    delete_application,
    find_application,
    list_applications,
)
from entrada.server.usecases.administer.deleted_items import (
    find_deleted,
    list_deleted,
    purge_deleted,
    restore_deleted,
)
from entrada.server.usecases.administer.owners import add_owner, list_owners, remove_owner
from entrada.server.usecases.administer.service_principals import create_service_principal, delete_service_principal
from tests.drivers.live_server import COLORS_API, PETALS, REPSYS
from tests.plugins.platforms import InProcess
from tests.usecases.acting import CAI, OPERATOR, TENANT, activities, audits, ben, program, refused, run
from tests.web.seats import BEN, commit, contents, grant, installed

ADMIN = ben(role.APPLICATION_ADMINISTRATOR)
DEVELOPER = ben(role.APPLICATION_DEVELOPER)
PROGRAM_ID = "c0105000-0000-4000-8000-0000000f0f0f"
OWNING = program("Application.ReadWrite.OwnedBy", principal_id=PROGRAM_ID)
NOBODYS = "9e7a1500-0000-4000-8000-0000000000ff"


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def made(here: Any, **members: object) -> Application:
    return run(create_application(here, OPERATOR, {"displayName": "Demo", **members}))


def theirs(here: Any, **members: Any) -> Application:
    app = Application(
        id=ApplicationId(NOBODYS),
        app_id=ClientId(NOBODYS),
        tenant_id=TenantId(PETALS),
        display_name="Florist",
        **members,
    )
    commit(here.store, PutEntity(app))
    return app


def owners(here: Any, app: Application) -> list[str]:
    links = asyncio.run(here.store.list_entities(Owner, TENANT))
    return [one.owner_id for one in links if one.object_id == app.id]


def test_a_registration_has_its_defaults(here: Any) -> None:
    app = made(here)
    assert (app.tenant_id, app.display_name, app.sign_in_audience) == (TENANT, "Demo", SignInAudience.MY_ORG)
    assert (app.created_at, app.publisher_domain, app.version) == (here.clock(), "colors.example", 1)
    assert str(app.id) != str(app.app_id)
    assert run(find_application(here, ADMIN, app.id)) == run(find_application(here, ADMIN, app.app_id.upper())) == app
    assert activities(here) == ["Add application"]


def test_personal_accounts_take_tokens_of_version_2_from_the_start(here: Any) -> None:
    app = made(here, signInAudience="AzureADandPersonalMicrosoftAccount")
    assert app.requested_access_token_version == 2


# fmt: off
CREATORS = [  # who registers, whether they own what they made
    pytest.param(ben(), [BEN], id="a member"),
    pytest.param(DEVELOPER, [BEN], id="an application developer"),
    pytest.param(ADMIN, [], id="an administrator needs no owning"),
    pytest.param(OWNING, [PROGRAM_ID], id="a program that may change what it owns"),
    pytest.param(program("Application.ReadWrite.All"), [], id="a program that may change all"),
    pytest.param(OPERATOR, [], id="the operator"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "owning"), CREATORS)
def test_who_could_not_go_on_with_it_otherwise_owns_it(here: Any, actor: Any, owning: list[str]) -> None:
    app = run(create_application(here, actor, {"displayName": "Demo"}))
    assert owners(here, app) == owning
    assert run(change_application(here, actor, app.id, {"notes": "mine"})).notes == "mine"


def test_members_register_only_where_the_tenant_lets_them(here: Any) -> None:
    tenant = asyncio.run(here.store.find_tenant(TENANT))
    commit(here.store, PutEntity(evolve(tenant, policies=evolve(tenant.policies, users_register_applications=False))))
    assert refused(create_application(here, ben(), {"displayName": "Demo"})) == (403, None)
    assert run(create_application(here, DEVELOPER, {"displayName": "Demo"})).display_name == "Demo"


# fmt: off
NOT_MADE = [
    pytest.param(ADMIN, {}, (400, "displayName"), id="without a name"),
    pytest.param(ADMIN, {"displayName": "x" * 10_000}, (400, "displayName"), id="a very long name"),
    pytest.param(ADMIN, {"displayName": "x", "passwordCredentials": [{}]}, (400, "passwordCredentials[0]"), id="with a secret"),
    pytest.param(ADMIN, {"displayName": "x", "appId": NOBODYS}, (400, "appId"), id="under an appId of its choice"),
    pytest.param(ADMIN, {"displayName": "x", "identifierUris": [f"api://{TENANT}/taken"]}, (409, "identifierUris"), id="under a taken URI"),
    pytest.param(program("Application.Read.All"), {"displayName": "x"}, (403, None), id="who may only read"),
    pytest.param(program("Application.Read.All"), {"colour": 1}, (403, None), id="who may not is not told what is wrong"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "members", "why"), NOT_MADE)
def test_it_is_not_made(here: Any, actor: Any, members: dict[str, object], why: tuple[int, str | None]) -> None:
    made(here, identifierUris=[f"api://{TENANT}/taken"])
    before = contents(here.store)
    assert refused(create_application(here, actor, members)) == why
    assert contents(here.store) == before


def test_an_app_id_is_kept_while_it_is_free(here: Any) -> None:
    kept = ClientId(NOBODYS)
    assert run(create_application(here, ADMIN, {"displayName": "x"}, app_id=kept)).app_id == kept
    assert refused(create_application(here, ADMIN, {"displayName": "x"}, app_id=kept)) == (409, "appId")
    assert refused(create_application(here, ADMIN, {"displayName": "x"}, app_id=APP_ID)) == (409, "appId")
    assert refused(create_application(here, DEVELOPER, {"displayName": "x"}, app_id=kept)) == (403, None)


def test_an_app_id_that_a_service_principal_remembers_is_not_free(here: Any) -> None:
    app = theirs(here, sign_in_audience=SignInAudience.MULTIPLE_ORGS)
    run(create_service_principal(here, ADMIN, {"appId": app.app_id}))
    run(delete_application(here, evolve(OPERATOR, tenant_id=TenantId(PETALS)), app.id))
    assert refused(create_application(here, ADMIN, {"displayName": "x"}, app_id=app.app_id)) == (409, "appId")


@pytest.mark.parametrize("there", [TENANT, TenantId(PETALS)], ids=["here", "elsewhere"])
def test_an_app_id_that_can_be_restored_is_not_free(here: Any, there: TenantId) -> None:
    """Or whoever takes it would keep its owners from getting it back, and hold what others trust."""
    operator = evolve(OPERATOR, tenant_id=there)
    app = run(create_application(here, operator, {"displayName": "x"}))
    run(delete_application(here, operator, app.id))
    assert refused(create_application(here, ADMIN, {"displayName": "x"}, app_id=app.app_id)) == (409, "appId")
    run_none(purge_deleted(here, operator, app.id))
    assert run(create_application(here, ADMIN, {"displayName": "x"}, app_id=app.app_id)).app_id == app.app_id


def test_an_app_id_whose_service_principal_can_be_restored_is_not_free(here: Any) -> None:
    app = theirs(here, sign_in_audience=SignInAudience.MULTIPLE_ORGS)
    principal = run(create_service_principal(here, ADMIN, {"appId": app.app_id})).principal
    run_none(delete_service_principal(here, ADMIN, principal.id))
    theirs_operator = evolve(OPERATOR, tenant_id=TenantId(PETALS))
    run(delete_application(here, theirs_operator, app.id))
    run_none(purge_deleted(here, theirs_operator, app.id))
    assert refused(create_application(here, ADMIN, {"displayName": "x"}, app_id=app.app_id)) == (409, "appId")


@pytest.mark.parametrize("app_id", [APP_ID, PORTAL, MY_ACCOUNT.app_id], ids=["Graph", "the portal", "my account"])
def test_the_app_id_of_what_is_built_in_is_not_free(here: Any, app_id: ClientId) -> None:
    assert refused(create_application(here, OPERATOR, {"displayName": "x"}, app_id=app_id)) == (409, "appId")


def test_the_identifier_uri_of_a_multi_tenant_application_is_its_own_everywhere(here: Any) -> None:
    uri = "https://api.colors.example/x"
    theirs(here, identifier_uris=(uri,), sign_in_audience=SignInAudience.MULTIPLE_ORGS)
    app = made(here)
    assert refused(change_application(here, ADMIN, app.id, {"identifierUris": [uri]})) == (409, "identifierUris")


def test_identifier_uris_are_looked_for_when_an_application_opens_to_every_tenant(here: Any) -> None:
    uri = "https://api.colors.example/x"
    theirs(here, identifier_uris=(uri,))
    app = made(here, identifierUris=[uri])
    opened = {"signInAudience": "AzureADMultipleOrgs"}
    assert refused(change_application(here, ADMIN, app.id, opened)) == (409, "identifierUris")


def test_two_administrators_never_overwrite_each_other(here: Any) -> None:
    app = made(here)
    run(change_application(here, ADMIN, app.id, {"notes": "one", "tags": ["a"]}, app.version))
    run(change_application(here, ADMIN, app.id, {"notes": "two"}))
    problem = asyncio.run(change_application(here, ADMIN, app.id, {"notes": "three"}, app.version))
    assert isinstance(problem, Problem)
    assert problem.status == 412
    assert sorted(str(one.target) for one in problem.details) == [
        "notes",
        "tags",
    ]  # each once, however often it changed
    assert all("ben@colors.example" in one.message for one in problem.details)
    assert run(find_application(here, ADMIN, app.id)).notes == "two"
    assert refused(delete_application(here, ADMIN, app.id, app.version))[0] == 412


def test_without_a_version_both_changes_stand(here: Any) -> None:
    app = made(here)

    async def both() -> None:
        changes = ({"notes": "n"}, {"tags": ["t"]}, {"description": "d"})
        await asyncio.gather(*(change_application(here, ADMIN, app.id, one) for one in changes))

    asyncio.run(both())
    now = run(find_application(here, ADMIN, app.id))
    assert (now.notes, now.tags, now.description, now.version) == ("n", ("t",), "d", app.version + 3)


def test_a_change_of_nothing_leaves_no_row(here: Any) -> None:
    app = made(here)
    assert run(change_application(here, ADMIN, app.id, {"displayName": "Demo"})) == app
    assert activities(here) == ["Add application"]


def test_the_audit_log_tells_before_and_after(here: Any) -> None:
    app = made(here)
    run(change_application(here, ADMIN, app.id, {"displayName": "Other"}))
    (row,) = [one for one in audits(here) if one.activity == "Update application"]
    (target,) = row.targets
    assert (target.id, target.display_name, row.initiated_by.user_id) == (app.id, "Other", BEN)
    assert [(one.display_name, one.old_value, one.new_value) for one in target.modified] == [
        ("displayName", '"Demo"', '"Other"')
    ]


ACTS = [
    pytest.param(find_application, id="find"),
    pytest.param(lambda here, who, app: change_application(here, who, app, {"notes": "x"}), id="change"),
    pytest.param(delete_application, id="delete"),
    pytest.param(list_owners, id="list owners"),
    pytest.param(lambda here, who, app: add_owner(here, who, app, BEN), id="add an owner"),
    pytest.param(lambda here, who, app: remove_owner(here, who, app, BEN), id="remove an owner"),
]


@pytest.mark.parametrize("act", ACTS)
def test_there_is_none_here(here: Any, act: Any) -> None:
    for name in (theirs(here).id, NOBODYS, "nothing", "", str(APP_ID)):
        assert refused(act(here, ADMIN, name)) == (404, None)
        assert refused(act(here, program(), name)) == (403, None)


# ---- owners ----


def test_an_owner_changes_the_application_without_a_role(here: Any) -> None:
    app = made(here)
    assert refused(change_application(here, ben(), app.id, {"notes": "x"})) == (403, None)
    run_none(add_owner(here, ADMIN, app.id, BEN))
    assert run(change_application(here, ben(), app.id, {"notes": "x"})).notes == "x"
    assert [one.id for one in run(list_owners(here, ben(), app.id))] == [BEN]  # type: ignore[union-attr]
    run_none(remove_owner(here, ben(), app.id, BEN))
    assert refused(change_application(here, ben(), app.id, {"notes": "y"})) == (403, None)
    assert activities(here)[1:3] == ["Add owner to application", "Remove owner from application"]


def test_owners_are_users_and_service_principals_of_the_tenant_each_once(here: Any) -> None:
    app = made(here)
    principal = asyncio.run(here.store.find_service_principal(TENANT, ClientId(REPSYS)))
    run_none(add_owner(here, ADMIN, app.id, principal.id))
    assert refused(add_owner(here, ADMIN, app.id, principal.id)) == (400, "@odata.id")
    assert refused(add_owner(here, ADMIN, app.id, app.id)) == (404, None)
    assert refused(add_owner(here, ADMIN, app.id, "me")) == (404, None)
    assert refused(remove_owner(here, ADMIN, app.id, CAI)) == (404, None)


def test_whoever_may_read_what_they_own_lists_no_other(here: Any) -> None:
    app = run(create_application(here, OWNING, {"displayName": "Own"}))
    assert [one.id for one in run(list_applications(here, OWNING, Query())).items] == [app.id]
    assert refused(find_application(here, OWNING, COLORS_API)) == (403, None)
    assert run(list_applications(here, program("Application.ReadWrite.OwnedBy", principal_id=BEN), Query())).items == ()
    assert refused(list_applications(here, program("User.Read.All"), Query())) == (403, None)


def test_lists_are_asked_and_may_be_of_what_one_owns(here: Any) -> None:
    app = run(create_application(here, ben(), {"displayName": "Zebra"}))
    assert [one.id for one in run(list_applications(here, ben(), Query(), owned=True)).items] == [app.id]
    starting = Query(where=Compare("display_name", Op.STARTS_WITH, "zeb"))
    assert [one.id for one in run(list_applications(here, ADMIN, starting)).items] == [app.id]


# ---- deleted and brought back ----


def links(here: Any, app_id: str) -> dict[str, Any]:
    store, found = here.store, {}
    principal = asyncio.run(store.find_service_principal(TENANT, ClientId(app_id)))
    for kind in (ServicePrincipal, PermissionGrant, AppRoleAssignment, Owner):
        found[kind.__name__] = set(asyncio.run(store.list_entities(kind, TENANT)))
    return found | {"own": principal}


def linked(in_process: InProcess) -> None:
    """Repsys is granted something of the API, and holds a role of it."""
    here = in_process.platform.here
    grant(in_process, REPSYS, COLORS_API, "Colors.Read")
    client, api = (installed(here.store, ClientId(one), TENANT) for one in (REPSYS, COLORS_API))
    role_id = run(find_application(here, OPERATOR, COLORS_API)).app_roles[0].id
    held = AppRoleAssignment(tenant_id=TENANT, principal_id=client.id, resource_id=api.id, app_role_id=role_id)
    commit(here.store, PutEntity(held))


@pytest.mark.parametrize("app_id", [REPSYS, COLORS_API])
def test_everything_goes_and_comes_back(here: Any, in_process: InProcess, app_id: str) -> None:
    linked(in_process)
    run_none(add_owner(here, ADMIN, app_id, BEN))
    app, before = run(find_application(here, ADMIN, app_id)), links(here, app_id)
    item = run(delete_application(here, ADMIN, app_id))
    assert (item.id, item.application, item.service_principal) == (app.id, app, before["own"])
    assert item.grants
    assert item.assignments
    after = links(here, app_id)
    assert after["own"] is None
    assert len(after["PermissionGrant"]) == len(before["PermissionGrant"]) - len(item.grants)
    assert len(after["AppRoleAssignment"]) == len(before["AppRoleAssignment"]) - len(item.assignments)
    assert after["Owner"] == before["Owner"] - set(item.owners)
    assert refused(find_application(here, ADMIN, app_id)) == (404, None)
    assert run(find_deleted(here, ben(), app.id)) == item  # an owner's
    assert run(restore_deleted(here, ben(), app.id)) == app
    assert links(here, app_id) == before
    assert run(list_deleted(here, ADMIN, Query())).items == ()
    assert activities(here) == ["Add owner to application", "Delete application", "Restore application"]


def test_links_to_what_is_gone_as_well_stay_gone(here: Any, in_process: InProcess) -> None:
    linked(in_process)
    client = run(delete_application(here, ADMIN, REPSYS))
    api = run(delete_application(here, ADMIN, COLORS_API))
    run(restore_deleted(here, ADMIN, client.id))
    granted = links(here, REPSYS)["PermissionGrant"]
    assert api.service_principal is not None
    assert not any(api.service_principal.id in (one.client_id, one.resource_id) for one in granted)
    run(restore_deleted(here, ADMIN, api.id))
    assert links(here, COLORS_API)["own"] == api.service_principal


def test_a_name_taken_meanwhile_stands_in_the_way(here: Any) -> None:
    uri = f"api://{TENANT}/colors"
    app = made(here, identifierUris=[uri])
    run(delete_application(here, ADMIN, app.id))
    other = made(here, identifierUris=[uri])
    before = contents(here.store)
    assert refused(restore_deleted(here, ADMIN, app.id)) == (409, "identifierUris")
    assert contents(here.store) == before
    run(change_application(here, ADMIN, other.id, {"identifierUris": []}))
    assert run(restore_deleted(here, ADMIN, app.id)).id == app.id  # type: ignore[attr-defined]


def test_an_app_id_taken_meanwhile_stands_in_the_way(here: Any) -> None:
    app = made(here)
    run(delete_application(here, ADMIN, app.id))
    by_a_file = evolve(app, id=ApplicationId(NOBODYS), version=0)
    assert asyncio.run(here.store.commit([PutEntity(by_a_file)]))
    assert refused(restore_deleted(here, ADMIN, app.id)) == (409, "appId")


def test_deleted_for_good_and_after_thirty_days(here: Any, in_process: InProcess) -> None:
    first, second = made(here), made(here)
    run(delete_application(here, ADMIN, first.id))
    run(delete_application(here, ADMIN, second.id))
    assert refused(purge_deleted(here, ben(), first.id)) == (403, None)
    run_none(purge_deleted(here, ADMIN, first.id))
    assert refused(restore_deleted(here, ADMIN, first.id)) == (404, None)
    assert [one.id for one in run(list_deleted(here, ADMIN, Query(), kind=Application)).items] == [second.id]
    assert run(list_deleted(here, ADMIN, Query(), kind=ServicePrincipal)).items == ()
    in_process.clock.advance(KEPT)
    assert run(list_deleted(here, ADMIN, Query())).items == ()
    assert refused(restore_deleted(here, ADMIN, second.id)) == (404, None)


def test_who_may_not_restore_learns_nothing(here: Any) -> None:
    app = made(here)
    run(delete_application(here, ADMIN, app.id))
    for act in (find_deleted, restore_deleted, purge_deleted):
        assert refused(act(here, ben(), app.id)) == (403, None)
        assert refused(act(here, ben(), NOBODYS)) == (403, None)


def run_none(work: Any) -> None:
    assert asyncio.run(work) is None


def test_a_service_principal_made_while_its_application_is_deleted_goes_with_it(
    here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, commit_for_good = made(here), here.store.commit
    commits: list[bool] = []

    async def commit_second(effects: Any) -> bool:
        if not commits:
            commits.append(True)  # somebody else is quicker
            await create_service_principal(here, ADMIN, {"appId": app.app_id})
        commits.append(await commit_for_good(effects))
        return commits[-1]

    monkeypatch.setattr(here.store, "commit", commit_second)
    item = run(delete_application(here, ADMIN, app.id))
    assert commits == [True, True, False, True]
    assert item.service_principal is not None
    assert asyncio.run(here.store.find_service_principal(TENANT, app.app_id)) is None


def told_of(here: Any, activity: str) -> list[tuple[str, str]]:
    (row,) = (one for one in audits(here) if one.activity == activity)
    return [(one.type, one.id) for one in row.targets]


def test_the_audit_log_tells_what_goes_and_comes_with_an_application(here: Any, in_process: InProcess) -> None:
    linked(in_process)
    run_none(add_owner(here, ADMIN, REPSYS, BEN))
    app = run(find_application(here, ADMIN, REPSYS))
    item = run(delete_application(here, ADMIN, REPSYS))
    gone = told_of(here, "Delete application")
    kinds = [kind for kind, _ in gone]
    assert kinds[:3] == ["Application", "ServicePrincipal", "AppRoleAssignment"]
    assert {"PermissionGrant", "Owner"} <= set(kinds)
    assert len(gone) == 2 + len(item.grants) + len(item.assignments) + len(item.owners)
    run(restore_deleted(here, ADMIN, app.id))
    assert told_of(here, "Restore application") == gone
    (row,) = (one for one in audits(here) if one.activity == "Restore application")
    held = next(one for one in row.targets if one.type == "AppRoleAssignment")
    assert "appRoleId" in {one.display_name for one in held.modified}


def test_of_many_links_the_audit_log_tells_the_first(here: Any) -> None:
    app = made(here)
    owners_of = [
        PutEntity(
            Owner(tenant_id=TENANT, object_id=app.id, owner_id=ServicePrincipalId(f"c0105000-0000-4000-8000-{n:012d}"))
        )
        for n in range(25)
    ]
    commit(here.store, *owners_of)
    run(delete_application(here, ADMIN, app.id))
    gone = told_of(here, "Delete application")
    assert len(gone) == 1 + 20 + 1
    (row,) = (one for one in audits(here) if one.activity == "Delete application")
    left = 25 + len(owners(here, app)) - 20
    assert (row.targets[-1].id, row.targets[-1].display_name) == (app.id, f"and {left} more")
