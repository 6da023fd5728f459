"""Smart lockout at the doors where a password is proven.  Reference section 35; NIST SP 800-63B-4 §3.2.2; ASVS 6.3.1."""

import asyncio
import re

import pytest
from attrs import evolve
from starlette.testclient import TestClient

from entrada.core.directory.administration.actor import Via
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.user import HomeAccount, User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason, Refusal
from entrada.core.protocol.effects import PutEntity
from entrada.server.usecases.administer.user_passwords import (
    offer_password_link,
    reset_password,
    reset_password_by_link,
    unlock,
)
from entrada.server.usecases.audited import in_person
from entrada.server.usecases.change_password import change_password
from entrada.server.usecases.handed_over import Link, Temporary
from entrada.server.usecases.new_credential import NewPassword, Unfit
from entrada.server.usecases.prove_password import prove_password, prove_password_alone
from entrada.testing import ORIGIN
from tests.drivers.form_browser import PASSWORD, FormBrowser, Page
from tests.plugins.platforms import InProcess
from tests.usecases.acting import OPERATOR
from tests.web.seats import BEN, COLORS, REPSYS_APP, Seat, disable_user

HOME, AWAY, FAR = "203.0.113.7", "198.51.100.20", "2001:db8:5:6::1"
BEN_NAME, NOBODY = "ben@colors.example", "bob@colors.example"
THRESHOLD = 10
NEW = "four unrelated curtains"


def browser_at(there: InProcess, address: str) -> FormBrowser:
    client = TestClient(there.platform.app, base_url=ORIGIN, follow_redirects=False, client=(address, 5000))
    return FormBrowser(client, ORIGIN)


def password_page(there: InProcess, address: str, username: str) -> tuple[FormBrowser, Page]:
    browser = browser_at(there, address)
    page = browser.open(Seat(there, REPSYS_APP).authorize_url())
    return browser, browser.submit(page, "username", username=username)


def tried(there: InProcess, password: str, address: str = AWAY, username: str = BEN_NAME) -> Page:
    """What the password page answers."""
    browser, page = password_page(there, address, username)
    return browser.submit(page, "passwd", passwd=password)


def says(page: Page) -> Reason | None:
    found = [reason for reason in (why.WRONG_PASSWORD, why.ACCOUNT_LOCKED) if reason.text in page.text]
    return found[0] if found else None


def fail(there: InProcess, times: int, address: str = AWAY, username: str = BEN_NAME) -> list[Reason | None]:
    return [says(tried(there, f"wrong {address} {n}", address, username)) for n in range(times)]


def proved(there: InProcess, password: str, address: str = AWAY, username: str = BEN_NAME) -> User | Refusal:
    return asyncio.run(prove_password(there.platform.here, username, password, address=address))


def ben(there: InProcess) -> User:
    found = asyncio.run(there.platform.here.store.find_user(TenantId(COLORS), UserId(BEN)))
    assert found is not None
    return found


# ---- the threshold, the lock and its end ----


def test_ten_failures_lock_and_a_correct_password_says_nothing_different(in_process):
    assert fail(in_process, THRESHOLD) == [why.WRONG_PASSWORD] * THRESHOLD
    wrong, right = tried(in_process, "yet another"), tried(in_process, PASSWORD)
    assert (says(wrong), says(right)) == (why.ACCOUNT_LOCKED, why.ACCOUNT_LOCKED)
    assert plain(wrong) == plain(right)


def test_the_lock_ends_after_a_minute_and_the_next_is_longer(in_process):
    fail(in_process, THRESHOLD)
    in_process.clock.advance(59)
    assert says(tried(in_process, PASSWORD)) is why.ACCOUNT_LOCKED
    in_process.clock.advance(1)
    assert says(tried(in_process, "wrong again")) is why.WRONG_PASSWORD
    in_process.clock.advance(119)
    assert says(tried(in_process, PASSWORD)) is why.ACCOUNT_LOCKED
    in_process.clock.advance(1)
    assert says(tried(in_process, PASSWORD)) is None


