"""What an API must refuse and let in, in every framework by the same rows."""

import re

import pytest
from attrs import evolve

from entrada.client.authority import entra_authority
from tests.api_protection import frameworks
from tests.api_protection.authority import (
    ADA,
    API,
    CLIENT,
    DAEMON,
    FORGERS,
    NEW_KEY,
    NOW,
    ORIGIN,
    OTHER_TENANT,
    SETTINGS,
    TENANT,
    issuer,
    jwk,
    person,
    program,
    signed,
)  # fmt: skip


@pytest.fixture(params=list(frameworks.FRAMEWORKS))
def name(request):
    return request.param


@pytest.fixture
def api(name):
    return frameworks.of(name)


def test_whoever_may_is_let_in_and_known(api):
    assert api.ask(signed(person())).body == {
        "kind": "user", "tenant": TENANT, "object": ADA, "client": CLIENT, "scopes": ["Colors.Read"], "roles": [],
    }  # fmt: skip
    assert api.ask(signed(program())).body == {
        "kind": "application", "tenant": TENANT, "object": "of-a-principal", "client": DAEMON,
        "scopes": [], "roles": ["Colors.ReadAll"],
    }  # fmt: skip


# fmt: off
BAD_TOKENS = [  # what makes it, what its challenge says
    pytest.param(lambda: signed(person(), key=FORGERS),                       "signature does not verify",  id="forged"),
    pytest.param(lambda: signed(person(exp=NOW - 300)),                       "expired",                    id="expired"),
    pytest.param(lambda: signed(person(exp=None)),                            "missing",                    id="without an end"),
    pytest.param(lambda: signed(person(nbf=NOW + 301)),                       "not valid yet",              id="not valid yet"),
    pytest.param(lambda: signed(person(aud=CLIENT)),                          "another audience",           id="wrong aud"),
    pytest.param(lambda: signed(person(aud=f"api://{CLIENT}")),               "another audience",           id="wrong aud of v1.0"),
    pytest.param(lambda: signed(person(aud=None)),                            "missing",                    id="no aud"),
    pytest.param(lambda: signed(person(iss="https://evil.example/v2.0")),     "another issuer",             id="wrong iss"),
    pytest.param(lambda: signed(person(iss=f"https://sts.windows.net/{TENANT}/")), "another issuer",        id="Entra's name for v1.0 at another authority"),
    pytest.param(lambda: signed(person(iss=issuer(OTHER_TENANT))),            "another issuer",             id="another tenant's iss"),
    pytest.param(lambda: signed(person(tid=OTHER_TENANT, iss=issuer(OTHER_TENANT))), "tenant",              id="wrong tenant"),
    pytest.param(lambda: signed(person(tid=None)),                            "missing",                    id="no tenant"),
    pytest.param(lambda: signed(person(), alg="none"),                        "algorithm",                  id="none"),
    pytest.param(lambda: signed(person(), alg="HS256"),                       "algorithm",                  id="HS256 with the public key"),
    pytest.param(lambda: signed(person(), alg="PS256"),                       "algorithm",                  id="an algorithm the authority does not use"),
    pytest.param(lambda: signed(person(), typ="secevent+jwt"),                "no access token",            id="another typ"),
    pytest.param(lambda: signed(person(), typ=7),                             "no access token",            id="a typ that is none"),
    pytest.param(lambda: signed(person(), kid="k9"),                          "No known key",               id="unknown kid"),
    pytest.param(lambda: signed(person(), crit=["x"]),                        "crit",                       id="something critical"),
    pytest.param(lambda: signed(person(), nonce="n"),                         "Microsoft Graph",            id="a token for Graph"),
    pytest.param(lambda: signed(person(azp=None, scp=None, nonce="n")),       "no access token",            id="an ID token"),
    pytest.param(lambda: signed(person(azp=None, scp=None)),                  "no access token",            id="an ID token without nonce"),
    pytest.param(lambda: signed(person(at_hash="h")),                         "no access token",            id="an ID token that names a client"),
    pytest.param(lambda: signed(person(scp=None)),                            "no access token",            id="no scopes and no application"),
    pytest.param(lambda: signed(person(idtyp="app")),                         "no access token",            id="an application with scopes"),
    pytest.param(lambda: signed(person(idtyp="device")),                      "no access token",            id="a device"),
    pytest.param(lambda: signed(person(sub=None)),                            "missing",                    id="no subject"),
    pytest.param(lambda: signed(person(oid="")),                              "missing",                    id="nobody's"),
    pytest.param(lambda: signed(person(scp=[7])),                             "missing",                    id="scopes that are none"),
    pytest.param(lambda: signed(person(filler="x" * 20_000)),                 "longer than 16 kB",          id="20 kB"),
    pytest.param(lambda: signed(person())[:-2],                               "",                           id="cut off"),
    pytest.param(lambda: "a.b",                                               "three parts",                id="two parts"),
    pytest.param(lambda: "ä.ö.ü",                                             "base64url",                  id="letters that no token has"),
]
# fmt: on


