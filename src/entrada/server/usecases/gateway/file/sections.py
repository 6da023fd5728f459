"""What a file of the gateway has sections of, and what of each noun stands nowhere in it unless somebody writes it."""

from collections.abc import Mapping
from typing import Any, Final

from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription

SECTIONS: Final[Mapping[str, type[Any]]] = {
    "namedValues": NamedValue,
    "authorizationServers": AuthorizationServer,
    "openidConnectProviders": OpenIdProvider,
    "apis": Api,
    "products": Product,
    "subscriptions": Subscription,
}
SECRETS: Final[Mapping[type[Any], tuple[str, ...]]] = {
    NamedValue: ("value",),
    AuthorizationServer: ("clientSecret", "resourceOwnerPassword"),
    OpenIdProvider: ("clientSecret",),
    Subscription: ("primaryKey", "secondaryKey"),
}
"""Each is written as a text, or as `environment: NAME`; left out, what is stored stays."""

OPERATIONS: Final = "operations"
OPENAPI: Final = "openApi"
OPENAPI_PREFIX: Final = "openApiPrefix"
POLICY: Final = "policy"
POLICY_FILE: Final = "policyFile"
