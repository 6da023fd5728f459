"""Every way to spoil a token request, at the real application: its AADSTS answer, and nothing written."""

import base64
from urllib.parse import urlencode

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrada.core.errors import catalogue as why
from tests.web.seats import (
    CLI,
    CLI_APP,
    COLORS,
    DAEMON,
    MULTI,
    MULTI_APP,
    PETALS,
    REPSYS,
    REPSYS_APP,
    SPA_APP,
    VERIFIER,
    Seat,
    contents,
    expected,
    reason_of,
)

NOBODY = "c0105000-0000-4000-8000-00000000dead"
ZEROS = "00000000-0000-0000-0000-000000000000"
SCRIPT = {"origin": "https://app.example"}


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


NO_BODY_CREDENTIALS = {"client_id": None, "client_secret": None}
# fmt: off
CODES = [  # what is sent instead, at which tenant, with which headers, the reason
    pytest.param({"grant_type": None},                    COLORS,   {},     why.MISSING_PARAMETER,      id="no grant_type"),
    pytest.param({"grant_type": ""},                      COLORS,   {},     why.MISSING_PARAMETER,      id="an empty grant_type"),
    pytest.param({"grant_type": "urn:ietf:params:oauth:grant-type:saml2-bearer"}, COLORS, {}, why.UNSUPPORTED_GRANT_TYPE, id="a grant that nobody has here"),
    pytest.param({"grant_type": "Authorization_Code"},    COLORS,   {},     why.UNSUPPORTED_GRANT_TYPE, id="a grant_type in other letters"),
    pytest.param({"client_id": None},                     COLORS,   {},     why.MISSING_PARAMETER,      id="no client_id"),
    pytest.param({"client_id": NOBODY},                   COLORS,   {},     why.CLIENT_NOT_FOUND,       id="an unknown client"),
    pytest.param({"client_id": ZEROS},                    COLORS,   {},     why.ZERO_CLIENT_ID,         id="a client_id of zeros"),
    pytest.param({},                                      PETALS,   {},     why.CLIENT_NOT_FOUND,       id="another tenant's client"),
    pytest.param({},                                      "common", {},     why.NOT_MULTI_TENANT,       id="a single-tenant client at /common"),
    pytest.param({},                                      "nobody.example", {}, why.TENANT_NOT_FOUND,   id="an unknown tenant"),
    pytest.param({},                                      "%00",    {},     why.TENANT_NOT_FOUND,       id="NUL for a tenant"),
    pytest.param({},                                      "consumers", {},  why.TENANT_NOT_FOUND,       id="/consumers is no tenant of ours"),
    pytest.param({"client_secret": None},                 COLORS,   {},     why.CREDENTIAL_MISSING,     id="no secret"),
    pytest.param({"client_secret": ""},                   COLORS,   {},     why.CREDENTIAL_MISSING,     id="an empty secret"),
    pytest.param({"client_secret": "wrong"},              COLORS,   {},     why.WRONG_SECRET,           id="a wrong secret"),
    pytest.param({"client_secret": "multi-dev-secret"},   COLORS,   {},     why.WRONG_SECRET,           id="another client's secret"),
    pytest.param({"client_id": MULTI, "client_secret": "multi-dev-secret"}, COLORS, {}, why.BAD_GRANT,  id="another client's code"),
    pytest.param({"client_id": CLI, "client_secret": None}, COLORS, {},     why.CREDENTIAL_MISSING,     id="a public client with a web client's code"),
    pytest.param({"client_id": MULTI, "client_secret": "multi-dev-secret"}, PETALS, {}, why.OTHER_TENANTS_GRANT, id="at another tenant"),
    pytest.param({},                                      COLORS,   SCRIPT, why.ORIGIN_NEEDS_SPA,       id="a web client's, from a script"),
    pytest.param({},                                      COLORS,   {"origin": "null"}, why.ORIGIN_NEEDS_SPA, id="a web client's, from a script without an origin"),
    pytest.param({"code": None},                          COLORS,   {},     why.MISSING_PARAMETER,      id="no code"),
    pytest.param({"code": "abc"},                         COLORS,   {},     why.MALFORMED_GRANT,        id="a code that is none"),
    pytest.param({"code": "x" * 5000},                    COLORS,   {},     why.MALFORMED_GRANT,        id="a code of 5000 characters"),
    pytest.param({"code": "é☕"},                          COLORS,   {},     why.MALFORMED_GRANT,        id="a code beyond ASCII"),
    pytest.param({"redirect_uri": None},                  COLORS,   {},     why.REPLY_ADDRESS_MISMATCH, id="no redirect_uri"),
    pytest.param({"redirect_uri": "http://localhost:5000/callback"}, COLORS, {}, why.REPLY_ADDRESS_MISMATCH, id="another registered redirect_uri"),
    pytest.param({"redirect_uri": "http://localhost:5001/auth/callback"}, COLORS, {}, why.REPLY_ADDRESS_MISMATCH, id="another loopback port than before"),
    pytest.param({"code_verifier": None},                 COLORS,   {},     why.CODE_VERIFIER_MISMATCH, id="no verifier"),
    pytest.param({"code_verifier": VERIFIER[::-1]},       COLORS,   {},     why.CODE_VERIFIER_MISMATCH, id="a wrong verifier"),
    pytest.param({"resource": "https://graph.microsoft.com"}, COLORS, {},   why.RESOURCE_ON_V2,         id="resource at v2.0"),
    pytest.param({"scope": ""},                           COLORS,   {},     why.EMPTY_SCOPE,            id="an empty scope"),
    pytest.param({"scope": 'a"b'},                        COLORS,   {},     why.INVALID_SCOPE,          id="a scope that is none"),
    pytest.param({"scope": "Mail.Fly"},                   COLORS,   {},     why.SCOPE_NOT_FOUND,        id="a permission that does not exist"),
    pytest.param({"scope": "api://nobody/Read"},          COLORS,   {},     why.RESOURCE_NOT_FOUND,     id="an API that does not exist"),
    pytest.param({"scope": "User.Read api://c0105000-0000-4000-8000-00000000ba51/Colors.Read"}, COLORS, {}, why.SEVERAL_RESOURCES, id="two resources"),
    pytest.param({"scope": "Mail.Read"},                  COLORS,   {},     why.CONSENT_MISSING,        id="a permission that nobody consented to"),
    pytest.param(NO_BODY_CREDENTIALS,                     COLORS,   basic(REPSYS, "wrong"), why.WRONG_SECRET, id="Basic: a wrong secret"),
    pytest.param(NO_BODY_CREDENTIALS,                     COLORS,   basic(REPSYS, ""), why.CREDENTIAL_MISSING, id="Basic: no secret"),
    pytest.param({},                                      COLORS,   basic(REPSYS, "repsys-dev-secret"), why.BAD_REQUEST, id="Basic and body both"),
    pytest.param({"client_id": MULTI, "client_secret": None}, COLORS, basic(REPSYS, "repsys-dev-secret"), why.BAD_REQUEST, id="Basic and body name two clients"),
    pytest.param(NO_BODY_CREDENTIALS,                     COLORS,   {"authorization": "Bearer x"}, why.MALFORMED_REQUEST, id="Bearer instead of Basic"),
    pytest.param(NO_BODY_CREDENTIALS,                     COLORS,   {"authorization": "Basic"}, why.MALFORMED_REQUEST, id="Basic: nothing"),
    pytest.param(NO_BODY_CREDENTIALS,                     COLORS,   {"authorization": "Basic ***"}, why.MALFORMED_REQUEST, id="Basic: no base64"),
    pytest.param(NO_BODY_CREDENTIALS,                     COLORS,   {"authorization": b"Basic caf\xe9"}, why.MALFORMED_REQUEST, id="Basic: beyond ASCII"),
    pytest.param(NO_BODY_CREDENTIALS,                     COLORS,   {"authorization": "Basic " + base64.b64encode(b"nocolon").decode()}, why.MALFORMED_REQUEST, id="Basic: no colon"),
    pytest.param(NO_BODY_CREDENTIALS,                     COLORS,   {"authorization": "Basic " + base64.b64encode(b"\xff:\xff").decode()}, why.MALFORMED_REQUEST, id="Basic: not UTF-8"),
]
REFRESHES = [  # what is sent instead, at which tenant, with which headers, the reason
    pytest.param({"refresh_token": None},                 COLORS,   {},     why.MISSING_PARAMETER,      id="no refresh_token"),
    pytest.param({"refresh_token": "abc"},                COLORS,   {},     why.MALFORMED_GRANT,        id="a refresh token that is none"),
    pytest.param({"client_secret": "wrong"},              COLORS,   {},     why.WRONG_SECRET,           id="a wrong secret"),
    pytest.param({"client_secret": None},                 COLORS,   {},     why.CREDENTIAL_MISSING,     id="no secret"),
    pytest.param({"client_id": MULTI, "client_secret": "multi-dev-secret"}, COLORS, {}, why.BAD_GRANT,  id="another client's refresh token"),
    pytest.param({"client_id": DAEMON, "client_secret": "daemon-dev-secret"}, COLORS, {}, why.BAD_GRANT, id="a daemon's"),
    pytest.param({},                                      PETALS,   {},     why.CLIENT_NOT_FOUND,       id="another tenant's client"),
    pytest.param({},                                      COLORS,   SCRIPT, why.ORIGIN_NEEDS_SPA,       id="a web client's, from a script"),
    pytest.param({"scope": "Mail.Read"},                  COLORS,   {},     why.CONSENT_MISSING,        id="a permission that nobody consented to"),
    pytest.param({"scope": ""},                           COLORS,   {},     why.EMPTY_SCOPE,            id="an empty scope"),
    pytest.param({"scope": "openid api://nobody/Read"},   COLORS,   {},     why.RESOURCE_NOT_FOUND,     id="an API that does not exist"),
]
RAW = [  # appended to the body, the reason
    pytest.param("&code=1",                                       why.BAD_REQUEST,       id="a doubled parameter"),
    pytest.param("&x=1&x=2",                                      why.BAD_REQUEST,       id="a doubled unknown parameter"),
    pytest.param("".join(f"&p{n}=1" for n in range(100)),         why.BAD_REQUEST,       id="more than a hundred parameters"),
    pytest.param("&x=%ff",                                        why.MALFORMED_REQUEST, id="not UTF-8"),
    pytest.param("&x=%00",                                        why.MALFORMED_REQUEST, id="NUL"),
    pytest.param("&x=" + "a" * 16_385,                            why.TOO_LONG,          id="a value of more than 16 kB"),
    pytest.param("&x=" + "a" * 2**20,                             why.BODY_TOO_LARGE,    id="1 MB"),
]
FORM = "application/x-www-form-urlencoded"
KINDS = ["application/json", "multipart/form-data; boundary=x", "text/plain", "", "application/x-www-form-urlencodedx"]
# fmt: on


