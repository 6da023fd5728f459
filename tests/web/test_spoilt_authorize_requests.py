"""Every way to spoil an authorization request, at the real application: its page or its redirect, and nothing written."""

import asyncio
import re
from urllib.parse import quote, urlencode

import pytest

from entrada.core.errors import catalogue as why
from tests.protocol.redirect_mutants import mutants
from tests.web.seats import (
    CHALLENGE,
    CLI_APP,
    COLORS,
    COLORS_API,
    MULTI_APP,
    PETALS,
    REPSYS,
    REPSYS_APP,
    SPA,
    SPA_APP,
    Seat,
    code_of,
    fields_of,
)

NOBODY = "c0105000-0000-4000-8000-00000000dead"
ZEROS = "00000000-0000-0000-0000-000000000000"
CALLBACK = REPSYS_APP.redirect_uri
# fmt: off
SHOWN = [  # what is sent instead, at which tenant, the reason that stands on the page
    pytest.param({"client_id": None},                   COLORS,     why.MISSING_PARAMETER,      id="no client_id"),
    pytest.param({"client_id": ""},                     COLORS,     why.MISSING_PARAMETER,      id="an empty client_id"),
    pytest.param({"client_id": NOBODY},                 COLORS,     why.CLIENT_NOT_FOUND,       id="an unknown client"),
    pytest.param({"client_id": "repsys"},               COLORS,     why.CLIENT_NOT_FOUND,       id="a client_id that is no GUID"),
    pytest.param({"client_id": REPSYS.replace("-", "")}, COLORS,    why.CLIENT_NOT_FOUND,       id="a client_id without its hyphens"),
    pytest.param({"client_id": "{" + REPSYS + "}"},     COLORS,     why.CLIENT_NOT_FOUND,       id="a client_id in braces"),
    pytest.param({"client_id": REPSYS + " "},           COLORS,     why.CLIENT_NOT_FOUND,       id="a client_id with a space behind"),
    pytest.param({"client_id": ZEROS},                  COLORS,     why.ZERO_CLIENT_ID,         id="a client_id of zeros"),
    pytest.param({},                                    PETALS,     why.CLIENT_NOT_FOUND,       id="another tenant's client"),
    pytest.param({},                                    "common",   why.NOT_MULTI_TENANT,       id="a single-tenant client at /common"),
    pytest.param({},                                    "organizations", why.NOT_MULTI_TENANT,  id="a single-tenant client at /organizations"),
    pytest.param({},                                    "consumers", why.TENANT_NOT_FOUND,      id="/consumers is no tenant of ours"),
    pytest.param({},                                    "nobody.example", why.TENANT_NOT_FOUND, id="an unknown domain"),
    pytest.param({},                                    NOBODY,     why.TENANT_NOT_FOUND,       id="an unknown tenant"),
    pytest.param({},                                    "%00",      why.TENANT_NOT_FOUND,       id="NUL for a tenant"),
    pytest.param({},                                    "%ff",      why.TENANT_NOT_FOUND,       id="a tenant that is not UTF-8"),
    pytest.param({},                                    "x" * 5000, why.TENANT_NOT_FOUND,       id="a very long tenant"),
    pytest.param({"redirect_uri": CALLBACK + "/"},      COLORS,     why.REPLY_ADDRESS_MISMATCH, id="an unregistered redirect_uri"),
    pytest.param({"redirect_uri": SPA_APP.redirect_uri}, COLORS,    why.REPLY_ADDRESS_MISMATCH, id="another client's redirect_uri"),
    pytest.param({"redirect_uri": "callback"},          COLORS,     why.BAD_URI_PARAMETER,      id="a relative redirect_uri"),
    pytest.param({"redirect_uri": "http://[::1"},       COLORS,     why.BAD_URI_PARAMETER,      id="a redirect_uri that no parser reads"),
    pytest.param({"client_id": COLORS_API, "redirect_uri": None}, COLORS, why.NO_REPLY_ADDRESS, id="a client without any redirect URI"),
    pytest.param({"client_id": COLORS_API},             COLORS,     why.REPLY_ADDRESS_MISMATCH, id="a redirect_uri for a client without any"),
    pytest.param({"state": "x" * 16_385},               COLORS,     why.TOO_LONG,               id="a state of more than 16 kB"),
    pytest.param({f"p{number}": "1" for number in range(100)}, COLORS, why.BAD_REQUEST,         id="more than a hundred parameters"),
]
REDIRECTED = [  # what is sent instead, the reason that goes back
    pytest.param({"response_type": None},               why.MISSING_PARAMETER,         id="no response_type"),
    pytest.param({"response_type": "id_token"},         why.ID_TOKEN_NOT_ENABLED,      id="implicit ID token"),
    pytest.param({"response_type": "code id_token"},    why.ID_TOKEN_NOT_ENABLED,      id="hybrid"),
    pytest.param({"response_type": "token"},            why.ACCESS_TOKEN_NOT_ENABLED,  id="implicit access token"),
    pytest.param({"response_type": "CODE"},             why.UNSUPPORTED_RESPONSE_TYPE, id="response_type in capitals"),
    pytest.param({"response_mode": "jwt"},              why.UNSUPPORTED_RESPONSE_MODE, id="an unknown response_mode"),
    pytest.param({"scope": None},                       why.MISSING_PARAMETER,         id="no scope"),
    pytest.param({"scope": ""},                         why.MISSING_PARAMETER,         id="an empty scope"),
    pytest.param({"scope": "openid\tprofile"},          why.INVALID_SCOPE,             id="a tab in the scope"),
    pytest.param({"scope": "openid Mail.Fly"},          why.SCOPE_NOT_FOUND,           id="a permission that does not exist"),
    pytest.param({"scope": "api://nobody/Read"},        why.RESOURCE_NOT_FOUND,        id="an API that does not exist"),
    pytest.param({"resource": "https://graph.microsoft.com"}, why.RESOURCE_ON_V2,      id="resource at v2.0"),
    pytest.param({"request": "eyJhbGciOiJub25lIn0.e30."}, why.BAD_REQUEST,             id="a request object"),
    pytest.param({"request_uri": "https://app.example/r"}, why.BAD_REQUEST,            id="a request object by reference"),
    pytest.param({"prompt": "maybe"},                   why.BAD_REQUEST,               id="an unknown prompt"),
    pytest.param({"prompt": "none login"},              why.BAD_REQUEST,               id="two prompts"),
    pytest.param({"prompt": "select_account", "login_hint": "ben@colors.example"}, why.HINT_WITH_SELECT, id="the account picker with a hint"),
    pytest.param({"max_age": "-1"},                     why.INVALID_PARAMETER,         id="a negative max_age"),
    pytest.param({"claims": "[]"},                      why.INVALID_PARAMETER,         id="claims that are no object"),
    pytest.param({"claims": r'{"access_token":{"xms_cc":{"values":["\ud800"]}}}'}, why.INVALID_PARAMETER, id="claims with half a surrogate pair"),
    pytest.param({"claims": '{"id_token":{},"id_token":{}}'}, why.INVALID_PARAMETER,   id="claims that say something twice"),
    pytest.param({"claims": '{"id_token":{"acrs":{"essential":true,"value":"gold"}}}'}, why.BAD_REQUEST, id="an essential context that cannot be met"),
    pytest.param({"code_challenge": "short"},           why.MISSING_CODE_CHALLENGE,    id="a short challenge"),
    pytest.param({"code_challenge": None},              why.MISSING_CODE_CHALLENGE,    id="a challenge method without a challenge"),
    pytest.param({"code_challenge_method": "S512"},     why.BAD_CODE_CHALLENGE_METHOD, id="an unknown challenge method"),
    pytest.param({"code_challenge": CHALLENGE + "AAA"}, why.BAD_CODE_CHALLENGE_METHOD, id="an S256 challenge of the wrong size"),
    pytest.param({"prompt": "none"},                    why.NO_SESSION,                id="prompt=none and nobody signed in"),
    pytest.param({"prompt": "none", "login_hint": "ben@colors.example"}, why.SESSION_NOT_FOUND, id="prompt=none with a hint and nobody signed in"),
]
RAW = [  # query string, the reason that stands on the page
    pytest.param("state=1&state=2",         why.BAD_REQUEST,        id="a doubled parameter"),
    pytest.param("x=1&x=1",                 why.BAD_REQUEST,        id="a doubled unknown parameter"),
    pytest.param("client_id=1",             why.BAD_REQUEST,        id="a doubled client_id"),
    pytest.param("redirect_uri=https://evil.example/", why.BAD_REQUEST, id="a second redirect_uri"),
    pytest.param("x=%ff",                   why.MALFORMED_REQUEST,  id="a value that is not UTF-8"),
    pytest.param("%c0%80=1",                why.MALFORMED_REQUEST,  id="a name that is not UTF-8"),
    pytest.param("x=a%00b",                 why.MALFORMED_REQUEST,  id="NUL"),
    pytest.param("x=" + "a" * 16_400,       why.TOO_LONG,           id="a value of more than 16 kB"),
]
# fmt: on
HOSTILE = "<script>alert(1)</script>\"'&\r\nSet-Cookie: a=b"
pytestmark = pytest.mark.usefixtures("untouched")


