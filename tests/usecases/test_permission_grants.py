"""Delegated permissions: who grants what to whom, and who takes it back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from entrada.core.directory import directory_role as role
from entrada.core.directory.graph.link_id import grant_id, grant_key
from entrada.core.directory.graph.permission_grant_json import permission_grant_json
from entrada.core.directory.ids import ClientId
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.service_principal import PermissionGrant
from entrada.server.usecases.administer.permission_grants import (
    change_permission_grant,
    create_permission_grant,
    delete_permission_grant,
    find_permission_grant,
    list_permission_grants,
)
from tests.drivers.live_server import COLORS_API, REPSYS
from tests.plugins.platforms import InProcess
from tests.usecases.acting import ADA, TENANT, activities, audits, ben, program, refused, run
from tests.web.seats import BEN, installed

ADMIN = ben(role.CLOUD_APPLICATION_ADMINISTRATOR)
NOBODY = "00000000-0000-0000-0000-000000000000"
STRANGER = "c0105000-0000-4000-8000-0000000000ff"


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def asked(here: Any, **changes: object) -> dict[str, object]:
    client, api = (installed(here.store, ClientId(one), TENANT).id for one in (REPSYS, COLORS_API))
    members = {
        "clientId": client,
        "consentType": "Principal",
        "principalId": BEN,
        "resourceId": api,
        "scope": "Colors.Read",
        **changes,
    }
    return {name: value for name, value in members.items() if value is not ...}


FOR_ALL = {"consentType": "AllPrincipals", "principalId": None}


def all_grants(here: Any) -> tuple[PermissionGrant, ...]:
    return asyncio.run(here.store.list_entities(PermissionGrant, TENANT))


# fmt: off
GRANTED = [
    pytest.param({},                                            {"Colors.Read"},                 id="for one person"),
    pytest.param(FOR_ALL,                                       {"Colors.Read"},                 id="for everybody"),
    pytest.param({"scope": "  Colors.Write Colors.Read "},      {"Colors.Read", "Colors.Write"}, id="several scopes, with blanks around"),
    pytest.param({"expiryTime": "2030-01-01T00:00:00Z"},        {"Colors.Read"},                 id="with the times that Graph asked for once"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "scopes"), GRANTED)
def test_it_is_granted_once(here: Any, changes: dict[str, object], scopes: set[str]) -> None:
    made = run(create_permission_grant(here, ADMIN, asked(here, **changes)))
    assert all_grants(here) == (made,)
    assert made.scopes == scopes
    assert activities(here) == ["Add delegated permission grant"]
    assert refused(create_permission_grant(here, ADMIN, asked(here, **changes))) == (409, None)
    again = permission_grant_json(run(find_permission_grant(here, ADMIN, grant_id(made))))
    assert again["scope"] == " ".join(sorted(scopes))


# fmt: off
NOT_GRANTED = [
    pytest.param(ADMIN, {"scope": "Colors.Paint"},           (400, "scope"),       id="a scope the API does not offer"),
    pytest.param(ADMIN, {"scope": "Colors.Read Painter"},    (400, "scope"),       id="an app role"),
    pytest.param(ADMIN, {"scope": " "},                      (400, "scope"),       id="no scope"),
    pytest.param(ADMIN, {"scope": ...},                      (400, "scope"),       id="without scope"),
    pytest.param(ADMIN, {"clientId": STRANGER},              (400, "clientId"),    id="to nobody"),
    pytest.param(ADMIN, {"resourceId": STRANGER},            (400, "resourceId"),  id="on nothing"),
    pytest.param(ADMIN, {"clientId": REPSYS},                (400, "clientId"),    id="the appId instead of the object's id"),
    pytest.param(ADMIN, {"principalId": STRANGER},           (400, "principalId"), id="for nobody"),
    pytest.param(ADMIN, {"principalId": None},               (400, "principalId"), id="for one person who is not named"),
    pytest.param(ADMIN, {"consentType": "AllPrincipals"},    (400, "principalId"), id="for everybody, of whom one is named"),
    pytest.param(ADMIN, {"consentType": "Everybody"},        (400, "consentType"), id="for whom, it does not say"),
    pytest.param(ADMIN, {"color": "red"},                    (400, "color"),       id="an unknown member"),
    pytest.param(ben(), {},                                  (403, None),          id="by somebody without a role, for oneself"),
    pytest.param(ben(role.USER_ADMINISTRATOR), {},           (403, None),          id="by a User Administrator"),
    pytest.param(program("Directory.ReadWrite.All"), {},     (403, None),          id="by a program that may write the rest"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "changes", "why"), NOT_GRANTED)
def test_it_is_not_granted(here: Any, actor: Any, changes: dict[str, object], why: tuple[int, str | None]) -> None:
    assert refused(create_permission_grant(here, actor, asked(here, **changes))) == why
    assert (all_grants(here), audits(here)) == ((), [])


def test_its_scopes_alone_are_changed(here: Any) -> None:
    made = run(create_permission_grant(here, ADMIN, asked(here)))
    changed = run(change_permission_grant(here, ADMIN, grant_id(made), {"scope": "Colors.Write"}, made.version))
    assert changed.scopes == {"Colors.Write"}
    assert all_grants(here) == (changed,)
    sent_back = {**permission_grant_json(changed), "scope": "Colors.Read"}
    assert run(change_permission_grant(here, ADMIN, grant_id(made), sent_back)).scopes == {"Colors.Read"}
    for members, target in (
        ({"clientId": STRANGER}, "clientId"),
        ({"scope": "X"}, "scope"),
        ({"consentType": "AllPrincipals"}, "consentType"),
    ):
        assert refused(change_permission_grant(here, ADMIN, grant_id(made), members)) == (400, target)
    assert refused(change_permission_grant(here, ADMIN, grant_id(made), {"scope": "Colors.Write"}, 1))[0] == 412
    assert refused(change_permission_grant(here, ben(), grant_id(made), {"scope": "Colors.Write"}))[0] == 403


def test_whoever_it_is_for_takes_it_back_and_nobody_else(here: Any) -> None:
    for_ben, for_ada = (run(create_permission_grant(here, ADMIN, asked(here, principalId=one))) for one in (BEN, ADA))
    for_all = run(create_permission_grant(here, ADMIN, asked(here, **FOR_ALL)))
    for theirs in (for_ada, for_all):
        assert refused(delete_permission_grant(here, ben(), grant_id(theirs)))[0] == 403
    assert asyncio.run(delete_permission_grant(here, ben(), grant_id(for_ben))) is None
    assert set(all_grants(here)) == {for_ada, for_all}
    assert "Remove delegated permission grant" in activities(here)
    assert refused(delete_permission_grant(here, ADMIN, grant_id(for_ben)))[0] == 404


def test_they_are_listed_by_whom_they_are_to_on_what_and_for_whom(here: Any) -> None:
    for_ben = run(create_permission_grant(here, ADMIN, asked(here)))
    for_all = run(create_permission_grant(here, ADMIN, asked(here, **FOR_ALL)))
    rows = [
        (Compare("principal_id", Op.EQ, BEN), {for_ben}),
        (Compare("principal_id", Op.EQ, None), {for_all}),
        (Compare("client_id", Op.EQ, for_ben.client_id), {for_ben, for_all}),
        (Compare("resource_id", Op.EQ, for_ben.client_id), set()),
    ]
    for where, expected in rows:
        assert set(run(list_permission_grants(here, ben(), Query(where=where))).items) == expected


def test_an_id_has_one_spelling(here: Any) -> None:
    made = run(create_permission_grant(here, ADMIN, asked(here, **FOR_ALL)))
    good = grant_id(made)
    assert grant_key(TENANT, good) == (TENANT, made.client_id, "", made.resource_id)
    for bad in ("", good[:-1], f"{good}=", f"{good}AAAA", good.replace(good[0], "é", 1), NOBODY, "x" * 64 + "y"):
        assert refused(find_permission_grant(here, ADMIN, bad)) == (404, None)
