"""Signing out: who is meant, where it may return to, and what may not stand in for what."""

import asyncio
import re
from typing import Any

import httpx2
import jwt
import pytest
from attrs import evolve

from entrada.core.jose import compact
from entrada.core.jose.numeric_date import NumericDate
from tests.plugins.platforms import InProcess, new_client
from tests.web.seats import BEN, CLI_APP, COLORS, DAEMON, PETALS, REPSYS_APP, Seat, fields_of

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


# ---- several accounts ----

CLAIMS = '{"id_token": {"login_hint": null, "sid": null}}'


def both(there: InProcess) -> tuple[Seat, dict[str, Any]]:
    """Ben at repsys and then Cai at the command line, in one browser; and the claims of Ben's ID token."""
    seat = Seat(there)
    token = seat.tokens({"claims": CLAIMS})["id_token"]
    other = Seat(there, evolve(CLI_APP, username="cai@colors.example"))
    other.browser = seat.browser
    other.browser.sign_in(other.open({"prompt": "login"}), "cai@colors.example")
    return seat, {"token": token, **jwt.decode(token, options={"verify_signature": False})}


def signed_in(seat: Seat) -> list[str]:
    page = seat.browser.open("https://localhost:8443/common/account/signin?prompt=select_account")
    return [name for name in ("ben", "cai") if f"{name}@colors.example" in page.text]