@pytest.fixture
def newcomer(shared):
    return Seat(shared)


def assert_shown(page, reason):
    assert (page.status, code_of(page)[:1]) == (reason.status, [reason.code])
    assert "Traceback" not in page.text
    assert "location" not in page.headers


@pytest.mark.parametrize(("changes", "tenant", "reason"), SHOWN)
def test_shown_on_a_page_never_redirected(newcomer, changes, tenant, reason):
    assert_shown(newcomer.open(changes, tenant), reason)
    assert newcomer.browser.left_to is None


@pytest.mark.parametrize(("changes", "reason"), REDIRECTED)
def test_sent_back_to_the_client(newcomer, changes, reason):
    page = newcomer.open(changes)
    answer = fields_of(newcomer.browser.left_to)
    assert newcomer.browser.left_to.startswith(CALLBACK), page.text
    assert (answer["error"], answer["state"]) == (reason.error, "s-1")
    assert answer["error_description"].startswith(f"{reason.aadsts}: ")
    assert answer["error_uri"].endswith(f"/error?code={reason.code}")
    assert "code" not in answer


@pytest.mark.parametrize(("query", "reason"), RAW)
def test_a_query_that_two_readers_would_read_differently(newcomer, query, reason):
    assert_shown(newcomer.browser.open(f"{newcomer.authorize_url()}&{query}"), reason)


