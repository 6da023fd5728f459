"""A link to choose a first password is spent by its use."""

import asyncio

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.errors import catalogue as why
from entrada.server.usecases.enrol import enrolment_link
from tests.web.seats import BEN, COLORS, code_of, fields_of, reason_of

NEW = {"new_password": "four unrelated curtains", "confirm_password": "four unrelated curtains"}


def link_for_ben(there):
    here = there.platform.here
    ben = asyncio.run(here.store.find_user(TenantId(COLORS), UserId(BEN)))
    return enrolment_link(here, ben)


def test_it_sets_the_password_once(in_process):
    browser, link = in_process.browser(), link_for_ben(in_process)
    page = browser.open(link)
    in_process.clock.advance(1)
    assert "Password set" in browser.submit(page, "new_password", **NEW).text
    for again in (browser.open(link), browser.submit(page, "new_password", **NEW)):
        assert (again.status, code_of(again)) == (400, [why.LINK_SPENT.code])
        assert "This link was used already" in again.text


def test_it_signs_out_everywhere_even_within_its_second(seat, in_process):
    tokens, browser = seat.tokens(), in_process.browser()
    browser.submit(browser.open(link_for_ben(in_process)), "new_password", **NEW)
    assert reason_of(seat.refresh(tokens["refresh_token"]))[1] == "invalid_grant"
    seat.open({"prompt": "none"})
    assert fields_of(seat.browser.left_to)["error"] == "login_required"


def test_it_says_nothing_of_whose_account_it_is(in_process):
    """A link is for whoever forgot a password, too, not for the first administrator alone."""
    page = in_process.browser().open(link_for_ben(in_process))
    assert "ben@colors.example" in page.text
    assert "administrator" not in page.text


def test_it_expires(in_process):
    link = link_for_ben(in_process)
    in_process.clock.advance(4 * 24 * 60 * 60)
    assert "This link was used already, has expired" in in_process.browser().open(link).text


def test_a_page_of_a_sign_in_by_get_says_how_to_begin_again(in_process):
    for path in ("login", "consent"):
        page = in_process.client.get(f"/{COLORS}/{path}")
        assert (page.status_code, "AADSTS50089" in page.text) == (400, True)