@pytest.mark.parametrize("path", ["oauth2/v2.0/logout", "oauth2/logout"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_logout_hint_names_one_of_them_and_the_page_says_who_stays(in_process, path, method):
    seat, claims = both(in_process)
    asked = {"logout_hint": claims["login_hint"]}
    sent = {"params": asked} if method == "get" else {"data": asked}
    answer = getattr(seat.browser.client, method)(f"/{COLORS}/{path}", **sent)
    gone, stays = answer.text.split("Still signed in here")
    assert answer.status_code == 200
    assert ("ben@" in gone, "cai@" in gone, "ben@" in stays, "cai@" in stays) == (True, False, False, True)
    assert f'href="/{COLORS}/{path}"' in stays
    assert signed_in(seat) == ["cai"]


def test_the_page_that_asks_says_who_stays_too(in_process):
    seat, claims = both(in_process)
    page = seat.browser.open(f"https://localhost:8443{LOGOUT}")
    page = seat.browser.submit(page, "account", account=claims["sid"])
    assert "cai@colors.example" in page.text.partition("Still signed in here")[2]
    assert f'href="{LOGOUT}"' in page.text
    assert signed_in(seat) == ["cai"]


def test_whoever_is_the_last_leaves_nobody(in_process):
    seat = Seat(in_process)
    seat.tokens()
    page = seat.browser.open(f"https://localhost:8443{LOGOUT}")
    assert "Still signed in" not in page.text


@pytest.mark.parametrize("hint", ["ada@colors.example", "nobody", "a.b.c"])
def test_a_logout_hint_of_somebody_else_asks_first(in_process, hint):
    seat = Seat(in_process)
    seat.tokens()
    answer = seat.browser.client.get(LOGOUT, params={"logout_hint": hint})
    assert "Do you want to sign out?" in answer.text
    assert signed_in(seat) == ["ben"]


def signed(there: InProcess, claims: dict[str, Any]) -> str:
    """A token of ours that says *claims*."""
    here = there.platform.here
    key = asyncio.run(here.signing_keys.signer(here.clock()))
    return compact.sign(claims, key)


@pytest.mark.parametrize(
    ("changes", "who_stays"),
    [
        pytest.param({"oid": DAEMON}, ["cai"], id="by its sid alone"),
        pytest.param({"sid": DAEMON}, ["cai"], id="by its user alone, from an older session"),
        pytest.param({"sid": DAEMON, "oid": DAEMON}, ["ben", "cai"], id="by neither"),
        pytest.param({"sid": DAEMON, "tid": PETALS}, ["ben", "cai"], id="by the user id of another tenant"),
        pytest.param({"sid": 7}, ["ben", "cai"], id="an unreadable sid spoils it"),
        pytest.param({"scp": "User.Read"}, ["ben", "cai"], id="an access token"),
        pytest.param({"sub": BEN}, ["ben", "cai"], id="an application's token, which names itself twice"),
    ],
)
def test_whom_a_hint_names(in_process, changes, who_stays):
    seat, claims = both(in_process)
    token = claims.pop("token")
    assert seat.browser.client.get(LOGOUT, params={"id_token_hint": token[:-2]}).status_code == 200
    seat.browser.client.get(LOGOUT, params={"id_token_hint": signed(in_process, {**claims, **changes})})
    assert signed_in(seat) == who_stays


# ---- who is told ----


def frames(text: str) -> list[str]:
    return re.findall(r'<iframe src="([^"]+)"', text)


def test_only_the_applications_of_the_session_that_ends_are_told_by_its_sid_alone(in_process):
    elsewhere = Seat(in_process)
    elsewhere.tokens()  # Ben at repsys, in another browser
    in_process.clock.advance(1)
    seat, claims = both(in_process)
    answer = seat.browser.client.get(LOGOUT, params={"logout_hint": "cai@colors.example"})
    assert frames(answer.text) == []
    answer = seat.browser.client.get(LOGOUT, params={"logout_hint": "ben@colors.example"})
    assert frames(answer.text) == [f"http://localhost:5000/auth/frontchannel-logout?sid={claims['sid']}"]
    assert "iss=" not in answer.text
    elsewhere.open({"prompt": "none"})
    assert "code" in fields_of(elsewhere.browser.left_to)


def test_the_state_comes_back_after_the_frames(in_process):
    seat = Seat(in_process)
    seat.tokens()
    asked = {"post_logout_redirect_uri": HOME, "state": "a b&c"}
    answer = seat.browser.client.get(LOGOUT, params=asked)
    assert f"url={HOME}?state=a%20b%26c" in answer.text
    assert frames(answer.text)


# ---- posted by another site ----


def posted_from_elsewhere(seat: Seat, **form: str) -> httpx2.Response:
    """Without the Lax cookie."""
    jar = seat.browser.client.cookies
    kept = {cookie.name: cookie.value or "" for cookie in jar.jar if not cookie.name.endswith("-browser")}
    client = new_client(seat.there.platform)
    client.cookies.update(kept)
    return client.post(LOGOUT, data=form)


def test_a_form_of_an_application_signs_out_and_leaves_the_browser_its_cookie(in_process):
    seat = Seat(in_process)
    seat.tokens()
    answer = posted_from_elsewhere(seat, state="1")
    assert (answer.status_code, "You are signed out" in answer.text) == (200, True)
    assert "-browser=" not in str(answer.headers.get_list("set-cookie"))
    assert signed_in(seat) == []


def test_where_it_must_ask_it_comes_back_with_the_cookie(in_process):
    seat, _ = both(in_process)
    answer = posted_from_elsewhere(seat, post_logout_redirect_uri=HOME, state="a b")
    assert answer.status_code == 303
    assert (
        answer.headers["location"] == f"{LOGOUT}?post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A5000%2F&state=a%20b"
    )
    assert "set-cookie" not in answer.headers
    assert signed_in(seat) == ["ben", "cai"]
    too_long = posted_from_elsewhere(seat, state="x" * 5000)
    assert "Which account" in too_long.text


def test_a_hint_is_verified_once(in_process, monkeypatch: pytest.MonkeyPatch):
    seat = Seat(in_process)
    token = seat.tokens()["id_token"]
    keys, asked = in_process.platform.here.signing_keys, list[str]()
    usual = keys.verify

    async def verify(text: str, now: NumericDate) -> Any:
        asked.append(text)
        return await usual(text, now)

    monkeypatch.setattr(keys, "verify", verify)
    seat.browser.client.get(LOGOUT, params={"id_token_hint": token, "post_logout_redirect_uri": HOME})
    assert asked == [token]
