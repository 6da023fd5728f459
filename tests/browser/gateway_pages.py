"""The gateway's rooms in the portal, and how an administrator comes to them: one of everything is made on the way."""

import json
from collections.abc import Iterator

from playwright.sync_api import expect

from tests.browser.person import Person, headed
from tests.browser.portal_rooms import sign_in_to_portal
from tests.drivers.live_server import LiveServer

DOCUMENT = json.dumps(
    {
        "openapi": "3.0.3",
        "info": {"title": "Paints", "version": "1.0", "description": "What a shop has in store."},
        "servers": [{"url": "https://backend.example/v1"}],
        "components": {
            "securitySchemes": {
                "signIn": {"type": "openIdConnect", "openIdConnectUrl": "https://id.example/openid-configuration"}
            }
        },
        "paths": {
            "/paints": {
                "get": {"operationId": "list", "summary": "List paints", "responses": {"200": {"description": "All"}}}
            },
            "/paints/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "get": {"operationId": "get", "summary": "Get a paint", "responses": {"200": {"description": "One"}}},
            },
        },
    }
)


def gateway_pages(live: LiveServer, person: Person) -> Iterator[str]:
    page = person.open(f"{live.origin}/portal/gateway")
    sign_in_to_portal(person)
    headed(page, "API gateway")
    yield from _apis(live, person)
    yield from _servers(live, person)
    yield from _access(live, person)
    yield from _values(live, person)
    page.goto(f"{live.origin}/portal/gateway")
    yield "gateway"
    person.context.clear_cookies()  # whoever comes next is nobody yet


def _apis(live: LiveServer, person: Person) -> Iterator[str]:
    page, rooms = person.page, f"{live.origin}/portal/gateway"
    page.goto(f"{rooms}/import")
    yield "gateway-import"
    page.get_by_label("Text of the document").fill('{"openapi": "3.0.3"}')
    page.get_by_role("button", name="Read it").last.click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "gateway-import-refused"
    page.get_by_label("Text of the document").fill(DOCUMENT)
    page.get_by_role("button", name="Read it").last.click()
    headed(page, "Import Paints")
    yield "gateway-import-preview"
    page.get_by_role("button", name="Import").click()
    headed(page, "Paints")
    yield "gateway-api"
    page.goto(f"{rooms}/new/apis")
    page.get_by_label("Display name").fill("Shops")
    page.get_by_label("API URL suffix").fill("a//b")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "gateway-api-new-refused"
    for name in (
        "apis",
        "apis/paints/operations",
        "apis/paints/settings",
        "apis/paints/delete",
    ):
        page.goto(f"{rooms}/{name}")
        yield f"gateway-{name.replace('/', '-')}"
    page.goto(f"{rooms}/apis/paints/operations/get")
    yield "gateway-operation"


def _servers(live: LiveServer, person: Person) -> Iterator[str]:
    page, rooms = person.page, f"{live.origin}/portal/gateway"
    page.goto(f"{rooms}/new/servers")
    page.get_by_label("Display name").fill("Paint shop")
    expect(page.locator("#redirect code")).to_contain_text("/callback/paint-shop")  # as one types, where scripts run
    page.get_by_role("button", name="Read the endpoints from there").click()
    expect(page.get_by_label("Token endpoint URL")).to_have_value(f"{live.authority}/oauth2/v2.0/token")
    yield "gateway-server-new"
    page.get_by_label("Client ID").fill("c0105000-0000-4000-8000-00000000c11e")
    page.get_by_role("button", name="Add").click()
    headed(page, "Paint shop")
    yield "gateway-server"
    page.get_by_role("link", name="Edit").click()
    yield "gateway-server-settings"
    page.goto(f"{rooms}/new/providers")
    page.get_by_label("Display name").fill("Paint shop ID")
    page.get_by_label("Client ID").fill("c0105000-0000-4000-8000-00000000c11e")
    yield "gateway-provider-new"
    page.get_by_role("button", name="Add").click()
    headed(page, "Paint shop ID")
    yield "gateway-provider"
    for name in ("servers", "providers/paint-shop-id/settings"):
        page.goto(f"{rooms}/{name}")
        yield f"gateway-{name.replace('/', '-')}"
    page.goto(f"{rooms}/apis/paints/security")
    yield "gateway-api-security-with-servers"


def _access(live: LiveServer, person: Person) -> Iterator[str]:
    page, rooms = person.page, f"{live.origin}/portal/gateway"
    page.goto(f"{rooms}/new/products")
    page.get_by_label("Display name").fill("Brushes")
    page.get_by_label("Paints").check()
    yield "gateway-product-new"
    page.get_by_role("button", name="Add").click()
    headed(page, "Brushes")
    yield "gateway-product"
    page.goto(f"{rooms}/new/subscriptions?scope=/products/brushes")
    page.get_by_label("Display name").fill("Ben's")
    page.get_by_label("Owner").fill("ben@colors.example")
    yield "gateway-subscription-new"
    page.get_by_role("button", name="Add").click()
    headed(page, "Ben's")
    page.get_by_role("button", name="Show keys").click()
    expect(page.get_by_role("term").filter(has_text="Primary key")).to_be_visible()
    yield "gateway-subscription-keys"
    page.get_by_role("link", name="Regenerate the primary key").click()
    yield "gateway-subscription-regenerate"
    for name in (
        "products",
        "products/brushes/apis",
        "products/brushes/subscriptions",
    ):
        page.goto(f"{rooms}/{name}")
        yield f"gateway-{name.replace('/', '-')}"
    page.goto(f"{rooms}/subscriptions")
    yield "gateway-subscriptions"


def _values(live: LiveServer, person: Person) -> Iterator[str]:
    page, rooms = person.page, f"{live.origin}/portal/gateway"
    page.goto(f"{rooms}/new/values")
    page.get_by_label("Name", exact=True).fill("paint-key")
    page.get_by_label("Value", exact=True).fill("open sesame")
    page.get_by_label("Never show the value again").check()
    yield "gateway-value-new"
    page.get_by_role("button", name="Add").click()
    headed(page, "Named values")
    yield "gateway-values"
    page.get_by_role("link", name="paint-key").click()
    yield "gateway-value"
    page.goto(f"{live.origin}/portal/audits?object=paint-key")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    yield "gateway-audit"
