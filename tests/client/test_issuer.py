"""In whose name an authority may speak."""

import pytest

from entrada.client.authority import Shape, entra_authority, oidc_authority
from entrada.client.discovery.issuer import Issuer, issuer_of

ONE = "c0105000-0000-4000-8000-000000000001"
OTHER = "9e7a1500-0000-4000-8000-000000000001"
PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"
ENTRA = "https://login.microsoftonline.com"

# fmt: off
ITS_OWN = [  # the authority, the issuer that its metadata names
    pytest.param("https://as.example/common",               "https://as.example/{tenantid}/v2.0", id="every tenant's"),
    pytest.param("https://as.example/organizations",        "https://as.example/{tenantid}/v2.0", id="every organization's"),
    pytest.param("https://as.example/Organizations",        "https://as.example/{tenantid}/v2.0", id="in capitals"),
    pytest.param(f"https://as.example/{ONE}",               f"https://as.example/{ONE}/v2.0",     id="a tenant's"),
    pytest.param(f"https://as.example/{ONE.upper()}",       f"https://as.example/{ONE}/v2.0",     id="a tenant's, in capitals"),
    pytest.param("https://as.example/colors.example",       f"https://as.example/{ONE}/v2.0",     id="a domain's"),
    pytest.param(f"https://AS.example:8443/{ONE}",          f"https://as.example:8443/{ONE}/v2.0", id="on a port"),
    pytest.param(f"http://localhost:8080/{ONE}",            f"http://localhost:8080/{ONE}/v2.0",  id="on this machine"),
    pytest.param(f"https://as.example/entra/{ONE}",         f"https://as.example/entra/{ONE}/v2.0", id="under a path"),
    pytest.param(f"{ENTRA}/common",                         f"{ENTRA}/{{tenantid}}/v2.0",         id="Entra"),
    pytest.param(f"{ENTRA}/consumers",                      f"{ENTRA}/{PERSONAL}/v2.0",           id="personal accounts"),
    pytest.param("https://login.windows.net/common",        f"{ENTRA}/{{tenantid}}/v2.0",         id="Entra by an older name"),
    pytest.param(f"https://sts.windows.net/{ONE}",          f"{ENTRA}/{ONE}/v2.0",                id="Entra by the name of v1.0"),
    pytest.param("https://login.microsoftonline.us/a.us",   f"https://login.microsoftonline.us/{ONE}/v2.0", id="US Government"),
    pytest.param(f"https://login.chinacloudapi.cn/{ONE}",   f"https://login.partner.microsoftonline.cn/{ONE}/v2.0", id="China"),
    pytest.param("https://colors.ciamlogin.com/colors.onmicrosoft.com", f"https://{ONE}.ciamlogin.com/{ONE}/v2.0", id="an external tenant"),
]
ANOTHERS = [
    pytest.param(f"https://as.example/{ONE}",         f"https://bank.example/{ONE}/v2.0",      id="of another host"),
    pytest.param(f"https://as.example/{ONE}",         f"https://as.example:444/{ONE}/v2.0",    id="of another port"),
    pytest.param(f"https://as.example/{ONE}",         f"http://as.example/{ONE}/v2.0",         id="without TLS"),
    pytest.param(f"https://as.example/{ONE}",         f"https://as.example/{OTHER}/v2.0",      id="of another tenant"),
    pytest.param(f"https://as.example/{ONE}",         "https://as.example/{tenantid}/v2.0",    id="of every tenant, though one was asked"),
    pytest.param("https://as.example/colors.example", "https://as.example/{tenantid}/v2.0",    id="of every tenant, though a domain was asked"),
    pytest.param("https://as.example/colors.example", "https://as.example/colors.example/v2.0", id="of a tenant by its domain"),
    pytest.param("https://as.example/common",         f"https://as.example/{ONE}/v2.0",        id="of one tenant, though every was asked"),
    pytest.param(f"{ENTRA}/consumers",                f"{ENTRA}/{ONE}/v2.0",                   id="of one tenant, though personal accounts were asked"),
    pytest.param(f"https://as.example/{ONE}",         f"https://as.example/{ONE}/v2.0/",       id="with a slash"),
    pytest.param(f"https://as.example/{ONE}",         f"https://as.example/x/{ONE}/v2.0",      id="under another path"),
    pytest.param(f"https://as.example/{ONE}",         f"https://as.example/{ONE}",             id="of no version"),
    pytest.param(f"{ENTRA}/{ONE}",                    f"https://sts.windows.net/{ONE}/",       id="of v1.0, which no document of v2.0 names"),
    pytest.param(f"https://as.example/{ONE}",         f"{ENTRA}/{ONE}/v2.0",                   id="of Entra, from elsewhere"),
    pytest.param("https://login.windows.net/common",  "https://login.microsoftonline.us/{tenantid}/v2.0", id="of another cloud"),
    pytest.param("https://login.windows.net.as.example/common", f"{ENTRA}/{{tenantid}}/v2.0",  id="of a host that sounds alike"),
    pytest.param(f"https://evil.example/{ONE}",       f"https://{ONE}.ciamlogin.com/{ONE}/v2.0", id="of an external tenant, from elsewhere"),
    pytest.param("https://as.example/common",         "{tenantid}",                            id="the template alone"),
    pytest.param(f"https://as.example/{ONE}",         "https://[::1/v2.0",                     id="no URL"),
]
# fmt: on


@pytest.mark.parametrize(("authority", "named"), ITS_OWN)
def test_an_authority_speaks_for_itself(authority, named):
    issuer = issuer_of(entra_authority(authority), named)
    assert issuer.of(issuer.tenant or ONE) == named.replace("{tenantid}", ONE)
    assert (issuer.tenant is None) is ("{tenantid}" in named)


@pytest.mark.parametrize(("authority", "named"), ANOTHERS)
def test_an_authority_speaks_for_nobody_else(authority, named):
    with pytest.raises(ValueError, match="issuer"):
        issuer_of(entra_authority(authority), named)


def test_one_template_serves_every_tenant():
    assert issuer_of(entra_authority("https://as.example/common"), "https://as.example/{tenantid}/v2.0") == Issuer(
        template="https://as.example/{tenantid}/v2.0", tenant=None
    )


# fmt: off
SPELLINGS = [  # of the issuer that is asked, of the one that is named
    ("https://id.example",        "https://id.example",         True),
    ("https://id.example/",       "https://id.example/",        True),
    ("https://id.example/a/B",    "https://id.example/a/B",     True),
    ("https://id.example",        "https://id.example/",        False),
    ("https://id.example/",       "https://id.example",         False),
    ("https://id.example/a/B",    "https://id.example/a/b",     False),
    ("https://id.example",        "https://id.example:443",     False),
    ("https://id.example",        "http://id.example",          False),
    ("https://id.example",        "https://evil.example",       False),
    ("https://id.example/common", "https://id.example/{tenantid}/v2.0", False),
]
# fmt: on


@pytest.mark.parametrize(("asked", "named", "same"), SPELLINGS)
def test_an_issuer_without_tenants_is_what_it_was_asked_as(asked, named, same):
    if not same:
        with pytest.raises(ValueError, match="issuer"):
            issuer_of(oidc_authority(asked), named)
        return
    issuer = issuer_of(oidc_authority(asked), named)
    assert (issuer.of(""), issuer.of(ONE), issuer.shape) == (named, named, Shape.OIDC)
    assert issuer.includes(named)
    assert not issuer.includes(named + "x")
