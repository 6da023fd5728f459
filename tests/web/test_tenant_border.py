"""An application of one tenant only is neither a client nor an API for another tenant's people, by whichever way."""

import asyncio

import pytest
from attrs import evolve

from entrada.core.directory.application import SignInAudience
from entrada.core.directory.ids import ClientId
from entrada.core.directory.permission import RequiredResourceAccess
from tests.web.seats import COLORS_API, MULTI, MULTI_APP, REPSYS, Seat, change, code_of, fields_of

FAY = evolve(MULTI_APP, username="fay@petals.example", tenant="common")


def application(there, client_id):
    return asyncio.run(there.platform.here.store.find_application(ClientId(client_id)))


def test_another_tenants_api_is_not_consented_to_by_default_and_not_granted(in_process):
    api, multi = application(in_process, COLORS_API), application(in_process, MULTI)
    read = next(scope.id for scope in api.scopes if scope.value == "Colors.Read")
    static = RequiredResourceAccess(resource_app_id=api.app_id, scopes=(read,))
    change(in_process.platform.here.store, multi, required_resource_access=(static,))
    seat = Seat(in_process, FAY)
    page = seat.open({"scope": "openid offline_access https://graph.microsoft.com/User.Read"})
    seat.browser.sign_in(page, "fay@petals.example")
    tokens = seat.redeem(fields_of(seat.browser.left_to)["code"]).json()
    for spelled in (f"api://{COLORS_API}", COLORS_API):
        for scope in (f"{spelled}/Colors.Read", f"{spelled}/.default"):
            refused = seat.refresh(tokens["refresh_token"], {"scope": scope})
            assert refused.status_code == 400, scope

    seat.browser.left_to = None
    page = seat.open({"scope": "openid https://graph.microsoft.com/.default", "prompt": "consent"})
    assert "Colors" not in page.text.partition("asks to")[2]


@pytest.mark.parametrize("tenant", [FAY.tenant, "petals.example"])
def test_an_application_for_personal_accounts_admits_nobody(in_process, tenant):
    multi = application(in_process, MULTI)
    change(in_process.platform.here.store, multi, sign_in_audience=SignInAudience.PERSONAL)
    page = Seat(in_process, evolve(FAY, tenant=tenant)).open()
    assert set(code_of(page)) <= {50194, 700016}


def test_another_tenants_application_is_not_named(in_process):
    repsys = evolve(FAY, client_id=REPSYS, tenant="petals.example")
    page = Seat(in_process, repsys).open({"redirect_uri": "http://localhost:5000/callback"})
    assert code_of(page) == [700016]
    assert ">repsys<" not in page.text
