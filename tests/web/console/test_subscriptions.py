"""Asking for subscriptions, and what their owners alone do with them."""

import re

import pytest

from tests.web.console.developer import AtTheConsole
from tests.web.portal.portal_driver import ADA, AtThePortal

KEY = re.compile(r"<code data-copy>([0-9a-f]{32})</code>")


@pytest.fixture
def ben(console):
    return AtTheConsole(console)


def subscribed(developer, product="starter", name="Mine"):
    page = developer.open(f"/developer/products/{product}")
    return developer.press(page, "/subscribe", displayName=name)


def keys_of(page):
    return KEY.findall(page.text)


def deed(developer, word, page=None):
    page = page or developer.open("/developer/subscriptions")
    form = next(one for one in page.forms if one.fields.get("do") == word)
    return developer.press(page, form.action, **form.fields)


def test_a_developer_subscribes_and_sees_the_keys_behind_a_button(ben):
    page = subscribed(ben)
    assert page.status == 200
    assert "You asked for a subscription to Starter. Its keys work at once." in page.text
    assert keys_of(page) == []
    shown = deed(ben, "show")
    assert len(keys_of(shown)) == 2
    assert keys_of(ben.open("/developer/subscriptions")) == []


def test_a_key_is_made_anew_and_the_other_stays(ben):
    subscribed(ben)
    before = deed(ben, "show")
    primary, secondary = keys_of(before)
    after = keys_of(deed(ben, "primary", before))
    assert after[0] != primary
    assert after[1] == secondary


def test_the_portal_shows_who_has_to_approve_that_a_subscription_waits(console, ben):
    ada = AtThePortal(console, ADA)
    assert "for approval" not in ada.open("/portal/gateway").text
    subscribed(ben, "approved")
    shown = re.search(r'<a href="([^"]+)">1 subscription waits for approval</a>', ada.open("/portal/gateway").text)
    assert shown
    assert "Waiting for approval" in ada.open(shown[1]).text


def test_approval_is_waited_for(ben):
    page = subscribed(ben, "approved")
    assert "An administrator has to approve it." in page.text
    assert ">submitted<" in page.text


def test_a_subscription_is_cancelled_after_being_asked(ben):
    page = subscribed(ben)
    path = re.search(r'href="(/developer/subscriptions/[^"]+/cancel)"', page.text)
    assert path
    asked = ben.open(path[1])
    assert "stop working at once" in asked.text
    page = ben.press(asked, path[1].removesuffix("/cancel"))
    assert "The subscription is cancelled" in page.text
    assert ">cancelled<" in page.text


def test_nobody_else_sees_or_changes_it(console, ben):
    subscribed(ben)
    page = ben.open("/developer/subscriptions")
    action = next(one.action for one in page.forms if one.fields.get("do") == "show")
    ada = AtTheConsole(console, "cai@colors.example")
    csrf = next(one.fields["csrf"] for one in ada.home.forms if "csrf" in one.fields)
    for word in ("show", "primary", "secondary", "rename", "cancel"):
        answer = ada.browser.client.post(action, data={"csrf": csrf, "do": word, "displayName": "Hers"})
        assert answer.status_code in (403, 404), word
        assert not KEY.search(answer.text)
    assert "Mine" in ben.open("/developer/subscriptions").text
    assert "cancelled" not in ben.open("/developer/subscriptions").text


def test_a_form_of_another_page_does_nothing(ben):
    page = ben.open("/developer/products/starter")
    form = next(one for one in page.forms if one.action.endswith("/subscribe"))
    for spoilt in ({"csrf": "x"}, {"csrf": ""}):
        answer = ben.browser.client.post(form.action, data={**form.fields, **spoilt})
        assert answer.status_code == 403
    cross = {"sec-fetch-site": "cross-site"}
    assert ben.browser.client.post(form.action, data=form.fields, headers=cross).status_code == 403
    assert "You have no subscription yet" in ben.open("/developer/subscriptions").text


def test_products_that_are_not_published_are_not_there(ben):
    assert "Closed" not in ben.open("/developer/products").text
    assert ben.open("/developer/products/closed").status == 404


def test_a_key_shows_what_it_opens_on_the_page_of_the_api(console):
    ada = AtTheConsole(console, ADA)
    assert "Subscribe to a product that holds it" in ada.open("/developer/apis/keyed").text
    subscribed(ada)
    assert "You hold keys that open it" in ada.open("/developer/apis/keyed").text
