"""Whom a client asks, as people write it."""

import pytest

from entrada.client.authority import CLOUDS, Shape, entra_authority, oidc_authority, tenant_authority
from entrada.client.errors import BadSettings

TENANT = "c0105000-0000-4000-8000-000000000001"
ENTRA = "https://login.microsoftonline.com"

# fmt: off
SPELT = [
    pytest.param(f"{ENTRA}/common",                          f"{ENTRA}/common",                id="every tenant"),
    pytest.param(f"{ENTRA}/{TENANT}/",                       f"{ENTRA}/{TENANT}",              id="with a slash"),
    pytest.param(f"{ENTRA}/{TENANT}/v2.0",                   f"{ENTRA}/{TENANT}",              id="as its issuer is written"),
    pytest.param(f"{ENTRA}/{TENANT}/v2.0/",                  f"{ENTRA}/{TENANT}",              id="as its issuer is written, with a slash"),
    pytest.param(f"{ENTRA}/{TENANT}/v2.0/.well-known/openid-configuration", f"{ENTRA}/{TENANT}", id="as its configuration's address"),
    pytest.param(f"https://Login.MicrosoftOnline.com/{TENANT.upper()}", f"{ENTRA}/{TENANT}",   id="in capitals"),
    pytest.param("https://localhost:8443/Colors.example",    "https://localhost:8443/colors.example", id="a domain, on a port"),
    pytest.param("https://as.example/Entra/organizations",   "https://as.example/Entra/organizations", id="under a path"),
    pytest.param("http://127.0.0.1:8080/common",             "http://127.0.0.1:8080/common",   id="on this machine"),
    pytest.param("http://[::1]:8080/common",                 "http://[::1]:8080/common",       id="on this machine, by IPv6"),
    pytest.param("https://contoso.ciamlogin.com",            "https://contoso.ciamlogin.com/contoso.onmicrosoft.com", id="External ID by its host alone"),
    pytest.param(f"https://contoso.ciamlogin.com/{TENANT}",  f"https://contoso.ciamlogin.com/{TENANT}", id="External ID by its tenant"),
]
NONE = [
    pytest.param("http://login.example/t",             id="http on a network"),
    pytest.param("http://localhost.evil.example/t",    id="a host that sounds like this machine"),
    pytest.param("ftp://login.example/t",              id="another scheme"),
    pytest.param("login.example/t",                    id="no scheme"),
    pytest.param("https://login.example/t?x=1",        id="with a query"),
    pytest.param("https://login.example/t#x",          id="with a fragment"),
    pytest.param("https://me:pa55word@login.example/t", id="with somebody's password"),
    pytest.param("https://login.example:0/t",          id="on no port"),
    pytest.param("https://login.example:99999/t",      id="on a port that is none"),
    pytest.param("https://[::1/t",                     id="a host that is none"),
    pytest.param("https://login.example/t\r\nX: y",    id="another header"),
    pytest.param("https://login.example/a b",          id="a space"),
    pytest.param("https://evil.example\\@login.example/t", id="a backslash"),
    pytest.param("https://lögin.example/t",            id="letters that no host has"),
    pytest.param("https:///t",                         id="no host"),
    pytest.param("",                                   id="nothing"),
]
# fmt: on


@pytest.mark.parametrize(("spelt", "url"), SPELT)
def test_an_authority_is_the_same_however_it_is_spelt(spelt, url):
    authority = entra_authority(spelt)
    assert (authority.url, authority.shape, str(authority)) == (url, Shape.ENTRA, url)
    assert authority.metadata_url == f"{url}/v2.0/.well-known/openid-configuration"
    assert authority.tenant == url.rpartition("/")[2]


@pytest.mark.parametrize("url", NONE)
@pytest.mark.parametrize("made", [entra_authority, oidc_authority])
def test_an_authority_is_reached_safely_and_a_refusal_repeats_no_password(made, url):
    with pytest.raises(BadSettings, match="authority") as refused:
        made(url)
    assert refused.value.advice
    assert "pa55word" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["https://login.example", "https://login.example/", "https://login.example/v2.0", "https://a.b.ciamlogin.com"],
)
def test_an_authority_names_a_tenant(url):
    with pytest.raises(BadSettings, match="tenant"):
        entra_authority(url)


# fmt: off
TENANTS = [
    ("public", "common",                 f"{ENTRA}/common"),
    ("us-government", TENANT,            f"https://login.microsoftonline.us/{TENANT}"),
    ("china", "a.example",               "https://login.partner.microsoftonline.cn/a.example"),
    ("france", TENANT,                   f"https://login.sovcloud-identity.fr/{TENANT}"),
    ("https://localhost:8443/", TENANT,  f"https://localhost:8443/{TENANT}"),
]
# fmt: on


@pytest.mark.parametrize(("instance", "tenant", "url"), TENANTS)
def test_a_tenant_of_a_cloud(instance, tenant, url):
    assert tenant_authority(instance, tenant).url == url


@pytest.mark.parametrize(("instance", "tenant"), [("public", ""), ("public", "a/b"), ("atlantis", TENANT)])
def test_no_tenant_of_a_cloud(instance, tenant):
    with pytest.raises(BadSettings):
        tenant_authority(instance, tenant)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_cloud_is_reached_by_its_name(cloud):
    assert tenant_authority(cloud, TENANT).url == f"{CLOUDS[cloud]}/{TENANT}"


# fmt: off
ISSUERS = [
    ("https://accounts.example",          "https://accounts.example/.well-known/openid-configuration"),
    ("https://accounts.example/",         "https://accounts.example/.well-known/openid-configuration"),
    ("https://id.example/realms/colors",  "https://id.example/realms/colors/.well-known/openid-configuration"),
    ("http://127.0.0.1:3000",             "http://127.0.0.1:3000/.well-known/openid-configuration"),
]
# fmt: on


@pytest.mark.parametrize(("issuer", "metadata_url"), ISSUERS)
def test_any_other_issuer_stays_as_it_is_written(issuer, metadata_url):
    authority = oidc_authority(issuer)
    assert (authority.url, authority.metadata_url) == (issuer, metadata_url)
    assert (authority.shape, authority.tenant) == (Shape.OIDC, None)
