"""What every answer carries, and what no header may change: hosts, headers, cookies, methods of redirection."""

import asyncio
import re

import pytest

from entrada.core.errors import catalogue as why
from entrada.testing import ORIGIN
from tests.web.seats import BEN, COLORS, Seat, expected, reason_of

AUTHORIZE = f"/{COLORS}/oauth2/v2.0/authorize"
FORWARDED = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "http",
    "x-forwarded-port": "1",
    "x-forwarded-for": "203.0.113.9",
    "x-forwarded-prefix": "/evil",
    "forwarded": "host=evil.example;proto=http;for=203.0.113.9",
    "x-original-url": "/evil",
    "x-rewrite-url": "/evil",
    "x-real-ip": "203.0.113.9",
}
# fmt: off
HOSTS = [  # the Host header, the status
    pytest.param("localhost",               200, id="ours"),
    pytest.param("localhost:8443",          200, id="ours, with a port"),
    pytest.param("LOCALHOST:8443",          200, id="ours, in capitals"),
    pytest.param("evil.example",            421, id="another"),
    pytest.param("localhost.evil.example",  421, id="one that begins alike"),
    pytest.param("evil.example:8443",       421, id="another, with a port"),
    pytest.param("localhost.",              421, id="a trailing dot"),
    pytest.param("user@localhost",          421, id="a user in front"),
    pytest.param("192.0.2.1",               421, id="an address"),
    pytest.param("",                        421, id="an empty one"),
]
DOCUMENTS = [f"/{COLORS}/v2.0/.well-known/openid-configuration", f"/{COLORS}/.well-known/openid-configuration",
             "/common/v2.0/.well-known/openid-configuration", f"/{COLORS}/discovery/v2.0/keys", "/common/discovery/keys",
             f"/common/discovery/instance?api-version=1.1&authorization_endpoint={ORIGIN}/common/oauth2/v2.0/authorize",
             "/common/UserRealm/ben@colors.example?api-version=1.0"]
PAGES = ["/", "/error?code=50011", "/error", "/enrol?token=x", AUTHORIZE, f"{AUTHORIZE}?client_id=x", f"/{COLORS}/oauth2/v2.0/logout"]
# fmt: on


@pytest.mark.parametrize(("host", "status"), HOSTS)
@pytest.mark.parametrize("path", [DOCUMENTS[0], "/", "/healthz"])
def test_only_our_own_host_is_answered(shared, path, host, status):
    answer = shared.client.get(path, headers={"host": host})
    assert answer.status_code == status
    if status == 421:
        assert "evil" not in answer.text


@pytest.mark.parametrize("hosts", [(b"localhost", b"evil.example"), (b"evil.example", b"localhost"), ()])
def test_one_host_header_and_one_only(shared, hosts):
    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"host", host) for host in hosts]
    scope = {"type": "http", "method": "GET", "path": "/healthz", "query_string": b"", "headers": headers}
    asyncio.run(shared.platform.app(scope, None, send))
    assert sent[0]["status"] == 421


@pytest.mark.parametrize("path", DOCUMENTS)
def test_documents_never_follow_headers(shared, path):
    plain = shared.client.get(path)
    lured = shared.client.get(path, headers={**FORWARDED, "host": "localhost:1"})
    assert plain.status_code == 200
    assert lured.json() == plain.json()
    assert "evil" not in lured.text


