"""The logs in the portal: sign-ins, the story of one request, changes with what was before; and for whom."""

import asyncio
import re

import pytest

from entrada.core.directory.application import Application
from entrada.core.directory.group import Group
from entrada.core.directory.ids import TenantId
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.web.portal.logs.audits import _readable
from tests.drivers.form_browser import PASSWORD
from tests.plugins.platforms import InProcess
from tests.web.portal.by_hand import post
from tests.web.portal.portal_driver import BEN, EVA, AtThePortal
from tests.web.seats import COLORS, COLORS_API, REPSYS, Seat

SIGN_INS, AUDITS = "/portal/sign-ins", "/portal/audits"


def refused_sign_in(there: InProcess) -> None:
    seat = Seat(there)
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    seat.browser.submit(page, "passwd", passwd="wrong")


def rows(page) -> list[str]:
    body = page.text.partition("<tbody")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>") if "<td" in row]


def test_a_refused_sign_in_is_listed_and_leads_to_its_story(in_process):
    refused_sign_in(in_process)
    ada = AtThePortal(in_process)
    page = ada.open(f"{SIGN_INS}?status=failure")
    (row,) = rows(page)
    assert "ben@colors.example repsys Refused AADSTS50126 Interactive testclient" in row
    story = ada.open(re.search(r'href="(/portal/stories/[^"]+)"', page.text)[1])
    assert "Refused: AADSTS50126" in story.text
    assert "/error?code=50126" in story.text
    assert "What to change" in story.text
    assert "passwd" in story.text
    assert "(5 characters, not shown)" in story.text
    assert "wrong" not in re.sub(r"<[^>]+>", " ", story.text.partition("What was asked")[2])


# fmt: off
FILTERS = [
    pytest.param("user=ben@colors.example",          True,  id="the user's name"),
    pytest.param("user=ada@colors.example",          False, id="another user's"),
    pytest.param(f"app={REPSYS}",                    True,  id="the application's id"),
    pytest.param(f"app={COLORS_API}",                False, id="another application's"),
    pytest.param("app=reps",                         True,  id="the beginning of its name"),
    pytest.param("app=nothing-of-the-kind",          False, id="a name that no application has"),
    pytest.param("code=AADSTS50126",                 True,  id="the error"),
    pytest.param("code=50011",                       False, id="another error"),
    pytest.param("status=success",                   False, id="only what was granted"),
    pytest.param("kind=interactiveUser",             True,  id="interactive"),
    pytest.param("kind=servicePrincipal",            False, id="of applications"),
    pytest.param("address=testclient",               True,  id="where it came from"),
    pytest.param("address=203.0.113.1",              False, id="from elsewhere"),
    pytest.param("from=2027-01-15T07:59",            True,  id="since then"),
    pytest.param("from=2027-01-15T09:59",            False, id="since later"),
    pytest.param("to=2027-01-15T08:00",              True,  id="until that minute"),
    pytest.param("to=2027-01-15T07:59",              False, id="until before"),
]
# fmt: on


@pytest.mark.parametrize(("asked", "there"), FILTERS)
def test_sign_ins_are_filtered(in_process, asked, there):
    refused_sign_in(in_process)
    found = rows(AtThePortal(in_process).open(f"{SIGN_INS}?{asked}"))
    assert any("AADSTS50126" in row for row in found) == there


def test_what_cannot_be_understood_filters_nothing_and_says_so(in_process):
    refused_sign_in(in_process)
    page = AtThePortal(in_process).open(f"{SIGN_INS}?code=fifty&from=yesterday&kind=odd&correlation=x")
    assert any("AADSTS50126" in row for row in rows(page))
    assert page.text.count("This field filters nothing") == 3  # a choice that is not there is none
    assert 'value="fifty"' in page.text


def test_long_logs_come_page_by_page(in_process):
    seat = Seat(in_process)
    for _ in range(60):
        in_process.clock.advance(1)
        seat.redeem("no-such-code")
    ada = AtThePortal(in_process)
    first = ada.open(f"{SIGN_INS}?status=failure")
    second = ada.open(re.search(r'href="([^"]*after=[^"]+)"', first.text)[1].replace("&amp;", "&"))
    assert (len(rows(first)), len(rows(second))) == (50, 10)


def test_requests_of_one_attempt_stand_together(in_process):
    seat = Seat(in_process)
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    page = seat.browser.submit(page, "passwd", passwd="wrong")
    in_process.clock.advance(5)
    seat.browser.submit(page, "passwd", passwd=PASSWORD)
    ada = AtThePortal(in_process)
    listed = ada.open(f"{SIGN_INS}?user=ben@colors.example&status=failure")
    story = ada.open(re.search(r'href="(/portal/stories/[^"]+)"', listed.text)[1])
    steps = story.text.partition("step by step")[2]
    assert steps.index("This one") < steps.index("Granted")


def test_an_error_page_leads_administrators_to_the_story(in_process):
    page = Seat(in_process).open({"redirect_uri": "https://elsewhere.example/cb"})
    link = re.search(r'href="(/portal/stories/[^"]+)"', page.text)[1]
    assert "Refused: AADSTS50011" in AtThePortal(in_process).open(link).text
    elsewhere = AtThePortal(in_process, EVA).open(link)
    assert elsewhere.status == 404
    assert "elsewhere.example" not in elsewhere.text


