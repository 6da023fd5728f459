"""What joined two objects that were both deleted is back when both are, in whichever order they went and came."""

from __future__ import annotations

import asyncio
from itertools import permutations, product
from typing import Any, Final

import pytest

from entrada.core.directory.service_principal import AppRoleAssignment
from entrada.server.web.graph.in_process import ask
from tests.plugins.platforms import InProcess
from tests.usecases.acting import CAI, OPERATOR, TENANT

ORDERS: Final = tuple(product(permutations(("user", "app")), permutations(("user", "app"))))
_CIRCLE: Final = {"displayName": "Circle", "mailEnabled": False, "mailNickname": "circle", "securityEnabled": True}


def _do(there: InProcess, *asked: Any) -> Any:
    status, answer = asyncio.run(ask(there.platform.here, OPERATOR, *asked))
    assert status < 300, (asked, answer)
    return answer


def _ids(answer: Any) -> list[str]:
    return [one["id"] for one in answer["value"]]


@pytest.mark.parametrize(("gone", "back"), ORDERS)
def test_an_owner_and_what_it_owns(in_process: InProcess, gone: tuple[str, ...], back: tuple[str, ...]) -> None:
    app = _do(in_process, "POST", "/applications", {"displayName": "Owned"})["id"]
    _do(in_process, "POST", f"/applications/{app}/owners/$ref", {"@odata.id": f"/users/{CAI}"})
    ids, paths = {"user": CAI, "app": app}, {"user": f"/users/{CAI}", "app": f"/applications/{app}"}
    for one in gone:
        _do(in_process, "DELETE", paths[one])
    for one in back:
        _do(in_process, "POST", f"/directory/deletedItems/{ids[one]}/restore")
    assert _ids(_do(in_process, "GET", f"/applications/{app}/owners")) == [CAI]
    _do(in_process, "DELETE", f"/applications/{app}/owners/{CAI}/$ref")
    assert _ids(_do(in_process, "GET", f"/applications/{app}/owners")) == []


@pytest.mark.parametrize(("gone", "back"), ORDERS)
def test_a_member_and_its_group(in_process: InProcess, gone: tuple[str, ...], back: tuple[str, ...]) -> None:
    group = _do(in_process, "POST", "/groups", _CIRCLE)["id"]
    _do(in_process, "POST", f"/groups/{group}/members/$ref", {"@odata.id": f"/users/{CAI}"})
    ids, paths = {"user": CAI, "app": group}, {"user": f"/users/{CAI}", "app": f"/groups/{group}"}
    for one in gone:
        _do(in_process, "DELETE", paths[one])
    for one in back:
        _do(in_process, "POST", f"/directory/deletedItems/{ids[one]}/restore")
    assert _ids(_do(in_process, "GET", f"/groups/{group}/members")) == [CAI]


@pytest.mark.parametrize(("gone", "back"), tuple(product(permutations("ugp"), permutations("ugp"))))
def test_three_that_are_joined(in_process: InProcess, gone: tuple[str, ...], back: tuple[str, ...]) -> None:
    """A user in a group, both with a role on a service principal."""
    group = _do(in_process, "POST", "/groups", _CIRCLE)["id"]
    app = _do(in_process, "POST", "/applications", {"displayName": "API"})
    principal = _do(in_process, "POST", "/servicePrincipals", {"appId": app["appId"]})["id"]
    _do(in_process, "POST", f"/groups/{group}/members/$ref", {"@odata.id": f"/users/{CAI}"})
    access = {"resourceId": principal, "appRoleId": "00000000-0000-0000-0000-000000000000"}
    paths = {"u": f"/users/{CAI}", "g": f"/groups/{group}", "p": f"/servicePrincipals/{principal}"}
    for one in "ug":
        _do(in_process, "POST", f"{paths[one]}/appRoleAssignments", access)
    for one in gone:
        _do(in_process, "DELETE", paths[one])
    store = in_process.platform.here.store
    assert not [
        one for one in asyncio.run(store.list_entities(AppRoleAssignment, TENANT)) if one.resource_id == principal
    ]
    for one in back:
        _do(in_process, "POST", f"/directory/deletedItems/{paths[one].rpartition('/')[2]}/restore")
    assert _ids(_do(in_process, "GET", f"/groups/{group}/members")) == [CAI]
    assigned = _do(in_process, "GET", f"/servicePrincipals/{principal}/appRoleAssignedTo")["value"]
    assert {one["principalId"] for one in assigned} == {CAI, group}
