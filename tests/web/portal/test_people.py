"""Users, groups and roles in the portal: what each page does, and whom it refuses."""

import re

import pytest

from tests.web.portal.by_hand import latest, post, said, user
from tests.web.portal.portal_driver import ADA, BEN, CAI, AtThePortal

ADA_ID = "c0105000-0000-4000-8000-0000000000a1"
BEN_ID = "c0105000-0000-4000-8000-0000000000b1"
CAI_ID = "c0105000-0000-4000-8000-0000000000c1"
PAINTERS = "c0105000-0000-4000-8000-00000000a171"
GLOBAL = "62e90394-69f5-4237-9190-012177145e10"
READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
BENS, PAINTERS_PATH = f"/portal/users/{BEN_ID}", f"/portal/groups/{PAINTERS}"
HTML = "<img src=x onerror=alert(1)>"
NASTY = (HTML, '"><script>alert(1)</script>', "שלום עולם", "🎨" * 50, "x" * 256)


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process, ADA)


@pytest.fixture
def ben(in_process):
    return AtThePortal(in_process, BEN)


# ---- who sees what ----

# fmt: off
PAGES = [  # the page, whether an ordinary member may see it
    *[pytest.param(path, True, id=path) for path in (
        "/portal/users", "/portal/users?filter=ca", "/portal/users?show=administrators", f"/portal/users/{CAI_ID}",
        f"/portal/users/{CAI_ID}/profile", f"/portal/users/{CAI_ID}/groups", f"/portal/users/{CAI_ID}/roles",
        f"/portal/users/{CAI_ID}/applications", f"{BENS}/sign-in", "/portal/groups", PAINTERS_PATH,
        f"{PAINTERS_PATH}/members", f"{PAINTERS_PATH}/owners", f"{PAINTERS_PATH}/applications", "/portal/roles",
        f"/portal/roles/{GLOBAL}",
    )],
    *[pytest.param(path, False, id=path) for path in (
        "/portal/users/new", f"/portal/users/{CAI_ID}/delete", f"/portal/users/{CAI_ID}/sign-in", "/portal/groups/new",
        f"{PAINTERS_PATH}/delete",
    )],
]
DEEDS = [
    pytest.param("/portal/users/new", {"displayName": "X", "local": "x", "domain": "colors.example"},    id="make a user"),
    pytest.param(f"/portal/users/{CAI_ID}/profile", {"displayName": "X"},                                id="change a profile"),
    pytest.param(f"/portal/users/{CAI_ID}/state", {"accountEnabled": "false"},                           id="disable"),
    pytest.param(f"/portal/users/{CAI_ID}/delete", {},                                                   id="delete a user"),
    *[pytest.param(f"/portal/users/{CAI_ID}/sign-in", {"do": one},                                       id=one)
      for one in ("link", "temporary", "unlock", "revoke", "remove-authenticator")],
    pytest.param(f"/portal/users/{CAI_ID}/groups", {"do": "add", "id": PAINTERS},                        id="put into a group"),
    pytest.param(f"{BENS}/roles", {"do": "add", "id": GLOBAL},                                           id="make oneself administrator"),
    pytest.param("/portal/groups/new", {"displayName": "X"},                                             id="make a group"),
    pytest.param(PAINTERS_PATH, {"displayName": "X"},                                                    id="change a group"),
    pytest.param(f"{PAINTERS_PATH}/members", {"do": "add", "id": BEN_ID},                                id="join a group"),
    pytest.param(f"{PAINTERS_PATH}/owners", {"do": "add", "id": BEN_ID},                                 id="own a group"),
    pytest.param(f"{PAINTERS_PATH}/delete", {},                                                          id="delete a group"),
    pytest.param(f"/portal/roles/{GLOBAL}", {"do": "add", "id": BEN_ID},                                 id="assign a role"),
]
# fmt: on


@pytest.mark.parametrize(("path", "member"), PAGES)
def test_an_administrator_sees_every_page_and_a_member_some(ada, ben, path, member):
    assert ada.open(path).status == 200
    assert ben.open(path).status == (200 if member else 403)


@pytest.mark.parametrize(("path", "fields"), DEEDS)
def test_what_a_member_posts_is_refused_and_nothing_is_written(in_process, ben, path, fields):
    before = latest(in_process)
    assert post(ben, path, **fields).status in (400, 403)
    assert latest(in_process) == before