@pytest.mark.parametrize(("make", "says"), BAD_TOKENS)
def test_a_bad_token_is_401_and_says_why(api, make, says):
    answer = api.ask(headers=[f"Bearer {make()}".encode().decode("latin-1")])
    assert answer.status == 401
    assert 'error="invalid_token"' in answer.challenge
    assert f'realm="{API}"' in answer.challenge
    assert f'authorization_uri="{ORIGIN}/{TENANT}/oauth2/v2.0/authorize"' in answer.challenge
    assert says in re.search(r'error_description="([^"]*)"', answer.challenge)[1]


@pytest.mark.parametrize("route", ["/open", "/writer", "/painter"])
def test_what_is_not_verified_learns_nothing_of_the_route(api, route):
    answer = api.ask(signed(person(), key=FORGERS), route)
    assert answer.status == 401
    assert "scope=" not in answer.challenge


# fmt: off
GOOD_TOKENS = [
    pytest.param(person(exp=NOW - 299),                                   id="expired within five minutes"),
    pytest.param(person(nbf=NOW + 300),                                   id="valid in five minutes"),
    pytest.param(person(aud=f"api://{API}"),                              id="the audience by URI"),
    pytest.param(person(iss=f"{ORIGIN}/{TENANT}/", ver="1.0", azp=None, appid=CLIENT), id="v1.0"),
    pytest.param(person(idtyp="user"),                                    id="said to be a user"),
    pytest.param(program(idtyp="app"),                                    id="said to be an application"),
    pytest.param(person(scp="Other Colors.Read More"),                    id="one of several scopes"),
]
# fmt: on


@pytest.mark.parametrize("claims", GOOD_TOKENS)
def test_what_may_differ_is_let_in(api, claims):
    assert api.ask(signed(claims)).status == 200


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "application/at+jwt", None])
def test_types_of_access_tokens(api, typ):
    assert api.ask(signed(person(), typ=typ)).status == 200


# fmt: off
REACH = [  # who, where to, what they are answered
    pytest.param(person(),                                        "/writer",  403, id="missing scope"),
    pytest.param(person(scp="Colors.Write"),                      "/writer",  200, id="the scope"),
    pytest.param(program(),                                       "/writer",  403, id="an application where a person is needed"),
    pytest.param(program(roles=["Colors.Write"]),                 "/writer",  403, id="a role with the name of the scope"),
    pytest.param(person(scp="colors.write"),                      "/writer",  403, id="the scope in another case"),
    pytest.param(person(),                                        "/painter", 403, id="a person without the role"),
    pytest.param(person(roles=["Painter"]),                       "/painter", 200, id="a person with the role"),
    pytest.param(program(roles=["Painter"]),                      "/painter", 200, id="an application with the role"),
    pytest.param(program(),                                       "/painter", 403, id="an application with another role"),
    pytest.param(person(scp="Other", roles=["Colors.ReadAll"]),   "/reader",  403, id="a person by the role of applications"),
    pytest.param(program(roles=None),                             "/open",    403, id="an application without any role"),
    pytest.param(program(),                                       "/open",    200, id="an application with some role"),
]
# fmt: on


@pytest.mark.parametrize(("claims", "route", "status"), REACH)
def test_how_far_a_token_reaches(api, claims, route, status):
    answer = api.ask(signed(claims), route)
    assert answer.status == status
    assert ('error="insufficient_scope"' in answer.challenge) is (status == 403)
    assert ('scope="Colors.Write"' in answer.challenge) is (status == 403 and route == "/writer")


def test_an_application_on_the_list_needs_no_role(name):
    api = frameworks.of(name, allowed_applications=(DAEMON.upper(),))
    assert api.ask(signed(program(roles=None)), "/open").status == 200
    assert api.ask(signed(program(roles=None, azp=CLIENT)), "/open").status == 403
    assert api.ask(signed(program(roles=None)), "/reader").status == 403


def test_more_may_be_asked_of_the_sign_in(api):
    if api.name == "django rest framework":
        pytest.skip("its permissions are scopes and roles")
    answer = api.ask(signed(person()), "/step-up")
    assert answer.status == 401
    assert 'error="insufficient_claims"' in answer.challenge
    assert 'claims="eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19"' in answer.challenge
    assert api.ask(signed(person(acrs=["c1"])), "/step-up").status == 200


# ---- how it is presented ----

