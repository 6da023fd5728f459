"""The names of tenants and APIs in real clouds, of entrada and of issuers that have no tenants."""

import pytest

from entrada.client.api_protection import guard, needs
from entrada.client.api_protection.issuers import names_of
from entrada.client.authority import Shape, entra_authority, oidc_authority
from entrada.client.discovery.issuer import Issuer
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
