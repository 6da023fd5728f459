"""The checks of an authorization request, in their order: what is shown on a page, what goes back to the client."""

import pytest
from attrs import evolve

from entrada.core.directory.application import Platform, RedirectUri, SignInAudience
from entrada.core.errors import catalogue as why
from entrada.core.protocol.authorize import pipeline
from entrada.core.protocol.authorize.context import Context
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.authorize.usable_prompt import Prompt
from entrada.core.protocol.response_mode import ResponseMode
from entrada.core.protocol.version import Version
from tests.protocol.known import (
    API,
    API_URI,
    CALLBACK,
    CLIENT,
    COMMON,
    GRAPH,
    HERE,
    KNOWN,
    MULTI,
    PRINCIPAL,
    THERE,
    as_platform,
    asked,
    parameters,
)
from tests.protocol.test_pkce import CHALLENGE, DIGEST

PARAMETERS = {
    "client_id": CLIENT.app_id,
    "response_type": "code",
    "redirect_uri": CALLBACK,
    "scope": "openid User.Read",
    "state": "s-1",
    "nonce": "n-1",
}
CONTEXT = Context(
    parameters=parameters(PARAMETERS),
    version=Version.V2,
    authority=HERE,
    client=CLIENT,
    service_principal=PRINCIPAL,
    resources=KNOWN,
)
GOOD = AuthorizeRequest(
    version=Version.V2,
    authority=HERE,
    client=CLIENT,
    redirect_uri=CALLBACK,
    redirect_uri_sent=True,
    platform=Platform.WEB,
    mode=ResponseMode.QUERY,
    scopes=asked("openid User.Read"),
    challenge=b"",
    state="s-1",
    nonce="n-1",
)
SPA = as_platform(CLIENT, Platform.SPA)
HYBRID = evolve(CLIENT, enable_id_token_issuance=True)
NATIVE = evolve(CLIENT, redirect_uris=(RedirectUri("http://localhost", Platform.PUBLIC_CLIENT),))
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
V1 = {"version": Version.V1}


def run(sent: dict[str, str | None], facts: dict[str, object]) -> object:
    return pipeline.run(evolve(CONTEXT, parameters=parameters({**PARAMETERS, **sent}), **facts))  # type: ignore[arg-type]


