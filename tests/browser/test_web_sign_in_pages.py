"""The pages that a web application of ours shows when signing in goes wrong: everyday words, and nasty ones."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from entrada.client.web_sign_in import error_pages
from entrada.client.web_sign_in.error_pages import Button, make_page
from tests.browser.judgement import faults_of_all

pytestmark = pytest.mark.browser

ORIGIN = "http://app.localhost"
NASTY = "<b>W</b>" + "o" * 300
PAGES = {
    "web-refused": error_pages.Page(
        status=400, title="You are not signed in", message="The authority refused the sign-in.",
        advice="AADSTS65004: The person declined.", links=(("/auth/login", "Sign in again"), ("/", "Go to the start page")),
        aadsts=65004, trace_id="c0105000-0000-4000-8000-000000000001",
    ),
    "web-sign-out": error_pages.Page(
        status=200, title="Sign out?", message="You will be signed out of this application.",
        button=Button(label="Sign out", action="/auth/logout", fields=(("csrf", "x"),)), links=(("/", "Stay signed in"),),
    ),
    "web-nasty": error_pages.Page(
        status=400, title=NASTY, message=NASTY, advice=NASTY, links=((f"/{NASTY}", NASTY),), trace_id=NASTY,
    ),
}  # fmt: skip


def test_the_pages_of_web_sign_in_are_for_everybody(browser: Browser):
    page, complaints = browser.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.route(f"{ORIGIN}/**", fulfil)

    def opened() -> Iterator[str]:
        for name in PAGES:
            page.goto(f"{ORIGIN}/{name}")
            yield name

    assert faults_of_all(page, opened()) == {}
    assert [one for one in complaints if "Content Security Policy" in one] == []
    assert styled(page)
    page.close()


def styled(page: Page) -> bool:
    """The one style that the policy names by its hash has been taken."""
    return "system-ui" in str(page.evaluate("getComputedStyle(document.body).fontFamily"))


def fulfil(route: Route) -> None:
    shown = PAGES.get(route.request.url.rpartition("/")[2])
    if shown is None:
        route.fulfill(status=204)
        return
    answer = error_pages.answer(shown, make_page)
    route.fulfill(status=answer.status, headers=dict(answer.headers), body=answer.body)
