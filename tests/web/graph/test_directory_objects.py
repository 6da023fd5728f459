"""What is asked of objects of whichever kind: what holds them, what somebody owns, service principals by their names."""

import asyncio

import pytest

from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.ids import TenantId
from entrada.server.web.graph.in_process import ask
from tests.web.seats import BEN, COLORS, COLORS_API

GRAPH = "00000003-0000-0000-c000-000000000000"
CAI = "c0105000-0000-4000-8000-0000000000c1"
PAINTERS = "c0105000-0000-4000-8000-00000000a171"
OPERATOR = Actor(tenant_id=TenantId(COLORS), via=Via.COMMAND_LINE, correlation_id="x", operator=True)


@pytest.fixture
def graph(in_process):
    def call(*asked):
        return asyncio.run(ask(in_process.platform.here, OPERATOR, *asked))

    return call


def test_which_groups_hold_an_object_of_whichever_kind(graph):
    _, outer = graph(
        "POST",
        "/groups",
        {"displayName": "Outer", "mailNickname": "outer", "mailEnabled": False, "securityEnabled": True},
    )
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{PAINTERS}"}
    assert graph("POST", f"/groups/{outer['id']}/members/$ref", reference)[0] == 204
    asked = {"groupIds": [outer["id"], PAINTERS]}
    for held, groups in ((CAI, {outer["id"], PAINTERS}), (PAINTERS, {outer["id"]})):
        assert set(graph("POST", f"/directoryObjects/{held}/checkMemberGroups", asked)[1]["value"]) == groups
        assert set(graph("POST", f"/directoryObjects/{held}/getMemberGroups", {})[1]["value"]) == groups
        assert set(graph("POST", f"/directoryObjects/{held}/getMemberObjects", {})[1]["value"]) >= groups
    assert graph("POST", "/directoryObjects/no-such/checkMemberGroups", asked)[0] == 404


def test_what_somebody_owns(graph):
    assert graph("GET", f"/users/{BEN}/ownedObjects")[1]["value"] == []
    _, made = graph("POST", "/applications", {"displayName": "Owned"})
    _, circle = graph(
        "POST",
        "/groups",
        {"displayName": "Owned, too", "mailNickname": "o", "mailEnabled": False, "securityEnabled": True},
    )
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{BEN}"}
    for path in (f"/applications/{made['id']}", f"/groups/{circle['id']}"):
        assert graph("POST", f"{path}/owners/$ref", reference)[0] == 204
    owned = graph("GET", "/users/ben@colors.example/ownedObjects")[1]["value"]
    assert [(one["@odata.type"], one["displayName"]) for one in owned] == [
        ("#microsoft.graph.application", "Owned"),
        ("#microsoft.graph.group", "Owned, too"),
    ]
    assert graph("GET", "/users/nobody@colors.example/ownedObjects")[0] == 404


@pytest.mark.parametrize(
    ("name", "app_ids"),
    [
        (COLORS_API, {COLORS_API}),
        (f"api://{COLORS_API}", {COLORS_API}),
        (f"API://{COLORS_API}".upper(), {COLORS_API}),
        (GRAPH, {GRAPH}),
        ("https://graph.microsoft.com", {GRAPH}),
        ("https://graph.microsoft", set()),
    ],
)
def test_service_principals_by_any_of_their_names(graph, name, app_ids):
    status, found = graph("GET", f"/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '{name}')")
    assert (status, {one["appId"] for one in found["value"]}) == (200, app_ids)


def test_kinds_that_are_not_here_are_none_of_the_objects(graph):
    types = ["user", "group", "servicePrincipal", "directoryObjectPartnerReference"]
    asked = {"ids": [BEN, PAINTERS], "types": types}
    assert len(graph("POST", "/directoryObjects/getByIds", asked)[1]["value"]) == 2
    assert graph("POST", "/directoryObjects/getByIds", {**asked, "types": types[3:]})[1]["value"] == []
    assert graph("POST", "/directoryObjects/getByIds", {**asked, "types": ["fish"]})[0] == 400
