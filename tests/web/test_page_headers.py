"""What every page and redirect of a sign-in carries.  RFC 9700 §4.2, §4.12, §4.16; RFC 6265bis; CSP Level 3."""

from collections.abc import Iterator
from http.cookies import SimpleCookie

import httpx2
import pytest

from tests.drivers.form_browser import Page
from tests.plugins.platforms import InProcess
from tests.web.test_sign_in import ASKED, authorize_url

CALLBACK_ORIGIN = "http://localhost:5000"


@pytest.fixture(params=["user name", "password", "consent", "error", "error code", "home", "signed out"])
def page(request: pytest.FixtureRequest, in_process: InProcess) -> Page:
    *_, found = visit(in_process, request.param)
    return found


def visit(in_process: InProcess, last: str) -> Iterator[Page]:
    """Pages in the order of a first visit, up to the one named *last*."""
    browser = in_process.browser()
    alone = {"error": authorize_url(client_id="nobody"), "error code": "/error?code=50011", "home": "/"}
    if last in alone:
        yield browser.open(alone[last])
        return
    if last == "signed out":
        yield browser.open("/organizations/oauth2/v2.0/logout")
        return
    yield (page := browser.open(authorize_url()))
    if last != "user name":
        yield (page := browser.submit(page, "username", username="ben@colors.example"))
    if last == "consent":
        yield browser.submit(page, "passwd", passwd="Entrada-dev-2026")


def test_no_page_can_be_framed_or_run_a_script_from_elsewhere(page: Page):
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert (policy["frame-ancestors"], policy["default-src"], policy["base-uri"]) == ("'none'",) * 3
    assert policy["script-src"] == "'none'"
    assert page.headers["x-frame-options"] == "DENY"


def test_no_page_leaks_its_address_or_is_kept(page: Page):
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["user name", "password", "consent"])
def test_forms_lead_to_ourselves_and_to_the_validated_redirect(in_process: InProcess, name: str):
    *_, page = visit(in_process, name)
    assert f"form-action 'self' {CALLBACK_ORIGIN};" in page.headers["content-security-policy"]


def test_no_form_of_a_refused_request_leads_anywhere(in_process: InProcess):
    page = in_process.browser().open(authorize_url(redirect_uri="https://evil.example/"))
    assert "form-action 'self';" in page.headers["content-security-policy"]


def signed_in(in_process: InProcess) -> tuple[httpx2.Response, httpx2.Response]:
    """The answer to the accepting form, and that to the next authorization request."""
    browser = in_process.browser()
    page = browser.submit(browser.open(authorize_url()), "username", username="ben@colors.example")
    page = browser.submit(page, "passwd", passwd="Entrada-dev-2026")
    form = page.form_with("decision")
    posted = browser.client.post(form.action, data={**form.fields, "decision": "accept"})
    return posted, browser.client.get(authorize_url())


def test_a_post_is_answered_by_303_and_a_get_by_302(in_process: InProcess):
    posted, asked = signed_in(in_process)
    assert (posted.status_code, asked.status_code) == (303, 302)
    for answer in (posted, asked):
        assert answer.headers["location"].startswith(f"{ASKED['redirect_uri']}?code=")
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_cookies_belong_to_this_host_over_tls_and_to_no_script(in_process: InProcess):
    browser = in_process.browser()
    seen: dict[str, str] = {}
    page = browser.open(authorize_url())
    for field, value in (("username", "ben@colors.example"), ("passwd", "Entrada-dev-2026")):
        seen |= cookies(page)
        page = browser.submit(page, field, **{field: value}, keep="1")
    seen |= cookies(page)
    assert {"__Host-entrada-browser", "__Host-entrada-persistent"} <= set(seen)
    for name, sent in seen.items():
        morsel = SimpleCookie(sent)[name]
        assert name.startswith("__Host-entrada-")
        assert (morsel["secure"], morsel["httponly"], morsel["path"], morsel["domain"]) == (True, True, "/", "")


def cookies(page: Page) -> dict[str, str]:
    return {sent.partition("=")[0]: sent for sent in page.headers.get_list("set-cookie")}