@pytest.fixture(scope="module")
def code(signed_in):
    return signed_in.sign_in()["code"]


@pytest.fixture(scope="module")
def refresh_token(signed_in):
    return signed_in.tokens()["refresh_token"]


def assert_refused(answer, reason):
    assert reason_of(answer) == expected(reason)
    assert answer.headers["cache-control"] == "no-store, no-cache"
    assert answer.json()["error_description"].startswith(f"{reason.aadsts}: ")
    assert "Traceback" not in answer.text


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(("changes", "tenant", "headers", "reason"), CODES)
def test_a_code_is_refused(signed_in, code, changes, tenant, headers, reason):
    assert_refused(signed_in.post(signed_in.redemption(code, changes), tenant, headers), reason)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(("changes", "tenant", "headers", "reason"), REFRESHES)
def test_a_refresh_token_is_refused(signed_in, refresh_token, changes, tenant, headers, reason):
    assert_refused(signed_in.post(signed_in.refreshment(refresh_token, changes), tenant, headers), reason)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(("extra", "reason"), RAW)
def test_a_body_that_two_readers_would_read_differently(signed_in, code, extra, reason):
    body = urlencode(signed_in.redemption(code)) + extra
    answer = signed_in.there.client.post(f"/{COLORS}/oauth2/v2.0/token", content=body, headers={"content-type": FORM})
    assert_refused(answer, reason)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("kind", KINDS)
