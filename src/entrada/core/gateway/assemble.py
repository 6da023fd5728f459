"""The service that entities and policy documents make, with the plan of every operation computed beforehand."""

from collections.abc import Callable, Iterable, Mapping

from attrs import field, frozen

from entrada.core.gateway.elements.kind import API, GLOBAL, OPERATION, PRODUCT
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId, ProductId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.plan import Plan
from entrada.core.gateway.policy_document import Document, plan
from entrada.core.gateway.service import PublishedApi, Service


@frozen(kw_only=True)
class Documents:
    """Those that exist, each without faults."""

    of_all: Document | None = None
    of_products: Mapping[ProductId, Document] = field(factory=dict[ProductId, Document])
    of_apis: Mapping[ApiId, Document] = field(factory=dict[ApiId, Document])
    of_operations: Mapping[tuple[ApiId, OperationId], Document] = field(
        factory=dict[tuple[ApiId, OperationId], Document]
    )


def assemble(
    apis: Iterable[tuple[Api, tuple[Operation, ...]]],
    documents: Documents,
    products: Iterable[Product] = (),
    subscription: Callable[[str], Subscription | None] = lambda _: None,
) -> Service:
    """*subscription* finds by the digest of a key."""
    known = {one.id: one for one in products}
    published = {api.id: _published(api, operations, documents, known) for api, operations in apis}
    return Service(apis=published, products=known, subscription=subscription)


def _published(
    api: Api, operations: tuple[Operation, ...], documents: Documents, products: Mapping[ProductId, Product]
) -> PublishedApi:
    contexts = (None, *(one.id for one in products.values() if api.id in one.api_ids))
    places = (None, *(one.id for one in operations))
    plans = {
        (operation, product): _plan(documents, api.id, operation, product)
        for product in contexts
        for operation in places
    }
    return PublishedApi(api=api, operations=operations, plans=plans)


def _plan(documents: Documents, api: ApiId, operation: OperationId | None, product: ProductId | None) -> Plan:
    found = {
        GLOBAL: documents.of_all,
        PRODUCT: None if product is None else documents.of_products.get(product),
        API: documents.of_apis.get(api),
        OPERATION: None if operation is None else documents.of_operations.get((api, operation)),
    }
    return plan({scope: one for scope, one in found.items() if one is not None})
