"""What the command line app, a public client whose refresh tokens rotate, asks the platform for."""

import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2

from entrada.core.jose import base64url
from tests.drivers.form_browser import FormBrowser
from tests.drivers.live_server import CLI, COLORS
from tests.stress.connection import Answer, get, post

_VERIFIER = "a-verifier-that-every-code-of-these-tests-shares"
_REDIRECT_URI = "http://localhost"
_AUTHORIZE = f"/{COLORS}/oauth2/v2.0/authorize"
_TOKEN = f"/{COLORS}/oauth2/v2.0/token"
_ASKED = {
    "client_id": CLI,
    "response_type": "code",
    "redirect_uri": _REDIRECT_URI,
    "scope": "openid profile offline_access User.Read",
    "code_challenge": base64url.encode(hashlib.sha256(_VERIFIER.encode()).digest()),
    "code_challenge_method": "S256",
}


def sign_in(origin: str, username: str) -> str:
    """The Cookie header of a browser in which *username* has signed in and consented."""
    with httpx2.Client(timeout=30) as client:
        browser = FormBrowser(client, origin)
        browser.sign_in(browser.open(f"{origin}{_AUTHORIZE}?{urlencode(_ASKED)}"), username)
        assert "code=" in (browser.left_to or ""), browser.left_to
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)


def authorize_request(cookie: str, accept: str = "*/*") -> bytes:
    """Silent: whoever is not signed in gets a refusal instead of a page."""
    return get(_AUTHORIZE, {**_ASKED, "prompt": "none"}, cookie, accept)


def code_of(answer: Answer) -> str | None:
    """The code in the redirect; None when it brings a refusal."""
    assert answer.status == 302, answer
    return parse_qs(urlsplit(answer.headers["location"]).query).get("code", [None])[0]


def redeem_request(code: str) -> bytes:
    form = {"grant_type": "authorization_code", "client_id": CLI, "code": code, "code_verifier": _VERIFIER}
    return post(_TOKEN, {**form, "redirect_uri": _REDIRECT_URI})


def refresh_request(refresh_token: str) -> bytes:
    return post(_TOKEN, {"grant_type": "refresh_token", "client_id": CLI, "refresh_token": refresh_token})
