"""A guest of a directory administers it, at home elsewhere."""

import pytest
from attrs import evolve

from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.user import HomeAccount, User
from entrada.core.protocol.artefacts.portal_session import IDLE
from entrada.core.protocol.effects import PutEntity
from tests.drivers.live_server import PETALS
from tests.web import seats
from tests.web.portal.portal_driver import BEN, AtThePortal

GUEST = User(
    id=UserId("9e7a1500-0000-4000-8000-00000000ffb1"),
    tenant_id=TenantId(PETALS),
    user_principal_name="ben_colors.example#EXT#@petals.example",
    display_name="Ben, a guest",
    user_type="Guest",
    directory_roles=frozenset({GLOBAL_ADMINISTRATOR}),
    home=HomeAccount(tenant_id=TenantId(seats.COLORS), user_id=seats.BEN),
)


@pytest.fixture
def guest(in_process):
    seats.commit(in_process.platform.here.store, PutEntity(GUEST))
    return AtThePortal(in_process, BEN)


def test_a_guest_goes_to_the_directory_they_administer(guest):
    page = guest.open("/portal/signin?tenant=petals.example")
    assert page.status == 200, page.text
    assert "directory of <bdi>Petals</bdi>" in page.text
    assert "Global Administrator" in page.text


def test_and_finds_what_they_administer(guest):
    guest.open("/portal/signin?tenant=petals.example")
    for path in ("users", "groups", "applications", "enterprise", "roles", "settings", "sign-ins"):
        assert guest.open(f"/portal/{path}").status == 200, path
    assert "eva@petals.example" in guest.open("/portal/users").text


def test_a_guest_without_a_role_finds_nothing(in_process):
    seats.commit(in_process.platform.here.store, PutEntity(evolve(GUEST, directory_roles=frozenset())))
    nobody = AtThePortal(in_process, BEN)
    assert "Petals" in nobody.open("/portal/signin?tenant=petals.example").text
    for path in ("users", "groups", "applications", "enterprise", "roles"):
        page = nobody.open(f"/portal/{path}")
        assert (page.status, "eva@" in page.text) == (403, False), path


def test_a_guest_who_was_away_comes_back_to_the_directory_they_left(in_process, guest):
    guest.open("/portal/signin?tenant=petals.example")
    in_process.clock.advance(IDLE + 1)
    form = guest.browser.client.post("/portal/groups/new", data={"displayName": "x"})
    assert f'href="/portal/signin?tenant={PETALS}"' in form.text
    page = guest.open("/portal/users?filter=e")
    assert page.url.endswith("/portal/users?filter=e")
    assert "<bdi>Petals</bdi>" in page.text


def test_and_is_stopped_when_the_account_at_home_is(in_process, guest):
    guest.open("/portal/signin?tenant=petals.example")
    seats.disable_user(in_process)
    assert guest.browser.client.get("/portal").status_code == 302


def test_a_tenant_that_is_none_leads_home(guest):
    assert "directory of <bdi>Colors</bdi>" in guest.open("/portal/signin?tenant=nowhere.example").text
