"""An application asks for the password itself: only where a tenant allows it, and never as a side door.

RFC 6749 §4.3; RFC 9700 §2.4; reference section 23.
"""

import asyncio
from typing import Any

import httpx2
import pytest
from attrs import evolve

from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import NumericDate
from tests.drivers.form_browser import PASSWORD
from tests.plugins.platforms import InProcess
from tests.web.seats import (
    BEN,
    CLI,
    CLI_APP,
    COLORS,
    MULTI_APP,
    PETALS,
    REPSYS_APP,
    Form,
    Seat,
    change,
    contents,
    disable_user,
    end_sessions,
    expected,
    reason_of,
    revoke_consent,
    sent,
)

SCOPE = "openid profile offline_access User.Read"


def allow_passwords(there: InProcess, tenant: str = COLORS) -> None:
    store = there.platform.here.store
    found = asyncio.run(store.find_tenant(TenantId(tenant)))
    assert found is not None
    change(store, found, policies=evolve(found.policies, password_grant=True))


def by_password(
    there: InProcess, changes: Form | None = None, tenant: str = COLORS, path: str = "oauth2/v2.0"
) -> httpx2.Response:
    form = {
        "grant_type": "password",
        "client_id": CLI,
        "username": "ben@colors.example",
        "password": PASSWORD,
        "scope": SCOPE,
        **(changes or {}),
    }
    return there.client.post(f"/{tenant}/{path}/token", data=sent(form), headers={"user-agent": "a script"})


@pytest.fixture
def allowed(in_process: InProcess) -> InProcess:
    """The tenant allows it, and Ben has consented."""
    allow_passwords(in_process)
    Seat(in_process, CLI_APP).sign_in()
    return in_process


def test_tokens_as_for_anybody(allowed):
    answer = by_password(allowed, {"client_info": "1"})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert body["scope"] == "openid profile User.Read"
    assert {"access_token", "refresh_token", "id_token", "client_info"} <= set(body)
    bearer = {"authorization": f"Bearer {body['access_token']}"}
    assert allowed.client.get("/v1.0/me", headers=bearer).json()["id"] == BEN


def test_it_refreshes_and_rotates_without_a_session(allowed):
    first = by_password(allowed).json()["refresh_token"]
    end_sessions(allowed)
    seat = Seat(allowed, CLI_APP)
    second = seat.refresh(first)
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first


def test_without_offline_access_there_is_no_refresh_token(allowed):
    assert "refresh_token" not in by_password(allowed, {"scope": "openid User.Read"}).json()


def test_on_v1(allowed):
    answer = by_password(allowed, {"scope": None, "resource": "https://graph.microsoft.com"}, path="oauth2").json()
    assert (answer["resource"], answer["expires_in"].isdigit()) == ("https://graph.microsoft.com", True)
    assert {"refresh_token", "id_token"} <= set(answer)


def test_the_sign_in_log_has_it(allowed):
    answer = by_password(allowed)
    rows = asyncio.run(allowed.platform.here.store.list_sign_ins(TenantId(COLORS), top=5))
    row = next(row for row in rows if row.session_id is None)
    assert (row.user_id, row.client_id, row.user_agent) == (BEN, CLI, "a script")
    assert row.id == answer.headers["x-ms-request-id"]


def test_at_organizations(in_process):
    allow_passwords(in_process, PETALS)
    seat = Seat(in_process, evolve(MULTI_APP, username="eva@petals.example", tenant="organizations"))
    seat.sign_in()
    eva = {"username": "eva@petals.example", "client_id": MULTI_APP.client_id, "client_secret": MULTI_APP.secret}
    assert by_password(in_process, eva, tenant="organizations").status_code == 200
    assert reason_of(by_password(in_process, eva, tenant="common")) == expected(why.GRANT_NOT_AT_COMMON)