@pytest.mark.parametrize("path", ["/portal/users", BENS, f"{BENS}/groups", PAINTERS_PATH, f"{PAINTERS_PATH}/members"])
def test_what_a_member_may_not_do_is_not_offered(ben, path):
    main = ben.open(path).text.partition("<main")[2]
    assert '<form class="inline"' not in main
    assert "/new" not in main
    assert "/delete" not in main


# ---- users ----


def test_users_are_found_by_name_and_by_id(ada):
    for text, found in (("cai", True), ("crimson", True), (CAI_ID, True), ("cai@colors", True), ("nobody", False)):
        assert ("Cai Crimson" in ada.open(f"/portal/users?filter={text}").text) is found, text


def test_a_new_user_gets_a_link_that_is_shown_once(in_process, ada):
    form = ada.open("/portal/users/new")
    page = ada.browser.submit(
        form, "local", displayName="Gil Green", local="gil", password="link", accountEnabled="true"
    )
    assert page.status == 200, page.text
    link = re.search(r"<code data-copy>(https://[^<]+)</code>", page.text)
    assert link
    assert latest(in_process) != ""
    opened = in_process.browser().open(link[1].replace("&amp;", "&"))
    assert "gil@colors.example" in opened.text


def test_a_temporary_password_opens_one_sign_in(in_process, ada):
    page = post(ada, f"{BENS}/sign-in", do="temporary")
    password = re.search(r"<code data-copy>([a-z2-9-]{19})</code>", page.text)
    assert password, page.text
    browser = in_process.browser()
    arrived = browser.sign_in(browser.open("/portal"), BEN, password[1])
    assert 'id="new_password"' in arrived.text


def test_a_name_that_is_taken_is_told_and_what_was_typed_stays(ada):
    page = post(ada, "/portal/users/new", displayName="Another", local="ben", domain="colors.example", givenName="Bea")
    assert page.status == 409
    assert "There is a user ben@colors.example already" in said(page)
    assert 'value="Bea"' in page.text
    assert 'value="Another"' in page.text


@pytest.mark.parametrize("name", NASTY)
def test_whatever_people_are_called_is_shown_as_text(in_process, ada, name):
    page = ada.browser.submit(ada.open(f"{BENS}/profile"), "displayName", displayName=name)
    assert page.status == 200
    assert user(in_process, BEN_ID).display_name == name
    for path in ("/portal/users", BENS, f"{BENS}/profile", f"{BENS}/delete", "/portal/groups", f"{BENS}/sign-in"):
        text = ada.open(path).text
        assert "<img src=x" not in text
        assert "<script>alert" not in text


@pytest.mark.parametrize("name", ["", " ", "x" * 257, "a\x07b"])
def test_a_name_that_cannot_be_one_is_refused(in_process, ada, name):
    page = post(ada, f"{BENS}/profile", displayName=name)
    assert page.status == 400
    assert user(in_process, BEN_ID).display_name == "Ben Blue"


def test_people_change_of_themselves_how_they_are_reached_and_no_more(in_process, ben):
    page = ben.browser.submit(ben.open(f"{BENS}/profile"), "mobilePhone", mobilePhone="+43 1 234")
    assert page.status == 200
    assert user(in_process, BEN_ID).mobile_phone == "+43 1 234"
    assert post(ben, f"{BENS}/profile", jobTitle="Chief").status in (400, 403)
    assert user(in_process, BEN_ID).job_title == "Reporting Analyst"


def test_of_two_who_edit_one_is_told_what_the_other_changed(in_process, ada):
    first, second = ada.open(f"{BENS}/profile"), ada.open(f"{BENS}/profile")
    ada.browser.submit(first, "displayName", displayName="Benedict Blue")
    page = ada.browser.submit(second, "displayName", displayName="Ben B.")
    assert page.status == 412
    assert "Display name was changed by ada@colors.example" in page.text
    assert user(in_process, BEN_ID).display_name == "Benedict Blue"
    again = ada.browser.submit(page, "displayName")
    assert again.status == 200
    assert user(in_process, BEN_ID).display_name == "Ben B."


def test_disabling_ends_what_is_signed_in(in_process, ada, ben):
    assert "is disabled" in said(post(ada, f"{BENS}/state", accountEnabled="false"))
    assert not user(in_process, BEN_ID).account_enabled
    assert "/portal/users" not in ben.open("/portal/users").url


