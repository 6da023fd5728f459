"""Whatever is switched off between any two steps stops the next one.  Design section 14, invariant 6."""

import pytest

from entrada.core.errors import catalogue as why
from tests.web.seats import (
    CLI_APP,
    Seat,
    change_password,
    code_of,
    contents,
    disable_application,
    disable_service_principal,
    disable_tenant,
    disable_user,
    enable_user,
    end_sessions,
    expected,
    fields_of,
    reason_of,
    revoke_consent,
)

# fmt: off
BEFORE_REDEMPTION = [  # what happens, the reason the redemption is refused for
    pytest.param(disable_user,              why.USER_DISABLED,      id="the user is disabled"),
    pytest.param(change_password,           why.FRESH_TOKEN_NEEDED, id="the password is changed"),
    pytest.param(disable_application,       why.CLIENT_DISABLED,    id="the application is disabled"),
    pytest.param(disable_service_principal, why.CLIENT_DISABLED,    id="the application is disabled in the tenant"),
    pytest.param(disable_tenant,            why.TENANT_NOT_FOUND,   id="the tenant is disabled"),
    pytest.param(revoke_consent,            why.CONSENT_MISSING,    id="the consent is revoked"),
    pytest.param(end_sessions,              why.SESSION_ENDED,      id="the session is signed out"),
]
BEFORE_REFRESH = [row for row in BEFORE_REDEMPTION if row.values[0] is not end_sessions]
BEFORE_GRAPH = [  # what happens, the status of the next call
    pytest.param(disable_user,              401, id="the user is disabled"),
    pytest.param(disable_tenant,            401, id="the tenant is disabled"),
    pytest.param(disable_application,       401, id="the application is disabled"),
    pytest.param(disable_service_principal, 401, id="the application is disabled in the tenant"),
]
SIGNED_OUT = [  # what happens to a browser that is signed in, what it is shown next
    pytest.param(disable_user,    'id="username"', id="the user is disabled"),
    pytest.param(change_password, 'id="username"', id="the password is changed"),
    pytest.param(end_sessions,    'id="username"', id="the session is signed out"),
    pytest.param(revoke_consent,  'value="accept"', id="the consent is revoked"),
]
REFUSED = [  # what happens, the reason on the page, at whichever step
    pytest.param(disable_application, why.CLIENT_DISABLED,  id="the application is disabled"),
    pytest.param(disable_tenant,      why.TENANT_NOT_FOUND, id="the tenant is disabled"),
]
# fmt: on


@pytest.mark.parametrize(("deed", "reason"), BEFORE_REDEMPTION)
def test_between_authorize_and_redeem(seat, deed, reason):
    code = seat.sign_in()["code"]
    deed(seat.there)
    before = contents(seat.there.platform.here.store)
    assert reason_of(seat.redeem(code)) == expected(reason)
    assert contents(seat.there.platform.here.store) == before


@pytest.mark.parametrize(("deed", "reason"), BEFORE_REFRESH)
def test_between_redeem_and_refresh(seat, deed, reason):
    token = seat.tokens()["refresh_token"]
    deed(seat.there)
    before = contents(seat.there.platform.here.store)
    assert reason_of(seat.refresh(token)) == expected(reason)
    assert contents(seat.there.platform.here.store) == before


def test_signing_out_keeps_refresh_tokens_as_entra_does(seat):
    # Reference section 19: single sign-out on the web keeps tokens; revoking them is another act.
    token = seat.tokens()["refresh_token"]
    end_sessions(seat.there)
    assert seat.refresh(token).status_code == 200


@pytest.mark.parametrize(("deed", "status"), BEFORE_GRAPH)
def test_between_redeem_and_graph(seat, deed, status):
    bearer = {"authorization": f"Bearer {seat.tokens()['access_token']}"}
    assert seat.there.client.get("/v1.0/me", headers=bearer).status_code == 200
    deed(seat.there)
    answer = seat.there.client.get("/v1.0/me", headers=bearer)
    assert answer.status_code == status
    assert "ben" not in answer.text.lower()


@pytest.mark.parametrize(("deed", "shown"), SIGNED_OUT)
def test_between_two_authorizations(seat, deed, shown):
    seat.sign_in()
    deed(seat.there)
    page = seat.open({"state": "s-2"})
    assert seat.browser.left_to is None
    assert shown in page.text


@pytest.mark.parametrize(("deed", "shown"), SIGNED_OUT)
def test_between_two_silent_authorizations(seat, deed, shown):
    seat.sign_in()
    deed(seat.there)
    seat.open({"prompt": "none"})
    answer = fields_of(seat.browser.left_to)
    assert answer["error"] == ("consent_required" if deed is revoke_consent else "login_required")
    assert "code" not in answer


@pytest.mark.parametrize(("deed", "reason"), REFUSED)
@pytest.mark.parametrize("step", ["username", "passwd", "decision"])
def test_in_the_middle_of_a_sign_in(seat, step, deed, reason):
    page = seat.open()
    for name, values in (("username", {"username": "ben@colors.example"}), ("passwd", {"passwd": "Entrada-dev-2026"})):
        if step == name:
            break
        page = seat.browser.submit(page, name, **values)
    deed(seat.there)
    answers = {"username": "ben@colors.example", "passwd": "Entrada-dev-2026", "decision": "accept"}
    page = seat.browser.submit(page, step, **{step: answers[step]})
    assert seat.browser.left_to is None
    assert code_of(page)[:1] == [reason.code]


def test_disabled_while_the_password_page_is_open(seat):
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    disable_user(seat.there)
    page = seat.browser.submit(page, "passwd", passwd="Entrada-dev-2026")
    assert "disabled" in page.text
    assert seat.browser.left_to is None


@pytest.mark.parametrize("deed", [disable_user, change_password, end_sessions])
def test_while_the_consent_page_is_open(seat, deed):
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    page = seat.browser.submit(page, "passwd", passwd="Entrada-dev-2026")
    deed(seat.there)
    before = contents(seat.there.platform.here.store)
    page = seat.browser.submit(page, "decision", decision="accept")
    assert seat.browser.left_to is None
    assert contents(seat.there.platform.here.store) == before
    assert 'id="username"' in page.text


def test_a_refusal_for_a_reason_that_passes_does_not_use_the_token_up(in_process):
    seat = Seat(in_process, CLI_APP)
    token = seat.tokens()["refresh_token"]
    disable_user(seat.there)
    assert reason_of(seat.refresh(token)) == expected(why.USER_DISABLED)
    enable_user(seat.there)
    assert seat.refresh(token).status_code == 200
