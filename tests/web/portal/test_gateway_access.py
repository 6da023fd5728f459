"""Products and subscriptions in the portal: what is offered together, who holds keys to it, and those keys."""

import asyncio

import pytest

from entrada.core.directory.administration.actor import AS_THE_USER, Actor, Via
from entrada.core.gateway.entities.product import State as Published
from entrada.core.gateway.entities.subscription import State
from entrada.server.usecases.gateway.own_subscriptions import request_subscription
from tests.web.portal.by_hand import TENANT, latest, post, said, user
from tests.web.portal.gateway_rooms import HOME, add_api, add_product, add_subscription, configured
from tests.web.portal.portal_driver import ADA, CAI, AtThePortal

STARTER, BENS = f"{HOME}/products/starter", f"{HOME}/subscriptions/bens"


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process, ADA)


def product(there):
    return configured(there).products["starter"]


def subscription(there):
    return configured(there).subscriptions["bens"]


def test_a_product_is_added_with_its_apis_changed_and_deleted(in_process, ada):
    add_api(ada)
    page = add_product(ada, apis="paints", approvalRequired="true", subscriptionsLimit="2", published="true")
    assert said(page) == "The product Starter is added."
    made = product(in_process)
    assert (made.state, made.approval_required, made.subscriptions_limit) == (Published.PUBLISHED, True, 2)
    assert made.api_ids == {"paints"}
    fields = {"displayName": "Starters", "subscriptionRequired": "true", "subscriptionsLimit": ""}
    ada.browser.submit(ada.open(f"{STARTER}/settings"), "terms", **fields)
    assert product(in_process).display_name == "Starters"
    assert product(in_process).subscriptions_limit is None
    assert said(ada.send(f"{STARTER}/apis", "/apis")) == "The APIs of the product are saved."  # with no box ticked
    assert product(in_process).api_ids == frozenset()
    assert said(ada.send(f"{STARTER}/delete", "/delete")) == "The product Starters is deleted."
    assert "starter" not in configured(in_process).products


@pytest.mark.parametrize(
    ("fields", "anchor"),
    [
        ({"subscriptionsLimit": "0"}, "f-subscriptionsLimit"),
        ({"subscriptionsLimit": "-1"}, "f-subscriptionsLimit"),
        ({"subscriptionsLimit": "many"}, "f-subscriptionsLimit"),
        ({"displayName": ""}, "f-displayName"),
        ({"subscriptionRequired": [], "approvalRequired": "true"}, "f-approvalRequired-true"),
        ({"apis": "nothing"}, "f-apis"),
    ],
)
def test_a_product_that_cannot_be_is_refused_at_its_field(in_process, ada, fields, anchor):
    known = {"displayName": "Starter", "subscriptionRequired": "true", "description": "Kept"}
    page = post(ada, f"{HOME}/new/products", **{**known, **fields})
    assert page.status == 400
    assert f'href="#{anchor}' in page.text
    assert "Kept</textarea>" in page.text
    assert "starter" not in configured(in_process).products


def test_a_product_is_published_and_hidden_again_and_of_two_who_do_one_is_told(in_process, ada):
    add_product(ada)
    stale = ada.open(STARTER)
    assert "finds it" in said(ada.send(STARTER, "/state")) or product(in_process).state is Published.PUBLISHED
    page = ada.browser.submit(stale, "state")
    assert page.status == 412
    assert product(in_process).state is Published.PUBLISHED
    ada.send(STARTER, "/state")
    assert product(in_process).state is Published.NOT_PUBLISHED


def test_deleting_a_product_names_its_subscriptions_and_takes_them_along(in_process, ada):
    add_product(ada)
    add_subscription(ada, "Of Ben", "/products/starter")
    assert "Of Ben" in ada.open(f"{STARTER}/delete").text
    assert "Of Ben" in ada.open(f"{STARTER}/subscriptions").text
    page = post(ada, f"{STARTER}/delete")  # as of a page that did not name it yet
    assert page.status == 400
    assert "starter" in configured(in_process).products
    ada.send(f"{STARTER}/delete", "/delete")
    assert [*configured(in_process).subscriptions] == []


# ---- subscriptions ----


def test_a_subscription_is_added_for_somebody_and_its_keys_are_shown_by_a_button_alone(in_process, ada):
    add_product(ada)
    page = add_subscription(ada, "Bens", "/products/starter", ownerId=CAI, name="bens")
    assert said(page) == "The subscription is added, with two keys."
    made = subscription(in_process)
    assert (made.state, made.owner_id) == (State.ACTIVE, "c0105000-0000-4000-8000-0000000000c1")
    for path in (f"{HOME}/subscriptions", BENS, f"{BENS}/settings", f"{BENS}/keys", f"{STARTER}/subscriptions"):
        text = ada.open(path).text
        assert made.primary_key not in text
        assert made.secondary_key not in text
    shown = ada.send(BENS, "/keys")
    assert f"<code data-copy>{made.primary_key}</code>" in shown.text
    assert f"<code data-copy>{made.secondary_key}</code>" in shown.text
    assert made.primary_key not in shown.url
    assert shown.headers["cache-control"] == "no-store"
    assert CAI in shown.text


