"""A product: APIs that are subscribed to together.  Gateway reference section 13.3."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from attrs import frozen

from entrada.core.directory.application_rules import Broken
from entrada.core.gateway.entities.ids import ApiId, ProductId, about_id, about_name


class State(StrEnum):
    PUBLISHED = "published"
    NOT_PUBLISHED = "notPublished"  # hidden from developers; keys go on working


@frozen(kw_only=True)
class Product:
    id: ProductId
    display_name: str
    description: str = ""
    terms: str = ""
    subscription_required: bool = True  # without: an open product
    approval_required: bool = False
    subscriptions_limit: int | None = None  # of a person
    state: State = State.NOT_PUBLISHED
    api_ids: frozenset[ApiId] = frozenset()


def problems(product: Product) -> Iterator[Broken]:
    yield from about_id(product.id)
    yield from about_name(product.display_name)
    if product.approval_required and not product.subscription_required:
        yield Broken("Approval is of subscriptions, and an open product has none.", "approvalRequired")
    if product.subscriptions_limit is not None and product.subscriptions_limit < 1:
        yield Broken("The number of subscriptions of a person is 1 or more, or not limited.", "subscriptionsLimit")


def open_twice(products: Iterable[Product]) -> Iterator[Broken]:
    """An API can be in at most one open product (gateway reference 6.3)."""
    seen: dict[ApiId, ProductId] = {}
    for product in products:
        for api_id in () if product.subscription_required else sorted(product.api_ids):
            first = seen.setdefault(api_id, product.id)
            if first != product.id:
                yield Broken(f"The API {api_id} is in the open product {first} already.", "subscriptionRequired")
