"""Who gives tokens for an API, and what is asked of them: RFC 6749, RFC 7636, RFC 9207, RFC 9700 for us as a client."""

from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import evolve

from entrada.core.gateway.configuration import Configuration
from entrada.core.gateway.console.signers import CLIENT, CODE, PASSWORD, signers
from entrada.core.gateway.console.token_request import (
    Asking,
    authorization_url,
    for_code,
    for_itself,
    for_refresh,
    is_issuer_of,
    is_of_this_issuer,
)
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import (
    AuthorizationServer,
    ClientAuthenticationMethod,
    GrantType,
)
from entrada.core.gateway.entities.ids import ApiId, AuthorizationServerId, OpenIdProviderId
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.security import (
    AuthenticationSettings,
    BearerTokenSendingMethod,
    OAuth2Settings,
    OpenIdSettings,
)

LOGIN = "https://login.example/t/oauth2/v2.0"
SERVER = AuthorizationServer(
    id=AuthorizationServerId("S"),
    display_name="S",
    authorization_endpoint=f"{LOGIN}/authorize",
    token_endpoint=f"{LOGIN}/token",
    grant_types=tuple(GrantType),
    default_scope="api://x/Read",
    client_id="c&d",
    client_secret="s:ü",
)
PROVIDER = OpenIdProvider(
    id=OpenIdProviderId("P"), display_name="P", metadata_endpoint="https://op.example/.well-known/x", client_id="p"
)
ASKING = Asking(state="st", nonce="no", verifier="v" * 43, scope="openid api://x/Read")
BACK = "https://localhost/developer/signin-oauth/code/callback/s"


def of(server=SERVER, settings=None, provider=PROVIDER):
    chosen = settings or AuthenticationSettings(oauth2=(OAuth2Settings(authorization_server_id=server.id),))
    configuration = Configuration(authorization_servers={server.id: server}, openid_providers={provider.id: provider})
    return signers(configuration, Api(id=ApiId("a"), display_name="A", authentication_settings=chosen))


def test_each_way_is_offered_once_and_implicit_never():
    (found,) = of()
    assert found.ways == (CODE, PASSWORD, CLIENT)
    assert found.has_implicit
    assert found.redirect_path == "/developer/signin-oauth/code/callback/s"


def test_what_is_not_for_the_console_is_not_offered():
    assert of(evolve(SERVER, use_in_test_console=False)) == ()


def test_an_openid_provider_is_offered_by_code():
    settings = AuthenticationSettings(openid=(OpenIdSettings(openid_provider_id=PROVIDER.id),))
    (found,) = of(settings=settings)
    assert (found.ways, found.key) == ((CODE,), "openid/P")
    assert found.redirect_path == "/developer/signin-openid/code/callback/p"
    assert found.scope_for(CODE) == "openid profile offline_access"


# fmt: off
SCOPES = [
    (f"{LOGIN}/token",           CODE,   "api://x/Read",      "",          "api://x/Read openid profile offline_access"),
    (f"{LOGIN}/token",           CODE,   "openid api://x/R",  "",          "openid api://x/R profile offline_access"),
    (f"{LOGIN}/token",           CODE,   "api://x/Read",      "api://y/W", "api://y/W openid profile offline_access"),
    ("https://as.example/token", CODE,   "read  write",       "",          "read write"),
    (f"{LOGIN}/token",           CLIENT, "api://x/Read",      "",          "api://x/.default"),
    (f"{LOGIN}/token",           CLIENT, "api://x/.default",  "",          "api://x/.default"),
    (f"{LOGIN}/token",           CLIENT, "api://x/R api://x/W", "",        "api://x/.default"),
    (f"{LOGIN}/token",           CLIENT, "api://x/Read",      "api://y/Z", "api://y/Z"),
    ("https://as.example/token", CLIENT, "read",              "",          "read"),
    (f"{LOGIN}/token",           CLIENT, "",                  "",          ""),
]
# fmt: on


@pytest.mark.parametrize(("token_endpoint", "way", "default", "wanted", "scope"), SCOPES)
def test_the_scope_that_is_asked_for(token_endpoint, way, default, wanted, scope):
    (found,) = of(evolve(SERVER, token_endpoint=token_endpoint, default_scope=default))
    assert found.scope_for(way, wanted) == scope


def test_the_scope_of_the_api_goes_before_the_servers():
    settings = AuthenticationSettings(oauth2=(OAuth2Settings(authorization_server_id=SERVER.id, scope="api://o/R"),))
    assert of(settings=settings)[0].default_scope == "api://o/R"