def test_only_a_form_is_read(signed_in, code, kind):
    answer = signed_in.post(signed_in.redemption(code), headers={"content-type": kind})
    assert_refused(answer, why.MALFORMED_REQUEST)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_only_post_is_answered(signed_in, code, method):
    url = f"/{COLORS}/oauth2/v2.0/token?{urlencode(signed_in.redemption(code))}"
    answer = signed_in.there.client.request(method, url)
    assert_refused(answer, why.WRONG_ENDPOINT_METHOD)
    assert answer.headers["allow"] == "POST, OPTIONS"


@pytest.mark.usefixtures("untouched")
def test_parameters_in_the_query_do_not_count(signed_in, code):
    url = f"/{COLORS}/oauth2/v2.0/token?{urlencode(signed_in.redemption(code))}"
    answer = signed_in.there.client.post(url, headers={"content-type": FORM})
    assert_refused(answer, why.MISSING_PARAMETER)


# ---- the good request itself, in each dress ----


def test_the_good_request_is_good(seat):
    # Without it every row above could be refused for another reason.
    answer = seat.redeem(seat.sign_in()["code"])
    assert answer.status_code == 200
    refreshed = seat.refresh(answer.json()["refresh_token"])
    assert refreshed.status_code == 200
    assert refreshed.headers["cache-control"] == "no-store, no-cache"
    assert "access-control-allow-origin" not in refreshed.headers


