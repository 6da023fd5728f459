"""What a path names is there, and of the kind it says, before anything is told or changed that hangs on it."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import pytest

from entrada.server.web.graph.in_process import ask
from tests.plugins.platforms import InProcess
from tests.usecases.acting import ADA, CAI, OPERATOR, ben
from tests.web.seats import COLORS_API

Do = Callable[..., tuple[int, Any]]
NOBODY: Final = "c0105000-0000-4000-8000-00000000dead"
ACCESS: Final = "00000000-0000-0000-0000-000000000000"
LISTS: Final = (
    "/users/{id}/appRoleAssignments",
    "/groups/{id}/appRoleAssignments",
    "/servicePrincipals/{id}/appRoleAssignments",
    "/servicePrincipals/{id}/appRoleAssignedTo",
    "/users/{id}/oauth2PermissionGrants",
    "/servicePrincipals/{id}/oauth2PermissionGrants",
)


@pytest.fixture
def do(in_process: InProcess) -> Do:
    return lambda actor, *asked: asyncio.run(ask(in_process.platform.here, actor, *asked))


@pytest.fixture
def objects(do: Do) -> dict[str, str]:
    circle = {"displayName": "Circle", "mailEnabled": False, "mailNickname": "circle", "securityEnabled": True}
    group = do(OPERATOR, "POST", "/groups", circle)[1]["id"]
    do(OPERATOR, "POST", "/servicePrincipals", {"appId": COLORS_API})
    principal = do(OPERATOR, "GET", f"/servicePrincipals(appId='{COLORS_API}')")[1]["id"]
    return {"users": CAI, "groups": group, "servicePrincipals": principal}


@pytest.mark.parametrize("path", LISTS)
def test_only_what_is_there_and_of_that_kind(do: Do, objects: dict[str, str], path: str) -> None:
    kind = path.split("/")[1]
    for name, one in {**objects, "nobody": NOBODY, "no GUID": "x", "no appId": f"(appId='{NOBODY}')"}.items():
        status, answer = do(OPERATOR, "GET", path.format(id=one))
        assert status == (200 if name == kind else 404), (name, answer)
    assert do(ben(permissions=frozenset({"User.Read"})), "GET", path.format(id=NOBODY))[0] == 403


@pytest.mark.parametrize("kind", ["users", "groups"])
def test_an_assignment_is_found_where_it_is(do: Do, objects: dict[str, str], kind: str) -> None:
    other = "groups" if kind == "users" else "users"
    body = {"resourceId": objects["servicePrincipals"], "appRoleId": ACCESS}
    for wrong in (f"/{other}/{objects[kind]}", f"/{kind}/{NOBODY}"):
        assert do(OPERATOR, "POST", f"{wrong}/appRoleAssignments", body)[0] == 404
    own = f"/{kind}/{objects[kind]}/appRoleAssignments"
    made = do(OPERATOR, "POST", own, body)
    assert made[0] == 201, made
    name = made[1]["id"]
    elsewhere = [f"/users/{ADA}", f"/{other}/{objects[kind]}", f"/{kind}/{NOBODY}"]
    for method in ("GET", "DELETE"):
        for wrong in elsewhere:
            assert do(OPERATOR, method, f"{wrong}/appRoleAssignments/{name}")[0] == 404, wrong
    assert do(OPERATOR, "GET", f"{own}/{name}")[0] == 200
    assert do(OPERATOR, "DELETE", f"{own}/{name}")[0] == 204
