"""The portal's pages, and how an administrator comes to them; each room gives its own."""

from collections.abc import Iterator

from tests.browser.person import ADA, Person, headed
from tests.drivers.live_server import COLORS_API, REPSYS, LiveServer

APPLICATION_PAGES = {
    "overview": "", "authentication": "/authentication", "credentials": "/credentials",
    "claims": "/claims?user=cai@colors.example", "permissions": "/permissions", "choose-api": "/permissions/add",
    "choose-permissions": "/permissions/add?api=00000003-0000-0000-c000-000000000000", "grant": "/permissions/grant",
    "expose": "/expose", "new-scope": "/expose/scopes/new", "roles": "/roles", "new-role": "/roles/new",
    "owners": "/owners", "manifest": "/manifest", "properties": "/properties", "endpoints": "/endpoints",
    "configuration": "/configuration", "delete": "/delete",
}  # fmt: skip


def portal_pages(live: LiveServer, person: Person) -> Iterator[str]:
    """Ends signed in to the portal as the administrator."""
    page = person.open(f"{live.origin}/portal")
    person.sign_in(ADA)
    headed(page, "Home")
    yield "portal"
    page.locator("details.account summary").click()
    yield "portal-account"
    page.goto(f"{live.origin}/portal/search?q=co")
    yield "portal-search"
    yield from _applications(live, person)
    yield from _logs(live, person)


def _applications(live: LiveServer, person: Person) -> Iterator[str]:
    there = f"{live.origin}/portal/applications"
    page = person.open(there)
    headed(page, "App registrations")
    yield "portal-applications"
    for name in ("new", "owned", "deleted"):
        page.goto(f"{there}/{name}")
        yield f"portal-applications-{name}"
    for name, path in APPLICATION_PAGES.items():
        page.goto(f"{there}/{COLORS_API}{path}")
        yield f"portal-application-{name}"
    page.goto(f"{there}/{REPSYS}/authentication")
    page.get_by_label("Redirect URI", exact=True).fill("http://colors.example/callback")
    page.get_by_role("button", name="Add the redirect URI").click()
    yield "portal-application-authentication-refused"
    page.goto(f"{there}/{REPSYS}/credentials")
    page.get_by_role("button", name="Add a client secret").click()
    yield "portal-application-secret-made"
    page.get_by_role("link", name="Remove").first.click()
    yield "portal-application-secret-remove"
    page.goto(f"{there}/{COLORS_API}/roles/new")
    page.get_by_label("Display name").fill("Cook")
    page.get_by_label("Users and groups").uncheck()
    page.get_by_label("Description").fill("Cooks")
    page.get_by_role("button", name="Create").click()
    page.locator("#problem:focus").wait_for()  # without a script
    yield "portal-application-role-refused"
    page.goto(f"{there}/nothing/of/this/name")
    yield "portal-lost"


def _logs(live: LiveServer, person: Person) -> Iterator[str]:
    asked = f"client_id={REPSYS}&redirect_uri=https://elsewhere.example/&response_type=code&scope=openid"
    page = person.open(f"{live.origin}/colors.example/oauth2/v2.0/authorize?{asked}")
    page.get_by_role("link", name="see what was decided, and why").click()
    headed(page, "Refused: AADSTS50011")
    yield "portal-story"
    page.goto(f"{live.origin}/portal/sign-ins?status=failure&code=fifty")
    headed(page, "Sign-in logs")
    yield "portal-sign-ins"
    page.goto(f"{live.origin}/portal/audits?via=file")
    headed(page, "Audit log")
    yield "portal-audits"
    page.get_by_role("row").nth(1).get_by_role("link").click()
    yield "portal-audit"
