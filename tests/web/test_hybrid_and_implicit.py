"""An ID token from the authorization endpoint, alone or beside a code, where the application enables it.

OpenID Connect Core §3.2 and §3.3; reference sections 11, 12 and 24.
"""

import asyncio
import hashlib
from typing import Any

import pytest

from entrada.core.directory.ids import ClientId
from entrada.core.errors import catalogue as why
from entrada.core.jose import base64url
from tests.plugins.platforms import InProcess
from tests.web.seats import BEN, COLORS, REPSYS, Seat, change, fields_of


@pytest.fixture
def enabled(in_process: InProcess) -> Seat:
    store = in_process.platform.here.store
    found = asyncio.run(store.find_application(ClientId(REPSYS)))
    change(store, found, enable_id_token_issuance=True, logout_url="http://localhost:5000/auth/frontchannel-logout")
    return Seat(in_process)


def claims_of(there: InProcess, token: str) -> Any:
    here = there.platform.here
    return asyncio.run(here.signing_keys.verify(token, here.clock()))


def test_a_code_and_an_id_token_that_is_bound_to_it(in_process, enabled):
    fields = enabled.sign_in({"response_type": "code id_token"})
    claims = claims_of(in_process, fields["id_token"])
    digest = hashlib.sha256(fields["code"].encode()).digest()
    assert claims["c_hash"] == base64url.encode(digest[:16])
    assert (claims["aud"], claims["nonce"], claims["oid"]) == (REPSYS, "n-1", BEN)
    assert "at_hash" not in claims
    assert list(fields) == ["code", "id_token", "state", "session_state"]
    assert enabled.redeem(fields["code"]).status_code == 200


def test_the_reply_stands_in_the_fragment(enabled):
    enabled.sign_in({"response_type": "id_token code"})
    assert "?" not in enabled.browser.left_to
    assert "#code=" in enabled.browser.left_to


def test_by_form_post(enabled):
    page = enabled.browser.sign_in(
        enabled.open({"response_type": "code id_token", "response_mode": "form_post"}), "ben@colors.example"
    )
    assert set(page.form_with("id_token").fields) == {"code", "id_token", "state", "session_state"}


def test_an_id_token_alone(in_process, enabled):
    fields = enabled.sign_in({"response_type": "id_token", "scope": "openid profile"})
    claims = claims_of(in_process, fields["id_token"])
    assert "code" not in fields
    assert "c_hash" not in claims
    assert claims["preferred_username"] == "ben@colors.example"


def test_silent_renewal_in_a_frame(in_process, enabled):
    enabled.sign_in({"response_type": "id_token"})
    enabled.open({"response_type": "id_token", "prompt": "none", "nonce": "n-2", "login_hint": "ben@colors.example"})
    fields = fields_of(enabled.browser.left_to)
    assert claims_of(in_process, fields["id_token"])["nonce"] == "n-2"


def test_signing_out_tells_an_application_that_never_had_a_code(enabled):
    enabled.sign_in({"response_type": "id_token"})
    page = enabled.browser.open(f"/{COLORS}/oauth2/v2.0/logout")
    assert "http://localhost:5000/auth/frontchannel-logout" in page.text


REFUSED = [
    pytest.param({"response_type": "code id_token", "nonce": None}, why.MISSING_PARAMETER, id="no nonce"),
    pytest.param({"response_type": "id_token", "scope": "User.Read"}, why.BAD_REQUEST, id="no openid"),
    pytest.param({"response_type": "id_token token"}, why.ACCESS_TOKEN_NOT_ENABLED, id="an access token"),
]


@pytest.mark.parametrize(("changes", "reason"), REFUSED)
def test_refused_in_the_fragment(enabled, changes, reason):
    enabled.open(changes)
    assert "#error=" in enabled.browser.left_to
    assert f"AADSTS{reason.code}" in fields_of(enabled.browser.left_to)["error_description"]


def test_an_id_token_in_a_query_is_refused(enabled):
    enabled.open({"response_type": "id_token", "response_mode": "query"})
    assert "#error=" in enabled.browser.left_to
    assert f"AADSTS{why.UNSUPPORTED_RESPONSE_MODE.code}" in fields_of(enabled.browser.left_to)["error_description"]


def test_an_application_that_has_not_enabled_it(seat):
    seat.open({"response_type": "code id_token"})
    assert f"AADSTS{why.ID_TOKEN_NOT_ENABLED.code}" in fields_of(seat.browser.left_to)["error_description"]
