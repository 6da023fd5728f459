"""What was wrong is said in the form's own words, once beside the field and once above, from where one gets to it."""

import re

import pytest

from entrada.core.directory.administration.problem import Detail, Problem, bad
from entrada.server.web.signed_in.problem_words import summary_of, worded
from tests.drivers.live_server import COLORS_API
from tests.web.portal.by_hand import post
from tests.web.portal.portal_driver import AtThePortal

THERE = f"/portal/applications/{COLORS_API}"
SCOPE = {
    "type": "User",
    "isEnabled": "true",
    "adminConsentDisplayName": "Read",
    "adminConsentDescription": "Read them",
}


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process)


def summary(page):
    found = re.search(r'<div class="note note-bad" id="problem".*?</div>', page.text, re.DOTALL)
    assert found, page.text
    return found[0]


def test_a_scope_without_a_name(ada):
    page = post(ada, f"{THERE}/expose/scopes/new", value="", **SCOPE)
    assert page.status == 400
    assert "oauth2PermissionScopes" not in page.text
    assert re.search(r'<p><a href="#f-value">Scope name ', summary(page))
    assert page.text.count(">Scope name is") == 2  # above and beside
    assert "autofocus" in summary(page)
    assert page.text.count("autofocus") == 1


def test_a_role_for_nobody_is_told_so_twice_in_all(ada):
    page = post(ada, f"{THERE}/roles/new", displayName="Cook", value="Cook", description="Cooks", isEnabled="true")
    assert page.status == 400
    assert "appRoles" not in page.text
    assert page.text.count(">Allowed member types ") == 2
    assert '<a href="#f-allowedMemberTypes-error">' in summary(page)
    assert 'id="f-allowedMemberTypes-error"' in page.text


def test_an_empty_value_is_not_called_null(ada):
    fields = {"displayName": "Cook", "value": "", "description": "Cooks", "allowedMemberTypes": "User"}
    page = post(ada, f"{THERE}/roles/new", isEnabled="true", **fields)
    assert page.status == 400
    assert "null" not in page.text
    assert ">Value " in summary(page)


def test_a_new_role_is_for_users_and_groups(ada):
    page = ada.open(f"{THERE}/roles/new")
    assert re.search(r'value="User" checked', page.text)
    assert re.search(r'name="displayName"[^>]* autofocus', page.text)


def test_every_link_of_a_summary_leads_to_something_on_its_page(ada):
    page = post(ada, "/portal/users/new", displayName="", userPrincipalName="no")
    for anchor in re.findall(r'<a href="#([^"]+)"', summary(page)):
        assert f'id="{anchor}"' in page.text


@pytest.mark.parametrize(("message", "name", "words"), [
    ("api.oauth2PermissionScopes[1].value is 1 to 120 characters long.", "value", "Value is 1 to 120 characters long."),
    ("displayName is missing.", "displayName", "Value is missing."),
    ("web.redirectUris[0] is no URI.", "web.redirectUris", "Value is no URI."),
    ("Choose the last day, as in 2027-01-31.", "endDate", "Choose the last day, as in 2027-01-31."),
    ("value", "other", "value"),
])  # fmt: skip
def test_paths_become_labels(message, name, words):
    assert worded(message, name, "Value") == words


def test_one_thing_is_told_once():
    same = Detail(code="x", message="value is empty.", target="value")
    problem = Problem(status=400, code="x", message="value is empty.", target="value", details=(same, same))
    labels = {"value": ("Scope name", "f-value")}
    assert list(summary_of(problem, labels)) == [("Scope name is empty.", "f-value")]
    assert list(summary_of(bad("It is late."), labels)) == [("It is late.", "")]