def test_who_may_not_is_told_so(in_process):
    refused_sign_in(in_process)
    ben = AtThePortal(in_process, BEN)
    for path in (SIGN_INS, AUDITS, f"{AUDITS}/{REPSYS}", f"/portal/stories/{REPSYS}"):
        page = ben.open(path)
        assert page.status == 403
        assert "Security Reader" in page.text


def test_the_story_of_nothing_is_a_page_that_says_why(in_process):
    page = AtThePortal(in_process).open("/portal/stories/01a3185c-0000-7000-8000-000000000000")
    assert page.status == 404
    assert "trace_id" in page.text


def test_a_change_is_listed_with_its_values_before_and_after(in_process):
    Seat(in_process).sign_in()
    ada = AtThePortal(in_process)
    page = ada.open(f"{AUDITS}?who=ben@colors.example")
    (row,) = rows(page)
    assert "Consent to application" in row
    assert "sign-in page" in row
    one = ada.open(re.search(r'href="(/portal/audits/[^"]+)"', page.text)[1])
    assert "User.Read" in one.text.partition("diff-new")[2]
    assert "Everything changed by the same request" in one.text


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        pytest.param("what=Consent", True, id="what"),
        pytest.param("what=ApplicationManagement", True, id="its category"),
        pytest.param("what=Delete", False, id="something else"),
        pytest.param("via=sign-in page", True, id="the door"),
        pytest.param("via=graph", False, id="another door"),
        pytest.param(f"object={REPSYS}", False, id="another object: the consent is of its service principal"),
        pytest.param("who=ada@colors.example", False, id="somebody else"),
    ],
)
def test_changes_are_filtered(in_process, asked, there):
    Seat(in_process).sign_in()
    assert bool(rows(AtThePortal(in_process).open(f"{AUDITS}?{asked}"))) == there


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        pytest.param(None, None, id="nothing"),
        pytest.param('"text"', "text", id="text"),
        pytest.param('["a", "b"]', '[\n  "a",\n  "b"\n]', id="a list, line by line"),
        pytest.param('["a", "b…', '["a", "b…', id="one that was cut"),
    ],
)
def test_values_are_readable(stored, shown):
    assert _readable(stored) == shown


@pytest.mark.parametrize("kind", [User, Application, Group, ServicePrincipal])
def test_each_object_leads_to_its_history(in_process, kind):
    places = {User: "users", Application: "applications", Group: "groups", ServicePrincipal: "enterprise"}
    name = asyncio.run(in_process.platform.here.store.list_entities(kind, TenantId(COLORS)))[0].id
    path = f"{places[kind]}/{name}"
    page = AtThePortal(in_process).open(f"/portal/{path}")
    assert f'href="/portal/audits?object={name}"' in page.text
    assert ('href="/portal/sign-ins?' in page.text) == (kind is not Group)
    assert "/portal/audits?object=" not in AtThePortal(in_process, BEN).open(f"/portal/{path}").text


def test_a_name_of_too_many_applications_filters_nothing_and_says_so(in_process):
    refused_sign_in(in_process)
    ada = AtThePortal(in_process)
    for number in range(11):
        post(ada, "/portal/applications/new", displayName=f"Kiln {number}", signInAudience="AzureADMyOrg")
    page = ada.open(f"{SIGN_INS}?app=kiln&status=failure")
    assert "More than 10 applications go by that: write more of the name." in page.text
    assert any("AADSTS50126" in row for row in rows(page))
    page = ada.open(f"{SIGN_INS}?app=kiln+7&status=failure")
    assert "More than 10" not in page.text
    assert rows(page) == []


def story_of_the_newest(ada) -> str:
    listed = ada.open(f"{SIGN_INS}?status=failure")
    found = re.search(r'href="(/portal/stories/[^"]+)"', listed.text)
    assert found
    return ada.open(found[1]).text


def test_a_story_of_a_wrong_redirect_uri_says_what_it_was_compared_with(in_process):
    stranger = Seat(in_process).open({"redirect_uri": "https://elsewhere.example/cb"})
    assert "registered redirect URIs" not in stranger.text
    assert "localhost:8444" not in stranger.text
    story = story_of_the_newest(AtThePortal(in_process))
    app = asyncio.run(in_process.platform.here.store.find_application(REPSYS))
    weighed = story.partition("What was weighed")[2]
    assert app.redirect_uris
    for one in app.redirect_uris:
        assert f"({one.platform})" in weighed
        assert one.uri in weighed
    assert f'href="/portal/applications/{app.id}/authentication"' in story
    assert f'href="/portal/applications/{app.id}"' in story


def test_a_story_of_a_wrong_secret_names_the_secrets_there_are(in_process):
    app = asyncio.run(in_process.platform.here.store.find_application(REPSYS))
    form = {
        "client_id": REPSYS,
        "client_secret": "wrong",
        "grant_type": "client_credentials",
        "scope": f"{COLORS_API}/.default",
    }
    answer = in_process.client.post(f"/{COLORS}/oauth2/v2.0/token", data=form)
    assert answer.status_code == 401
    (secret,) = app.client_secrets
    assert secret.display_name not in answer.text
    story = story_of_the_newest(AtThePortal(in_process))
    weighed = story.partition("What was weighed")[2]
    assert f"{secret.display_name}: begins with {secret.hint}, expires 20" in weighed
    assert secret.digest not in story
    assert f'href="/portal/applications/{app.id}/credentials"' in story


def test_a_story_leads_to_the_user(in_process):
    refused_sign_in(in_process)
    assert re.search(r'href="/portal/users/[0-9a-f-]{36}">User Ben Blue<', story_of_the_newest(AtThePortal(in_process)))
