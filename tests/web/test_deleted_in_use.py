"""Deleting what is in use: its tokens stop at the next step, everywhere; restoring brings all of it back."""

import asyncio

import pytest
from attrs import evolve

from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.ids import TenantId
from entrada.core.errors import catalogue as why
from entrada.server.web.graph.in_process import ask
from tests.web.seats import BEN, COLORS, COLORS_API, DAEMON, MULTI_APP, REPSYS, Seat, contents, expected, reason_of

COLORS_READ = f"openid offline_access api://{COLORS_API}/Colors.Read"


@pytest.fixture
def operator(in_process):
    """Asks Graph as whoever stands at the machine."""
    here = in_process.platform.here
    actor = Actor(tenant_id=TenantId(COLORS), via=Via.COMMAND_LINE, correlation_id=here.new_id(), operator=True)

    def do(method: str, path: str, body: object | None = None, **more: str):
        status, answer = asyncio.run(ask(here, actor, method, path, body, **more))
        assert status < 300, answer
        return answer

    return do


def me(there, tokens):
    return there.client.get("/v1.0/me", headers={"authorization": f"Bearer {tokens['access_token']}"})


def daemons_token(seat):
    return seat.post(
        {
            "grant_type": "client_credentials",
            "client_id": DAEMON,
            "client_secret": "daemon-dev-secret",
            "scope": f"api://{COLORS_API}/.default",
        }
    )


def everything(there):
    """All objects but what was written about the deletion itself."""
    entities = contents(there.platform.here.store)["_entities"]
    return {kind.__name__: dict(of) for kind, of in entities.items() if kind.__name__ != "DeletedItem" and of}


def test_an_application(in_process, operator):
    seat = Seat(in_process)
    tokens, before = seat.tokens(), everything(in_process)
    code = seat.sign_in()["code"]
    found = operator("GET", f"/applications(appId='{REPSYS}')")
    operator("DELETE", f"/applications/{found['id']}")
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.CLIENT_NOT_FOUND)
    assert reason_of(seat.redeem(code)) == expected(why.CLIENT_NOT_FOUND)
    assert me(in_process, tokens).status_code == 401
    assert "AADSTS700016" in seat.open().text
    operator("POST", f"/directory/deletedItems/{found['id']}/restore")
    assert everything(in_process) == before
    assert seat.refresh(tokens["refresh_token"]).status_code == 200
    assert me(in_process, tokens).status_code == 200


def test_an_api(in_process, operator):
    seat = Seat(in_process)
    tokens = seat.tokens({"scope": COLORS_READ})
    before = everything(in_process)
    assert daemons_token(seat).status_code == 200
    found = operator("GET", f"/applications(appId='{COLORS_API}')")
    operator("DELETE", f"/applications/{found['id']}")
    refused = seat.refresh(tokens["refresh_token"], {"scope": COLORS_READ})
    assert refused.status_code == 400
    assert daemons_token(seat).status_code == 400
    operator("POST", f"/directory/deletedItems/{found['id']}/restore")
    assert everything(in_process) == before
    assert seat.refresh(tokens["refresh_token"], {"scope": COLORS_READ}).status_code == 200
    assert daemons_token(seat).status_code == 200


def test_a_service_principal_at_home(in_process, operator):
    """The application is still registered, and nobody signs in with it where it was removed."""
    seat = Seat(in_process)
    tokens, before = seat.tokens(), everything(in_process)
    code = seat.sign_in()["code"]
    found = operator("GET", f"/servicePrincipals(appId='{REPSYS}')")
    operator("DELETE", f"/servicePrincipals/{found['id']}")
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.CLIENT_NOT_FOUND)
    assert reason_of(seat.redeem(code)) == expected(why.CLIENT_NOT_FOUND)
    assert "AADSTS700016" in seat.open().text
    operator("POST", f"/directory/deletedItems/{found['id']}/restore")
    assert everything(in_process) == before
    assert seat.refresh(tokens["refresh_token"]).status_code == 200


def test_a_service_principal_at_home_by_whichever_address(in_process, operator):
    """At /organizations the tenant is known when somebody has signed in."""
    seat = Seat(in_process, evolve(MULTI_APP, tenant="organizations", username="ben@colors.example"))
    assert seat.tokens()["access_token"]
    found = operator("GET", f"/servicePrincipals(appId='{MULTI_APP.client_id}')")
    operator("DELETE", f"/servicePrincipals/{found['id']}")
    page = seat.open()
    assert "AADSTS700016" in (seat.browser.left_to or "") + page.text


def test_a_daemon_at_home(in_process, operator):
    seat = Seat(in_process)
    found = operator("GET", f"/servicePrincipals(appId='{DAEMON}')")
    assert daemons_token(seat).status_code == 200
    operator("DELETE", f"/servicePrincipals/{found['id']}")
    assert reason_of(daemons_token(seat)) == expected(why.CLIENT_NOT_FOUND)
    operator("POST", "/servicePrincipals", {"appId": DAEMON})
    assert daemons_token(seat).status_code == 200


def test_a_user(in_process, operator):
    seat = Seat(in_process)
    tokens, before = seat.tokens(), everything(in_process)
    operator("DELETE", f"/users/{BEN}")
    assert seat.refresh(tokens["refresh_token"]).status_code == 400
    assert me(in_process, tokens).status_code == 401
    operator("POST", f"/directory/deletedItems/{BEN}/restore")
    after = everything(in_process)
    assert after.keys() == before.keys()
    assert {kind: of for kind, of in after.items() if kind != "User"} == {
        kind: of for kind, of in before.items() if kind != "User"
    }
    assert seat.tokens()["access_token"]


def test_a_group_with_a_role(in_process, operator):
    before = everything(in_process)
    found = operator("GET", "/groups?$filter=displayName eq 'Painters'")["value"][0]
    operator("DELETE", f"/groups/{found['id']}")
    operator("POST", f"/directory/deletedItems/{found['id']}/restore")
    assert everything(in_process) == before


def test_a_name_taken_meanwhile(in_process, operator):
    """The restored one would have it twice: refused, and nothing written."""
    found = operator("GET", f"/applications(appId='{COLORS_API}')")
    operator("DELETE", f"/applications/{found['id']}")
    made = operator("POST", "/applications", {"displayName": "Squatter"})
    uri = f"api://{COLORS}/shared"
    operator("PATCH", f"/applications/{made['id']}", {"identifierUris": [uri]})
    operator("POST", f"/directory/deletedItems/{found['id']}/restore")
    operator("PATCH", f"/applications/{made['id']}", {"identifierUris": []})
    operator("PATCH", f"/applications/{found['id']}", {"identifierUris": [uri]})
    operator("DELETE", f"/applications/{found['id']}")
    operator("PATCH", f"/applications/{made['id']}", {"identifierUris": [uri]})
    held = everything(in_process)
    here = in_process.platform.here
    actor = Actor(tenant_id=TenantId(COLORS), via=Via.COMMAND_LINE, correlation_id=here.new_id(), operator=True)
    status, answer = asyncio.run(ask(here, actor, "POST", f"/directory/deletedItems/{found['id']}/restore"))
    assert (status, uri in answer["error"]["message"]) == (409, True)
    assert everything(in_process) == held
