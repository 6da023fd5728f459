"""Try it: a token by the code flow against ourselves, sent to the gateway, and the answer explained."""

import base64
import html
import json
import re
import secrets
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from attrs import evolve

from entrada.core.gateway.entities.authorization_server import ClientAuthenticationMethod, GrantType
from entrada.core.gateway.entities.ids import OpenIdProviderId
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.security import OpenIdSettings
from entrada.testing import ORIGIN
from tests.drivers.live_server import COLORS
from tests.web.console import colors_gateway
from tests.web.console.colors_gateway import API, GATEWAY, SERVER, of_api, put
from tests.web.console.developer import AtTheConsole
from tests.web.console.streets import answering

LIST, ONE, MIX = (f"/developer/apis/colors/operations/{name}" for name in ("list", "one", "mix"))
GO = "/developer/signin"
CODE, CLIENT = "oauth2/colors code", "oauth2/colors client"
JSON = ("Content-Type", "application/json")
PROTECTED = """<policies><inbound><base/><validate-jwt header-name="Authorization" failed-validation-httpcode="401"
 failed-validation-error-message="Unauthorized. Access token is missing or invalid.">
 <openid-config url="https://localhost:8443/c0105000-0000-4000-8000-000000000001/v2.0/.well-known/openid-configuration"/>
 <audiences><audience>c0105000-0000-4000-8000-00000000ba51</audience></audiences>
 </validate-jwt></inbound><backend><base/></backend><outbound><base/></outbound><on-error><base/></on-error></policies>"""


@pytest.fixture
def ben(console, streets):
    streets.houses[GATEWAY] = answering(200, b'{"colors":["teal"]}', JSON)
    return AtTheConsole(console)


def tried(developer, path=LIST, do="send", page=None, **values):
    page = page or developer.open(path)
    return developer.press(page, "/try", do=do, **values)


def signed_in(developer, path=LIST, **values):
    """By the code flow, through consent; the browser is signed in already."""
    page = tried(developer, path, "authorize", auth=CODE, **values)
    return developer.browser.consent(page)


def to_server(developer, path=LIST, do="authorize", **values):
    """Where the browser is sent to, not followed."""
    page = developer.open(path)
    form = next(one for one in page.forms if one.action.endswith("/try"))
    answer = developer.browser.client.post(form.action, data={**form.fields, "do": do, "auth": CODE, **values})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == GO
    going = developer.browser.client.get(GO)
    return html.unescape(re.search('http-equiv="refresh" content="0; url=([^"]+)"', going.text)[1])


