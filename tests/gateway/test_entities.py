"""What must hold of the gateway's entities.  Gateway reference sections 13 and 14."""

from collections.abc import Callable, Iterator

import pytest
from attrs import evolve

from entrada.core.directory.application_rules import Broken
from entrada.core.gateway.entities import (
    api,
    authorization_server,
    named_value,
    openid_provider,
    operation,
    product,
    security,
    subscription,
)
from entrada.core.gateway.entities.api import Api, SubscriptionKeyParameterNames
from entrada.core.gateway.entities.authorization_server import AuthorizationServer, GrantType
from entrada.core.gateway.entities.ids import (
    ApiId,
    AuthorizationServerId,
    NamedValueId,
    OpenIdProviderId,
    ProductId,
    SubscriptionId,
)
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.security import AuthenticationSettings, OAuth2Settings, OpenIdSettings
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.entities.url import web_url
from entrada.core.jose.numeric_date import NumericDate
from tests.gateway.trial import LIST

API = Api(id=ApiId("colors"), display_name="Colors", path="colors", service_url="https://backend.example/v1")
PRODUCT = Product(id=ProductId("starter"), display_name="Starter")
SUBSCRIPTION = Subscription(
    id=SubscriptionId("s"),
    display_name="Ben",
    scope="/apis",
    primary_key="p" * 32,
    secondary_key="s" * 32,
    created_date=NumericDate(1),
)
SERVER = AuthorizationServer(
    id=AuthorizationServerId("entrada"),
    display_name="entrada",
    client_registration_endpoint="http://localhost",
    authorization_endpoint="https://localhost:8443/t/oauth2/v2.0/authorize",
    token_endpoint="https://localhost:8443/t/oauth2/v2.0/token",
    client_id="11111111-1111-4111-8111-111111111111",
    client_secret="shh",
)
PROVIDER = OpenIdProvider(
    id=OpenIdProviderId("o"),
    display_name="O",
    metadata_endpoint="https://a.example/.well-known/openid-configuration",
    client_id="c",
)
VALUE = NamedValue(id=NamedValueId("v"), display_name="edge.key", value="x", secret=True)
SETTINGS = AuthenticationSettings(
    oauth2=(OAuth2Settings(authorization_server_id=SERVER.id),),
    openid=(OpenIdSettings(openid_provider_id=PROVIDER.id),),
)
RULES: dict[type, Callable[..., Iterator[Broken]]] = {
    Api: api.problems,
    Product: product.problems,
    Subscription: subscription.problems,
    AuthorizationServer: authorization_server.problems,
    OpenIdProvider: openid_provider.problems,
    NamedValue: named_value.problems,
    AuthenticationSettings: security.problems,
    type(LIST): operation.problems,
}
GOOD = [API, PRODUCT, SUBSCRIPTION, SERVER, PROVIDER, VALUE, SETTINGS, LIST]


@pytest.mark.parametrize("one", GOOD, ids=[type(one).__name__ for one in GOOD])
def test_nothing_is_wrong_with_a_good_one(one):
    assert [*RULES[type(one)](one)] == []