@pytest.mark.parametrize(("query", "reason"), RAW)
def test_the_same_in_a_posted_form(newcomer, query, reason):
    body = f"{urlencode(newcomer.asked())}&{query}"
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = newcomer.browser.client.post(f"/{COLORS}/oauth2/v2.0/authorize", content=body, headers=kind)
    expected = why.BODY_TOO_LARGE if len(body) > 65_536 else reason
    assert answer.status_code == expected.status
    assert expected.aadsts in answer.text


def test_a_query_beyond_all_urls(shared):
    # Past what the client itself would send, so the application is called as a server calls it.
    sent = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/{COLORS}/oauth2/v2.0/authorize",
        "query_string": b"client_id=a&state=" + b"x" * 70_000,
        "headers": [(b"host", b"localhost")],
    }

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    asyncio.run(shared.platform.app(scope, receive, send))
    assert sent[0]["status"] == 400
    assert b"AADSTS90015" in b"".join(message.get("body", b"") for message in sent)


def test_an_unknown_parameter_changes_nothing(newcomer):
    assert 'id="username"' in newcomer.open({"x-client-SKU": "MSAL.Python", "haschrome": "1"}).text


# fmt: off
BODIES = [  # content type, body, the reason
    pytest.param("application/json",                    b"{}",         why.MALFORMED_REQUEST, id="JSON"),
    pytest.param("multipart/form-data; boundary=x",     b"--x--",      why.MALFORMED_REQUEST, id="multipart"),
    pytest.param("",                                    b"a=1",        why.MALFORMED_REQUEST, id="no content type"),
    pytest.param("application/x-www-form-urlencoded",   b"a" * 2**20,  why.BODY_TOO_LARGE,    id="1 MB"),
    pytest.param("application/x-www-form-urlencoded",   b"a=\xff\xfe", why.MALFORMED_REQUEST, id="not UTF-8"),
    pytest.param("application/x-www-form-urlencoded",   b"a=\0",       why.MALFORMED_REQUEST, id="NUL"),
]
# fmt: on


