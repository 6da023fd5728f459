"""The console's pages, and how a developer comes to them, on the Colors API of the development gateway."""

from collections.abc import Iterator

from tests.browser.person import BEN, Person, _accept_before, headed
from tests.drivers.live_server import LiveServer


def console_pages(live: LiveServer, person: Person) -> Iterator[str]:
    """Ends signed in to the console as a developer."""
    page = person.open(f"{live.origin}/developer")
    person.sign_in(BEN)
    headed(page, "APIs")
    yield "console"
    page.get_by_role("link", name="Colors API").click()
    headed(page, "Colors API")
    yield "console-api"
    for name in ("products", "subscriptions"):
        page.goto(f"{live.origin}/developer/{name}")
        yield f"console-{name}"
    yield from _trial(live, person)


def _trial(live: LiveServer, person: Person) -> Iterator[str]:
    page = person.open(f"{live.origin}/developer/apis/colors")
    page.locator(".operations a").first.click()
    yield "console-operation"
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="The answer").wait_for()
    yield "console-refused"
    page.get_by_label("How the token is got").select_option(label="authorization code (with PKCE)")
    page.get_by_role("button", name="Get a token").click()
    _accept_before(page, page.get_by_role("button", name="Forget"))
    page.get_by_role("button", name="Forget").wait_for()
    yield "console-signed-in"
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="The answer").wait_for()
    page.get_by_text("The token, claim by claim").click()
    page.get_by_text("The request as it was sent").click()
    yield "console-answered"
    page.goto(f"{live.origin}/developer/nothing")
    yield "console-lost"