def asked_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def claims_of(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def sent_token(streets):
    return (streets.asked[-1].header("Authorization") or "").removeprefix("Bearer ")


def jwt(**claims):
    parts = (json.dumps(one).encode() for one in ({"alg": "RS256"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(one).decode().rstrip("=") for one in parts), "c2ln"])


# ---- the code flow ----


def test_a_developer_signs_in_and_sends_a_delegated_token(ben, streets):
    page = signed_in(ben)
    assert page.url.split("#")[0].endswith(LIST)
    assert "Signed in as" in page.text
    assert "ben@colors.example" in page.text
    assert "Colors.Read" in page.text
    page = tried(ben, page=page)
    assert '<span class="status">200</span>' in page.text
    assert "&#34;teal&#34;" in page.text
    claims = claims_of(sent_token(streets))
    assert (claims["scp"], claims["aud"]) == ("Colors.Read", "c0105000-0000-4000-8000-00000000ba51")


def test_nothing_typed_is_lost_on_the_way_to_the_sign_in_and_back(ben):
    page = signed_in(ben, MIX, body='{"name": "teal ü"}', hn="X-Brush", hv="wide", content_type="application/json")
    text = html.unescape(page.text)
    assert '{"name": "teal ü"}' in text
    assert 'value="X-Brush"' in text
    assert 'value="wide"' in text
    assert f'value="{CODE}" selected' in text


@pytest.mark.parametrize("body", ["x" * 100_000, secrets.token_hex(10_000)], ids=["long", "manifold"])
def test_what_is_too_large_to_be_kept_stays_in_the_form(ben, body):
    page = tried(ben, MIX, "authorize", auth=CODE, body=body)
    assert "too large to be kept" in page.text
    assert body in page.text
    assert not [name for name in ben.cookies if "console-" in name]


def test_a_token_that_is_too_large_is_said(console, ben, streets):
    tokens = {"access_token": secrets.token_urlsafe(20_000), "token_type": "Bearer", "expires_in": 60}
    streets.houses["https://as.example"] = answering(200, json.dumps(tokens).encode(), JSON)
    elsewhere = {"authorization_endpoint": "https://as.example/a", "token_endpoint": "https://as.example/t"}
    put(console.platform.here, [evolve(SERVER, **elsewhere)])
    page = ben.open(back(to_server(ben)))
    assert "too large to be kept in this browser" in page.text
    assert "Signed in as" not in page.text
    assert "too large" in tried(ben, do="authorize", auth=CLIENT).text


def test_the_request_has_pkce_state_and_nonce_whatever_the_settings_say(console, ben):
    put(console.platform.here, [evolve(SERVER, support_state=False)])
    one, other = asked_of(to_server(ben)), asked_of(to_server(ben))
    assert one["code_challenge_method"] == "S256"
    assert len(one["code_challenge"]) == 43
    assert len(one["state"]) == len(one["nonce"]) == 43
    assert one["redirect_uri"] == f"{ORIGIN}/developer/signin-oauth/code/callback/colors"
    assert all(one[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_the_redirect_uri_is_in_small_letters(console, ben):
    put(console.platform.here, [evolve(SERVER, id="Mixed")])
    settings = evolve(
        API.authentication_settings,
        oauth2=(evolve(API.authentication_settings.oauth2[0], authorization_server_id="Mixed"),),
    )
    put(console.platform.here, [evolve(API, authentication_settings=settings)])
    asked = asked_of(to_server(ben, auth="oauth2/Mixed code"))
    assert asked["redirect_uri"].endswith("/callback/mixed")


@pytest.mark.parametrize(("do", "prompt"), [("authorize", None), ("other", "select_account"), ("again", "login")])
def test_somebody_else_can_sign_in(ben, do, prompt):
    assert asked_of(to_server(ben, do=do)).get("prompt") == prompt


def test_no_page_holds_a_token(ben, streets):
    pages = [signed_in(ben)]
    pages.append(tried(ben, page=pages[-1]))
    pages.append(tried(ben, do="renew"))
    token = sent_token(streets)
    assert len(token) > 500
    for page in pages:
        assert token not in page.text
        assert token.split(".")[2] not in page.text
        assert token.split(".")[1] not in page.text
    assert not any(token[:40] in url for url in ben.browser.seen)


def test_a_backend_that_answers_with_the_token_does_not_get_it_into_the_page(ben, streets):
    async def echo(asked):
        from entrada.server.egress.answers import Sent

        return Sent(
            200,
            (JSON, ("X-Echo", asked.header("Authorization") or "")),
            json.dumps({"all": asked.header("Authorization")}).encode(),
        )

    streets.houses[GATEWAY] = echo
    page = tried(ben, page=signed_in(ben))
    token = sent_token(streets)
    assert token
    assert token not in page.text
    assert f"{token[:6]}… ({len(token):,} characters)" in page.text


def test_cookies_are_host_only_sealed_and_out_of_reach_of_scripts(ben):
    signed_in(ben)
    kept = [one for one in ben.browser.client.cookies.jar if "console-" in one.name]
    assert {one.name for one in kept} >= {"__Host-entrada-console-token-0", "__Host-entrada-console-draft-0"}
    assert not [one.name for one in kept if "sign-in" in one.name]
    for one in kept:
        assert one.secure
        assert one.path == "/"
        assert not one.domain_specified
        assert one._rest.keys() >= {"HttpOnly"}
        assert one._rest["SameSite"] == "lax"
        assert "eyJ" not in (one.value or "")
        assert len(one.name) + len(one.value or "") < 4000


def test_signing_out_drops_the_tokens(ben):
    page = signed_in(ben)
    csrf = page.form_with("csrf").fields["csrf"]
    before = {name: value for name, value in ben.cookies.items() if "console-" in name}
    assert before
    ben.browser.client.post("/portal/signout", data={"csrf": csrf})
    assert not [name for name in ben.cookies if "console-" in name]
    # What somebody copied before opens in no other session.
    ben.home = ben.browser.sign_in(ben.browser.open("/developer"), ben.username)
    for name, value in before.items():
        ben.browser.client.cookies.set(name, value, domain="localhost.local", path="/")
    assert "Signed in as" not in ben.open(LIST).text


# ---- what must not be taken ----


def back(url, **changes):
    """The callback of a sign-in, spoilt."""
    asked = asked_of(url)
    query = {"code": "c", "state": asked["state"], **changes}
    return (
        f"/developer/signin-oauth/code/callback/colors?{urlencode({k: v for k, v in query.items() if v is not None})}"
    )


def calls_of_the_token_endpoint(monkeypatch):
    from entrada.server.web.console.try_it import way_out

    made = []
    real = way_out.post

    async def post(developer, url, headers, body):
        made.append(body)
        return await real(developer, url, headers, body)

    monkeypatch.setattr(way_out, "post", post)
    return made


@pytest.mark.parametrize(
    "changes",
    [{"state": "x"}, {"state": None}, {"state": ""}],
    ids=["another state", "no state", "an empty state"],
)
def test_an_answer_that_was_not_asked_for_is_not_redeemed(ben, changes, monkeypatch):
    made = calls_of_the_token_endpoint(monkeypatch)
    page = ben.open(back(to_server(ben), **changes))
    assert page.status == 400
    assert "has not begun that sign-in" in page.text
    assert made == []


def test_an_answer_for_another_browser_is_not_redeemed(console, ben, monkeypatch):
    made = calls_of_the_token_endpoint(monkeypatch)
    victim = AtTheConsole(console, "cai@colors.example")
    to_server(victim)
    page = victim.open(back(to_server(ben)))
    assert page.status == 400
    assert made == []


def test_an_answer_is_taken_once(ben, monkeypatch):
    url = to_server(ben)
    made = calls_of_the_token_endpoint(monkeypatch)
    ben.open(back(url))
    again = ben.open(back(url))
    assert again.status == 400
    assert len(made) == 1


def test_an_answer_that_came_too_late_is_not_taken(console, ben, monkeypatch):
    made = calls_of_the_token_endpoint(monkeypatch)
    url = to_server(ben)
    console.clock.advance(3601)
    assert ben.open(back(url)).status == 400
    assert made == []


def test_an_answer_of_another_issuer_is_not_redeemed(ben, monkeypatch):
    made = calls_of_the_token_endpoint(monkeypatch)
    page = ben.open(back(to_server(ben), iss="https://evil.example/tenant/v2.0"))
    assert "names another authorization server" in page.text
    assert made == []


def test_the_callback_of_another_server_is_not_taken(console, ben, monkeypatch):
    other = evolve(SERVER, id="other", token_endpoint="https://other.example/token")
    settings = evolve(
        API.authentication_settings,
        oauth2=(
            *API.authentication_settings.oauth2,
            evolve(API.authentication_settings.oauth2[0], authorization_server_id="other"),
        ),
    )
    put(console.platform.here, [other, evolve(API, authentication_settings=settings)])
    made = calls_of_the_token_endpoint(monkeypatch)
    page = ben.open(back(to_server(ben)).replace("/callback/colors", "/callback/other"))
    assert "names another authorization server" in page.text
    assert made == []


def test_a_code_of_somebody_elses_sign_in_is_refused(console, ben):
    """Code injection: a good code, which was made for another browser's challenge."""
    victim = AtTheConsole(console, "cai@colors.example")
    signed_in(victim)  # and has consented
    answer = victim.browser.client.get(to_server(victim))
    assert answer.status_code == 302, answer.text
    code = asked_of(answer.headers["location"])["code"]
    landed = ben.open(back(to_server(ben), code=code))
    assert "Signed in as" not in landed.text
    assert "AADSTS501481" in landed.text


def test_a_token_that_was_made_for_another_sign_in_is_refused(console, ben, streets):
    """An ID token whose nonce is another's, from a server that looks at no challenge."""
    stolen = jwt(nonce="another", iss="https://as.example")
    tokens = {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": stolen}
    streets.houses["https://as.example"] = answering(200, json.dumps(tokens).encode(), JSON)
    elsewhere = evolve(SERVER, authorization_endpoint="https://as.example/a", token_endpoint="https://as.example/t")
    put(console.platform.here, [elsewhere])
    page = ben.open(back(to_server(ben)))
    assert "was not made for this sign-in" in page.text
    assert "Signed in as" not in page.text


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/token", "https://localhost.evil.example/t", "http://localhost:8443/t"]
)
def test_an_endpoint_that_is_not_our_own_goes_the_guarded_way(console, ben, streets, url):
    put(console.platform.here, [evolve(SERVER, token_endpoint=url)])
    page = ben.open(back(to_server(ben)))
    assert [one.url for one in streets.asked] == [url]
    assert "cannot be asked." in page.text
    assert "nobody lives there" not in page.text


def test_an_openid_provider_signs_in_by_its_discovery_document(console, ben):
    provider = OpenIdProvider(
        id=OpenIdProviderId("op"),
        display_name="By discovery",
        metadata_endpoint=f"{ORIGIN}/{COLORS}/v2.0/.well-known/openid-configuration",
        client_id=SERVER.client_id,
        client_secret=SERVER.client_secret,
    )
    settings = evolve(API.authentication_settings, openid=(OpenIdSettings(openid_provider_id=provider.id),))
    put(console.platform.here, [provider, evolve(API, authentication_settings=settings)])
    page = ben.open(LIST)
    assert "By discovery" in page.text
    # Its redirect URI is not registered: the sign-in page says so, and the console's page says which to register.
    url = to_server(ben, auth="openid/op code")
    assert url.startswith(f"{ORIGIN}/{COLORS}/oauth2/v2.0/authorize?")
    assert asked_of(url)["scope"] == "openid profile offline_access"
    assert f"{ORIGIN}/developer/signin-openid/code/callback/op" in page.text
    mixed = ben.open(
        back(url, iss=f"{ORIGIN}/another/v2.0").replace("oauth/code/callback/colors", "openid/code/callback/op")
    )
    assert "names another authorization server" in mixed.text


def test_a_server_and_a_provider_of_one_id_take_no_answer_of_each_other(console, ben, monkeypatch):
    provider = OpenIdProvider(
        id=OpenIdProviderId("colors"),
        display_name="By discovery",
        metadata_endpoint=f"{ORIGIN}/{COLORS}/v2.0/.well-known/openid-configuration",
        client_id=SERVER.client_id,
    )
    settings = evolve(API.authentication_settings, openid=(OpenIdSettings(openid_provider_id=provider.id),))
    put(console.platform.here, [provider, evolve(API, authentication_settings=settings)])
    made = calls_of_the_token_endpoint(monkeypatch)
    for_provider = to_server(ben, auth="openid/colors code")
    assert asked_of(for_provider)["redirect_uri"] == f"{ORIGIN}/developer/signin-openid/code/callback/colors"
    assert "names another authorization server" in ben.open(back(for_provider)).text
    page = ben.open(back(to_server(ben)).replace("signin-oauth", "signin-openid"))
    assert "names another authorization server" in page.text
    assert made == []


def test_a_discovery_document_of_another_issuer_is_not_believed(console, ben, streets, monkeypatch):
    """OpenID Connect Discovery 1.0 §4.3: it would name an honest issuer, and endpoints of its own."""
    provider = OpenIdProvider(
        id=OpenIdProviderId("op"),
        display_name="Sly",
        metadata_endpoint="https://sly.example/.well-known/openid-configuration",
        client_id="c",
    )
    settings = evolve(API.authentication_settings, openid=(OpenIdSettings(openid_provider_id=provider.id),))
    put(console.platform.here, [provider, evolve(API, authentication_settings=settings)])
    document = {
        "issuer": "https://honest.example",
        "authorization_endpoint": "https://honest.example/a",
        "token_endpoint": "https://sly.example/t",
    }

    async def fetch_json(_, __):
        return document

    monkeypatch.setattr(type(streets), "fetch_json", fetch_json)
    page = tried(ben, do="authorize", auth="openid/op code")
    assert "is of another issuer, https://honest.example." in page.text
    document["issuer"] = "https://sly.example"
    assert to_server(ben, auth="openid/op code").startswith("https://honest.example/a?")


def test_a_provider_that_cannot_be_asked_is_said(console, ben):
    provider = OpenIdProvider(
        id=OpenIdProviderId("op"), display_name="Away", metadata_endpoint="https://away.example/x", client_id="c"
    )
    settings = evolve(API.authentication_settings, openid=(OpenIdSettings(openid_provider_id=provider.id),))
    put(console.platform.here, [provider, evolve(API, authentication_settings=settings)])
    page = tried(ben, do="authorize", auth="openid/op code")
    assert "The discovery document of Away cannot be had" in page.text


@pytest.mark.parametrize(
    "path", ["/developer/../evil", "/developerx", "//evil.example/developer", "/developer/%2e%2e/x"]
)
def test_signing_in_leads_nowhere_but_to_our_pages(console, path):
    browser = console.browser()
    page = browser.sign_in(browser.open(f"/portal/signin?return_to={quote(path)}"), "ben@colors.example")
    assert page.url == f"{ORIGIN}/portal"
    assert browser.left_to is None


def test_nobody_signed_in_gets_no_further_with_a_code(console):
    answer = console.client.get("/developer/signin-oauth/code/callback/colors?code=secretcode&state=s")
    assert answer.status_code == 302
    assert "secretcode" not in answer.headers["location"]


def test_what_the_server_refuses_is_shown_with_its_number_and_what_to_change(console, ben):
    put(console.platform.here, [evolve(SERVER, client_secret="wrong")])
    page = signed_in(ben)
    assert "AADSTS7000215" in page.text
    assert "Make a new secret in the client application" in page.text
    assert 'role="alert"' in page.text


def test_an_error_that_comes_by_the_browser_is_shown_too(ben):
    page = ben.open(
        back(to_server(ben), code=None, error="access_denied", error_description="AADSTS65004: no. <b>x</b>")
    )
    assert "AADSTS65004" in page.text
    assert "<b>x</b>" not in page.text


# ---- other grants ----


def test_client_credentials_ask_for_the_default_scope_of_the_api(ben, console):
    put(
        console.platform.here,
        [evolve(SERVER, client_id="c0105000-0000-4000-8000-0000000dae01", client_secret="daemon-dev-secret")],
    )
    page = tried(ben, do="authorize", auth=CLIENT)
    assert "A token of the application itself" in page.text, page.text


@pytest.mark.parametrize("method", list(ClientAuthenticationMethod))
def test_the_secret_goes_as_configured(console, ben, method, monkeypatch):
    from entrada.server.web.console.try_it import way_out

    made = []
    real = way_out.post

    async def post(developer, url, headers, body):
        made.append((dict(headers), body))
        return await real(developer, url, headers, body)

    monkeypatch.setattr(way_out, "post", post)
    put(
        console.platform.here,
        [
            evolve(
                SERVER,
                client_authentication_method=(method,),
                token_body_parameters=(("resource", "r"), ("grant_type", "x")),
            )
        ],
    )
    page = signed_in(ben)
    [(headers, body)] = made
    assert ("Authorization" in headers) is (method is ClientAuthenticationMethod.BASIC)
    assert (b"console-dev-secret" in body) is (method is ClientAuthenticationMethod.BODY)
    assert b"resource=r" in body
    assert b"grant_type=authorization_code" in body
    assert b"grant_type=x" not in body
    assert "console-dev-secret" not in page.text


def test_implicit_is_not_offered_and_says_why(ben):
    page = ben.open(LIST)
    assert "Implicit is configured too and not offered" in page.text
    assert "implicit" not in [value for _, value in page.form_with("auth").buttons]
    assert "code" in CODE
    assert 'value="oauth2/colors implicit"' not in page.text


def test_the_password_grant_comes_with_a_warning_and_the_password_is_kept_nowhere(console, ben):
    put(
        console.platform.here,
        [evolve(SERVER, grant_types=(GrantType.RESOURCE_OWNER_PASSWORD, GrantType.AUTHORIZATION_CODE))],
    )
    page = ben.open(LIST)
    assert "second factor cannot be asked for" in page.text
    page = tried(
        ben, do="authorize", auth="oauth2/colors password", username="ben@colors.example", password="Entrada-dev-2026"
    )
    assert "Entrada-dev-2026" not in page.text
    assert "Signed in as" in page.text or "AADSTS" in page.text
    page = signed_in(ben, password="Entrada-dev-2026")
    assert "Entrada-dev-2026" not in page.text


def test_a_token_is_renewed_before_it_ends(console, ben, streets):
    page = signed_in(ben)
    tried(ben, page=page)
    first = claims_of(sent_token(streets))
    console.clock.advance(first["exp"] - first["iat"] - 30)
    # The browser's session has ended meanwhile: the refresh needs none.
    page = tried(ben)
    assert claims_of(sent_token(streets))["exp"] > first["exp"]


def test_a_token_is_forgotten(ben, streets):
    signed_in(ben)
    page = tried(ben, do="forget")
    assert "Signed in as" not in page.text
    assert "Signed in as" not in ben.open(LIST).text


# ---- sending ----


def test_without_authorization_no_token_is_sent(ben, streets):
    signed_in(ben)
    tried(ben, auth="")
    assert streets.asked[-1].header("Authorization") is None
    assert streets.asked[-1].url == f"{GATEWAY}/colors"


def test_a_token_typed_by_hand_goes_as_it_is_and_is_taken_apart(ben, streets):
    page = tried(ben, auth="", hn="Authorization", hv="Bearer eyJhbGciOiJub25lIn0.eyJuYW1lIjoiWiJ9.")
    assert streets.asked[-1].header("Authorization") == "Bearer eyJhbGciOiJub25lIn0.eyJuYW1lIjoiWiJ9."
    assert "Nobody signed it" in page.text


def test_a_key_is_sent_by_its_name_and_never_shown(console, ben, streets):
    ben.press(ben.open("/developer/products/starter"), "/subscribe")
    page = ben.open("/developer/apis/keyed/operations/list")
    assert "Primary: Starter" in page.text
    page = tried(ben, page=page)
    key = streets.asked[-1].header("Ocp-Apim-Subscription-Key")
    assert key
    assert key not in page.text


@pytest.mark.parametrize(("value", "words"), [("..", "another path"), ("a/../../x?y#z", "one segment of the path")])
def test_a_value_that_would_leave_its_segment_is_refused(ben, streets, value, words):
    assert words in tried(ben, ONE, **{"t.name": value}).text
    assert streets.asked == []


@pytest.mark.parametrize("value", ["x?y#z", "%2e%2e%2fx", "a;b=c", "ü & 100 %"])
def test_a_value_stays_in_its_segment(ben, streets, value):
    tried(ben, ONE, **{"t.name": value})
    url = urlsplit(streets.asked[-1].url)
    assert f"{url.scheme}://{url.netloc}" == GATEWAY
    assert url.path.startswith("/colors/shades/")
    assert url.path.count("/") == 3
    assert not url.query
    assert not url.fragment


@pytest.mark.parametrize(("name", "value"), [("Host", "evil.example"), ("X-A", "a\r\nHost: evil")])
def test_headers_that_would_write_another_request_are_refused(ben, streets, name, value):
    page = tried(ben, hn=name, hv=value)
    assert page.status == 422
    assert streets.asked == []


def test_a_form_of_another_page_sends_nothing(ben, streets):
    form = next(one for one in ben.open(LIST).forms if one.action.endswith("/try"))
    for fields, headers in (({"csrf": "x"}, {}), ({}, {"sec-fetch-site": "cross-site"})):
        answer = ben.browser.client.post(form.action, data={**form.fields, **fields}, headers=headers)
        assert answer.status_code == 403
    assert streets.asked == []


def test_what_is_missing_is_said_before_anything_is_sent(ben, streets):
    page = tried(ben, ONE, **{"t.name": ""})
    assert page.status == 422
    assert "Give name: it is part of the path." in page.text
    assert streets.asked == []


def test_what_no_page_can_show_is_saved(ben, streets):
    streets.houses[GATEWAY] = answering(200, b"\x89PNG\x00\x01", ("Content-Type", "image/png"))
    page = tried(ben, auth="")
    assert 'download="answer" href="data:application/octet-stream;base64,iVBORwAB"' in page.text


def test_an_answer_is_text(ben, streets):
    streets.houses[GATEWAY] = answering(
        200, b"<script>alert(1)</script>", ("Content-Type", "text/html"), ("X-A", "<i>")
    )
    page = tried(ben, auth="")
    assert "<script>alert" not in page.text
    assert "<i>" not in page.text


def test_a_gateway_that_is_away_is_said_and_why_to_administrators(console, ben, streets):
    streets.houses.clear()
    page = tried(ben, auth="")
    assert page.status == 200
    assert "gave no answer." in page.text
    assert "nobody lives there" not in page.text
    ada = AtTheConsole(console, "ada@colors.example")
    assert "gave no answer: nobody lives there" in tried(ada, auth="").text


# ---- the trace ----


def test_a_refusal_is_explained_by_the_policies(console, ben, streets):
    put(console.platform.here, [of_api(PROTECTED)])
    streets.houses[GATEWAY] = answering(401, b'{ "statusCode": 401, "message": "x" }', JSON)
    page = tried(ben, auth="")
    assert "The gateway answered the same." in page.text
    assert "validate-jwt" in page.text
    assert "Would pass:" in page.text


def test_a_good_token_passes_the_policies_by_our_own_keys(console, ben, streets):
    put(console.platform.here, [of_api(PROTECTED)])
    page = tried(ben, page=signed_in(ben))
    assert "The policies let it through to http://127.0.0.1:5001" in page.text
    assert "Whom it is for: the API" in page.text


def test_a_gateway_that_answers_otherwise_is_told_apart(console, ben, streets):
    put(console.platform.here, [of_api(PROTECTED)])
    page = tried(ben, auth="")
    assert "It differs: the policies as they are now answer 401, the gateway answered 200." in page.text


def test_rate_limits_count_in_the_gateway(ben, streets):
    streets.houses[GATEWAY] = answering(429)
    assert "where nothing is counted" in tried(ben, auth="").text


def test_rate_limits_count_in_the_gateway_that_answers_by_itself_too(console, ben, streets):
    put(console.platform.here, [of_api(PROTECTED)])
    streets.houses[GATEWAY] = answering(429)
    page = tried(ben, auth="")
    assert "where nothing is counted" in page.text
    assert "send again" not in page.text


def test_a_token_of_another_server_is_said_to_be_and_not_sent(console, ben):
    tried(ben, page=signed_in(ben))
    other = evolve(SERVER, id="other", display_name="Elsewhere")
    first = evolve(API.authentication_settings.oauth2[0], authorization_server_id="other")
    settings = evolve(API.authentication_settings, oauth2=(first,))
    put(console.platform.here, [other, evolve(API, authentication_settings=settings)])
    page = ben.open(LIST)
    text = html.unescape(page.text)
    assert f"This token is of <bdi>{SERVER.display_name}</bdi>, which this API does not use: it is not sent." in text
    assert 'value="oauth2/other code" selected' in text


def test_programs_carry_a_token_where_one_is_chosen_and_say_how_to_get_it(ben):
    page = signed_in(ben)
    assert page.text.count("ACCESS_TOKEN") >= 4
    assert "entrada get-token" in page.text
    without = html.unescape(tried(ben, auth="").text)
    assert "ACCESS_TOKEN" not in without[without.index('id="samples"') :]


def test_forms_lead_to_our_own_pages_and_one_of_these_to_the_authorization_server(ben):
    """Chromium holds `form-action` against every redirect after a submit, wherever the server leads on to."""
    policy = ben.open(LIST).headers["content-security-policy"]
    directive = next(one for one in policy.split("; ") if one.startswith("form-action"))
    assert directive == "form-action 'self'"
    assert to_server(ben).startswith(f"{ORIGIN}/{COLORS}/oauth2/v2.0/authorize?")
    going = ben.browser.client.get(f"{GO}?target=https://evil.example/")
    assert "evil.example" not in going.text


def test_the_page_that_leads_on_leads_nowhere_without_a_sign_in_under_way(ben):
    page = ben.open(GO)
    assert page.status == 400
    assert "has not begun that sign-in" in page.text


def test_another_site_cannot_end_a_sign_in_under_way(ben):
    url = to_server(ben)
    assert ben.open(back(url, state="x")).status == 400
    assert ben.open(back(url)).status == 200


def test_a_refresh_token_goes_to_the_server_that_gave_it_alone(console, ben, streets):
    tokens = {"access_token": "a", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "precious"}
    elsewhere = {"authorization_endpoint": "https://as.example/a", "token_endpoint": "https://as.example/t"}
    for origin in ("https://as.example", "https://sly.example"):
        streets.houses[origin] = answering(200, json.dumps(tokens).encode(), JSON)
    put(console.platform.here, [evolve(SERVER, **elsewhere)])
    ben.open(back(to_server(ben)))
    put(console.platform.here, [evolve(SERVER, **{**elsewhere, "token_endpoint": "https://sly.example/t"})])
    page = tried(ben, do="renew")
    assert "has another token endpoint now" in page.text
    assert "Signed in as" not in ben.open(LIST).text
    assert not [one for one in streets.asked if b"precious" in one.body]


def test_schemas_are_read_through_their_references(ben):
    page = ben.open(MIX)
    assert "As painters call it." in page.text
    assert "Color: object" in page.text or "Color" in page.text
    assert colors_gateway.OPERATIONS[2].request.description in page.text
    assert COLORS


def test_the_request_is_written_as_programs_without_tokens_and_keys(console, ben, streets):
    ben.press(ben.open("/developer/products/starter"), "/subscribe")
    page = tried(ben, page=ben.open("/developer/apis/keyed/operations/list"))
    key = streets.asked[-1].header("Ocp-Apim-Subscription-Key")
    text = html.unescape(page.text)
    assert "curl --globoff --path-as-is" in text
    assert f"--url '{GATEWAY}/keyed'" in text
    assert '"$SUBSCRIPTION_KEY"' in text
    assert "process.env.SUBSCRIPTION_KEY" in text
    assert key
    assert key not in text


def test_the_body_begins_with_a_sample_of_its_schema(ben):
    page = ben.open(MIX)
    assert '"name": "teal"' in html.unescape(page.text)
