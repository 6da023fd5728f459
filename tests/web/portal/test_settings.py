"""The tenant's settings in the portal: names, looks, policies, keys, what was deleted."""

import asyncio

import pytest

from entrada.core.directory.ids import TenantId
from entrada.core.directory.policies import UserConsent
from tests.web.portal.by_hand import latest, post, said
from tests.web.portal.portal_driver import BEN, AtThePortal
from tests.web.seats import COLORS, Seat

PNG = b"\x89PNG\r\n\x1a\nlogo"
CAI_ID = "c0105000-0000-4000-8000-0000000000c1"
A_DAY = 86_400


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process)


@pytest.fixture
def ben(in_process):
    return AtThePortal(in_process, BEN)


def tenant(there):
    return asyncio.run(there.platform.here.store.find_tenant(TenantId(COLORS)))


# fmt: off
PAGES = [
    pytest.param("/portal/settings",    200, id="the tenant"),
    pytest.param("/portal/branding",    200, id="branding"),
    pytest.param("/portal/security",    403, id="security"),
    pytest.param("/portal/keys",        403, id="keys"),
    pytest.param("/portal/keys/rotate", 403, id="rotate"),
    pytest.param("/portal/deleted",     403, id="deleted"),
]
DEEDS = [
    pytest.param("/portal/settings",          {"displayName": "Mine"},                        id="rename the tenant"),
    pytest.param("/portal/settings/domain",   {"domain": "colors.example"},                   id="choose a domain"),
    pytest.param("/portal/branding",          {"signInPageText": "Mine"},                     id="branding"),
    pytest.param("/portal/security",          {"do": "users", "consent": "none"},             id="what users may do"),
    pytest.param("/portal/security",          {"do": "defaults"},                             id="second factor"),
    pytest.param("/portal/security",          {"do": "settings", "lockoutThreshold": "1", "lockoutDurationInSeconds": "5"}, id="settings"),
    pytest.param("/portal/keys/rotate",       {},                                             id="rotate"),
    pytest.param("/portal/deleted/restore",   {"id": CAI_ID},                                 id="restore"),
    pytest.param(f"/portal/deleted/{CAI_ID}/purge", {},                                       id="delete for good"),
]
# fmt: on


@pytest.mark.parametrize(("path", "member"), PAGES)
def test_who_may_see(ada, ben, path, member):
    assert (ada.open(path).status, ben.open(path).status) == (200, member)


@pytest.mark.parametrize(("path", "fields"), DEEDS)
def test_what_a_member_posts_is_refused_and_nothing_is_written(in_process, ben, path, fields):
    before = tenant(in_process), latest(in_process)
    assert post(ben, path, **fields).status == 403
    assert (tenant(in_process), latest(in_process)) == before


def test_the_tenant_is_renamed(in_process, ada):
    page = ada.browser.submit(
        ada.open("/portal/settings"), "countryLetterCode", displayName="Hues", countryLetterCode="at"
    )
    assert said(page) == "The tenant is changed."
    assert (tenant(in_process).display_name, tenant(in_process).country) == ("Hues", "AT")
    assert "<bdi>Hues</bdi>" in Seat(in_process).open().text


def test_a_look_at_the_branding_writes_nothing(in_process, ada):
    fields = {"ownAccent": "true", "backgroundColor": "#aa3300", "signInPageText": "Call <b>1234</b>.", "do": "preview"}
    page = post(ada, "/portal/branding", files={"bannerLogo": ("logo.png", PNG, "image/png")}, **fields)
    assert page.status == 200
    assert "/portal/branding/accent.css?accent=aa3300" in page.text
    assert "data:image/png;base64," in page.text
    assert "Call &lt;b&gt;1234&lt;/b&gt;." in page.text
    assert tenant(in_process).branding.accent is None


def test_branding_is_saved_and_worn_and_taken_off(in_process, ada):
    fields = {"ownAccent": "true", "backgroundColor": "#AA3300", "signInPageText": "Call 1234."}
    page = post(ada, "/portal/branding", files={"bannerLogo": ("logo.png", PNG, "image/png")}, **fields)
    assert said(page) == "The sign-in pages look like this from now on."
    branding = tenant(in_process).branding
    assert (branding.accent, branding.logo, branding.sign_in_text) == ("#aa3300", PNG, "Call 1234.")
    assert "Call 1234." in Seat(in_process).open().text
    post(ada, "/portal/branding", removeLogo="true")
    branding = tenant(in_process).branding
    assert (branding.accent, branding.logo, branding.sign_in_text) == (None, None, None)


# fmt: off
SPOILT = [
    pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", {},                                  400, id="an SVG, which could hold scripts"),
    pytest.param(PNG + b"x" * 101 * 1024,                      {},                                  400, id="too large a logo"),
    pytest.param(PNG,                                          {"signInPageText": "x" * 1025},      400, id="too many words"),
    pytest.param(PNG,                                          {"backgroundColor": "red;} *{"},     400, id="no colour"),
    pytest.param(PNG + b"x" * 400 * 1024,                      {},                                  413, id="more than a form may hold"),
]
# fmt: on


