"""The metadata documents: OpenID Connect Discovery §3, RFC 8414; reference sections 4 to 7."""

import pytest

from entrada.core.protocol import discovery
from entrada.core.protocol.issuer import issuer
from entrada.core.protocol.version import Version
from tests.protocol.known import ORIGIN, TENANT

V1, V2 = Version.V1, Version.V2
T = f"{ORIGIN}/{TENANT.id}"
# fmt: off
MEMBERS = [  # segment, version, member, value
    pytest.param(TENANT.id,       V2, "issuer",                 f"{T}/v2.0",                     id="v2.0 issuer"),
    pytest.param(TENANT.id,       V1, "issuer",                 f"{T}/",                         id="v1.0 issuer, with its slash"),
    pytest.param("common",        V2, "issuer",                 f"{ORIGIN}/{{tenantid}}/v2.0",   id="common: a template"),
    pytest.param("organizations", V1, "issuer",                 f"{ORIGIN}/{{tenantid}}/",       id="organizations: a template"),
    pytest.param(TENANT.id,       V2, "token_endpoint",         f"{T}/oauth2/v2.0/token",        id="v2.0 token endpoint"),
    pytest.param(TENANT.id,       V1, "token_endpoint",         f"{T}/oauth2/token",             id="v1.0 token endpoint"),
    pytest.param("common",        V2, "authorization_endpoint", f"{ORIGIN}/common/oauth2/v2.0/authorize", id="common: its own endpoints"),
    pytest.param(TENANT.id,       V2, "jwks_uri",               f"{T}/discovery/v2.0/keys",      id="v2.0 keys"),
    pytest.param(TENANT.id,       V1, "jwks_uri",               f"{ORIGIN}/common/discovery/keys", id="v1.0 keys"),
    pytest.param(TENANT.id,       V2, "userinfo_endpoint",      f"{ORIGIN}/oidc/userinfo",       id="v2.0 userinfo"),
    pytest.param(TENANT.id,       V1, "userinfo_endpoint",      f"{T}/openid/userinfo",          id="v1.0 userinfo"),
    pytest.param(TENANT.id,       V2, "device_authorization_endpoint", f"{T}/oauth2/v2.0/devicecode", id="v2.0 device codes"),
    pytest.param(TENANT.id,       V1, "device_authorization_endpoint", f"{T}/oauth2/devicecode", id="v1.0 device codes"),
    pytest.param(TENANT.id,       V2, "end_session_endpoint",   f"{T}/oauth2/v2.0/logout",       id="sign-out"),
    pytest.param(TENANT.id,       V2, "response_types_supported", ["code", "id_token", "code id_token"],                      id="ID tokens from here too, and never an access token"),
    pytest.param(TENANT.id,       V2, "subject_types_supported", ["pairwise"],                   id="pairwise subjects"),
    pytest.param(TENANT.id,       V2, "id_token_signing_alg_values_supported", ["RS256"],        id="RS256"),
    pytest.param(TENANT.id,       V2, "token_endpoint_auth_methods_supported", ["client_secret_post", "private_key_jwt", "client_secret_basic"], id="how clients prove themselves"),
    pytest.param(TENANT.id,       V2, "request_uri_parameter_supported", False,                  id="no request objects"),
    pytest.param(TENANT.id,       V2, "code_challenge_methods_supported", ["S256", "plain"],     id="PKCE"),
    pytest.param(TENANT.id,       V2, "msgraph_host",           "id.example",                    id="Graph is on our own host"),
    pytest.param(TENANT.id,       V2, "tenant_region_scope",    "WW",                            id="the region"),
]
INSTANCES = [  # the authorization_endpoint asked about, the discovery endpoint answered
    pytest.param("/common/oauth2/v2.0/authorize", "/common/v2.0/.well-known/openid-configuration",           id="v2.0"),
    pytest.param("/common/oauth2/authorize",      "/common/.well-known/openid-configuration",                id="v1.0"),
    pytest.param(f"/{TENANT.id}/oauth2/v2.0/authorize", f"/{TENANT.id}/v2.0/.well-known/openid-configuration", id="a tenant"),
]
# fmt: on


@pytest.mark.parametrize(("segment", "version", "member", "value"), MEMBERS)
def test_what_a_document_says(segment, version, member, value):
    assert discovery.configuration(ORIGIN, segment, version, region="WW")[member] == value


# fmt: off
ASKED_ABOUT = [  # the authorization_endpoint, its host, segment and version; None: no such URL
    pytest.param("https://id.example/common/oauth2/v2.0/authorize", ("id.example", "common", V2),  id="v2.0"),
    pytest.param("https://id.example/common/oauth2/authorize",      ("id.example", "common", V1),  id="v1.0"),
    pytest.param("https://ID.example:1/common/oauth2/authorize",    ("id.example", "common", V1),  id="ports and case do not matter"),
    pytest.param("https://id.example",                              None,                          id="no path"),
    pytest.param("common/oauth2/authorize",                         None,                          id="no URL"),
    pytest.param("javascript:alert(1)",                             None,                          id="a script"),
    pytest.param("https://[/common/oauth2/authorize",               None,                          id="a URL that no parser reads"),
    pytest.param("",                                                None,                          id="nothing"),
]
# fmt: on


@pytest.mark.parametrize(("url", "parts"), ASKED_ABOUT)
def test_reading_an_authorization_endpoint(url, parts):
    read = discovery.parse_authorization_endpoint(url)
    assert (read and (read.host, read.segment, read.version)) == parts


@pytest.mark.parametrize(("asked", "answered"), INSTANCES)
def test_instance_discovery(asked, answered):
    endpoint = discovery.parse_authorization_endpoint(ORIGIN + asked)
    assert endpoint.is_at(ORIGIN)
    assert not endpoint.is_at("https://other.example")
    document = discovery.instance(ORIGIN, endpoint, "1.1")
    assert document["tenant_discovery_endpoint"] == ORIGIN + answered
    assert document["metadata"][0]["aliases"] == ["id.example"]
    assert "metadata" not in discovery.instance(ORIGIN, endpoint, "1.0")


def test_user_realm_has_all_that_msal_go_wants():
    realm = discovery.user_realm(ORIGIN, "colors.example")
    assert {"account_type", "domain_name", "cloud_instance_name", "cloud_audience_urn"} <= set(realm)
    assert realm["account_type"] == "Managed"


def test_a_template_filled_in_is_the_tenants_issuer():
    template = discovery.configuration(ORIGIN, "common", V2, region=None)["issuer"]
    assert template.replace("{tenantid}", TENANT.id) == issuer(ORIGIN, TENANT.id, V2)
