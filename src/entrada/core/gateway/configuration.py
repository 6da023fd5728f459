"""Everything that the authors of a gateway have written, and the service it makes.  Gateway reference section 13."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar

from attrs import evolve, field, frozen

from entrada.core.gateway.assemble import Documents, assemble
from entrada.core.gateway.document.fault import Fault
from entrada.core.gateway.elements.kind import API, GLOBAL, OPERATION, PRODUCT
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.ids import (
    ApiId,
    AuthorizationServerId,
    NamedValueId,
    OpenIdProviderId,
    OperationId,
    ProductId,
    SubscriptionId,
)
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription, key_digest
from entrada.core.gateway.named_values import NamedValue as ValueInPolicies
from entrada.core.gateway.named_values import by_name
from entrada.core.gateway.policy_document import Document, read_document
from entrada.core.gateway.service import Service

K = TypeVar("K")


@frozen(kw_only=True)
class PolicyScope:
    """Whose policies a document is: nobody's in particular, a product's, an API's, or an operation's of an API."""

    product_id: ProductId | None = None
    api_id: ApiId | None = None
    operation_id: OperationId | None = None

    @property
    def name(self) -> str:
        """As documents are read for: global, product, api or operation."""
        if self.product_id is not None:
            return PRODUCT
        if self.operation_id is not None:
            return OPERATION
        return GLOBAL if self.api_id is None else API

    @property
    def path(self) -> str:
        """As Azure writes whose document it is; global of nobody's in particular."""
        if self.product_id is not None:
            return f"products/{self.product_id}"
        if self.operation_id is not None:
            return f"apis/{self.api_id}/operations/{self.operation_id}"
        return GLOBAL if self.api_id is None else f"apis/{self.api_id}"


OF_ALL: Final = PolicyScope()


@frozen(kw_only=True)
class Configuration:
    """Each noun by what it is known by; operations in the order of their URL templates."""

    apis: Mapping[ApiId, Api] = field(factory=dict[ApiId, Api])
    operations: Mapping[ApiId, tuple[Operation, ...]] = field(factory=dict[ApiId, tuple[Operation, ...]])
    products: Mapping[ProductId, Product] = field(factory=dict[ProductId, Product])
    subscriptions: Mapping[SubscriptionId, Subscription] = field(factory=dict[SubscriptionId, Subscription], repr=False)
    authorization_servers: Mapping[AuthorizationServerId, AuthorizationServer] = field(
        factory=dict[AuthorizationServerId, AuthorizationServer], repr=False
    )
    openid_providers: Mapping[OpenIdProviderId, OpenIdProvider] = field(
        factory=dict[OpenIdProviderId, OpenIdProvider], repr=False
    )
    named_values: Mapping[NamedValueId, NamedValue] = field(factory=dict[NamedValueId, NamedValue], repr=False)
    policies: Mapping[PolicyScope, str] = field(factory=dict[PolicyScope, str], repr=False)

    @property
    def values_in_policies(self) -> dict[str, ValueInPolicies]:
        return by_name(*(one.in_policies for one in self.named_values.values()))

    def asks_for_subscriptions(self, scope: PolicyScope) -> bool:
        """Whether the calls that the policies of *scope* are for need one."""
        if scope.product_id is not None:
            product = self.products.get(scope.product_id)
            return product is None or product.subscription_required
        api = None if scope.api_id is None else self.apis.get(scope.api_id)
        return api is None or api.subscription_required


@frozen
class PolicyFault:
    """*scope* is whose document it is in."""

    scope: PolicyScope
    fault: Fault


def policy_faults(configuration: Configuration) -> Iterator[PolicyFault]:
    """Of all documents: what the change of a named value breaks, for instance."""
    values = configuration.values_in_policies
    for scope, text in configuration.policies.items():
        yield from (PolicyFault(scope, fault) for fault in read_document(text, scope.name, values).faults)


def published(configuration: Configuration) -> Service:
    """The service of a configuration whose documents have no faults; those with faults are refused on save."""
    values = configuration.values_in_policies
    read = {scope: read_document(text, scope.name, values) for scope, text in configuration.policies.items()}
    return assemble(
        ((api, configuration.operations.get(api.id, ())) for api in configuration.apis.values()),
        _documents(read),
        configuration.products.values(),
        _by_key(configuration.subscriptions),
    )


def resubscribed(service: Service, subscriptions: Mapping[SubscriptionId, Subscription]) -> Service:
    """*service* with other subscriptions: all else stays, the plans that were made too."""
    return evolve(service, subscription=_by_key(subscriptions))


def _documents(read: Mapping[PolicyScope, Document]) -> Documents:
    of_operations = {
        (scope.api_id, scope.operation_id): one
        for scope, one in read.items()
        if scope.api_id is not None and scope.operation_id is not None
    }
    return Documents(
        of_all=read.get(OF_ALL),
        of_products={scope.product_id: one for scope, one in read.items() if scope.product_id is not None},
        of_apis={
            scope.api_id: one for scope, one in read.items() if scope.api_id is not None and scope.operation_id is None
        },
        of_operations=of_operations,
    )


def _by_key(subscriptions: Mapping[SubscriptionId, Subscription]) -> Callable[[str], Subscription | None]:
    return {key_digest(key): one for one in subscriptions.values() for key in (one.primary_key, one.secondary_key)}.get