def test_the_tenant_sets_the_threshold_and_the_duration(in_process):
    store = in_process.platform.here.store
    tenant = asyncio.run(store.find_tenant(TenantId(COLORS)))
    policies = evolve(tenant.policies, lockout_threshold=2, lockout_duration=600)
    asyncio.run(store.commit((PutEntity(evolve(tenant, policies=policies)),)))
    assert fail(in_process, 3) == [why.WRONG_PASSWORD, why.WRONG_PASSWORD, why.ACCOUNT_LOCKED]
    in_process.clock.advance(599)
    assert says(tried(in_process, PASSWORD)) is why.ACCOUNT_LOCKED
    in_process.clock.advance(1)
    assert says(tried(in_process, PASSWORD)) is None


def test_an_old_password_tried_again_and_again_does_not_count(in_process):
    for _ in range(3 * THRESHOLD):
        assert says(tried(in_process, "the password before this one")) is why.WRONG_PASSWORD
    assert says(tried(in_process, PASSWORD)) is None


def test_a_success_forgets(in_process):
    tried(in_process, PASSWORD)
    for _ in range(3):
        assert fail(in_process, THRESHOLD - 1) == [why.WRONG_PASSWORD] * (THRESHOLD - 1)
        assert says(tried(in_process, PASSWORD)) is None


# ---- places ----


def test_strangers_do_not_lock_the_owner_out_of_a_familiar_place(in_process):
    assert says(tried(in_process, PASSWORD, HOME)) is None
    fail(in_process, THRESHOLD)
    assert says(tried(in_process, PASSWORD, AWAY)) is why.ACCOUNT_LOCKED
    assert says(tried(in_process, PASSWORD, FAR)) is why.ACCOUNT_LOCKED
    assert says(tried(in_process, PASSWORD, HOME)) is None


def test_a_familiar_place_locks_too(in_process):
    tried(in_process, PASSWORD, HOME)
    fail(in_process, THRESHOLD, HOME)
    assert says(tried(in_process, PASSWORD, HOME)) is why.ACCOUNT_LOCKED
    assert says(tried(in_process, PASSWORD, AWAY)) is None


def test_an_ipv6_network_is_one_place(in_process):
    assert says(tried(in_process, PASSWORD, FAR)) is None
    fail(in_process, THRESHOLD)
    assert says(tried(in_process, PASSWORD, "2001:db8:5:6:ffff::77")) is None
    assert says(tried(in_process, PASSWORD, "2001:db8:5:7::1")) is why.ACCOUNT_LOCKED


# ---- nobody ----


def plain(page: Page) -> tuple[int, str]:
    """The page without what differs from any request to the next."""
    text = re.sub(r'name="ctx" value="[^"]*"', "", page.text)
    return page.status, text.replace(NOBODY, BEN_NAME)


def test_a_name_that_nobody_has_fails_counts_and_locks_like_any_other(in_process):
    hasher = in_process.platform.here.hasher
    for attempt in range(THRESHOLD + 3):
        pages, work = [], []
        for username in (BEN_NAME, NOBODY):
            before = hasher.verified
            pages.append(plain(tried(in_process, f"wrong {attempt}", username=username)))
            work.append(hasher.verified - before)
        assert pages[0] == pages[1]
        assert work[0] == work[1] == (1 if attempt < THRESHOLD else 0)
    assert why.ACCOUNT_LOCKED.text in pages[0][1]
    in_process.clock.advance(60)
    assert says(tried(in_process, "after the lock", username=NOBODY)) is why.WRONG_PASSWORD
    assert says(tried(in_process, "locked again", username=NOBODY)) is why.ACCOUNT_LOCKED


def test_a_name_is_one_name_in_any_case(in_process):
    fail(in_process, 5, username=NOBODY)
    fail(in_process, 5, FAR, username=NOBODY.upper())
    assert says(tried(in_process, "one more", username=NOBODY)) is why.ACCOUNT_LOCKED
    assert says(tried(in_process, "one more", username="rob@colors.example")) is why.WRONG_PASSWORD


@pytest.mark.parametrize("username", ["ben@nowhere.example", "ben", "", "a\0b@colors.example", "x y@colors.example"])
def test_a_name_that_cannot_be_here_costs_the_same_and_is_never_looked_up(in_process, username):
    hasher = in_process.platform.here.hasher
    for _ in range(THRESHOLD + 1):
        before = hasher.verified
        assert proved(in_process, PASSWORD, username=username) == Refusal(why.WRONG_PASSWORD)
        assert hasher.verified == before + 1