# fmt: off
SPOILT = [  # what is sent, the reason
    pytest.param({"username": None},                  why.MISSING_PARAMETER,             id="no user name"),
    pytest.param({"password": None},                  why.MISSING_PARAMETER,             id="no password"),
    pytest.param({"password": ""},                    why.MISSING_PARAMETER,             id="an empty password"),
    pytest.param({"scope": None},                     why.MISSING_PARAMETER,             id="no scope"),
    pytest.param({"scope": "User.Read api://c0105000-0000-4000-8000-00000000ba51/Colors.Read"}, why.SEVERAL_RESOURCES, id="two resources"),
    pytest.param({"scope": f"{SCOPE} Mail.Read"},     why.CONSENT_MISSING,               id="nobody can be asked for consent"),
    pytest.param({"client_secret": "x"},              why.PUBLIC_CLIENT_WITH_CREDENTIAL, id="a public client with a secret"),
    pytest.param({"client_id": REPSYS_APP.client_id}, why.CREDENTIAL_MISSING,            id="the public switch is off"),
    pytest.param({"password": "wrong"},               why.WRONG_PASSWORD,                id="a wrong password"),
    pytest.param({"password": f" {PASSWORD}"},        why.WRONG_PASSWORD,                id="a blank in front belongs to the password"),
    pytest.param({"password": f"{PASSWORD} "},        why.WRONG_PASSWORD,                id="a blank behind, too"),
    pytest.param({"username": "bob@colors.example"},  why.WRONG_PASSWORD,                id="an unknown name answers like a wrong password"),
    pytest.param({"username": "ben@nowhere.example"}, why.WRONG_PASSWORD,                id="so does an unknown domain"),
    pytest.param({"username": "ben"},                 why.WRONG_PASSWORD,                id="so does what is no user name"),
    pytest.param({"username": "dee@colors.example"},  why.USER_DISABLED,                 id="a disabled account"),
    pytest.param({"username": "eva@petals.example"},  why.PASSWORD_GRANT_OFF,            id="the account's tenant does not allow it"),
    pytest.param({"username": "flo@colors.example"},  why.AUTHENTICATOR_NEEDED,          id="an account that needs a second factor"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "reason"), SPOILT)
def test_what_is_refused(allowed, changes, reason):
    answer = by_password(allowed, changes)
    assert reason_of(answer) == expected(reason)


def test_blanks_around_a_user_name_are_no_part_of_it(allowed):
    assert by_password(allowed, {"username": " ben@colors.example "}).status_code == 200


def test_a_tenant_allows_it_first(in_process):
    Seat(in_process, CLI_APP).sign_in()
    before = contents(in_process.platform.here.store)
    refused = expected(why.PASSWORD_GRANT_OFF)
    assert reason_of(by_password(in_process)) == refused
    # Before the password is looked at: what is refused tells nothing of it, and nothing is counted.
    assert reason_of(by_password(in_process, {"password": "wrong"})) == refused
    assert reason_of(by_password(in_process, {"username": "bob@colors.example"})) == refused
    assert contents(in_process.platform.here.store) == before


def test_a_tenants_door_is_for_its_own_accounts(allowed):
    allow_passwords(allowed, PETALS)
    store = allowed.platform.here.store
    change(store, asyncio.run(store.find_application(ClientId(CLI))), is_fallback_public_client=True)
    for password in (PASSWORD, "wrong"):
        answer = by_password(allowed, {"username": "eva@petals.example", "password": password})
        assert reason_of(answer) == expected(why.ACCOUNT_OF_ANOTHER_TENANT)


def test_a_password_that_must_be_changed_opens_nothing_here(allowed):
    store = allowed.platform.here.store
    ben = asyncio.run(store.find_user(TenantId(COLORS), BEN))
    assert ben is not None
    assert ben.password is not None
    change(store, ben, password=evolve(ben.password, must_change=True))
    assert reason_of(by_password(allowed)) == expected(why.PASSWORD_EXPIRED)
    assert reason_of(by_password(allowed, {"password": "wrong"})) == expected(why.WRONG_PASSWORD)


def test_the_challenge_that_msal_understands(allowed):
    answer = by_password(allowed, {"username": "flo@colors.example"}).json()
    assert "capolids" in answer["claims"]


def test_the_lockout_holds_here_too(allowed):
    wrong = [reason_of(by_password(allowed, {"password": f"wrong {number}"})) for number in range(10)]
    assert wrong == [expected(why.WRONG_PASSWORD)] * 10
    for password in (PASSWORD, "wrong again"):
        assert reason_of(by_password(allowed, {"password": password})) == expected(why.ACCOUNT_LOCKED)


def test_what_is_taken_back_stops_it(allowed):
    revoke_consent(allowed)
    assert reason_of(by_password(allowed)) == expected(why.CONSENT_MISSING)
    disable_user(allowed)
    assert reason_of(by_password(allowed)) == expected(why.USER_DISABLED)


def test_a_password_change_ends_what_it_gave(allowed):
    token = by_password(allowed).json()["refresh_token"]
    store = allowed.platform.here.store
    valid_from = NumericDate(allowed.clock() + 1)
    change(store, asyncio.run(store.find_user(TenantId(COLORS), BEN)), sign_in_sessions_valid_from=valid_from)
    assert reason_of(Seat(allowed, CLI_APP).refresh(token)) == expected(why.FRESH_TOKEN_NEEDED)
