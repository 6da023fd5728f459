"""Where a tenant wants an application assigned, that is asked at every step; and a refusal costs nobody a session."""

from tests.drivers.form_browser import PASSWORD
from tests.web.seats import CLI_APP, Seat, code_of, fields_of, require_assignment


def test_it_holds_for_codes_and_refresh_tokens_that_are_out_already(in_process):
    seat = Seat(in_process)
    tokens, code = seat.tokens(), seat.sign_in()["code"]
    require_assignment(in_process)
    assert code_of(seat.open()) == [50105]
    assert seat.redeem(code).json()["error_codes"] == [50105]
    assert seat.refresh(tokens["refresh_token"]).json()["error_codes"] == [50105]


def test_a_refused_sign_in_leaves_the_browser_signed_in(in_process):
    seat = Seat(in_process)
    seat.sign_in()
    require_assignment(in_process)
    page = seat.open({"prompt": "login", "login_hint": "ben@colors.example"})
    assert code_of(seat.browser.submit(page, "passwd", passwd=PASSWORD)) == [50105]

    other = Seat(in_process, CLI_APP)
    other.browser = seat.browser
    other.open({"prompt": "none"})
    assert fields_of(seat.browser.left_to)["error"] == "consent_required"  # not login_required
