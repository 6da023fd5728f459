"""The page one comes in by: what ends soon, who was refused, what was changed; each only for whoever may see it."""

import asyncio
import re

from attrs import evolve

from entrada.core.directory.ids import TenantId
from entrada.core.protocol.effects import PutEntity
from tests.plugins.platforms import InProcess
from tests.web.portal.by_hand import post
from tests.web.portal.portal_driver import ADA, BEN, CAI, AtThePortal
from tests.web.portal.test_logs import refused_sign_in
from tests.web.seats import COLORS, REPSYS

DAY = 86_400


def section(page, name: str) -> str | None:
    """What the page says under that heading, without its tags."""
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', page.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else None


def ninety_days_for_repsys(there: InProcess) -> None:
    at = AtThePortal(there, ADA)
    post(at, f"/portal/applications/{REPSYS}/credentials/secret", secretName="nightly", lifetime="90")


def at_home(there: InProcess, username: str = ADA):
    return AtThePortal(there, username).open("/portal")


def test_a_secret_is_told_a_month_before_it_ends_and_after(in_process):
    ninety_days_for_repsys(in_process)
    in_process.clock.advance(59 * DAY)
    assert "None has expired" in section(at_home(in_process), "endings")
    in_process.clock.advance(2 * DAY)
    told = section(at_home(in_process), "endings")
    assert "repsys nightly" in told
    assert "In 29 days" in told
    assert "development" not in told  # which is good for a long time
    in_process.clock.advance(30 * DAY)
    told = section(at_home(in_process), "endings")
    assert "repsys nightly" in told
    assert "Expired" in told


def test_the_list_of_applications_shows_the_same(in_process):
    ninety_days_for_repsys(in_process)
    in_process.clock.advance(61 * DAY)
    ada = AtThePortal(in_process, ADA)

    def shown(which: str) -> list[str]:
        return re.findall(r"<th [^>]*>.*?<bdi>(.*?)</bdi>", ada.open(f"/portal/applications?{which}").text)

    assert shown("show=expiring") == ["repsys"]
    assert shown("show=expired") == []
    assert shown("show=expiring&filter=oauth") == []
    assert len(shown("show=nonsense")) == len(shown("")) > 5
    in_process.clock.advance(30 * DAY)
    ada = AtThePortal(in_process, ADA)
    assert shown("show=expired") == ["repsys"]


def test_who_was_refused_leads_to_the_story(in_process):
    refused_sign_in(in_process)
    ada = AtThePortal(in_process, ADA)
    home = ada.open("/portal")
    assert "ben@colors.example repsys AADSTS50126" in section(home, "refused")
    assert "Refused: AADSTS50126" in ada.open(re.search(r'href="(/portal/stories/[^"]+)"', home.text)[1]).text


def test_who_was_let_in_is_not_among_the_refused(in_process):
    AtThePortal(in_process, BEN)
    assert "Nobody was refused" in section(at_home(in_process), "refused")


def test_the_last_changes_come_first(in_process):
    for name in ("Ada", "Bob", "Cleo", "Dido", "Eve", "Fox"):
        post(AtThePortal(in_process, ADA), "/portal/applications/new", displayName=name, signInAudience="AzureADMyOrg")
        in_process.clock.advance(60)
    told = section(at_home(in_process), "changes")
    assert "Fox" in told
    assert "Add application" in told
    assert "Ada ada@" not in told  # six more were since


def test_counts_lead_to_the_lists(in_process):
    home = at_home(in_process)
    (users,) = re.findall(r'<a href="/portal/users"><strong class="number">(\d+)</strong> Users</a>', home.text)
    assert int(users) == 5


def test_a_member_sees_the_own_applications_and_how_to_register_one(in_process):
    ninety_days_for_repsys(in_process)
    refused_sign_in(in_process)
    in_process.clock.advance(61 * DAY)
    home = at_home(in_process, CAI)
    assert "You own no application yet" in section(home, "owned")
    assert "register it" in section(home, "owned")
    assert 'href="/portal/applications/new"' in home.text
    for name in ("endings", "refused", "changes"):
        assert section(home, name) is None
    assert 'class="number"' not in home.text


def test_an_owner_is_told_what_of_the_own_ends(in_process):
    ninety_days_for_repsys(in_process)
    ada = AtThePortal(in_process, ADA)
    assert "owner is added" in post(ada, f"/portal/applications/{REPSYS}/owners/add", owner=CAI).text
    in_process.clock.advance(61 * DAY)
    home = at_home(in_process, CAI)
    assert "repsys" in section(home, "owned")
    assert "repsys nightly" in section(home, "endings")
    assert section(at_home(in_process, BEN), "endings") is None


def test_where_members_register_nothing_they_are_told_whom_to_ask(in_process):
    store = in_process.platform.here.store
    tenant = asyncio.run(store.find_tenant(TenantId(COLORS)))
    closed = evolve(tenant, policies=evolve(tenant.policies, users_register_applications=False))
    assert asyncio.run(store.commit([PutEntity(closed)]))
    home = at_home(in_process, CAI)
    assert "Administrators register applications here" in section(home, "owned")
    assert "/portal/applications/new" not in home.text