def test_a_guest_has_no_password_here(in_process):
    store = in_process.platform.here.store
    home = HomeAccount(tenant_id=TenantId("9e7a1500-0000-4000-8000-000000000001"), user_id=UserId(BEN))
    asyncio.run(store.commit((PutEntity(evolve(ben(in_process), password=None, home=home)),)))
    assert proved(in_process, PASSWORD) == Refusal(why.WRONG_PASSWORD)
    answers = [
        asyncio.run(verb(in_process.platform.here, OPERATOR, BEN))
        for verb in (reset_password_by_link, reset_password, offer_password_link)
    ]
    assert [answer.status for answer in answers] == [400] * 3
    assert changed(in_process, PASSWORD, twice(NEW), HOME) == Refusal(why.NO_PASSWORD_HERE, {"user": BEN_NAME})


def test_what_a_guest_had_before_opens_nothing(in_process):
    """A password of its own, or a link to one, would let a guest in past its home tenant."""
    here, browser = in_process.platform.here, in_process.browser()
    made = asyncio.run(offer_password_link(here, OPERATOR, BEN))
    assert isinstance(made, Link)
    page = browser.open(made.url)
    home = HomeAccount(tenant_id=TenantId("9e7a1500-0000-4000-8000-000000000001"), user_id=UserId(BEN))
    asyncio.run(here.store.commit((PutEntity(evolve(ben(in_process), home=home)),)))
    assert proved(in_process, PASSWORD) == Refusal(why.WRONG_PASSWORD)
    for answer in (
        browser.submit(page, "new_password", new_password=NEW, confirm_password=NEW),
        in_process.browser().open(made.url),
    ):
        assert (answer.status, why.LINK_SPENT.aadsts in answer.text) == (400, True)
    assert proved(in_process, NEW) == Refusal(why.WRONG_PASSWORD)


# ---- what only the right password is told ----


def test_only_the_right_password_learns_that_the_account_is_disabled(in_process):
    disable_user(in_process)
    assert proved(in_process, "wrong") == Refusal(why.WRONG_PASSWORD)
    assert proved(in_process, PASSWORD) == Refusal(why.USER_DISABLED)


def test_a_password_that_is_too_long_is_not_tried(in_process):
    before = in_process.platform.here.hasher.verified
    assert proved(in_process, "x" * 257) == Refusal(why.PASSWORD_TOO_LONG)
    assert in_process.platform.here.hasher.verified == before


def test_where_there_is_no_page_an_expired_password_is_refused(in_process):
    here, user = in_process.platform.here, ben(in_process)
    expired = evolve(user, password=evolve(user.password, must_change=True))
    asyncio.run(here.store.commit((PutEntity(expired),)))
    alone = asyncio.run(prove_password_alone(here, BEN_NAME, PASSWORD, address=HOME))
    assert alone == Refusal(why.PASSWORD_EXPIRED)
    assert asyncio.run(prove_password_alone(here, BEN_NAME, "wrong", address=HOME)) == Refusal(why.WRONG_PASSWORD)
    assert isinstance(proved(in_process, PASSWORD), User)


# ---- changing a password is a door like the others ----


def twice(password: str) -> NewPassword:
    return NewPassword(once=password, again=password)


def changed(there: InProcess, current: str, new: NewPassword, address: str = AWAY) -> User | Unfit | Refusal:
    by = in_person(ben(there), Via.ACCOUNT, "of this form", address=address)
    return asyncio.run(change_password(there.platform.here, by, ben(there), current, new))


def test_a_password_is_changed(in_process):
    in_process.clock.advance(5)
    answer = changed(in_process, PASSWORD, twice(NEW))
    assert isinstance(answer, User)
    assert answer == ben(in_process)
    assert answer.password.changed_at == answer.sign_in_sessions_valid_from == in_process.clock()
    assert (answer.password.seed, answer.password.must_change) == (False, False)
    assert proved(in_process, PASSWORD) == Refusal(why.WRONG_PASSWORD)
    assert isinstance(proved(in_process, NEW), User)


def test_wrong_current_passwords_lock_the_sign_in_too(in_process):
    for attempt in range(THRESHOLD):
        assert changed(in_process, f"wrong {attempt}", twice(NEW)) == Refusal(why.CURRENT_PASSWORD_WRONG)
    assert changed(in_process, PASSWORD, twice(NEW)) == Refusal(why.ACCOUNT_LOCKED)
    assert says(tried(in_process, PASSWORD)) is why.ACCOUNT_LOCKED


