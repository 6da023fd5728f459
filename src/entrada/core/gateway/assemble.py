"""The service that entities and policy documents make; the plan of an operation is computed when it is asked for."""

from collections.abc import Callable, Iterable, Mapping

from attrs import field, frozen

from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId, ProductId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.policy_document import Document
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
    own = {one.id: documents.of_operations.get((api.id, one.id)) for one in operations}
    return PublishedApi(
        api=api,
        operations=operations,
        of_all=documents.of_all,
        of_api=documents.of_apis.get(api.id),
        of_products={key: one for key, one in documents.of_products.items() if _holds(products.get(key), api)},
        of_operations={key: one for key, one in own.items() if one is not None},
    )


def _holds(product: Product | None, api: Api) -> bool:
    return product is not None and api.id in product.api_ids
