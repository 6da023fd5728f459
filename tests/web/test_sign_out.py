"""Signing out: who is meant, where it may return to, and what may not stand in for what."""

import pytest
from attrs import evolve

from tests.web.seats import CLI_APP, COLORS, REPSYS_APP, Seat, fields_of

LOGOUT = f"/{COLORS}/oauth2/v2.0/logout"
HOME = "http://localhost:5000/"


def test_a_hint_of_somebody_else_asks_first(in_process):
    bens = Seat(in_process).tokens()["id_token"]
    cai = Seat(in_process, evolve(CLI_APP, username="cai@colors.example"))
    cai.tokens()
    asked = cai.browser.open(f"https://localhost:8443{LOGOUT}?id_token_hint={bens}")
    assert (asked.status, "Do you want to sign out?" in asked.text) == (200, True)
    cai.open({"prompt": "none"})
    assert "code" in fields_of(cai.browser.left_to)


@pytest.mark.parametrize("evil", ["https://evil.example/", "javascript:alert(1)", "https://e.example;script-src *"])
def test_the_choice_page_names_only_what_an_application_registered(in_process, evil):
    seat = Seat(in_process)
    seat.tokens()
    other = Seat(in_process, evolve(CLI_APP, username="cai@colors.example"))
    other.browser = seat.browser
    page = other.open({"prompt": "login"})
    other.browser.sign_in(page, "cai@colors.example")
    for target, named in ((evil, False), (HOME, True)):
        page = seat.browser.client.get(LOGOUT, params={"post_logout_redirect_uri": target})
        policy = page.headers["content-security-policy"]
        assert ("http://localhost:5000" in policy) is named
        assert "evil" not in policy
        assert "javascript:" not in policy


def test_a_sign_in_under_way_is_no_sign_out(in_process):
    seat = Seat(in_process)
    seat.sign_in()
    sealed = seat.open({"prompt": "login"}).form_with("username").fields["ctx"]
    answer = seat.browser.client.post(f"{LOGOUT}/account", data={"ctx": sealed, "all": "1"})
    assert (answer.status_code, "AADSTS50089" in answer.text) == (400, True)


def test_an_access_token_is_no_hint(in_process):
    seat = Seat(in_process, REPSYS_APP)
    access_token = seat.tokens()["access_token"]
    seat.browser.client.get(LOGOUT)  # the session is gone, so only a hint could vouch for the application
    answer = seat.browser.client.get(LOGOUT, params={"id_token_hint": access_token, "post_logout_redirect_uri": HOME})
    assert answer.status_code == 200
