import asyncio

import pytest

from entrada.core.directory.ids import ClientId
from tests.drivers.live_server import COLORS, COLORS_API
from tests.web.portal.portal_driver import BEN, AtThePortal

# fmt: off
LEADS = [
    pytest.param(COLORS_API,                                       "/portal/applications/{app}",       id="an application's client id"),
    pytest.param("{app}",                                          "/portal/applications/{app}",       id="its object id"),
    pytest.param("{scope}",                                        "/portal/applications/{app}",       id="the id of a scope of it"),
    pytest.param(f"api://{COLORS_API}",                            "/portal/applications/{app}",       id="its ID URI"),
    pytest.param("http://localhost:5000/auth/callback",            "/portal/applications/{repsys}",    id="a redirect URI"),
    pytest.param("c0105000-0000-4000-8000-0000000000b1",           "/portal/users/c0105000-0000-4000-8000-0000000000b1", id="a user's id"),
    pytest.param("{{C0105000-0000-4000-8000-0000000000B1}}",       "/portal/users/c0105000-0000-4000-8000-0000000000b1", id="in braces and upper case"),
    pytest.param("BEN@colors.example",                             "/portal/users/c0105000-0000-4000-8000-0000000000b1", id="a user principal name"),
    pytest.param("c0105000-0000-4000-8000-00000000a171",           "/portal/groups/c0105000-0000-4000-8000-00000000a171", id="a group's id"),
    pytest.param(COLORS,                                           "/portal/settings",                 id="the tenant's id"),
    pytest.param("{kid}",                                          "/portal/keys",                     id="a signing key's id"),
]
# fmt: on


@pytest.fixture
def known(in_process):
    store = in_process.platform.here.store
    app = asyncio.run(store.find_application(ClientId(COLORS_API)))
    repsys = asyncio.run(store.find_application(ClientId("c0105000-0000-4000-8000-00000000e951")))
    kid = in_process.client.get(f"/{COLORS}/discovery/v2.0/keys").json()["keys"][0]["kid"]
    return {"app": app.id, "scope": app.scopes[0].id, "repsys": repsys.id, "kid": kid}


@pytest.mark.parametrize(("typed", "where"), LEADS)
def test_any_id_leads_to_what_it_is_of(in_process, known, typed, where):
    ada = AtThePortal(in_process)
    answer = ada.browser.client.get("/portal/search", params={"q": typed.format(**known)})
    assert (answer.status_code, answer.headers.get("location")) == (302, where.format(**known))


def test_names_are_listed(in_process):
    page = AtThePortal(in_process).open("/portal/search?q=painters")
    assert page.status == 200
    assert "/portal/groups/c0105000-0000-4000-8000-00000000a171" in page.text


def test_nothing_is_found_by_what_nobody_has(in_process):
    for typed in ("9e7a1500-0000-4000-8000-0000000000f1", "fay@petals.example", "<b>x", "%00"):
        page = AtThePortal(in_process).browser.client.get("/portal/search", params={"q": typed})
        assert page.status_code == 200
        assert "Nothing you may see" in page.text


def test_a_member_is_led_to_no_key(in_process, known):
    answer = AtThePortal(in_process, BEN).browser.client.get("/portal/search", params={"q": known["kid"]})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("tenant", "found"), [("colors.example", 302), ("petals.example", 200), ("nowhere.example", 200)]
)
def test_a_trace_id_leads_to_a_story_that_can_be_read(in_process, tenant, found):
    """What no tenant of ours was asked, or another one, is as if it had never been."""
    refused = in_process.client.post(f"/{tenant}/oauth2/v2.0/token", data={"grant_type": "x"})
    trace = refused.json()["trace_id"]
    ada = AtThePortal(in_process)
    answer = ada.browser.client.get("/portal/search", params={"q": trace})
    assert answer.status_code == found
    assert ("Nothing you may see" in answer.text) is (found == 200)
    if found == 302:
        assert ada.open(answer.headers["location"]).status == 200


def test_a_member_is_led_to_no_story(in_process):
    trace = in_process.client.post("/colors.example/oauth2/v2.0/token", data={"grant_type": "x"}).json()["trace_id"]
    answer = AtThePortal(in_process, BEN).browser.client.get("/portal/search", params={"q": trace})
    assert answer.status_code == 200