def test_an_owner_whom_nobody_knows_is_refused_at_the_field(in_process, ada):
    page = add_subscription(ada, "Bens", "/apis", ownerId="nobody@colors.example")
    assert page.status == 404
    assert 'id="f-ownerId-error"' in page.text
    assert configured(in_process).subscriptions == {}


@pytest.mark.parametrize("fields", [{"scope": "/products/none"}, {"scope": "x"}, {"called": ""}, {"name": "a/b"}])
def test_a_subscription_that_cannot_be_is_refused(in_process, ada, fields):
    assert add_subscription(ada, **fields).status == 400
    assert configured(in_process).subscriptions == {}


@pytest.mark.parametrize("which", ["primary", "secondary"])
def test_one_key_is_regenerated_once_it_was_asked_for(in_process, ada, which):
    add_subscription(ada, "Bens", name="bens")
    before = subscription(in_process)
    asked = ada.open(f"{BENS}/regenerate?key={which}")
    page = ada.browser.submit(asked, "do")
    assert "regenerated" in said(page)
    after = subscription(in_process)
    assert (after.primary_key == before.primary_key) is (which != "primary")
    assert (after.secondary_key == before.secondary_key) is (which != "secondary")
    assert latest(in_process) == "Regenerate subscription key"
    assert ada.browser.submit(asked, "do").status == 412  # a button that is pressed twice renews one key
    assert subscription(in_process) == after


@pytest.mark.parametrize(
    ("deeds", "state"),
    [
        (["suspend"], State.SUSPENDED),
        (["suspend", "activate"], State.ACTIVE),
        (["cancel"], State.CANCELLED),
        (["suspend", "cancel", "activate"], State.ACTIVE),
    ],
)
def test_a_subscription_is_suspended_cancelled_and_active_again(in_process, ada, deeds, state):
    add_subscription(ada, "Bens", name="bens")
    for deed in deeds:
        assert f'name="do" value="{deed}"' in ada.open(BENS).text
        assert post(ada, f"{BENS}/state", do=deed).status == 200
    assert subscription(in_process).state is state


@pytest.mark.parametrize(("deed", "state"), [("approve", State.ACTIVE), ("reject", State.REJECTED)])
def test_what_waits_is_approved_or_rejected(in_process, ada, deed, state):
    add_product(ada, approvalRequired="true", published="true")
    ask_for_one(in_process)
    (waiting,) = configured(in_process).subscriptions.values()
    assert waiting.state is State.SUBMITTED
    assert waiting.display_name in ada.open(f"{HOME}/subscriptions?show=submitted").text
    assert waiting.display_name not in ada.open(f"{HOME}/subscriptions?show=active").text.partition("<main")[2]
    page = post(ada, f"{HOME}/subscriptions/{waiting.id}/state", do=deed)
    assert page.status == 200
    (after,) = configured(in_process).subscriptions.values()
    assert after.state is state


def ask_for_one(there):
    """As a developer does in the console."""
    ben = user(there, "c0105000-0000-4000-8000-0000000000b1")
    actor = Actor(tenant_id=TENANT, via=Via.PORTAL, correlation_id="c", user=ben, permissions=AS_THE_USER)
    asyncio.run(request_subscription(there.platform.here, actor, "starter", "Waiting for Ada"))


def test_a_word_that_no_button_says_does_nothing(in_process, ada):
    add_subscription(ada, "Bens", name="bens")
    before = subscription(in_process)
    assert post(ada, f"{BENS}/state", do="explode").status == 400
    assert post(ada, f"{BENS}/regenerate", do="tertiary").status == 400
    assert subscription(in_process) == before


def test_a_subscription_is_renamed_given_away_and_deleted_with_its_keys_left_as_they_were(in_process, ada):
    add_api(ada)
    add_subscription(ada, "Bens", ownerId=CAI, name="bens")
    before = subscription(in_process)
    fields = {"displayName": "Of the shop", "scope": "/apis/paints", "ownerId": ""}
    ada.browser.submit(ada.open(f"{BENS}/settings"), "ownerId", **fields)
    after = subscription(in_process)
    assert (after.display_name, after.scope, after.owner_id) == ("Of the shop", "/apis/paints", None)
    assert (after.primary_key, after.secondary_key) == (before.primary_key, before.secondary_key)
    assert said(ada.send(f"{BENS}/delete", "/delete")) == "The subscription Of the shop is deleted."
    assert configured(in_process).subscriptions == {}
