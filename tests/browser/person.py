"""Somebody at a browser of their own, who signs in through the pages and notices what the browser has against them."""

from typing import Any, Self
from urllib.parse import urlsplit

from attrs import define, field
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.drivers.form_browser import PASSWORD

PATIENCE = 15_000  # ms; the machine may be busy
expect.set_options(timeout=PATIENCE)
# The event says more than the console line, and is heard even where the browser says nothing.
HEAR_VIOLATIONS = """addEventListener("securitypolicyviolation", event =>
    console.error(`Blocked by policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`))"""
BEN, CAI, ADA, DEE, FLO = (f"{name}@colors.example" for name in ("ben", "cai", "ada", "dee", "flo"))


@define(slots=False)  # Playwright hangs its own attributes on whoever listens
class Person:
    context: BrowserContext
    page: Page
    said: list[str] = field(factory=list)
    not_found: list[str] = field(factory=list)
    refused: set[str] = field(factory=set)

    @classmethod
    def at(cls, browser: Browser, **page_options: Any) -> Self:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **page_options})
        context.set_default_timeout(PATIENCE)
        context.add_init_script(HEAR_VIOLATIONS)
        person = cls(context, context.new_page())
        context.on("response", person._remember_refusal)
        context.on("console", person._hear)
        context.on("weberror", lambda error: person.said.append(f"script failed: {error.error}"))
        context.on("requestfailed", person._lost)
        return person

    def open(self, url: str) -> Page:
        self.page.goto(url)
        return self.page

    def sign_in(self, username: str, password: str = PASSWORD, *, keep: bool = False, page: Page | None = None) -> None:
        """Through the user name and password pages, from wherever one of them is shown."""
        page = page or self.page
        name_username(page, username)
        enter_password(page, password, keep=keep)

    @property
    def complaints(self) -> list[str]:
        return [*self.said, *(f"not served: {url}" for url in self.not_found if url not in self.refused)]

    def cookies(self) -> dict[str, Any]:
        return {cookie["name"]: cookie for cookie in self.context.cookies()}

    def _remember_refusal(self, response: Response) -> None:
        # An error page is a page: Chromium notes its status on the console, and that is no fault of the page.
        if response.status >= 400 and response.request.is_navigation_request():
            self.refused.add(without_fragment(response.url))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.text.startswith("Failed to load resource: the server responded with a status of"):
            self.not_found.append(without_fragment(message.location["url"]))
        elif message.type in {"error", "warning"}:
            where = urlsplit(message.page.url).path if message.page else ""
            self.said.append(f"{where}: {message.text}")

    def _lost(self, request: Any) -> None:
        left_early = request.failure == "net::ERR_ABORTED"  # an icon still on its way when the person went on
        if not request.is_navigation_request() and not left_early:
            self.said.append(f"not loaded: {request.url}: {request.failure}")


def without_fragment(url: str) -> str:
    return url.partition("#")[0]


def name_username(page: Page, username: str) -> None:
    page.get_by_label("User name").fill(username)
    page.get_by_role("button", name="Next").click()


def enter_password(page: Page, password: str = PASSWORD, *, keep: bool = False) -> None:
    page.get_by_label("Password").fill(password)
    if keep:
        page.get_by_label("Stay signed in").check()
    page.get_by_role("button", name="Sign in", exact=True).click()


def enter_code(page: Page, code: str) -> None:
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Verify").click()


def headed(page: Page, heading: str) -> None:
    """The page is the one with that heading."""
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()


def arrived(page: Page) -> None:
    headed(page, "Arrived")


def agree(page: Page) -> None:
    """Accept where consent is asked for, and arrive at the waiting application."""
    _accept_before(page, page.get_by_role("heading", name="Arrived"))
    arrived(page)


def agree_to_repsys(page: Page) -> None:
    _accept_before(page, page.get_by_role("banner"))


def _accept_before(page: Page, arrival: Locator) -> None:
    asked = page.get_by_role("button", name="Accept")
    expect(asked.or_(arrival)).to_be_visible()
    if asked.is_visible():
        asked.click()