# fmt: off
ROWS = [  # a good one, how it is spoiled, under which member that is told
    *(pytest.param(API, {"id": f"a{char}b"}, "name", id=f"an id with {char}") for char in "*#&+:<>?/"),
    pytest.param(API, {"id": ""}, "name", id="no id"),
    pytest.param(API, {"id": "a" * 257}, "name", id="a long id"),
    pytest.param(API, {"display_name": ""}, "displayName", id="no name"),
    pytest.param(API, {"display_name": "a" * 301}, "displayName", id="a long name"),
    *(pytest.param(API, {"path": path}, "path", id=f"the path {path}") for path in ("/colors", "colors/", "a//b", "a/../b", "a b", "a?b", "a%2fb", "..")),
    pytest.param(API, {"api_version": "v1/x"}, "apiVersion", id="a version of two segments"),
    *(pytest.param(API, {"service_url": url}, "serviceUrl", id=f"the backend {url}") for url in ("backend", "ftp://a", "https://a?b=c", "https://u:p@a", "https://a/#x", "https://a b")),
    pytest.param(API, {"protocols": ()}, "protocols", id="no protocol"),
    pytest.param(API, {"subscription_key_parameter_names": SubscriptionKeyParameterNames(header="Authorization")}, "subscriptionKeyParameterNames.header", id="the key is no token"),
    pytest.param(API, {"subscription_key_parameter_names": SubscriptionKeyParameterNames(query="")}, "subscriptionKeyParameterNames.query", id="the key has a name"),
    pytest.param(LIST, {"method": "G T"}, "method", id="two words"),
    *(pytest.param(LIST, {"url_template": template}, "urlTemplate", id=f"the template {template}") for template in ("x", "/{a}/{a}", "/{*a}/b", "/../x", "/a b", "/{a", "/" + "a" * 1000)),
    pytest.param(PRODUCT, {"approval_required": True, "subscription_required": False}, "approvalRequired", id="approval of nothing"),
    pytest.param(PRODUCT, {"subscriptions_limit": 0}, "subscriptionsLimit", id="no subscription for anybody"),
    pytest.param(SUBSCRIPTION, {"scope": "/groups/a"}, "scope", id="a scope of nothing"),
    pytest.param(SUBSCRIPTION, {"primary_key": "short"}, "primaryKey", id="a short key"),
    pytest.param(SUBSCRIPTION, {"secondary_key": "with a space in it, and long"}, "secondaryKey", id="a key with a space"),
    pytest.param(SUBSCRIPTION, {"secondary_key": "p" * 32}, "secondaryKey", id="the same key twice"),
    pytest.param(SUBSCRIPTION, {"display_name": ""}, "displayName", id="a subscription without a name"),
    pytest.param(SERVER, {"id": "a_b"}, "name", id="what is no part of a redirect URL"),
    pytest.param(SERVER, {"grant_types": ()}, "grantTypes", id="no grant"),
    pytest.param(SERVER, {"client_id": ""}, "clientId", id="no client"),
    pytest.param(SERVER, {"authorization_endpoint": ""}, "authorizationEndpoint", id="nowhere to sign in"),
    pytest.param(SERVER, {"token_endpoint": ""}, "tokenEndpoint", id="nowhere to redeem"),
    pytest.param(SERVER, {"token_endpoint": "localhost"}, "tokenEndpoint", id="no URL"),
    pytest.param(SERVER, {"grant_types": (GrantType.CLIENT_CREDENTIALS,), "client_secret": None}, "clientSecret", id="credentials without a secret"),
    pytest.param(SERVER, {"client_authentication_method": ()}, "clientAuthenticationMethod", id="a secret that is not sent"),
    pytest.param(PROVIDER, {"metadata_endpoint": "a"}, "metadataEndpoint", id="no document"),
    pytest.param(PROVIDER, {"client_id": ""}, "clientId", id="a provider without a client"),
    pytest.param(VALUE, {"display_name": "a b"}, "displayName", id="a name that braces cannot hold"),
    pytest.param(VALUE, {"value": ""}, "value", id="no value"),
    pytest.param(VALUE, {"tags": ("t",) * 33}, "tags", id="too many tags"),
    pytest.param(SETTINGS, {"oauth2": SETTINGS.oauth2 * 2}, "authenticationSettings.oAuth2AuthenticationSettings", id="a server twice"),
    pytest.param(SETTINGS, {"openid": SETTINGS.openid * 2}, "authenticationSettings.openidAuthenticationSettings", id="a provider twice"),
]
# fmt: on


@pytest.mark.parametrize(("good", "spoiled", "target"), ROWS)
def test_what_is_wrong_is_told_by_member(good, spoiled: dict[str, object], target: str):
    found = [*RULES[type(good)](evolve(good, **spoiled))]
    assert {one.target for one in found} == {target}, found


def test_an_api_is_in_one_open_product_at_most():
    one = evolve(PRODUCT, subscription_required=False, api_ids=frozenset({API.id}))
    other = evolve(one, id=ProductId("other"))
    assert [*product.open_twice([one, evolve(other, subscription_required=True)])] == []
    assert [broken.target for broken in product.open_twice([one, other])] == ["subscriptionRequired"]


def test_secrets_are_in_no_representation():
    shown = repr((SUBSCRIPTION, SERVER, VALUE, evolve(PROVIDER, client_secret="shh")))
    for secret in ("p" * 32, "s" * 32, "shh", "'x'"):
        assert secret not in shown


def test_the_public_path_holds_the_version():
    assert [
        evolve(API, path=path, api_version=version).public_path
        for path, version in (("a", None), ("a", "v1"), ("", "v1"), ("", None))
    ] == ["/a", "/a/v1", "/v1", ""]


@pytest.mark.parametrize(
    "url",
    [
        "https://[::1",
        "https://a:99999",
        "https://a:x",
        "javascript:alert(1)",
        "https://a\\b",
        "https:///x",
        "",
        "https://a.example;script-src",
        "https://a.example,b",
        "https://exämple.com/",
        "https://a'example/",
        "https://a%2fb",
        "https://[fe80::1%25x]/",
        "https://[:::]/",
    ],
)
def test_odd_urls_are_none(url: str):
    assert web_url(url) is None


def test_a_named_value_stands_in_policies_by_its_name():
    assert (VALUE.in_policies.name, VALUE.in_policies.value, VALUE.in_policies.is_secret) == ("edge.key", "x", True)
