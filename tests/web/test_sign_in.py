"""One sign-in through the pages, in process: the way every other web test begins."""

from urllib.parse import parse_qs, urlencode, urlsplit

from tests.drivers.live_server import COLORS, REPSYS
from tests.plugins.platforms import InProcess

ASKED = {
    "client_id": REPSYS,
    "response_type": "code",
    "redirect_uri": "http://localhost:5000/auth/callback",
    "scope": "openid profile offline_access User.Read",
    "state": "s-1",
    "nonce": "n-1",
}


def authorize_url(**changes: str) -> str:
    return f"/{COLORS}/oauth2/v2.0/authorize?{urlencode({**ASKED, **changes})}"


def answer_of(location: str | None) -> dict[str, str]:
    parts = urlsplit(location or "")
    return {name: values[0] for name, values in parse_qs(parts.query or parts.fragment).items()}


def test_a_person_signs_in_and_consents_once(in_process: InProcess) -> None:
    browser = in_process.browser()
    browser.sign_in(browser.open(authorize_url()), "ben@colors.example")
    first = answer_of(browser.left_to)
    assert first["state"] == "s-1"
    assert first["code"]

    browser.left_to = None
    browser.open(authorize_url(state="s-2"))  # nothing is asked the second time
    assert answer_of(browser.left_to)["state"] == "s-2"


def test_a_code_becomes_tokens_once(in_process: InProcess) -> None:
    browser = in_process.browser()
    browser.sign_in(browser.open(authorize_url()), "ben@colors.example")
    form = {
        "grant_type": "authorization_code",
        "client_id": REPSYS,
        "client_secret": "repsys-dev-secret",
        "redirect_uri": ASKED["redirect_uri"],
        "code": answer_of(browser.left_to)["code"],
    }
    first = in_process.client.post(f"/{COLORS}/oauth2/v2.0/token", data=form)
    second = in_process.client.post(f"/{COLORS}/oauth2/v2.0/token", data=form)
    assert first.status_code == 200
    assert (second.status_code, second.json()["error_codes"]) == (400, [54005])