def test_an_administrator_cannot_delete_or_disable_herself(ada):
    assert post(ada, f"/portal/users/{ADA_ID}/state", accountEnabled="false").status == 400
    assert post(ada, f"/portal/users/{ADA_ID}/delete").status == 400
    assert post(ada, f"/portal/users/{ADA_ID}/roles", do="remove", id=GLOBAL).status == 400


def test_a_deleted_user_comes_back(in_process, ada):
    page = ada.browser.submit(ada.open(f"/portal/users/{CAI_ID}/delete"), "seen")
    assert "can be restored" in said(page)
    assert ada.open(f"/portal/users/{CAI_ID}").status == 404
    back = post(ada, "/portal/deleted/restore", id=CAI_ID)
    assert "Cai Crimson is back" in said(back)
    assert "Cai Crimson" in ada.open(f"{PAINTERS_PATH}/members").text


def test_a_user_is_put_into_a_group_and_out(ada):
    page = post(ada, f"{BENS}/groups", do="add", id=PAINTERS)
    assert said(page) == "Ben Blue is in Painters now."
    assert said(post(ada, f"{BENS}/groups", do="remove", id=PAINTERS)) == "Ben Blue is out of Painters now."
    assert post(ada, f"{BENS}/groups", do="add", id="nonsense").status == 404


def test_a_form_that_asks_for_nothing_known_does_nothing(ada):
    assert post(ada, f"{BENS}/sign-in", do="explode").status == 400


# ---- groups and roles ----


def test_a_group_from_its_making_to_its_end(in_process, ada):
    page = ada.browser.submit(ada.open("/portal/groups/new"), "displayName", displayName="Gilders", description="Gold.")
    assert page.url.partition("?")[0].endswith("/members"), page.text
    group = page.url.partition("?")[0].removesuffix("/members")
    found = ada.open(f"{group}/members?find=ben")
    page = ada.browser.submit(found, "id")
    assert said(page) == "The member is added."
    assert "Ben Blue" in page.text
    page = ada.browser.submit(ada.open(f"{group}/owners?find=cai"), "do", id=CAI_ID, do="add")
    assert said(page) == "The owner is added."
    cai = AtThePortal(in_process, CAI)
    page = cai.browser.submit(cai.open(group), "displayName", displayName="Gilders of Vienna")
    assert said(page) == "The group is changed."
    assert said(post(cai, f"{group}/members", do="remove", id=BEN_ID)) == "The member is removed."
    assert "is deleted" in said(cai.browser.submit(cai.open(f"{group}/delete"), "seen"))


def test_a_group_is_not_within_itself(ada):
    page = post(ada, f"{PAINTERS_PATH}/members", do="add", id=PAINTERS)
    assert page.status == 400
    assert "cannot be within itself" in said(page)


def test_a_role_is_assigned_and_taken_away(in_process, ada):
    page = ada.browser.submit(ada.open(f"/portal/roles/{READER}?find=ben"), "id")
    assert said(page) == "Ben Blue is now a Global Reader."
    assert user(in_process, BEN_ID).directory_roles == {READER}
    assert "Ben Blue" in ada.open("/portal/roles").text
    page = post(ada, f"{BENS}/roles", do="remove", id=READER)
    assert said(page) == "Ben Blue is no longer a Global Reader."


@pytest.mark.parametrize("path", ["/portal/users/x", "/portal/users/%00", "/portal/groups/x", "/portal/roles/x",
                                  f"/portal/groups/{BEN_ID}", f"/portal/users/{PAINTERS}"])  # fmt: skip
def test_there_is_nothing(ada, path):
    assert ada.open(path).status == 404


@pytest.mark.parametrize("after", ["x", "W10", "WzEsMl0", "e30", "bnVsbA", "A" * 5000, "WyJhIiwieCcnIl0"])
def test_a_made_up_place_in_a_list_is_the_beginning_or_another(ada, after):
    assert ada.open(f"/portal/users?after={after}").status == 200
    assert ada.open(f"{PAINTERS_PATH}/members?after={after}").status == 200


def test_the_logs_of_one_user_are_of_that_user(ada):
    page = ada.open(BENS)
    logs = re.findall(r'href="(/portal/(?:sign-ins|audits)\?[^"]*)"', page.text)
    assert [one.partition("?")[2].partition("=")[0] for one in logs] == ["user", "object"]
    assert page.text.count("?filter=") == 0
