"""The names of tenants and APIs in real clouds, of entrada and of issuers that have no tenants."""

import pytest

from entrada.client.api_protection import guard, needs
from entrada.client.api_protection.issuers import names_of
from entrada.client.authority import Shape, entra_authority, oidc_authority
from entrada.client.discovery.issuer import Issuer
from entrada.client.errors import BadSettings
from entrada.client.settings import Settings
from tests.api_protection.authority import KEY, NOW, SETTINGS, Authority, Clock, issuer, jwk, person, signed

TENANT = "c0105000-0000-4000-8000-000000000001"

# fmt: off
NAMES = [  # the template that metadata of v2.0 names, the other name of the tenant
    pytest.param("https://login.microsoftonline.com/{tenantid}/v2.0",        f"https://sts.windows.net/{TENANT}/",         id="Entra"),
    pytest.param("https://login.microsoftonline.us/{tenantid}/v2.0",         f"https://sts.windows.net/{TENANT}/",         id="Entra for the US government"),
    pytest.param("https://login.partner.microsoftonline.cn/{tenantid}/v2.0", f"https://sts.chinacloudapi.cn/{TENANT}/",    id="Entra in China"),
    pytest.param("https://localhost:8443/{tenantid}/v2.0",                   f"https://localhost:8443/{TENANT}/",          id="entrada"),
    pytest.param("https://{tenantid}.ciamlogin.com/{tenantid}/v2.0",         None,                                         id="External ID has one name"),
]
# fmt: on


@pytest.mark.parametrize(("template", "other"), NAMES)
def test_a_tenant_has_a_name_in_each_version(template, other):
    issuer = Issuer(template=template, tenant=None)
    assert names_of(issuer, TENANT) == tuple(name for name in (issuer.of(TENANT), other) if name)


def test_an_issuer_without_tenants_has_its_own_name_alone():
    assert names_of(Issuer(template="https://as.example/", shape=Shape.OIDC), "") == ("https://as.example/",)


def ask(claims, needed, *, typ="at+jwt", **more):
    settings = Settings(
        authority=oidc_authority("https://as.example"),
        client_id="colors",
        audiences=frozenset({"https://colors.example"}),
        **more,
    )
    kept = guard(settings, send=Authority(named="https://as.example"), clock=Clock())
    return kept.check([f"Bearer {signed(claims, typ=typ)}"], needed)


OF_A_PERSON = {
    "iss": "https://as.example", "aud": "https://colors.example", "sub": "ada", "client_id": "spa", "iat": NOW,
    "exp": NOW + 600, "scope": "openid colors.read",
}  # fmt: skip
OF_A_PROGRAM = {**OF_A_PERSON, "sub": "daemon", "client_id": "daemon", "scope": "colors.read"}


def test_any_openid_connect_issuer_by_rfc_9068():
    person_ = ask(OF_A_PERSON, needs(scopes="colors.read"))
    assert (person_.kind, person_.object_id, person_.tenant_id, person_.client_id) == ("user", "ada", "", "spa")
    assert person_.scopes == {"openid", "colors.read"}
    program_ = ask(OF_A_PROGRAM, needs(roles="colors.read"))
    assert (program_.kind, program_.scopes, program_.roles) == ("application", frozenset(), {"colors.read"})
    assert ask(OF_A_PROGRAM, needs(scopes="colors.read")).status == 403
    assert ask({**OF_A_PERSON, "iss": "https://as.example/"}, needs()).status == 401
    assert ask({**OF_A_PERSON, "aud": "colors.example"}, needs()).status == 401
    assert ask({**OF_A_PERSON, "client_id": None}, needs()).status == 401
    assert ask({**OF_A_PERSON, "at_hash": "x"}, needs(), typ="JWT").status == 401


# fmt: off
CALLERS = [  # claims beside what every access token has, the setting, who calls
    pytest.param({"sub": "daemon@clients", "gty": "client-credentials"},           None,    "application", id="Auth0"),
    pytest.param({"sub": "elsewhere", "gty": "client-credentials"},                None,    "application", id="a grant without a person"),
    pytest.param({"sub": "0f3e", "preferred_username": "service-account-daemon"},  None,    "application", id="Keycloak"),
    pytest.param({"sub": "0f3e", "preferred_username": "service-account-daemon"},  "sub",   "application", id="Keycloak, whatever the setting"),
    pytest.param({"sub": "daemon"},                                                "sub",   "application", id="its own subject"),
    pytest.param({"sub": "ada"},                                                   None,    "unknown",     id="nothing is said"),
    pytest.param({"sub": "ada"},                                                   "email", "application", id="without the claim of people"),
    pytest.param({"sub": "ada", "email": "a@b"},                                   "email", "user",        id="with it"),
    pytest.param({"sub": "ada"},                                                   "sub",   "user",        id="an issuer after RFC 9068"),
    pytest.param({"sub": "ada", "sid": "s"},                                       None,    "user",        id="in a session"),
    pytest.param({"sub": "ada", "auth_time": NOW},                                 None,    "user",        id="proved who they are"),
    pytest.param({"sub": "ada", "scope": "openid colors.read"},                    None,    "user",        id="signed in"),
]
# fmt: on