@pytest.mark.parametrize("client_id", [REPSYS, None], ids=["client_id in the body too", "client_id in the header only"])
def test_basic_is_as_good_as_the_body(seat, client_id):
    form = seat.redemption(seat.sign_in()["code"], {"client_id": client_id, "client_secret": None})
    assert seat.post(form, headers=basic(REPSYS, "repsys%2Ddev-secret")).status_code == 200


def test_a_wrong_basic_secret_is_told_the_scheme(seat):
    form = seat.redemption("abc", NO_BODY_CREDENTIALS)
    answer = seat.post(form, headers=basic(REPSYS, "wrong"))
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Basic")


def test_unknown_parameters_are_ignored(seat):
    assert seat.redeem(seat.sign_in()["code"], {"x-client-SKU": "MSAL", "foci": "1"}).status_code == 200


def test_a_tenants_domain_is_as_good_as_its_id(seat):
    form = seat.redemption(seat.sign_in()["code"])
    assert seat.post(form, "COLORS.example").status_code == 200


def test_doubled_slashes_are_one(seat):
    form = seat.redemption(seat.sign_in()["code"])
    assert seat.post(form, f"{COLORS}/").status_code == 200


# ---- platforms ----


def test_a_single_page_application(in_process):
    seat = Seat(in_process, SPA_APP)
    answer = seat.redeem(seat.sign_in()["code"])
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["refresh_token_expires_in"] == 86_399
    assert seat.post({}, headers={"origin": "https://x.example"}).headers["access-control-allow-origin"] == "*"
    preflight = in_process.client.options(f"/{COLORS}/oauth2/v2.0/token", headers={"origin": SPA_APP.origin})
    assert (preflight.status_code, preflight.headers["access-control-allow-methods"]) == (204, "POST, OPTIONS")
    assert "x-requested-with" in preflight.headers["access-control-allow-headers"]  # Swagger UI sends it


# fmt: off
PLATFORMS = [  # the app, what is sent instead, headers, the reason
    pytest.param(evolve(SPA_APP, origin=None), {}, {},                        why.SPA_NEEDS_ORIGIN,              id="spa: not from a script"),
    pytest.param(SPA_APP, {"client_secret": "guess"}, {},                     why.PUBLIC_CLIENT_WITH_CREDENTIAL, id="spa: with a secret"),
    pytest.param(CLI_APP, {"client_secret": "guess"}, {},                     why.PUBLIC_CLIENT_WITH_CREDENTIAL, id="public client: with a secret"),
    pytest.param(CLI_APP, {}, SCRIPT,                                         why.ORIGIN_NEEDS_SPA,              id="public client: from a script"),
]
# fmt: on