def test_an_authorization_request_has_state_nonce_and_s256():
    (found,) = of(evolve(SERVER, support_state=False, authorization_endpoint=f"{LOGIN}/authorize?p=1&state=evil"))
    query = parse_qs(urlsplit(authorization_url(found, ASKING, BACK, "login")).query)
    digest = urlsafe_b64encode(sha256(ASKING.verifier.encode()).digest()).rstrip(b"=").decode()
    assert query == {
        "p": ["1"],
        "client_id": ["c&d"],
        "response_type": ["code"],
        "redirect_uri": [BACK],
        "scope": [ASKING.scope],
        "state": ["st"],
        "nonce": ["no"],
        "code_challenge": [digest],
        "code_challenge_method": ["S256"],
        "prompt": ["login"],
    }


def test_a_secret_in_the_body_is_not_in_a_header_and_the_other_way_round():
    in_body, in_header = (
        for_code(of(evolve(SERVER, client_authentication_method=(one,)))[0], ASKING, BACK, "code")
        for one in (ClientAuthenticationMethod.BODY, ClientAuthenticationMethod.BASIC)
    )
    assert (in_body.form["client_secret"], dict(in_body.headers).get("Authorization")) == ("s:ü", None)
    assert "client_secret" not in in_header.form
    # Encoded as in a form first, so that a colon parts the two (RFC 6749 §2.3.1).
    assert b64decode(dict(in_header.headers)["Authorization"][6:]) == b"c%26d:s%3A%C3%BC"


def test_additional_body_parameters_replace_nothing_of_ours():
    (found,) = of(
        evolve(SERVER, token_body_parameters=(("resource", "r"), ("code_verifier", "evil"), ("client_id", "e")))
    )
    form = for_code(found, ASKING, BACK, "code").form
    assert (form["resource"], form["code_verifier"], form["client_id"]) == ("r", ASKING.verifier, "c&d")


def test_a_public_client_sends_its_id_alone():
    (found,) = of(evolve(SERVER, client_secret=None))
    assert dict(for_refresh(found, "s", "r").form) == {
        "grant_type": "refresh_token", "scope": "s", "refresh_token": "r", "client_id": "c&d",
    }  # fmt: skip


def test_an_empty_scope_is_left_out():
    assert "scope" not in for_itself(of()[0], "").form


@pytest.mark.parametrize(
    ("issuer", "fits"),
    [
        ("https://login.example/t/v2.0", True),
        ("https://LOGIN.example/t/v2.0", True),
        ("https://login.example.evil/t/v2.0", False),
        ("https://login.example:444/t", False),
        ("http://login.example/t", False),
        ("", False),
    ],
)
def test_the_issuer_of_an_answer_is_of_the_server_that_was_asked(issuer, fits):
    assert is_of_this_issuer(of()[0], issuer) is fits


def test_the_issuer_of_a_provider_is_exact():
    found = evolve(of()[0], issuer="https://login.example/t/v2.0")
    assert is_of_this_issuer(found, "https://login.example/t/v2.0")
    assert not is_of_this_issuer(found, "https://login.example/other/v2.0")


@pytest.mark.parametrize(
    ("document", "issuer", "fits"),
    [
        ("https://op.example/.well-known/openid-configuration", "https://op.example", True),
        ("https://op.example/.well-known/openid-configuration", "https://op.example/", True),
        ("https://op.example/t/.well-known/openid-configuration?p=1", "https://op.example/t", True),
        ("https://op.example/t/v2.0/.well-known/openid-configuration", "https://op.example/{tenantid}/v2.0", True),
        ("https://op.example/a/b/v2.0/.well-known/openid-configuration", "https://op.example/{tenantid}/v2.0", False),
        ("https://sly.example/.well-known/openid-configuration", "https://op.example", False),
        ("https://sly.example/.well-known/openid-configuration", "https://{host}", False),
        ("https://op.example/other/.well-known/openid-configuration", "https://op.example", False),
        ("https://op.example/x", "https://op.example", False),
    ],
)
def test_a_discovery_document_is_where_its_issuer_would_have_it(document, issuer, fits):
    assert is_issuer_of(document, issuer) is fits


@pytest.mark.parametrize(("methods", "in_query"), [
    ((BearerTokenSendingMethod.QUERY,), True),
    ((BearerTokenSendingMethod.QUERY, BearerTokenSendingMethod.AUTHORIZATION_HEADER), False),
    ((), False),
])  # fmt: skip
def test_the_token_goes_into_the_header_wherever_it_may(methods, in_query):
    assert of(evolve(SERVER, bearer_token_sending_methods=methods))[0].in_query is in_query