GOOD = signed(person())
# fmt: off
HEADERS = [
    pytest.param([],                                  401, None,              id="none"),
    pytest.param([f"bearer {GOOD}"],                  200, None,              id="in lower case"),
    pytest.param([f"BEARER {GOOD}"],                  200, None,              id="in capitals"),
    pytest.param([f"Bearer   {GOOD}"],                200, None,              id="several spaces"),
    pytest.param([f"Bearer\t{GOOD}"],                 401, "invalid_token",   id="a tab"),
    pytest.param([f"Bearer {GOOD} x"],                401, "invalid_token",   id="a word behind it"),
    pytest.param([f"Bearer {GOOD}\tx"],               401, "invalid_token",   id="a tab behind it"),
    pytest.param(["Bearer"],                          401, "invalid_token",   id="empty"),
    pytest.param(["Bearer "],                         401, "invalid_token",   id="a space"),
    pytest.param([GOOD],                              401, None,              id="no scheme"),
    pytest.param([f"Bearer: {GOOD}"],                 401, None,              id="a colon"),
    pytest.param(["Basic YTpi"],                      401, None,              id="another scheme"),
    pytest.param([f"Bearer {GOOD}", f"Bearer {GOOD}"], 400, "invalid_request", id="twice"),
    pytest.param([f"Bearer {'x' * 20_000}"],          401, "invalid_token",   id="20 kB of one letter"),
    pytest.param([f"Bearer {'.' * 20_000}"],          401, "invalid_token",   id="20 kB of dots"),
]
# fmt: on


@pytest.mark.parametrize(("headers", "status", "error"), HEADERS)
def test_headers(api, headers, status, error):
    answer = api.ask(headers=headers)
    assert answer.status == status
    assert re.findall(r'error="([^"]*)"', answer.challenge) == ([error] if error else [])
    assert answer.challenge.startswith("Bearer realm=") is (status != 200)


def test_a_token_in_the_address_is_not_read(api):
    for parameter in ("access_token", "token", "authorization"):
        answer = api.ask(path=f"/reader?{parameter}={GOOD}")
        assert answer.status == 401
        assert "error=" not in answer.challenge
    assert api.authority.calls == []


# ---- keys ----


def test_a_rotated_key_is_fetched_without_a_restart(api):
    assert api.ask(GOOD).status == 200
    api.authority.keys = [jwk("k2", NEW_KEY)]
    api.clock.now += 61
    assert api.ask(signed(person(), key=NEW_KEY, kid="k2")).status == 200
    assert api.ask(GOOD).status == 401  # withdrawn


def test_a_flood_of_unknown_keys_is_one_question(api):
    api.ask(GOOD)
    api.clock.now += 61
    for number in range(30):
        assert api.ask(signed(person(), kid=f"k{number + 5}")).status == 401
    assert api.authority.asked_for_keys() == 2


def test_while_the_authority_is_away_what_is_known_serves(api):
    assert api.ask(GOOD).status == 200
    api.authority.down = True
    api.clock.now += 3000
    assert api.ask(GOOD).status == 200
    api.clock.now += 601
    assert api.ask(signed(person(exp=NOW + 7200))).status == 200


def test_nobody_is_let_in_and_nobody_sent_to_sign_in_while_nothing_is_known(api):
    api.authority.down = True
    answer = api.ask(GOOD)
    assert (answer.status, answer.challenge) == (503, "")


# ---- several tenants ----


def test_each_tenant_in_its_own_name_and_only_those_on_the_list(name):
    settings = evolve(
        SETTINGS, authority=entra_authority(f"{ORIGIN}/organizations"), allowed_tenants=frozenset({TENANT})
    )
    api = frameworks.of(name, settings)
    api.authority.named = issuer("{tenantid}")
    assert api.ask(GOOD).status == 200
    assert api.ask(signed(person(iss=issuer("{tenantid}")))).status == 401
    assert api.ask(signed(person(iss=issuer(OTHER_TENANT)))).status == 401
    theirs = signed(person(iss=issuer(OTHER_TENANT), tid=OTHER_TENANT))
    assert api.ask(theirs).status == 401
    open_to_all = frameworks.of(name, evolve(settings, allowed_tenants=frozenset()))
    open_to_all.authority.named = issuer("{tenantid}")
    assert open_to_all.ask(theirs).status == 200


# ---- for tests of an API ----


def test_acting_as_somebody_asks_what_the_route_asks(api):
    with api.bearer.as_principal(scopes="Colors.Read") as acting:
        assert api.ask().body["object"] == acting.object_id
        assert api.ask(path="/writer").status == 403
    with api.bearer.as_principal(roles=["Painter"], application=True):
        assert api.ask(path="/painter").body["kind"] == "application"
    assert api.ask().status == 401


def test_an_authority_of_a_test_signs_and_is_verified(api):
    with api.bearer.fake_authority() as authority:
        assert api.ask(authority.test_token(scopes=["Colors.Read"])).status == 200
        assert api.ask(authority.test_token(roles=["Colors.ReadAll"], application=True)).status == 200
        assert api.ask(authority.test_token(scopes=["Colors.Read"], exp=NOW - 400)).status == 401
        assert api.ask(GOOD).status == 401
        kept = authority.test_token(scopes=["Colors.Read"])
    assert api.ask(kept).status == 401
    assert api.ask(GOOD).status == 200
