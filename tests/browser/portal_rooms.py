"""Every page of the portal's rooms of people, applications known here, and settings; seen by an administrator."""

from collections.abc import Iterator

from playwright.sync_api import expect

from tests.browser.person import ADA, Person, headed
from tests.drivers.live_server import COLORS_API, LiveServer

BEN_ID = "c0105000-0000-4000-8000-0000000000b1"
CAI_ID = "c0105000-0000-4000-8000-0000000000c1"
PAINTERS = "c0105000-0000-4000-8000-00000000a171"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"


def portal_rooms(live: LiveServer, person: Person) -> Iterator[str]:
    page = person.open(f"{live.origin}/portal/users")
    sign_in_to_portal(person)
    headed(page, "Users")
    yield "portal-users"
    yield from _users(live, person)
    yield from _groups_and_roles(live, person)
    yield from _enterprise(live, person)
    yield from _settings(live, person)
    person.context.clear_cookies()  # whoever comes next is nobody yet


def sign_in_to_portal(person: Person, username: str = ADA) -> None:
    """From whichever page asks who it is."""
    page = person.page
    picker = page.get_by_role("heading", name="Choose an account")
    expect(picker.or_(page.get_by_role("heading", name="Sign in"))).to_be_visible()
    if picker.is_visible():
        page.get_by_role("button", name="Use another account").click()
    person.sign_in(username)


def _users(live: LiveServer, person: Person) -> Iterator[str]:
    page, users = person.page, f"{live.origin}/portal/users"
    page.goto(f"{users}/new")
    yield "portal-user-new"
    page.get_by_label("Display name").fill("Gil Green")
    page.get_by_label("User name").fill("ada")
    page.get_by_role("button", name="Create user").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "portal-user-new-wrong"
    for name in ("", "profile", "sign-in", "groups?find=pain", "roles", "applications", "delete"):
        page.goto(f"{users}/{CAI_ID}/{name}".rstrip("/"))
        yield f"portal-user-{name.partition('?')[0] or 'overview'}"


def _groups_and_roles(live: LiveServer, person: Person) -> Iterator[str]:
    page, portal = person.page, f"{live.origin}/portal"
    for path in ("groups", "groups/new", *(f"groups/{PAINTERS}{of}" for of in ("", "/owners", "/applications"))):
        page.goto(f"{portal}/{path}")
        yield f"portal-{path.replace(f'/{PAINTERS}', '-one').replace('/', '-')}"
    page.goto(f"{portal}/groups/{PAINTERS}/members?find=be")
    yield "portal-group-members"
    page.goto(f"{portal}/roles")
    yield "portal-roles"
    page.goto(f"{portal}/roles/{GLOBAL_ADMINISTRATOR}")
    yield "portal-role"


def _enterprise(live: LiveServer, person: Person) -> Iterator[str]:
    page, enterprise = person.page, f"{live.origin}/portal/enterprise"
    page.goto(f"{enterprise}/new")
    page.get_by_label("Application (client) ID").fill(COLORS_API)
    page.get_by_role("button", name="Look it up").click()
    expect(page.get_by_role("button", name="Add to this tenant")).to_be_visible()
    yield "portal-enterprise-new"
    page.goto(enterprise)
    yield "portal-enterprise"
    page.get_by_role("link", name="oauth-backend-app").click()
    headed(page, "oauth-backend-app")
    yield "portal-enterprise-overview"
    one = page.url
    for name in ("properties", "users?find=ben", "permissions", "owners", "consent", "delete"):
        page.goto(f"{one}/{name}")
        yield f"portal-enterprise-{name.partition('?')[0]}"


def _settings(live: LiveServer, person: Person) -> Iterator[str]:
    page = person.page
    for name in ("settings", "branding", "security", "keys", "keys/rotate", "deleted"):
        page.goto(f"{live.origin}/portal/{name}")
        yield f"portal-{name.replace('/', '-')}"
    page.goto(f"{live.origin}/portal/branding")
    page.get_by_label("An accent of our own").check()
    page.get_by_label("Accent", exact=True).fill("#aa3300")
    page.get_by_label("Words below the sign-in form").fill("Lost your phone? Call 1234.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="As it would be")).to_be_visible()
    yield "portal-branding-preview"
