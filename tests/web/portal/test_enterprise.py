"""Enterprise applications in the portal: known, assigned, consented to, revoked, removed and brought back."""

import asyncio
import html
import re

import pytest

from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import ClientId, TenantId
from tests.web.portal.by_hand import latest, post, said
from tests.web.portal.portal_driver import BEN, CAI, EVA, AtThePortal
from tests.web.seats import COLORS, COLORS_API, MULTI, PETALS, REPSYS, Seat

BEN_ID = "c0105000-0000-4000-8000-0000000000b1"
PAINTER = "c0105000-0000-4000-8000-00000401e001"
API = f"/portal/enterprise/{service_principal_id(TenantId(COLORS), ClientId(COLORS_API))}"
WEB = f"/portal/enterprise/{service_principal_id(TenantId(COLORS), ClientId(REPSYS))}"
OF = ("", "/properties", "/users", "/permissions", "/owners")


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process)


@pytest.fixture
def ben(in_process):
    return AtThePortal(in_process, BEN)


def stored(there, app_id=COLORS_API):
    return asyncio.run(there.platform.here.store.find_service_principal(TenantId(COLORS), ClientId(app_id)))


@pytest.mark.parametrize("path", ["/portal/enterprise", "/portal/enterprise?show=own", *(f"{API}{of}" for of in OF)])
def test_members_read_them(ada, ben, path):
    assert ada.open(path).status == ben.open(path).status == 200
    assert '<form class="inline"' not in ben.open(path).text


@pytest.mark.parametrize("path", [f"{API}/delete", f"{API}/consent"])
def test_members_are_not_asked_what_they_may_not_do(ada, ben, path):
    assert (ada.open(path).status, ben.open(path).status) == (200, 403)


# fmt: off
DEEDS = [
    pytest.param(f"{API}/properties",  {"accountEnabled": "true", "notes": "mine"},                   id="change properties"),
    pytest.param(f"{API}/users",       {"do": "add", "id": BEN_ID, "role": PAINTER},                  id="assign a role"),
    pytest.param(f"{API}/permissions", {"do": "revoke", "id": "x"},                                   id="revoke"),
    pytest.param(f"{WEB}/consent",     {},                                                            id="grant admin consent"),
    pytest.param(f"{API}/owners",      {"do": "add", "id": BEN_ID},                                   id="own it"),
    pytest.param(f"{API}/delete",      {},                                                            id="remove it"),
    pytest.param("/portal/enterprise/new", {"appId": MULTI, "do": "add"},                             id="bring one in"),
]
# fmt: on


@pytest.mark.parametrize(("path", "fields"), DEEDS)
def test_what_a_member_posts_is_refused_and_nothing_is_written(in_process, ben, path, fields):
    before = latest(in_process)
    assert post(ben, path, **fields).status == 403
    assert latest(in_process) == before


def test_found_by_either_id(ada):
    for text in ("oauth-back", COLORS_API, API.rpartition("/")[2]):
        assert "oauth-backend-app" in ada.open(f"/portal/enterprise?filter={text}").text, text


def test_an_application_of_another_tenant_is_looked_up_and_brought_in(in_process):
    eva = AtThePortal(in_process, EVA)
    found = eva.browser.submit(eva.open("/portal/enterprise/new"), "appId", appId=MULTI.upper())
    assert "Multi-tenant web app" in found.text
    assert "Colors" in found.text
    page = eva.browser.submit(found, "do")
    assert said(page) == "Multi-tenant web app is known here now."
    assert "Of another tenant" in eva.open("/portal/enterprise").text
    again = post(eva, "/portal/enterprise/new", appId=MULTI, do="add")
    assert again.status == 409


@pytest.mark.parametrize("app_id", ["", "nonsense", PETALS, COLORS_API])
def test_what_may_not_be_brought_in(in_process, app_id):
    page = post(AtThePortal(in_process, EVA), "/portal/enterprise/new", appId=app_id, do="add")
    assert page.status == 400


def test_nobody_signs_in_to_a_disabled_one(in_process, ada):
    form = ada.open(f"{WEB}/properties").form_with("notes")
    page = post(ada, f"{WEB}/properties", seen=form.fields["seen"], notes="Ask Ada.")
    assert said(page) == "The properties are changed."
    assert "Ask Ada." in page.text
    assert not stored(in_process, REPSYS).account_enabled
    assert "code" not in Seat(in_process).sign_in()


def test_a_role_is_assigned_by_search_and_stands_in_the_list(ada):
    page = ada.browser.submit(ada.open(f"{API}/users?find=ben&role={PAINTER}"), "role")
    assert said(page) == "The assignment is made."
    assert "Ben Blue" in page.text
    twice = post(ada, f"{API}/users", do="add", id=BEN_ID, role=PAINTER)
    assert twice.status == 400
    assert "holds this app role already" in said(twice)


def test_consent_for_everybody_is_granted_and_revoked(in_process, ada):
    asked = ada.open(f"{WEB}/consent")
    assert "Mail.Read" in asked.text
    page = ada.send(f"{WEB}/consent", "/consent")
    assert "granted: everything that was shown, for everybody" in said(page)
    assert latest(in_process) == "Consent to application"
    for _ in range(2):
        page = ada.open(f"{WEB}/permissions")
        found = re.search(r'href="([^"]*/permissions/revoke[^"]*)"', page.text)
        question = ada.open(html.unescape(found[1]))
        assert "no longer, for anybody" in question.text
        assert said(ada.browser.submit(question, "do")).startswith("Revoked.")
    assert "Mail.Read" not in ada.open(f"{WEB}/permissions").text


def test_what_people_consented_to_themselves_is_revoked_one_by_one(in_process, ada):
    Seat(in_process).sign_in()
    assert "Ben Blue" in ada.open(f"{WEB}/permissions").text
    page = ada.browser.submit(ada.open(f"{WEB}/permissions"), "do")
    assert said(page).startswith("Revoked.")


def test_removed_and_brought_back(in_process, ada):
    page = ada.browser.submit(ada.open(f"{API}/delete"), "seen")
    assert "is removed" in said(page)
    assert stored(in_process) is None
    item = API.rpartition("/")[2]
    assert "oauth-backend-app" in ada.open("/portal/deleted?show=enterprise").text
    assert "is back" in said(post(ada, "/portal/deleted/restore", id=item))
    assert "Cai Crimson" in ada.open(f"{API}/users").text


def test_an_owner_changes_it_without_a_role(in_process, ada):
    cai_id = "c0105000-0000-4000-8000-0000000000c1"
    assert said(post(ada, f"{API}/owners", do="add", id=cai_id)) == "The owner is added."
    cai = AtThePortal(in_process, CAI)
    page = cai.browser.submit(cai.open(f"{API}/properties"), "notes", notes="Cai's", accountEnabled="true")
    assert said(page) == "The properties are changed."
    assert said(post(ada, f"{API}/owners", do="remove", id=cai_id)) == "The owner is removed."
