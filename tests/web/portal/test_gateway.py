"""The gateway's rooms as a whole: who comes in, what the overview shows, what nobody else may do."""

import re

import pytest
from attrs import evolve

from entrada.core.directory.ids import TenantId
from entrada.server.app import Exposure, application
from entrada.server.usecases.installation import GatewayPlace
from tests.drivers.live_server import PETALS
from tests.plugins.platforms import InProcess, new_client
from tests.web.portal.by_hand import latest, post
from tests.web.portal.gateway_rooms import (
    HOME,
    SERVER,
    add_api,
    add_operation,
    add_product,
    add_provider,
    add_server,
    add_subscription,
    add_value,
    configured,
)
from tests.web.portal.portal_driver import ADA, BEN, CAI, AtThePortal


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process, ADA)


@pytest.fixture
def furnished(in_process, ada):
    """One of everything."""
    add_api(ada, serviceUrl="https://backend.example", subscriptionRequired="true")
    add_operation(ada)
    add_product(ada, apis="paints", published="true")
    add_subscription(ada, "Bens", "/products/starter", ownerId=CAI, name="bens")
    add_server(ada)
    add_provider(ada)
    add_value(ada)
    return in_process


ROOMS = ["", "/apis", "/products", "/subscriptions", "/servers", "/providers", "/values"]
ONES = [
    "/apis/paints",
    *(f"/apis/paints/{one}" for one in ("operations", "settings", "security", "delete", "new")),
    *("/apis/paints/operations/list", "/apis/paints/operations/list/delete"),
    *(f"/products/starter{one}" for one in ("", "/apis", "/subscriptions", "/settings", "/delete")),
    *(f"/subscriptions/bens{one}" for one in ("", "/settings", "/regenerate?key=primary", "/delete")),
    *(f"/servers/paints{one}" for one in ("", "/settings", "/delete")),
    *(f"/providers/paints-id{one}" for one in ("", "/settings", "/delete")),
    *("/values/greeting", "/values/greeting/delete", "/import", "/import?api=paints"),
    *(f"/new/{one}" for one in ("apis", "products", "subscriptions", "servers", "providers", "values")),
]
CHANGING = ("/new/", "/new", "/delete", "/regenerate", "/import")  # pages that only lead to a change
# fmt: off
DEEDS = [
    ("/new/apis", {"displayName": "X", "path": "x"}),
    ("/apis/paints/settings", {"displayName": "X", "path": "paints"}),
    ("/apis/paints/security", {"security": "none"}),
    ("/apis/paints/delete", {}),
    ("/apis/paints/new", {"displayName": "X", "method": "GET", "urlTemplate": "/x"}),
    ("/apis/paints/operations/list", {"displayName": "X", "method": "GET", "urlTemplate": "/x"}),
    ("/apis/paints/operations/list/delete", {}),
    ("/import", {"value": '{"openapi": "3.0.0", "info": {"title": "X", "version": "1"}, "paths": {}}'}),
    ("/import", {"url": "https://localhost:8443/"}),
    ("/new/products", {"displayName": "X"}),
    ("/products/starter/state", {"state": "notPublished"}),
    ("/products/starter/apis", {}),
    ("/products/starter/settings", {"displayName": "X"}),
    ("/products/starter/delete", {"deleteSubscriptions": "true"}),
    ("/new/subscriptions", {"displayName": "X", "scope": "/apis"}),
    ("/subscriptions/bens/state", {"do": "suspend"}),
    ("/subscriptions/bens/regenerate", {"do": "primary"}),
    ("/subscriptions/bens/keys", {}),
    ("/subscriptions/bens/settings", {"displayName": "X", "scope": "/apis"}),
    ("/subscriptions/bens/delete", {}),
    ("/new/servers", {**SERVER, "displayName": "X"}),
    ("/new/servers", {**SERVER, "do": "discover", "discovery": "https://localhost:8443/"}),
    ("/servers/paints/settings", SERVER),
    ("/servers/paints/delete", {"force": "true"}),
    ("/new/providers", {"displayName": "X", "metadataEndpoint": "https://x.example", "clientId": "x"}),
    ("/providers/paints-id/settings", {"displayName": "X", "metadataEndpoint": "https://x.example", "clientId": "x"}),
    ("/providers/paints-id/delete", {}),
    ("/new/values", {"displayName": "x", "secretValue": "x"}),
    ("/values/greeting", {"displayName": "x", "secretValue": "x"}),
    ("/values/greeting/delete", {}),
]
# fmt: on


def test_an_administrator_sees_every_page_and_a_member_none(furnished, ada):
    ben = AtThePortal(furnished, BEN)
    for path in (*ROOMS, *ONES):
        assert ada.open(HOME + path).status == 200, path
        assert ben.open(HOME + path).status == 403, path
    assert "API gateway" in ada.open("/portal").text
    assert "API gateway" not in ben.open("/portal").text


def test_what_a_member_posts_is_refused_and_nothing_is_written(furnished):
    ben = AtThePortal(furnished, BEN)
    before, told = configured(furnished), latest(furnished)
    for path, fields in DEEDS:
        assert post(ben, HOME + path, **fields).status == 403, path
    assert configured(furnished) == before
    assert latest(furnished) == told


