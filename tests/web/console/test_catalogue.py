"""Who comes to the console, and which APIs they see there."""

import html

import pytest
from attrs import evolve

from entrada.server.app import Exposure, application
from entrada.testing import Platform
from tests.plugins.platforms import InProcess, new_client
from tests.web.console import colors_gateway
from tests.web.console.developer import AtTheConsole
from tests.web.portal.portal_driver import ADA, BEN, EVA


@pytest.mark.parametrize("name", [ADA, BEN])
def test_whoever_is_of_the_gateways_tenant_sees_the_published_apis(console, name):
    developer = AtTheConsole(console, name)
    assert developer.home.status == 200
    assert developer.home.url.endswith("/developer")
    assert "Colors API" in developer.home.text
    assert "Names of colors." in developer.home.text
    assert "Keyed API" in developer.home.text
    assert "Hidden API" not in developer.home.text


def test_nobody_sees_anything_without_signing_in(console):
    answer = console.client.get("/developer/apis/colors?x=1")
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(
        "/portal/signin?return_to=%2Fdeveloper%2Fapis%2Fcolors%3Fx%3D1&tenant="
    )


def test_an_account_of_another_tenant_is_told_which_one_to_use(console):
    browser = console.browser()
    browser.sign_in(browser.open("/portal"), EVA)
    page = browser.open("/developer/apis/colors")
    assert page.status == 403
    assert "Names of colors." not in page.text
    assert "prompt=select_account" in page.text


def test_one_sign_in_serves_portal_and_console(console):
    developer = AtTheConsole(console)
    assert developer.open("/portal").url.endswith("/portal")


def test_where_there_is_no_gateway_the_console_says_so(in_process):
    here = evolve(in_process.platform.here, gateway=None)
    alone = Platform(here, application(here, Exposure(("localhost",))))
    developer = AtTheConsole(InProcess(alone, new_client(alone)))
    assert "runs no API gateway" in developer.home.text


def test_what_is_hidden_is_not_there_by_its_name_either(console):
    developer = AtTheConsole(console)
    hidden, unknown = (developer.open(f"/developer/apis/{name}") for name in ("hidden", "hiddem"))
    assert (hidden.status, unknown.status) == (404, 404)
    assert "'hidden' here" in html.unescape(hidden.text)
    assert len(hidden.text) == len(unknown.text)


def test_an_api_shows_its_operations_by_their_first_segment(console):
    page = AtTheConsole(console).open("/developer/apis/colors")
    assert page.text.index("<code>/</code></h2>") < page.text.index("<code>/mixed</code></h2>")
    assert "/developer/apis/colors/operations/one" in page.text
    assert "https://localhost:8444/colors" in page.text


def test_a_search_finds_by_a_word_of_the_description(console):
    developer = AtTheConsole(console)
    page = developer.open("/developer?filter=NAMES+of")
    assert "Colors API" in page.text
    assert "Keyed API" not in page.text
    assert "No API is called that" in developer.open("/developer?filter=nothing").text


def test_what_authors_wrote_is_text(console):
    colors_gateway.put(console.platform.here, [evolve(colors_gateway.API, description="<script>alert(1)</script>")])
    page = AtTheConsole(console).open("/developer/apis/colors")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize("path", ["/developer", "/developer/apis/colors", "/developer/products", "/developer/nothing"])
def test_pages_are_not_framed_cached_or_scripted_by_others(console, path):
    page = AtTheConsole(console).open(path)
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "'unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-frame-options"] == "DENY"
    assert "<script>" not in page.text
    assert " style=" not in page.text