@pytest.mark.parametrize(("app", "changes", "headers", "reason"), PLATFORMS)
def test_each_platform_has_its_rules(in_process, app, changes, headers, reason):
    seat = Seat(in_process, app)
    code = seat.sign_in()["code"]
    before = contents(in_process.platform.here.store)
    assert_refused(seat.post(seat.redemption(code, changes), headers=headers), reason)
    assert contents(in_process.platform.here.store) == before


def test_a_single_page_application_without_pkce_learns_so_before_anybody_signs_in(in_process):
    seat = Seat(in_process, SPA_APP)
    seat.open({"code_challenge": None, "code_challenge_method": None})
    assert f"AADSTS{why.SPA_NEEDS_PKCE.code}" in seat.browser.left_to


# fmt: off
CHALLENGES = [  # what authorize is sent instead, what redeem is sent instead, is it granted
    pytest.param({},                                                         {},                      True,  id="S256"),
    pytest.param({"code_challenge": VERIFIER, "code_challenge_method": "plain"}, {},                  True,  id="plain"),
    pytest.param({"code_challenge": VERIFIER, "code_challenge_method": None}, {},                     True,  id="no method means plain"),
    pytest.param({"code_challenge": None, "code_challenge_method": None},    {"code_verifier": None}, True,  id="a web client without PKCE"),
    pytest.param({"code_challenge": None, "code_challenge_method": None},    {},                      False, id="downgraded: the challenge was taken out on the way"),
    pytest.param({"code_challenge_method": "plain"},                         {},                      False, id="downgraded: S256 made plain on the way"),
]
# fmt: on


@pytest.mark.parametrize(("authorize", "redeem", "granted"), CHALLENGES)
def test_pkce(seat, authorize, redeem, granted):
    answer = seat.redeem(seat.sign_in(authorize)["code"], redeem)
    if granted:
        assert answer.status_code == 200
    else:
        assert_refused(answer, why.CODE_VERIFIER_MISMATCH)


# ---- time, and second use ----

# fmt: off
AGES = [  # seconds after the code was issued, the reason
    pytest.param(600, why.GRANT_EXPIRED, id="ten minutes"),
    pytest.param(86_400 * 2, why.MALFORMED_GRANT, id="two days: its key is gone"),
]
ENDS = [  # the app, seconds after the sign-in, the reason
    pytest.param(REPSYS_APP, 90 * 86_400, why.TOKEN_INACTIVE,  id="a web client's after 90 days"),
    pytest.param(CLI_APP,    90 * 86_400, why.TOKEN_INACTIVE,  id="a public client's after 90 days"),
    pytest.param(CLI_APP,    119 * 86_400, why.TOKEN_INACTIVE, id="and for a month it is still told from garbage"),
    pytest.param(SPA_APP,    86_400,      why.SPA_TOKEN_ENDED, id="a single-page application's after 24 hours"),
]
# fmt: on


@pytest.mark.parametrize(("seconds", "reason"), AGES)
def test_a_code_grows_old(seat, seconds, reason):
    code = seat.sign_in()["code"]
    seat.there.clock.advance(seconds)
    assert_refused(seat.redeem(code), reason)


def test_a_code_is_good_until_its_last_second(seat):
    code = seat.sign_in()["code"]
    seat.there.clock.advance(599)
    assert seat.redeem(code).status_code == 200


@pytest.mark.parametrize(("app", "seconds", "reason"), ENDS)
def test_a_refresh_token_grows_old(in_process, app, seconds, reason):
    seat = Seat(in_process, app)
    token = seat.tokens()["refresh_token"]
    in_process.clock.advance(seconds)
    assert_refused(seat.refresh(token), reason)


@pytest.mark.parametrize("app", [REPSYS_APP, CLI_APP, SPA_APP, MULTI_APP], ids=lambda app: app.redirect_uri)
def test_a_replayed_code_takes_back_what_the_first_brought(in_process, app):
    seat = Seat(in_process, app)
    code = seat.sign_in()["code"]
    first = seat.redeem(code).json()
    assert_refused(seat.redeem(code), why.CODE_ALREADY_REDEEMED)
    assert_refused(seat.refresh(first["refresh_token"]), why.GRANT_EXPIRED)