def test_failed_sign_ins_lock_the_change_of_password_too(in_process):
    fail(in_process, THRESHOLD)
    assert changed(in_process, PASSWORD, twice(NEW)) == Refusal(why.ACCOUNT_LOCKED)
    assert changed(in_process, "wrong", twice(NEW)) == Refusal(why.ACCOUNT_LOCKED)


# fmt: off
UNFIT = [
    pytest.param(NewPassword(once=NEW, again="other"), "The two passwords differ.",                          id="two passwords"),
    pytest.param(twice("short"),                       "The password needs at least 12 characters.",         id="too short"),
    pytest.param(twice("not ben at all"),              "The password must not contain the user name.",       id="the user name"),
    pytest.param(twice("Colors-Colors-2026"),          "The password is made of words",                      id="the tenant's name"),
]
# fmt: on


@pytest.mark.parametrize(("new", "fault"), UNFIT)
def test_a_new_password_that_is_not_good_enough_changes_nothing(in_process, new, fault):
    answer = changed(in_process, PASSWORD, new)
    assert isinstance(answer, Unfit)
    assert answer.fault.startswith(fault)
    assert isinstance(proved(in_process, PASSWORD), User)


def test_the_present_password_is_barred(in_process):
    changed(in_process, PASSWORD, twice(NEW))
    answer = changed(in_process, NEW, twice(NEW))
    assert answer == Unfit("This is the current password: choose another one.")


def test_a_change_signs_out_everywhere_even_within_its_second(in_process):
    seat, here = Seat(in_process), in_process.platform.here
    tokens = seat.tokens()
    assert isinstance(changed(in_process, PASSWORD, twice(NEW)), User)  # the clock stands still
    assert asyncio.run(here.store.list_sessions(TenantId(COLORS), UserId(BEN))) == ()
    assert seat.refresh(tokens["refresh_token"]).status_code == 400
    assert 'id="username"' in seat.open().text


# ---- an administrator helps ----


def test_a_temporary_password_opens_the_lock_and_must_be_changed(in_process):
    here = in_process.platform.here
    fail(in_process, THRESHOLD)
    made = asyncio.run(reset_password(here, OPERATOR, BEN))
    assert isinstance(made, Temporary)
    assert re.fullmatch(r"([a-kmnp-z2-9]{4}-){3}[a-kmnp-z2-9]{4}", made.password)
    assert made.password not in repr(made)
    assert isinstance(proved(in_process, made.password), User)
    assert proved(in_process, PASSWORD) == Refusal(why.WRONG_PASSWORD)
    assert ben(in_process).password.must_change
    answer = changed(in_process, made.password, twice(NEW))
    assert isinstance(answer, User)
    assert not answer.password.must_change


def test_a_reset_by_link_takes_the_old_password_at_once(in_process):
    here, seat = in_process.platform.here, Seat(in_process)
    tokens = seat.tokens()
    made = asyncio.run(reset_password_by_link(here, OPERATOR, BEN))
    assert isinstance(made, Link)
    assert proved(in_process, PASSWORD) == Refusal(why.WRONG_PASSWORD)
    assert seat.refresh(tokens["refresh_token"]).status_code == 400
    browser = in_process.browser()
    page = browser.submit(browser.open(made.url), "new_password", new_password=NEW, confirm_password=NEW)
    assert "Password set" in page.text
    assert isinstance(proved(in_process, NEW), User)


def test_a_later_reset_does_not_make_an_earlier_link_good_again(in_process):
    here = in_process.platform.here
    first = asyncio.run(reset_password_by_link(here, OPERATOR, BEN))
    in_process.clock.advance(10)
    second = asyncio.run(reset_password_by_link(here, OPERATOR, BEN))
    assert "This link was used already" in in_process.browser().open(first.url).text
    assert 'name="new_password"' in in_process.browser().open(second.url).text


def test_unlocking_opens_every_place(in_process):
    tried(in_process, PASSWORD, HOME)
    fail(in_process, THRESHOLD, HOME)
    fail(in_process, THRESHOLD, AWAY)
    asyncio.run(unlock(in_process.platform.here, OPERATOR, BEN))
    assert says(tried(in_process, PASSWORD, HOME)) is None
    assert says(tried(in_process, PASSWORD, AWAY)) is None