# fmt: off
ACCEPTED = [  # what is sent besides, the facts, what the request says then
    pytest.param({},                              {},                      {},                                 id="good"),
    pytest.param({"state": None, "nonce": None},  {},                      {"state": None, "nonce": None},     id="neither state nor nonce"),
    pytest.param({"redirect_uri": None},          {},                      {"redirect_uri_sent": False},       id="the first registered URI where none is sent"),
    pytest.param({"redirect_uri": "http://localhost:53124"}, {"client": NATIVE}, {"client": NATIVE, "redirect_uri": "http://localhost:53124", "platform": Platform.PUBLIC_CLIENT}, id="a loopback port of the moment"),
    pytest.param(PKCE,                            {},                      {"challenge": DIGEST},              id="PKCE"),
    pytest.param(PKCE,                            {"client": SPA},         {"client": SPA, "platform": Platform.SPA, "challenge": DIGEST}, id="a single-page application"),
    pytest.param({"response_type": "id_token code"}, {"client": HYBRID},   {"client": HYBRID, "mode": ResponseMode.FRAGMENT, "response_type": frozenset({"code", "id_token"})}, id="hybrid, by fragment unless asked otherwise"),
    pytest.param({"response_type": "id_token", "response_mode": "form_post"}, {"client": HYBRID}, {"client": HYBRID, "mode": ResponseMode.FORM_POST, "response_type": frozenset({"id_token"})}, id="an ID token alone"),
    pytest.param({"response_mode": "form_post"},  {},                      {"mode": ResponseMode.FORM_POST},   id="form_post"),
    pytest.param({"response_mode": "fragment"},   {},                      {"mode": ResponseMode.FRAGMENT},    id="fragment"),
    pytest.param({"prompt": "none"},              {},                      {"prompt": Prompt.NONE},            id="prompt=none"),
    pytest.param({"prompt": "create"},            {},                      {"prompt": Prompt.CREATE},          id="prompt=create"),
    pytest.param({"max_age": "0"},                {},                      {"max_age": 0},                     id="max_age=0"),
    pytest.param({"login_hint": "ben@colors.example", "domain_hint": "organizations"}, {}, {"login_hint": "ben@colors.example", "domain_hint": "organizations"}, id="hints"),
    pytest.param({"sid": "01A3185C-5000-7000-8000-00000000005E"}, {},       {"session_id": "01a3185c-5000-7000-8000-00000000005e"}, id="a sid"),
    pytest.param({"client_info": "1"},            {},                      {"client_info": True},              id="client_info=1"),
    pytest.param({"client_info": "2"},            {},                      {},                                 id="client_info=2 means nothing"),
    pytest.param({"claims": '{"id_token":{}}'},   {},                      {},                                 id="claims that are an object"),
    pytest.param({"x-client-SKU": "MSAL.Python"}, {},                      {},                                 id="an unknown parameter is ignored"),
    pytest.param({},                              {"service_principal": None}, {},                             id="a client that nobody here consented to yet"),
    pytest.param({},                              {"authority": COMMON, "client": MULTI}, {"authority": COMMON, "client": MULTI}, id="a multi-tenant client at /common"),
    pytest.param({},                              {"authority": THERE, "client": MULTI}, {"authority": THERE, "client": MULTI}, id="a multi-tenant client at another tenant"),
    pytest.param({"scope": None},                 V1,                      {**V1, "scopes": asked("openid profile offline_access https://graph.microsoft.com/.default")}, id="v1.0 without a resource asks for Graph"),
    pytest.param({"scope": None, "resource": API_URI}, V1,                  {**V1, "scopes": asked(f"openid profile offline_access {API_URI}/.default")}, id="v1.0 with a resource"),
]
SHOWN = [  # what is sent besides, the facts, the reason that stands on the page
    pytest.param({"client_id": None},             {"client": None},        why.MISSING_PARAMETER,    id="no client_id"),
    pytest.param({"client_id": ""},               {"client": None},        why.MISSING_PARAMETER,    id="an empty client_id"),
    pytest.param({"client_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, {"client": None}, why.ZERO_CLIENT_ID, id="a client_id of zeros"),
    pytest.param({"client_id": "repsys"},         {"client": None},        why.CLIENT_NOT_FOUND,     id="a client_id that is none"),
    pytest.param({"client_id": "c0105000-0000-4000-8000-00000000dead"}, {"client": None}, why.CLIENT_NOT_FOUND, id="an unknown client"),
    pytest.param({},                              {"authority": THERE},    why.CLIENT_NOT_FOUND,     id="another tenant's client: answered as unknown"),
    pytest.param({},                              {"authority": COMMON},   why.NOT_MULTI_TENANT,     id="a single-tenant client at /common"),
    pytest.param({},                              {"client": evolve(CLIENT, enabled=False)}, why.CLIENT_DISABLED, id="a disabled client"),
    pytest.param({},                              {"service_principal": evolve(PRINCIPAL, account_enabled=False)}, why.CLIENT_DISABLED, id="a client disabled in this tenant"),
    pytest.param({"redirect_uri": CALLBACK + "/"}, {},                     why.REPLY_ADDRESS_MISMATCH, id="an unregistered redirect_uri"),
    pytest.param({"redirect_uri": "https://evil.example/"}, {},            why.REPLY_ADDRESS_MISMATCH, id="somebody else's redirect_uri"),
    pytest.param({"redirect_uri": CALLBACK},      {"client": evolve(CLIENT, redirect_uris=())}, why.REPLY_ADDRESS_MISMATCH, id="a redirect_uri though none is registered"),
    pytest.param({"redirect_uri": None},          {"client": evolve(CLIENT, redirect_uris=())}, why.NO_REPLY_ADDRESS, id="none registered and none sent"),
    pytest.param({"redirect_uri": "/auth/callback"}, {},                   why.BAD_URI_PARAMETER,    id="a relative redirect_uri"),
    pytest.param({"redirect_uri": "https://[::1"}, {},                     why.BAD_URI_PARAMETER,    id="a redirect_uri that no parser reads"),
    pytest.param({"redirect_uri": "https://evil.example/", "response_type": "token", "scope": None}, {}, why.REPLY_ADDRESS_MISMATCH, id="the redirect_uri is judged before all that could be redirected"),
]
REDIRECTED = [  # what is sent besides, the facts, the reason that goes back
    pytest.param({"sid": "yes"},                  {},                      why.INVALID_SESSION_ID,   id="a sid that is none"),
    pytest.param({"response_type": None},         {},                      why.MISSING_PARAMETER,    id="no response_type"),
    pytest.param({"response_type": "id_token"},   {},                      why.ID_TOKEN_NOT_ENABLED, id="implicit ID token"),
    pytest.param({"response_type": "id_token code"}, {},                   why.ID_TOKEN_NOT_ENABLED, id="hybrid, in any word order"),
    pytest.param({"response_type": "token"},      {},                      why.ACCESS_TOKEN_NOT_ENABLED, id="implicit access token"),
    pytest.param({"response_type": "code token"}, {"client": HYBRID},      why.ACCESS_TOKEN_NOT_ENABLED, id="code with an access token"),
    pytest.param({"response_type": "id_token", "nonce": None}, {"client": HYBRID}, why.MISSING_PARAMETER, id="an ID token without a nonce"),
    pytest.param({"response_type": "code id_token", "scope": "User.Read"}, {"client": HYBRID}, why.BAD_REQUEST, id="an ID token without openid"),
    pytest.param({"response_type": "code id_token", "response_mode": "query"}, {"client": HYBRID}, why.UNSUPPORTED_RESPONSE_MODE, id="an ID token in a query"),
    pytest.param({"response_type": "none"},       {},                      why.UNSUPPORTED_RESPONSE_TYPE, id="response_type=none"),
    pytest.param({"response_type": "Code"},       {},                      why.UNSUPPORTED_RESPONSE_TYPE, id="response_type in another case"),
    pytest.param({"response_mode": "web_message"}, {},                     why.UNSUPPORTED_RESPONSE_MODE, id="an unknown response_mode"),
    pytest.param({"request": "eyJ.."},            {},                      why.BAD_REQUEST,          id="a request object"),
    pytest.param({"request_uri": "https://x.example"}, {},                 why.BAD_REQUEST,          id="a request object by reference"),
    pytest.param({"scope": None},                 {},                      why.MISSING_PARAMETER,    id="no scope"),
    pytest.param({"scope": " "},                  {},                      why.MISSING_PARAMETER,    id="a scope of spaces"),
    pytest.param({"scope": 'open"id'},            {},                      why.INVALID_SCOPE,        id="a scope that is none"),
    pytest.param({"scope": "Mail.Fly"},           {},                      why.SCOPE_NOT_FOUND,      id="a scope that its resource does not have"),
    pytest.param({"scope": "api://nobody/Read"},  {},                      why.RESOURCE_NOT_FOUND,   id="a resource that nobody knows"),
    pytest.param({"resource": API_URI},           {},                      why.RESOURCE_ON_V2,       id="resource at v2.0"),
    pytest.param({"resource": ""},                {},                      why.RESOURCE_ON_V2,       id="an empty resource at v2.0"),
    pytest.param({"scope": None, "resource": "api://nobody"}, V1,          why.RESOURCE_NOT_FOUND,   id="v1.0: an unknown resource"),
    pytest.param({},                              {"client": SPA},         why.SPA_NEEDS_PKCE,       id="a single-page application without PKCE"),
    pytest.param({**PKCE, "code_challenge_method": "S512"}, {},            why.BAD_CODE_CHALLENGE_METHOD, id="an unknown challenge method"),
    pytest.param({**PKCE, "code_challenge": "short"}, {},                  why.MISSING_CODE_CHALLENGE, id="a short challenge"),
    pytest.param({**PKCE, "code_challenge": None}, {},                     why.MISSING_CODE_CHALLENGE, id="a method without a challenge"),
    pytest.param({"prompt": "maybe"},             {},                      why.BAD_REQUEST,          id="an unknown prompt"),
    pytest.param({"prompt": "login consent"},     {},                      why.BAD_REQUEST,          id="two prompts"),
    pytest.param({"prompt": "select_account", "login_hint": "ben@colors.example"}, {}, why.HINT_WITH_SELECT, id="a hint with the account picker"),
    pytest.param({"max_age": "-1"},               {},                      why.INVALID_PARAMETER,    id="a negative max_age"),
    pytest.param({"max_age": "soon"},             {},                      why.INVALID_PARAMETER,    id="a max_age that is no number"),
    pytest.param({"max_age": "٣"},                {},                      why.INVALID_PARAMETER,    id="a max_age in other digits"),
    pytest.param({"max_age": "9" * 10},           {},                      why.INVALID_PARAMETER,    id="a max_age beyond all ages"),
    pytest.param({"claims": "[]"},                {},                      why.INVALID_PARAMETER,    id="claims that are no object"),
    pytest.param({"claims": "{"},                 {},                      why.INVALID_PARAMETER,    id="claims that are no JSON"),
    pytest.param({"claims": "[" * 9000},          {},                      why.INVALID_PARAMETER,    id="claims nested beyond reading"),
    pytest.param({"claims": '{"access_token":{"acrs":{"essential":true,"value":"c100"}}}'}, {}, why.BAD_REQUEST, id="an essential context that cannot be met"),
]
MODES = [  # how an error travels: response_type, response_mode, the mode
    pytest.param("code",     None,          ResponseMode.QUERY,     id="the code flow's default"),
    pytest.param("code",     "form_post",   ResponseMode.FORM_POST, id="as asked"),
    pytest.param("code",     "web_message", ResponseMode.QUERY,     id="an unknown mode falls back"),
    pytest.param("id_token", None,          ResponseMode.FRAGMENT,  id="a front-channel type's default"),
    pytest.param("token",    "query",       ResponseMode.FRAGMENT,  id="never by query where tokens were asked"),
    pytest.param("id_token", "form_post",   ResponseMode.FORM_POST, id="a front-channel type, as asked"),
]
# fmt: on


@pytest.mark.parametrize(("sent", "facts", "says"), ACCEPTED)
def test_accepted(sent, facts, says):
    assert run(sent, facts) == evolve(GOOD, **says)


@pytest.mark.parametrize(("sent", "facts", "reason"), SHOWN)
def test_shown_on_a_page(sent, facts, reason):
    outcome = run(sent, facts)
    assert isinstance(outcome, pipeline.Shown)
    assert outcome.refusal.reason is reason


@pytest.mark.parametrize(("sent", "facts", "reason"), REDIRECTED)
def test_sent_back_to_the_client(sent, facts, reason):
    outcome = run(sent, facts)
    assert isinstance(outcome, pipeline.Redirected)
    assert (outcome.refusal.reason, outcome.redirect_uri, outcome.state) == (reason, CALLBACK, "s-1")


@pytest.mark.parametrize(("response_type", "response_mode", "mode"), MODES)
def test_how_an_error_travels(response_type, response_mode, mode):
    outcome = run({"response_type": response_type, "response_mode": response_mode, "scope": None}, {})
    assert outcome.mode is mode


def test_a_refusal_never_tells_other_tenants_clients_from_unknown_ones():
    foreign = run({}, {"authority": THERE, "client": evolve(CLIENT, sign_in_audience=SignInAudience.MY_ORG)})
    unknown = run({}, {"authority": THERE, "client": None, "service_principal": None})
    assert foreign == unknown


def test_no_one_but_the_registered_party_learns_of_a_failure():
    # Every check that redirects stands behind every check that vouches for the redirect URI.
    for sent, facts, _ in (row.values for row in SHOWN):
        outcome = run({**sent, "response_type": "token", "scope": None, "prompt": "maybe"}, facts)
        assert isinstance(outcome, pipeline.Shown)


def test_graph_and_an_api_may_be_asked_together():
    request = run({"scope": f"openid User.Read {API_URI}/Colors.Read"}, {})
    assert [part.resource for part in request.scopes.resources] == [GRAPH, API]