@pytest.mark.parametrize(("claims", "setting", "kind"), CALLERS)
def test_nobody_is_taken_for_a_person_without_a_sign(claims, setting, kind):
    told = {**OF_A_PROGRAM, "roles": ["r"], **claims}
    assert ask(told, needs(roles="r"), person_claim=setting).kind == kind
    answer = ask(told, needs(scopes="colors.read"), person_claim=setting)
    assert getattr(answer, "status", 200) == (200 if kind == "user" else 403)
    if kind == "unknown":
        assert "person_claim" in answer.reason
        assert ask(told, needs(roles="colors.read")).status == 403  # its scopes are no roles


# fmt: off
LIKE_ID_TOKENS = [  # what differs, may it pass
    pytest.param({"client_id": None, "azp": "colors"},                               "JWT",    False, id="azp alone"),
    pytest.param({"client_id": None, "azp": "colors", "typ": "ID", "scope": "a"},    "JWT",    False, id="Keycloak's"),
    pytest.param({"typ": "Refresh"},                                                 "JWT",    False, id="for the issuer alone"),
    pytest.param({"client_id": None, "azp": "colors", "typ": "Bearer"},              "JWT",    True,  id="Keycloak's access token"),
    pytest.param({"client_id": None, "azp": "colors"},                               "at+jwt", True,  id="by its type"),
    pytest.param({},                                                                 "JWT",    True,  id="by its client_id"),
    pytest.param({"client_id": None, "azp": "colors", "scope": "a"},                 "JWT",    True,  id="by its scope"),
]
# fmt: on


@pytest.mark.parametrize(("claims", "typ", "may"), LIKE_ID_TOKENS)
def test_an_id_token_that_names_a_client_is_no_access_token(claims, typ, may):
    told = {**OF_A_PERSON, "scope": None, "roles": ["r"], "aud": "colors", **claims}
    answer = ask({name: value for name, value in told.items() if value is not None}, needs(roles="r"), typ=typ)
    assert (getattr(answer, "status", 200) == 200) is may


def test_where_every_tenant_is_let_in_an_identifier_uri_names_no_api():
    everybody = entra_authority("https://login.example/organizations")
    kept = guard(
        Settings(authority=everybody, client_id="id"), send=Authority(named=issuer("{tenantid}")), clock=Clock()
    )
    told = {"iss": f"https://login.example/{TENANT}/", "azp": None, "appid": "theirs", "ver": "1.0"}
    assert kept.check([f"Bearer {signed(person(aud='api://id', **told))}"]).status == 401
    assert kept.check([f"Bearer {signed(person(aud='id', **told))}"]).client_id == "theirs"
    orders = frozenset({"api://orders"})
    with pytest.raises(BadSettings, match="identifier URI"):
        guard(Settings(authority=everybody, client_id="id", audiences=orders))
    listed = Settings(authority=everybody, client_id="id", audiences=orders, allowed_tenants=frozenset({TENANT}))
    kept = guard(listed, send=Authority(named=issuer("{tenantid}")), clock=Clock())
    assert kept.check([f"Bearer {signed(person(aud='api://orders', **told))}"]).client_id == "theirs"


def test_an_allow_list_of_tenants_lets_nobody_in_where_there_are_none():
    only = frozenset({TENANT})
    assert ask({**OF_A_PERSON, "tid": TENANT}, needs(), allowed_tenants=only).status == 401


def test_its_challenge_names_no_place_that_nobody_knows():
    kept = guard(
        Settings(authority=oidc_authority("https://as.example"), client_id="colors"), send=Authority(), clock=Clock()
    )
    assert "authorization_uri" not in kept.check([]).headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("tenant", "version_1"),
    [("https://login.microsoftonline.com", "https://sts.windows.net"), ("https://as.example",) * 2],
)
def test_an_api_that_takes_v1_tokens_of_a_named_audience(tenant, version_1):
    settings = Settings(
        authority=entra_authority(f"{tenant}/{TENANT}"), client_id="id", audiences=frozenset({"https://colors.example"})
    )
    kept = guard(settings, send=Authority(named=f"{tenant}/{TENANT}/v2.0"), clock=Clock())
    old = person(aud="https://colors.example", iss=f"{version_1}/{TENANT}/", azp=None, appid="a client", ver="1.0")
    assert kept.check([f"Bearer {signed(old)}"]).client_id == "a client"


@pytest.mark.parametrize(
    ("named", "status"), [(issuer(), None), (issuer("{tenantid}"), None), ("https://login.example/another/v2.0", 401)]
)
def test_a_key_signs_for_the_issuer_it_was_published_for(named, status):
    authority = Authority(keys=[{**jwk("k1", KEY), "issuer": named}])
    answer = guard(SETTINGS, send=authority, clock=Clock()).check([f"Bearer {signed(person())}"])
    assert getattr(answer, "status", None) == status
