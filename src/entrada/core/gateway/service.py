"""What the gateway serves now: APIs with operations and policies, products, subscriptions.  One value, made on save."""

from collections.abc import Callable, Iterator, Mapping

from attrs import Factory, field, frozen

from entrada.core.gateway.elements.kind import API, GLOBAL, OPERATION, PRODUCT
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId, ProductId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.matching import Matcher, matchers
from entrada.core.gateway.plan import Plan
from entrada.core.gateway.policy_document import Document, plan

Plans = dict[tuple[OperationId | None, ProductId | None], Plan]


def _matchers(published: "PublishedApi") -> Mapping[str, tuple[Matcher, ...]]:
    return matchers(published.operations)


@frozen(kw_only=True)
class PublishedApi:
    """Without a document of its own, an operation shares the plan of its API, and a product that of no product.

    Plans are made when they are asked for: of many operations in many products there are more than are ever needed.
    """

    api: Api
    operations: tuple[Operation, ...] = ()
    of_all: Document | None = field(default=None, repr=False)
    of_api: Document | None = field(default=None, repr=False)
    of_products: Mapping[ProductId, Document] = field(factory=dict[ProductId, Document], repr=False)
    of_operations: Mapping[OperationId, Document] = field(factory=dict[OperationId, Document], repr=False)
    by_method: Mapping[str, tuple[Matcher, ...]] = field(
        init=False, repr=False, eq=False, default=Factory(_matchers, takes_self=True)
    )
    _plans: Plans = field(
        init=False, repr=False, eq=False, factory=dict[tuple[OperationId | None, ProductId | None], Plan]
    )

    def plan(self, operation: Operation | None, product: Product | None) -> Plan:
        """*operation* None: for what matches none."""
        key = (
            operation.id if operation is not None and operation.id in self.of_operations else None,
            product.id if product is not None and product.id in self.of_products else None,
        )
        found = self._plans.get(key)
        if found is None:
            found = self._plans[key] = self._made(*key)
        return found

    def documents(self) -> Iterator[Document]:
        yield from self._shared()
        yield from self.of_operations.values()

    def documents_of(self, operation: OperationId) -> Iterator[Document]:
        """In whatever product."""
        yield from self._shared()
        if operation in self.of_operations:
            yield self.of_operations[operation]

    def _shared(self) -> Iterator[Document]:
        yield from (one for one in (self.of_all, self.of_api) if one is not None)
        yield from self.of_products.values()

    def _made(self, operation: OperationId | None, product: ProductId | None) -> Plan:
        found = {
            GLOBAL: self.of_all,
            PRODUCT: None if product is None else self.of_products[product],
            API: self.of_api,
            OPERATION: None if operation is None else self.of_operations[operation],
        }
        return plan({scope: one for scope, one in found.items() if one is not None})


@frozen(kw_only=True)
class Service:
    apis: Mapping[ApiId, PublishedApi]
    products: Mapping[ProductId, Product] = field(factory=dict[ProductId, Product])
    subscription: Callable[[str], Subscription | None] = field(default=lambda _: None, repr=False, eq=False)
    """By the digest of a key (`key_digest`)."""

    def discovery(self, authority: str) -> frozenset[str]:
        """The URLs of the discovery documents that must be known before a request comes."""
        distinct = {id(one): one for api in self.apis.values() for one in api.documents()}
        return frozenset(url for one in distinct.values() for url in one.discovery(authority))

    def open_product(self, api: Api) -> Product | None:
        return next(
            (one for one in self.products.values() if not one.subscription_required and api.id in one.api_ids), None
        )