@pytest.mark.parametrize("path", ["oauth2/v2.0/authorize", "login", "consent", "oauth2/v2.0/logout"])
@pytest.mark.parametrize(("kind", "body", "reason"), BODIES)
def test_bodies_that_are_no_forms(shared, path, kind, body, reason):
    answer = shared.client.post(f"/{COLORS}/{path}", content=body, headers={"content-type": kind})
    assert answer.status_code == reason.status
    assert reason.aadsts in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method_at_authorize_and_no_cors(shared, method):
    answer = shared.client.request(
        method, f"/{COLORS}/oauth2/v2.0/authorize", headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


def test_no_cors_at_authorize(newcomer):
    answer = newcomer.browser.client.get(newcomer.authorize_url(), headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("app", [REPSYS_APP, SPA_APP, CLI_APP, MULTI_APP], ids=lambda app: app.redirect_uri)
def test_a_sample_of_mutants_of_each_redirect_uri_gets_a_page(shared, app):
    # All of them stand against the rule itself in tests/protocol; here every 40th meets the whole application.
    seat = Seat(shared, app)
    for mutant in sorted(mutants(app.redirect_uri))[::40]:
        page = seat.open({"redirect_uri": mutant})
        assert seat.browser.left_to is None, mutant
        shown = code_of(page)[:1]
        # An empty one counts as left out: the registered one is taken, and the sign-in begins.
        assert shown or not mutant, mutant
        assert set(shown) <= {50011, 90102, 9002313}, mutant


@pytest.mark.parametrize("mode", ["query", "fragment", "form_post"])
def test_hostile_text_comes_back_as_text(newcomer, mode):
    changes = {"state": HOSTILE, "response_mode": mode, "prompt": "none"}
    answer = newcomer.browser.client.get(newcomer.authorize_url(changes))
    assert "a=b" not in "".join(answer.headers.get_list("set-cookie"))
    if mode == "form_post":
        assert "<script>alert(1)" not in answer.text
        assert answer.status_code == 200
        page = newcomer.open(changes)
        assert page.form_with("state").fields["state"] == HOSTILE
    else:
        assert answer.status_code == 302
        assert fields_of(answer.headers["location"])["state"] == HOSTILE


def test_hostile_text_on_a_page_is_text(newcomer):
    page = newcomer.open({"redirect_uri": f"https://evil.example/{HOSTILE}", "client_id": REPSYS})
    assert "<script>alert(1)" not in page.text


@pytest.mark.parametrize(
    "path", ["//evil.example", "/%2Fevil.example", "/%5C%5Cevil.example", "/\\evil.example", "///evil.example"]
)
def test_no_path_leads_elsewhere(newcomer, path):
    url = f"https://localhost:8443{path}/oauth2/v2.0/authorize"
    for answer in (newcomer.browser.client.post(url, data=newcomer.asked()), newcomer.browser.client.get(url)):
        location = answer.headers.get("location", "")
        assert not re.match(r"(https?:)?[/\\]{2}", location.replace("https://localhost:8443", "")), location


def test_a_form_posted_from_elsewhere_is_bounced_with_everything_it_said(newcomer):
    answer = newcomer.browser.client.post(f"/{COLORS}/oauth2/v2.0/authorize", data=newcomer.asked({"state": "a b&c=é"}))
    assert answer.status_code == 303
    assert f"state={quote('a b&c=é', safe='')}" in answer.headers["location"]
    assert "set-cookie" not in answer.headers


def test_two_applications_are_not_confused_by_each_others_addresses(newcomer):
    for client, uri in ((SPA, CALLBACK), (REPSYS, SPA_APP.redirect_uri)):
        assert_shown(newcomer.open({"client_id": client, "redirect_uri": uri}), why.REPLY_ADDRESS_MISMATCH)
