"""What is seen of others in lists of several kinds, by whoever may read the list and not all that is in it."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.actor import Actor
from entrada.server.web.graph.in_process import ask
from tests.plugins.platforms import InProcess
from tests.usecases.acting import ADA, CAI, OPERATOR, ben, program

Do = Callable[..., tuple[int, Any]]
SECRETS: Final = ("+44 7700 900123", "Spy", "Room 7")
NAME: Final = "cai@colors.example"
BASICS: Final = "User.ReadBasic.All"
# fmt: off
LISTS: Final = (  # and the permission that opens them
    ("/groups/{group}/members",                "GroupMember.Read.All"),
    ("/groups/{group}/transitiveMembers",      "GroupMember.Read.All"),
    ("/groups/{group}/owners",                 "Group.Read.All"),
    ("/groups/{group}?$expand=members,owners", "Group.Read.All"),
    ("/applications/{app}/owners",             "Application.Read.All"),
    ("/applications/{app}?$expand=owners",     "Application.Read.All"),
    ("/servicePrincipals/{sp}/owners",         "Application.Read.All"),
    ("/servicePrincipals/{sp}?$expand=owners", "Application.Read.All"),
    ("/directoryRoles/{role}/members",         "RoleManagement.Read.Directory"),
    ("/directoryRoles/{role}?$expand=members", "RoleManagement.Read.Directory"),
)
# fmt: on


@pytest.fixture
def do(in_process: InProcess) -> Do:
    return lambda actor, *asked: asyncio.run(ask(in_process.platform.here, actor, *asked))


@pytest.fixture
def names(do: Do) -> dict[str, str]:
    """Cai, who has a phone, is in all of them."""
    secrets = {
        "mobilePhone": SECRETS[0],
        "jobTitle": SECRETS[1],
        "officeLocation": SECRETS[2],
        "businessPhones": ["+1"],
    }
    assert do(OPERATOR, "PATCH", f"/users/{CAI}", secrets)[0] == 204
    circle = {"displayName": "Circle", "mailEnabled": False, "mailNickname": "circle", "securityEnabled": True}
    group = do(OPERATOR, "POST", "/groups", circle)[1]["id"]
    app = do(OPERATOR, "POST", "/applications", {"displayName": "Owned"})[1]
    principal = do(OPERATOR, "POST", "/servicePrincipals", {"appId": app["appId"]})[1]["id"]
    reader = role.DIRECTORY_READERS
    for path in (f"/groups/{group}/members", f"/groups/{group}/owners", f"/applications/{app['id']}/owners",
                 f"/servicePrincipals/{principal}/owners", f"/directoryRoles/{reader}/members"):  # fmt: skip
        assert do(OPERATOR, "POST", f"{path}/$ref", {"@odata.id": f"/directoryObjects/{CAI}"})[0] == 204
    return {"group": group, "app": app["id"], "sp": principal, "role": reader}


def _told(do: Do, actor: Actor, path: str) -> str:
    status, answer = do(actor, "GET", path)
    assert status == 200, answer
    assert CAI in json.dumps(answer)
    assert "#microsoft.graph.user" in json.dumps(answer)
    return json.dumps(answer)


@pytest.mark.parametrize(
    "by", [program, lambda *permissions: ben(permissions=frozenset(permissions))], ids=["program", "user"]
)
@pytest.mark.parametrize(("path", "permission"), LISTS)
def test_as_much_as_the_permissions_for_users_say(
    do: Do, names: dict[str, str], path: str, permission: str, by: Callable[..., Actor]
) -> None:
    path = path.format(**names)
    nothing = _told(do, by(permission), path)
    assert not any(one in nothing for one in (*SECRETS, NAME))
    basics = _told(do, by(permission, BASICS), path)
    assert NAME in basics
    assert not any(one in basics for one in SECRETS)
    everything = _told(do, by(permission, "User.Read.All"), path)
    assert all(one in everything for one in (*SECRETS, NAME))


@pytest.mark.parametrize(
    "by", [program, lambda *permissions: ben(permissions=frozenset(permissions))], ids=["program", "user"]
)
def test_by_their_ids(do: Do, names: dict[str, str], by: Callable[..., Actor]) -> None:
    for method, path, body in (
        ("GET", f"/directoryObjects/{CAI}", None),
        ("POST", "/directoryObjects/getByIds", {"ids": [CAI]}),
    ):
        basics = json.dumps(do(by(BASICS), method, path, body))
        assert NAME in basics
        assert not any(one in basics for one in SECRETS)
        assert all(one in json.dumps(do(by("User.Read.All"), method, path, body)) for one in SECRETS)


def test_one_sees_all_of_oneself(do: Do, names: dict[str, str]) -> None:
    """In a list that shows nothing of others."""
    own = ben().id
    assert do(OPERATOR, "PATCH", f"/users/{own}", {"jobTitle": "Painter"})[0] == 204
    assert do(OPERATOR, "POST", f"/groups/{names['group']}/members/$ref", {"@odata.id": f"/users/{own}"})[0] == 204
    told = _told(
        do, ben(permissions=frozenset({"GroupMember.Read.All", "User.Read"})), f"/groups/{names['group']}/members"
    )
    assert "Painter" in told
    assert SECRETS[1] not in told


def test_groups_and_principals_among_owners_and_members(do: Do, names: dict[str, str]) -> None:
    """Each by the permission for its own kind."""
    inner = {"displayName": "Inner circle", "mailEnabled": False, "mailNickname": "inner", "securityEnabled": True}
    inner_id = do(OPERATOR, "POST", "/groups", inner)[1]["id"]
    assert (
        do(OPERATOR, "POST", f"/groups/{names['group']}/members/$ref", {"@odata.id": f"/groups/{inner_id}"})[0] == 204
    )
    owner = {"@odata.id": f"/directoryObjects/{names['sp']}"}
    assert do(OPERATOR, "POST", f"/groups/{names['group']}/owners/$ref", owner)[0] == 204
    reader = program("Group.Read.All")
    members = do(reader, "GET", f"/groups/{names['group']}/members")[1]["value"]
    assert "Inner circle" in [one["displayName"] for one in members]
    owners = do(reader, "GET", f"/groups/{names['group']}/owners")[1]["value"]
    principal = next(one for one in owners if one["id"] == names["sp"])
    assert {name for name, value in principal.items() if value is not None} == {"@odata.type", "id"}
    assert ADA not in json.dumps(owners)