@pytest.mark.parametrize("path", DOCUMENTS)
def test_documents_are_public(shared, path):
    answer = shared.client.get(path, headers={"origin": "https://anybody.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_endpoint_a_document_names_is_ours_and_answers(shared):
    for path in DOCUMENTS[:3]:
        document = shared.client.get(path).json()
        named = {name: url for name, url in document.items() if isinstance(url, str) and url.startswith("https://")}
        assert all(url.startswith(f"{ORIGIN}/") for url in named.values())
        for name in named.keys() - {"issuer"}:
            assert shared.client.get(named[name]).status_code not in (404, 500), name


def test_tokens_never_follow_headers(in_process):
    seat = Seat(in_process)
    seat.browser.client.headers.update({**FORWARDED, "host": "localhost:1"})
    form = seat.redemption(seat.sign_in()["code"])
    body = seat.post(form, headers={**FORWARDED, "host": "localhost:1"}).json()
    here = in_process.platform.here
    claims = asyncio.run(here.signing_keys.verify(body["id_token"], here.clock()))
    assert claims["iss"] == f"{ORIGIN}/{COLORS}/v2.0"


def test_a_forwarded_address_counts_for_nothing_without_a_named_proxy(in_process):
    seat = Seat(in_process)
    seat.browser.client.headers.update(FORWARDED)
    seat.sign_in()
    sessions = asyncio.run(in_process.platform.here.store.list_sessions(COLORS, BEN))
    assert [one.address for one in sessions] != ["203.0.113.9"]


# ---- pages ----


def assert_page_headers(answer):
    headers = answer.headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert not re.search(r"<[^>]+\son\w+=|javascript:|<style|style=", answer.text)
    return policy


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_its_guards(shared, path):
    assert_page_headers(shared.client.get(path))


def test_every_page_of_a_sign_in_has_its_guards_and_names_where_its_form_may_lead(seat):
    pages = [seat.open()]
    pages.append(seat.browser.submit(pages[-1], "username", username="ben@colors.example"))
    pages.append(seat.browser.submit(pages[-1], "passwd", passwd="wrong"))
    pages.append(seat.browser.submit(pages[-1], "passwd", passwd="Entrada-dev-2026"))
    assert 'value="accept"' in pages[-1].text
    for page in pages:
        policy = assert_page_headers(page)
        assert policy["form-action"] == "'self' http://localhost:5000"
        assert policy["script-src"] == "'none'"


def test_the_form_that_submits_itself_has_a_nonce_of_its_own(seat):
    seat.sign_in()
    nonces = set()
    for _ in range(2):
        page = seat.open({"response_mode": "form_post"})
        policy = assert_page_headers(page)
        (nonce,) = re.findall(r"'nonce-([\w-]+)'", policy["script-src"])
        assert f'nonce="{nonce}"' in page.text
        assert policy["form-action"] == "'self' http://localhost:5000"
        nonces.add(nonce)
    assert len(nonces) == 2


def test_redirects_are_302_after_get_and_303_after_post(seat):
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    page = seat.browser.submit(page, "passwd", passwd="Entrada-dev-2026")
    form = page.form_with("decision")
    posted = seat.browser.client.post(form.action, data={**form.fields, "decision": "accept"})
    assert posted.status_code == 303
    got = seat.browser.client.get(seat.authorize_url())
    assert got.status_code == 302
    for answer in (posted, got):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["location"].endswith("#")


# ---- cookies ----


def cookies_of(answer) -> dict[str, dict[str, str]]:
    found = {}
    for line in answer.headers.get_list("set-cookie"):
        pair, *attributes = [part.strip() for part in line.split(";")]
        found[pair.partition("=")[0]] = {
            name.lower(): value for name, _, value in (attribute.partition("=") for attribute in attributes)
        }
    return found


def test_cookies_are_for_this_host_alone_and_out_of_scripts_reach(seat):
    first = seat.browser.client.get(seat.authorize_url())
    browser = cookies_of(first)
    assert set(browser) == {"__Host-entrada-browser"}
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    form = page.form_with("passwd")
    passing = cookies_of(seat.browser.client.post(form.action, data={**form.fields, "passwd": "Entrada-dev-2026"}))
    form = seat.browser.submit(seat.open({"prompt": "login"}), "username", username="cai@colors.example").form_with(
        "passwd"
    )
    lasting = cookies_of(
        seat.browser.client.post(form.action, data={**form.fields, "passwd": "Entrada-dev-2026", "keep": "1"})
    )
    every = {**browser, **passing, **lasting}
    assert set(every) == {"__Host-entrada-browser", "__Host-entrada-session", "__Host-entrada-persistent"}
    for attributes in every.values():
        assert {"secure", "httponly"} <= set(attributes)
        assert attributes["path"] == "/"
        assert "domain" not in attributes
    assert every["__Host-entrada-browser"]["samesite"] == "lax"
    assert every["__Host-entrada-session"]["samesite"] == "none"
    assert "max-age" not in every["__Host-entrada-session"]
    assert every["__Host-entrada-persistent"]["max-age"] == str(90 * 86_400)


def test_an_error_page_sets_no_cookie(shared):
    assert "set-cookie" not in shared.client.get(f"{AUTHORIZE}?client_id=x").headers


# ---- the trace ----


def test_the_callers_correlation_id_comes_back(shared):
    mine = "7f6f1d9c-0f5f-4f5e-9d3e-2b6b9ad6a001"
    headers = {"client-request-id": mine, "return-client-request-id": "true"}
    answer = shared.client.post(f"/{COLORS}/oauth2/v2.0/token", data={"a": "b"}, headers=headers)
    assert answer.json()["correlation_id"] == mine
    assert answer.headers["client-request-id"] == mine
    assert answer.headers["x-ms-request-id"] == answer.json()["trace_id"]
    assert mine in shared.client.get(f"{AUTHORIZE}?client_id=x&client-request-id={mine}").text


@pytest.mark.parametrize("odd", ["x", "<b>", "a" * 5000, "{7f6f1d9c-0f5f-4f5e-9d3e-2b6b9ad6a001}"])
def test_a_correlation_id_that_is_none_is_replaced(shared, odd):
    answer = shared.client.post(f"/{COLORS}/oauth2/v2.0/token", data={"client-request-id": odd})
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.json()["correlation_id"])


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        pytest.param(
            "api-version=1.1&authorization_endpoint=https://[", why.MALFORMED_DISCOVERY, id="a URL that no parser reads"
        ),
        pytest.param("api-version=1.1", why.MALFORMED_DISCOVERY, id="no URL"),
        pytest.param(
            f"authorization_endpoint={ORIGIN}/common/oauth2/authorize", why.MALFORMED_DISCOVERY, id="no version"
        ),
        pytest.param(
            "api-version=1.1&authorization_endpoint=https://evil.example/common/oauth2/authorize",
            why.NO_SUCH_INSTANCE,
            id="another host",
        ),
    ],
)
def test_instance_discovery_refuses(shared, query, reason):
    answer = shared.client.get(f"/common/discovery/instance?{query}")
    assert reason_of(answer) == expected(reason)


@pytest.mark.parametrize(
    "path",
    ["/nobody.example/v2.0/.well-known/openid-configuration", "/consumers/discovery/keys", "/%00/discovery/v2.0/keys"],
)
def test_documents_of_unknown_tenants(shared, path):
    answer = shared.client.get(path)
    assert reason_of(answer) == expected(why.TENANT_NOT_FOUND_IN_DISCOVERY)
