"""Who changes what an application with permissions of Microsoft Graph is trusted by: those alone who could give them."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import pytest
from attrs import evolve

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.microsoft_graph import APP_ID as GRAPH
from entrada.server.web.graph.in_process import ask
from tests.plugins.platforms import InProcess
from tests.usecases.acting import CAI, OPERATOR, ben, program
from tests.web.seats import PETALS

Do = Callable[..., tuple[int, Any]]
_PETALS: Final = evolve(OPERATOR, tenant_id=TenantId(PETALS))
_REF: Final = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{CAI}"}
_TRUST: Final = {
    "name": "build",
    "issuer": "https://issuer.example",
    "subject": "me",
    "audiences": ["api://AzureADTokenExchange"],
}
# fmt: off
CHANGES: Final[Any] = (
    ("POST",   "/addPassword", {"passwordCredential": {"displayName": "x"}}),
    ("POST",   "/removePassword", {"keyId": "{secret}"}),
    ("POST",   "/federatedIdentityCredentials", _TRUST),
    ("PATCH",  "/federatedIdentityCredentials/there", {"subject": "somebody"}),
    ("DELETE", "/federatedIdentityCredentials/there", None),
    ("PATCH",  "", {"passwordCredentials": []}),
    ("PATCH",  "", {"web": {"redirectUris": ["https://evil.example/cb"]}}),
    ("PATCH",  "", {"identifierUris": ["api://{appId}"]}),
    ("PATCH",  "", {"isFallbackPublicClient": True}),
    ("POST",   "/owners/$ref", _REF),
    ("DELETE", "/owners/{ben}/$ref", None),
)
# fmt: on


@pytest.fixture
def do(in_process: InProcess) -> Do:
    return lambda actor, *asked: asyncio.run(ask(in_process.platform.here, actor, *asked))


@pytest.fixture
def app(do: Do) -> dict[str, Any]:
    """Ben owns it, and an application, too; with a secret, trust in an issuer, and a permission of Microsoft Graph."""
    made = do(OPERATOR, "POST", "/applications", {"displayName": "Trusted", "signInAudience": "AzureADMultipleOrgs"})[1]
    path = f"/applications/{made['id']}"
    principal = do(OPERATOR, "POST", "/servicePrincipals", {"appId": made["appId"]})[1]
    user = ben().id
    for one in (user, principal["id"]):
        assert do(OPERATOR, "POST", f"{path}/owners/$ref", {"@odata.id": f"/directoryObjects/{one}"})[0] == 204
    secret = do(OPERATOR, "POST", f"{path}/addPassword", {"passwordCredential": {"displayName": "x"}})[1]
    assert (
        do(OPERATOR, "POST", f"{path}/federatedIdentityCredentials", {**_TRUST, "name": "there", "subject": "there"})[0]
        == 201
    )
    return {**made, "path": path, "principal": principal["id"], "secret": secret["keyId"], "ben": user}


def _given(do: Do, operator: Actor, app_id: str) -> None:
    do(operator, "POST", "/servicePrincipals", {"appId": GRAPH})
    do(operator, "POST", "/servicePrincipals", {"appId": app_id})
    graph, principal = (do(operator, "GET", f"/servicePrincipals(appId='{one}')")[1] for one in (GRAPH, app_id))
    wanted = next(one["id"] for one in graph["appRoles"] if one["value"] == "RoleManagement.ReadWrite.Directory")
    body = {"principalId": principal["id"], "resourceId": graph["id"], "appRoleId": wanted}
    assert do(operator, "POST", f"/servicePrincipals/{principal['id']}/appRoleAssignments", body)[0] == 201


def _spelt(value: Any, app: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: _spelt(one, app) for name, one in value.items()}
    if isinstance(value, list):
        return [_spelt(one, app) for one in value]
    if not isinstance(value, str):
        return value
    return value.replace("{secret}", app["secret"]).replace("{ben}", app["ben"]).replace("{appId}", app["appId"])


def _who(app: dict[str, Any]) -> dict[str, tuple[Actor, bool]]:
    itself = evolve(
        program("Application.ReadWrite.OwnedBy", principal_id=app["principal"]), client_id=ClientId(app["appId"])
    )
    return {
        "its owner": (ben(), False),
        "an Application Administrator": (ben(role.APPLICATION_ADMINISTRATOR), False),
        "a Cloud Application Administrator": (ben(role.CLOUD_APPLICATION_ADMINISTRATOR), False),
        "who owns it and gives permissions": (ben(role.PRIVILEGED_ROLE_ADMINISTRATOR), True),
        "a Global Administrator": (ben(role.GLOBAL_ADMINISTRATOR), True),
        "an application": (program("Application.ReadWrite.All"), False),
        "one that reads and writes all": (program("Directory.ReadWrite.All"), False),
        "one that gives permissions": (program("Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"), True),
        "one that gives roles": (program("Application.ReadWrite.All", "RoleManagement.ReadWrite.Directory"), True),
        "itself": (itself, False),
        "the operator": (OPERATOR, True),
    }  # fmt: skip


WHO: Final = tuple(_who({"principal": "", "appId": ""}))


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    ("method", "path", "body"), CHANGES, ids=[f"{one[0]} {one[1]} {one[2]}"[:60] for one in CHANGES]
)
def test_by_whom_it_is_changed(do: Do, app: dict[str, Any], who: str, method: str, path: str, body: Any) -> None:
    _given(do, OPERATOR, app["appId"])
    actor, allowed = _who(app)[who]
    status, answer = do(actor, method, app["path"] + _spelt(path, app), _spelt(body, app))
    assert (status < 300) is allowed, (who, status, answer)
    if not allowed:
        assert status == 403
        assert "holds application permissions of Microsoft Graph" in answer["error"]["message"]


def test_without_the_permission_its_owner_changes_all_of_it(do: Do, app: dict[str, Any]) -> None:
    for method, path, body in CHANGES:
        status, answer = do(ben(), method, app["path"] + _spelt(path, app), _spelt(body, app))
        assert status < 300, (method, path, answer)


def test_what_nobody_trusts_it_by_stays_its_owners(do: Do, app: dict[str, Any]) -> None:
    _given(do, OPERATOR, app["appId"])
    for body in ({"notes": "x"}, {"displayName": "Another"}, {"tags": ["x"]}):
        assert do(ben(), "PATCH", app["path"], body)[0] == 204


def test_a_permission_in_another_tenant_counts(do: Do, app: dict[str, Any]) -> None:
    """The same credentials open both."""
    body = {"passwordCredential": {"displayName": "x"}}
    assert do(ben(), "POST", f"{app['path']}/addPassword", body)[0] == 200
    _given(do, _PETALS, app["appId"])
    assert do(ben(), "POST", f"{app['path']}/addPassword", body)[0] == 403
    assert do(ben(role.GLOBAL_ADMINISTRATOR), "POST", f"{app['path']}/addPassword", body)[0] == 200


@pytest.mark.parametrize("what", ["application", "servicePrincipal"])
def test_by_whom_it_is_brought_back(do: Do, app: dict[str, Any], what: str) -> None:
    """A secret that was added while the permission was gone would have it again."""
    _given(do, OPERATOR, app["appId"])
    gone = app["path"] if what == "application" else f"/servicePrincipals/{app['principal']}"
    back = f"/directory/deletedItems/{app['id' if what == 'application' else 'principal']}/restore"
    assert do(OPERATOR, "DELETE", gone)[0] == 204
    for actor in (ben(), ben(role.APPLICATION_ADMINISTRATOR), program("Application.ReadWrite.All")):
        assert do(actor, "POST", back)[0] == 403
    assert do(ben(role.GLOBAL_ADMINISTRATOR), "POST", back)[0] == 200


def test_by_whom_it_is_brought_back_that_holds_permissions_elsewhere(do: Do, app: dict[str, Any]) -> None:
    _given(do, _PETALS, app["appId"])
    assert do(ben(), "DELETE", app["path"])[0] == 204
    back = f"/directory/deletedItems/{app['id']}/restore"
    assert do(ben(role.APPLICATION_ADMINISTRATOR), "POST", back)[0] == 403
    assert do(program("Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"), "POST", back)[0] == 200
