"""The how-to about permissions tells the truth: its files can be applied, its address leads to the page it names."""

import asyncio

from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.policies import UserConsent
from entrada.server.usecases.apply_directory import FileRefused, apply_directory
from entrada.server.usecases.settle_credentials import Credentials
from tests.docs.examples import blocks
from tests.plugins.platforms import InProcess
from tests.web.seats import COLORS, COLORS_API, REPSYS, Seat, fields_of, installed
from tests.web.test_admin_consent import ADA, app_token, signed_in

PAGE = "how-to/grant-permissions.md"


def apply(there: InProcess, document: str) -> None:
    here = there.platform.here
    credentials = Credentials(
        hash_password=here.hasher.hash, verify_password=lambda password, hashed: here.hasher.verify(hashed, password)
    )
    plan = asyncio.run(apply_directory(document, here.store, here.clock(), credentials))
    assert not isinstance(plan, FileRefused), plan


def test_its_files_do_what_it_says(in_process: InProcess) -> None:
    settings, grants = blocks(PAGE, "yaml")
    store = in_process.platform.here.store
    apply(in_process, settings)
    tenant = asyncio.run(store.find_tenant(TenantId(COLORS)))
    assert tenant is not None
    assert tenant.policies.user_consent is UserConsent.LOW_IMPACT
    api = installed(store, ClientId(COLORS_API), TenantId(COLORS))
    assert api.low_impact_scopes == {"Colors.Read"}

    apply(in_process, grants)
    assert app_token(in_process)["roles"] == ["Colors.ReadAll"]
    seat = Seat(in_process)
    page = signed_in(seat.browser, seat.open({"scope": "openid profile offline_access Mail.Read"}), seat.app.username)
    assert 'value="accept"' not in page.text
    assert seat.browser.left_to is not None


def test_its_address_leads_to_the_page(in_process: InProcess) -> None:
    [address] = blocks(PAGE, "text")
    browser = in_process.browser()
    page = signed_in(browser, browser.open("".join(address.split())), ADA)
    assert "For everyone in <bdi>Colors</bdi>" in page.text
    assert MICROSOFT_GRAPH.display_name in page.text
    assert REPSYS in address
    browser.submit(page, "decision", decision="accept")
    assert (browser.left_to or "").startswith("http://localhost:5000/?admin_consent=True&tenant=")
    assert fields_of(browser.left_to).keys() == {"admin_consent", "tenant", "scope", "state"}