def test_who_may_read_and_not_change_is_offered_no_change_and_refused_one(furnished, ada):
    reader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"  # Global Reader
    post(ada, f"/portal/roles/{reader}", do="add", id="c0105000-0000-4000-8000-0000000000b1")
    ben = AtThePortal(furnished, BEN)
    before = configured(furnished)
    for path in (*ROOMS, *ONES):
        page, leads_to_change = ben.open(HOME + path), any(word in path for word in CHANGING)
        assert page.status == (403 if leads_to_change else 200), path
        main = page.text.partition("<main")[2]
        assert not any(f'{word}"' in main for word in CHANGING if word != "/import"), path
        assert 'method="post"' not in main or 'class="button">Save' not in main, path
    for path, fields in DEEDS:
        assert post(ben, HOME + path, **fields).status == 403, path
    assert configured(furnished) == before


@pytest.mark.parametrize("elsewhere", [None, GatewayPlace(tenant_id=TenantId(PETALS), origin="https://localhost:8444")])
def test_where_there_is_no_gateway_nothing_leads_there(in_process, elsewhere):
    here = evolve(in_process.platform.here, gateway=elsewhere)
    made = evolve(in_process.platform, here=here, app=application(here, Exposure(("localhost",))))
    ada = AtThePortal(InProcess(made, new_client(made)))
    assert "API gateway" not in ada.home.text
    for path in (*ROOMS, "/new/apis"):
        assert ada.open(HOME + path).status in (403, 404)
    assert add_api(ada).status in (403, 404)


def test_the_overview_shows_what_is_published_and_where(furnished, ada):
    text = ada.open(HOME).text
    assert "<code data-copy>https://localhost:8444</code>" in text
    assert "<code data-copy>https://localhost:8444/paints</code>" in text
    numbers = re.findall(r'<strong class="number">(\d+)</strong> ([^<]+)<', text)
    held = configured(furnished)
    assert [(name.strip(), int(number)) for number, name in numbers] == [
        ("APIs", len(held.apis)),
        ("Products", len(held.products)),
        ("Subscriptions", len(held.subscriptions)),
        ("OAuth 2.0 servers", len(held.authorization_servers)),
        ("OpenID providers", len(held.openid_providers)),
        ("Named values", len(held.named_values)),
    ]
    assert all(int(number) for number, _ in numbers)


@pytest.mark.parametrize("room", ROOMS[1:])
def test_lists_find_by_a_part_of_a_name_and_say_when_nothing_is_found(furnished, ada, room):
    everything = ada.open(HOME + room).text.partition('id="list"')[2]
    nothing = ada.open(f"{HOME}{room}?filter=zzz").text.partition('id="list"')[2]
    assert "<tbody" in everything
    assert "<tbody" not in nothing


def test_a_long_list_goes_on_on_another_page(in_process, ada):
    for number in range(52):
        add_value(ada, f"value-{number:02}")
    first = ada.open(f"{HOME}/values").text
    assert ("value-49" in first, "value-50" in first) == (True, False)
    there = re.search(r'href="([^"]*skip=50)">Next page', first)
    assert there
    second = ada.open(there[1].replace("&amp;", "&")).text
    assert ("value-49" in second, "value-51" in second, "First page" in second) == (False, True, True)


NASTY = '"><img src=x onerror=alert(1)>'


def test_whatever_things_are_called_is_shown_as_text(in_process, ada):
    add_api(ada, NASTY, "x", name="paints", description=NASTY)
    add_operation(ada, "paints", NASTY, "/x", description=NASTY, **{"query.0.name": NASTY, "query.0.type": NASTY})
    add_product(ada, NASTY, name="starter", terms=NASTY, apis="paints")
    add_subscription(ada, NASTY, "/products/starter")
    add_server(ada, displayName=NASTY, name="server", defaultScope=NASTY)
    add_provider(ada, NASTY, name="provider")
    assert configured(in_process).apis.keys() >= {"paints"}
    for path in (*ROOMS, "/apis/paints", "/apis/paints/operations", "/apis/paints/security", "/apis/paints/delete"):
        assert "<img src=x" not in ada.open(HOME + path).text, path


@pytest.mark.parametrize("name", ["new", "operations", "delete", "a b", "ärger", "100%", "settings"])
def test_an_api_may_be_known_by_any_id(in_process, ada, name):
    page = add_api(ada, "Odd", "odd", name=name)
    assert page.status == 200, page.text
    assert name in configured(in_process).apis
    assert "Odd" in page.text
    opened = ada.open(f"{HOME}/apis").text
    there = re.search(r'<a href="(/portal/gateway/apis/[^"]+)"><bdi>Odd', opened)
    assert there
    assert "https://localhost:8444/odd" in ada.open(there[1]).text


def test_the_audit_log_tells_of_the_gateway_in_words_and_leads_back(furnished, ada):
    add_value(ada, "key of the shop".replace(" ", "-"), "open sesame", secret="true")
    for path, words, back in (
        ("/apis/paints", "API: ", "/portal/gateway/apis/paints"),
        ("/values/key-of-the-shop", "Named value: ", "/portal/gateway/values/key-of-the-shop"),
        ("/subscriptions/bens", "Subscription: ", "/portal/gateway/subscriptions/bens"),
    ):
        there = re.search(r'href="(/portal/audits\?object=[^"]+)">History', ada.open(HOME + path).text)
        assert there
        listed = ada.open(there[1]).text.partition('id="list"')[2]
        rows = re.findall(r'<a href="(/portal/audits/[^"]+)"', listed)
        assert len(rows) == 1, path
        shown = ada.open(rows[0]).text
        assert f"<h2>{words}" in shown
        assert f'href="{back}"' in shown
        assert "open sesame" not in shown
