"""What the gateway serves now: APIs with operations and policies, products, subscriptions.  One value, made on save."""

from collections.abc import Callable, Mapping

from attrs import Factory, field, frozen

from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId, ProductId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.matching import Matcher, matchers
from entrada.core.gateway.plan import Plan

Plans = Mapping[tuple[OperationId | None, ProductId | None], Plan]


def _matchers(published: "PublishedApi") -> Mapping[str, tuple[Matcher, ...]]:
    return matchers(published.operations)


@frozen(kw_only=True)
class PublishedApi:
    """*plans*: of an operation in a product, in none, and for what matches no operation (None)."""

    api: Api
    operations: tuple[Operation, ...] = ()
    plans: Plans = field(factory=dict[tuple[OperationId | None, ProductId | None], Plan], repr=False)
    by_method: Mapping[str, tuple[Matcher, ...]] = field(
        init=False, repr=False, eq=False, default=Factory(_matchers, takes_self=True)
    )

    def plan(self, operation: Operation | None, product: Product | None) -> Plan:
        return self.plans[None if operation is None else operation.id, None if product is None else product.id]


@frozen(kw_only=True)
class Service:
    apis: Mapping[ApiId, PublishedApi]
    products: Mapping[ProductId, Product] = field(factory=dict[ProductId, Product])
    subscription: Callable[[str], Subscription | None] = field(default=lambda _: None, repr=False, eq=False)
    """By the digest of a key (`key_digest`)."""

    def open_product(self, api: Api) -> Product | None:
        return next(
            (one for one in self.products.values() if not one.subscription_required and api.id in one.api_ids), None
        )