def test_a_code_of_a_session_that_ran_out_meanwhile(seat):
    # A session lasts 90 days, whoever uses it; its last code may be redeemed too late.
    seat.sign_in(keep="1")
    for _ in range(89):
        seat.there.clock.advance(86_400)
        code = seat.sign_in()["code"]
    seat.there.clock.advance(86_400 - 60)
    code = seat.sign_in()["code"]
    assert seat.redeem(code).status_code == 200
    code = seat.sign_in()["code"]
    seat.there.clock.advance(60)
    assert_refused(seat.redeem(code), why.SESSION_ENDED)


def test_who_could_not_have_redeemed_a_code_takes_nothing_back(seat):
    code = seat.sign_in()["code"]
    first = seat.redeem(code).json()
    assert_refused(seat.redeem(code, {"code_verifier": None}), why.CODE_VERIFIER_MISMATCH)
    assert_refused(seat.redeem(code, {"client_secret": "wrong"}), why.WRONG_SECRET)
    assert seat.refresh(first["refresh_token"]).status_code == 200


@pytest.mark.parametrize("app", [CLI_APP, SPA_APP], ids=["public client", "spa"])
def test_a_rotated_token_is_answered_once_more_alike_and_then_ends_the_family(in_process, app):
    seat = Seat(in_process, app)
    first = seat.tokens()["refresh_token"]
    second = seat.refresh(first).json()["refresh_token"]
    assert second != first
    assert seat.refresh(first).json()["refresh_token"] == second  # a lost answer, asked again
    in_process.clock.advance(11)
    assert_refused(seat.refresh(first), why.REFRESH_TOKEN_REUSED)
    assert_refused(seat.refresh(second), why.GRANT_EXPIRED)


def test_a_web_clients_token_may_be_used_again(seat):
    first = seat.tokens()["refresh_token"]
    for _ in range(3):
        seat.there.clock.advance(3600)
        assert seat.refresh(first).status_code == 200


def test_a_client_that_comes_every_month_stays_signed_in_for_years(in_process):
    seat = Seat(in_process, CLI_APP)
    token = seat.tokens()["refresh_token"]
    for _ in range(30):
        in_process.clock.advance(29 * 86_400)
        token = seat.refresh(token).json()["refresh_token"]


# ---- bits ----


@pytest.fixture(scope="module")
def artefacts(code, refresh_token):
    return {"code": code, "refresh_token": refresh_token}


ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(which=st.sampled_from(["code", "refresh_token"]), at=st.integers(0, 10_000), bit=st.integers(0, 5))
def test_any_one_bit_change_is_refused(signed_in, artefacts, which, at, bit):
    good = artefacts[which]
    at %= len(good)
    spoilt = good[:at] + ALPHABET[ALPHABET.index(good[at]) ^ (1 << bit)] + good[at + 1 :]
    assert_unreadable(signed_in, which, spoilt)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.sampled_from(["code", "refresh_token"]),
    kept=st.integers(1, 10_000),
    extra=st.sampled_from(["", "A", "=", "."]),
)
def test_any_truncation_or_addition_is_refused(signed_in, artefacts, which, kept, extra):
    good = artefacts[which]
    spoilt = good[: kept % len(good) or 1] + extra if kept % 3 else good + (extra or "AAAA")
    assert_unreadable(signed_in, which, spoilt)


def assert_unreadable(seat: Seat, which: str, spoilt: str) -> None:
    before = contents(seat.there.platform.here.store)
    answer = seat.redeem(spoilt) if which == "code" else seat.refresh(spoilt)
    assert reason_of(answer) == expected(why.MALFORMED_GRANT)
    assert contents(seat.there.platform.here.store) == before


def test_a_code_is_no_refresh_token_and_the_reverse(signed_in, artefacts):
    assert_unreadable(signed_in, "code", artefacts["refresh_token"])
    assert_unreadable(signed_in, "refresh_token", artefacts["code"])