@pytest.mark.parametrize(("logo", "changes", "status"), SPOILT)
def test_branding_that_cannot_be_is_refused_whole(in_process, ada, logo, changes, status):
    before = tenant(in_process)
    fields = {"ownAccent": "true", "backgroundColor": "#aa3300", "signInPageText": "Call 1234.", **changes}
    page = post(ada, "/portal/branding", files={"bannerLogo": ("logo.png", logo, "image/png")}, **fields)
    assert page.status == status
    assert tenant(in_process) == before


def test_each_form_of_the_security_page_changes_its_own(in_process, ada):
    post(ada, "/portal/security", do="users", consent="none")
    policies = tenant(in_process).policies
    assert (policies.user_consent, policies.users_register_applications) == (UserConsent.NONE, False)
    post(ada, "/portal/security", do="defaults", isEnabled="true")
    assert tenant(in_process).policies.security_defaults
    fields = {"lockoutThreshold": "5", "lockoutDurationInSeconds": "120", "accessTokenLifetimeInMinutes": "30"}
    page = post(ada, "/portal/security", do="settings", bannedPasswords="Amber\n\nCobalt", **fields)
    assert page.status in (200, 401), page.text  # by now a second factor is asked of everybody, of her too
    policies = tenant(in_process).policies
    assert (policies.lockout_threshold, policies.lockout_duration, policies.access_token_lifetime) == (5, 120, 1800)
    assert policies.banned_passwords == ("amber", "cobalt")
    assert policies.user_consent is UserConsent.NONE


# fmt: off
BAD_POLICIES = [
    pytest.param({"do": "settings", "lockoutThreshold": "0", "lockoutDurationInSeconds": "60"},     id="no failure at all"),
    pytest.param({"do": "settings", "lockoutThreshold": "ten", "lockoutDurationInSeconds": "60"},   id="no number"),
    pytest.param({"do": "settings", "lockoutThreshold": "9" * 30, "lockoutDurationInSeconds": "60"}, id="a huge number"),
    pytest.param({"do": "settings", "lockoutThreshold": "9", "lockoutDurationInSeconds": "60", "bannedPasswords": "abc"}, id="too short a word"),
    pytest.param({"do": "users", "consent": "everything"},                                          id="no such choice"),
    pytest.param({"do": "nothing"},                                                                 id="no such form"),
    pytest.param({},                                                                                id="no form"),
]
# fmt: on


@pytest.mark.parametrize("fields", BAD_POLICIES)
def test_policies_that_cannot_be_are_refused(in_process, ada, fields):
    before = tenant(in_process)
    assert post(ada, "/portal/security", **fields).status == 400
    assert tenant(in_process) == before


def test_keys_rotate_once_the_next_is_known(in_process, ada):
    page = post(ada, "/portal/keys/rotate")
    assert page.status == 409
    assert "The next key may sign from" in said(page)
    in_process.clock.advance(A_DAY)
    later = AtThePortal(in_process)
    assert "Signing" in later.open("/portal/keys").text
    assert later.open("/portal/keys/rotate").status == 200
    page = post(later, "/portal/keys/rotate")
    assert said(page) == "Key 2 signs now."
    assert "Retired" in page.text
    assert latest(in_process) == "Rotate signing keys"


def test_deleted_for_good_nobody_brings_it_back(ada):
    ada.browser.submit(ada.open(f"/portal/users/{CAI_ID}/delete"), "seen")
    assert "Cai Crimson" in ada.open("/portal/deleted?show=users").text
    assert "Cai Crimson" not in ada.open("/portal/deleted?show=groups").text
    page = post(ada, f"/portal/deleted/{CAI_ID}/purge")
    assert said(page) == "It is deleted for good."
    assert post(ada, "/portal/deleted/restore", id=CAI_ID).status == 404


def test_a_name_taken_meanwhile_is_told(ada):
    ada.browser.submit(ada.open(f"/portal/users/{CAI_ID}/delete"), "seen")
    post(ada, "/portal/users/new", displayName="Another Cai", local="cai", domain="colors.example", password="link")
    page = post(ada, "/portal/deleted/restore", id=CAI_ID)
    assert page.status == 409
    assert "cai@colors.example" in said(page)


def test_the_menu_offers_what_may_be_opened(ada, ben):
    rooms = ("security", "keys", "deleted", "sign-ins", "audits")
    assert all(f'href="/portal/{room}"' in ada.home.text for room in rooms)
    assert not any(f'href="/portal/{room}"' in ben.home.text for room in rooms)
    assert 'href="/portal/users"' in ben.home.text
