"""An application's identifier URIs are its own, or its tenant's.  Reference section 37."""

import pytest
from attrs import evolve

from entrada.core.directory.identifier_uri_rules import fault
from entrada.core.directory.ids import ClientId
from tests.protocol.known import API, GRAPH, OTHER_TENANT, TENANT

APP = ClientId("c0105000-0000-4000-8000-00000000abcd")
HOME = evolve(TENANT, domains=("colors.example", "tints.example"))
SYNTAX, DOMAIN, FOREIGN, SHARED = "is not an identifier URI", "is not below a domain", "holds an id", "for every tenant"

# fmt: off
URIS = [  # the URI; what is wrong with it in one tenant, and for every tenant
    pytest.param(f"api://{APP}",                        None,    None,    id="its own id"),
    pytest.param(f"api://{APP.upper()}",                None,    None,    id="in upper case"),
    pytest.param(f"api://{HOME.id}/{APP}",              None,    None,    id="its tenant's and its own"),
    pytest.param(f"api://{HOME.id}/orders",             None,    None,    id="its tenant's and a name"),
    pytest.param(f"api://orders/{APP}",                 None,    None,    id="a name and its own id"),
    pytest.param("https://colors.example/orders",       None,    None,    id="its tenant's domain"),
    pytest.param("https://tints.example",               None,    None,    id="another of its tenant's domains"),
    pytest.param("https://api.v2.colors.example/a/b",   None,    None,    id="below its tenant's domain"),
    pytest.param("api://orders",                        None,    SHARED,  id="a name"),
    pytest.param("api://orders/v2",                     None,    SHARED,  id="two names"),
    pytest.param(f"api://{API.app_id}",                 FOREIGN, FOREIGN, id="another application's id"),
    pytest.param(f"api://{API.app_id.upper()}",         FOREIGN, FOREIGN, id="in upper case all the same"),
    pytest.param(f"api://{GRAPH.app_id}",               FOREIGN, FOREIGN, id="Graph's id"),
    pytest.param(f"api://{OTHER_TENANT.id}/orders",     FOREIGN, FOREIGN, id="another tenant's"),
    pytest.param(f"api://{OTHER_TENANT.id}/{APP}",      FOREIGN, FOREIGN, id="another tenant's and its own"),
    pytest.param(f"api://{HOME.id}/{API.app_id}",       FOREIGN, FOREIGN, id="its tenant's and another application's"),
    pytest.param(f"api://{HOME.id}",                    FOREIGN, FOREIGN, id="its tenant's alone: an application may have that id"),
    pytest.param(f"api://orders/{API.app_id}",          FOREIGN, FOREIGN, id="a name and another application's"),
    pytest.param(f"api://{APP}/orders",                 FOREIGN, FOREIGN, id="its own id and a name"),
    pytest.param(f"api://a/b/{API.app_id}",             FOREIGN, FOREIGN, id="another application's further behind"),
    pytest.param("https://graph.microsoft.com",         DOMAIN,  DOMAIN,  id="Graph's"),
    pytest.param("https://GRAPH.microsoft.com/orders",  DOMAIN,  DOMAIN,  id="below Graph's"),
    pytest.param("https://petals.example",              DOMAIN,  DOMAIN,  id="another tenant's domain"),
    pytest.param("https://mycolors.example",            DOMAIN,  DOMAIN,  id="a domain that ends alike"),
    pytest.param("https://example",                     DOMAIN,  DOMAIN,  id="above its tenant's domain"),
    pytest.param("https://colors.example:8443",         DOMAIN,  DOMAIN,  id="a port"),
    pytest.param("https://x@api.colors.example",        DOMAIN,  DOMAIN,  id="a user name"),
    pytest.param("https://graph.microsoft.com/",        SYNTAX,  SYNTAX,  id="Graph's other"),
    pytest.param("api://orders/",                       SYNTAX,  SYNTAX,  id="a slash at its end"),
    pytest.param("api://orders//v2",                    SYNTAX,  SYNTAX,  id="two slashes"),
    pytest.param("api://",                              SYNTAX,  SYNTAX,  id="nothing"),
    pytest.param("http://colors.example",               SYNTAX,  SYNTAX,  id="http"),
    pytest.param("API://orders",                        SYNTAX,  SYNTAX,  id="a scheme in upper case"),
    pytest.param("api://or ders",                       SYNTAX,  SYNTAX,  id="a space"),
    pytest.param("api://or\nders",                      SYNTAX,  SYNTAX,  id="a line feed"),
    pytest.param('api://or"ders',                       SYNTAX,  SYNTAX,  id="what no scope may hold"),
    pytest.param("api://orders?x",                      SYNTAX,  SYNTAX,  id="a query"),
    pytest.param("api://" + "x" * 249,                  None,    SHARED,  id="255 characters"),
    pytest.param("api://" + "x" * 250,                  SYNTAX,  SYNTAX,  id="256"),
]
# fmt: on


@pytest.mark.parametrize(("uri", "here", "everywhere"), URIS)
def test_what_may_be_registered(uri: str, here: str | None, everywhere: str | None) -> None:
    for multi_tenant, expected in ((False, here), (True, everywhere)):
        said = fault(uri, APP, HOME, multi_tenant=multi_tenant)
        assert said is None if expected is None else expected in (said or "")


def test_nobody_takes_graphs_domain() -> None:
    theirs = evolve(HOME, domains=("microsoft.com", "graph.microsoft.com"))
    assert DOMAIN in (fault("https://graph.microsoft.com/x", APP, theirs, multi_tenant=False) or "")
    assert fault("https://api.microsoft.com/x", APP, theirs, multi_tenant=False) is None
