"""In whose name requests may come: with no key, or with one of those that Envoy can tell.  Gateway reference 6.3."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from attrs import frozen

from entrada.core.gateway.entities.ids import ProductId
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import State, Subscription, opens
from entrada.core.gateway.envoy import checks, matches
from entrada.core.gateway.envoy.checks import Check
from entrada.core.gateway.envoy.way import Way
from entrada.core.gateway.envoy.wire import Json
from entrada.core.gateway.service import PublishedApi, Service

_MOST: Final = 500  # keys in one pattern


@frozen
class Context:
    product: Product | None
    condition: Json | None = None
    check: Check | None = None

    def on(self, way: Way) -> Way:
        found = way if self.condition is None else way.where(self.condition)
        return found if self.check is None else found.checked(self.check)


def contexts(service: Service, published: PublishedApi, subscriptions: Sequence[Subscription]) -> Iterator[Context]:
    api = published.api
    header = api.subscription_key_parameter_names.header.lower()
    open_product = service.open_product(api)
    if open_product is not None or not api.subscription_required:
        yield Context(open_product, matches.absent(header))
    for product_id, keys in _keys(service, published, subscriptions).items():
        product = None if product_id is None else service.products.get(product_id)
        for start in range(0, len(keys), _MOST):
            pattern = "|".join(map(re.escape, keys[start : start + _MOST]))
            yield Context(product, check=checks.fitting(header, pattern))


def _keys(
    service: Service, published: PublishedApi, subscriptions: Iterable[Subscription]
) -> dict[ProductId | None, list[str]]:
    """Of subscriptions that no clock ends: every other key is looked up in Python."""
    found: dict[ProductId | None, list[str]] = {}
    for one in subscriptions:
        product = None if one.product_id is None else service.products.get(one.product_id)
        lasting = one.state is State.ACTIVE and one.start_date is None and one.expiration_date is None
        if lasting and opens(one, published.api, product):
            found.setdefault(one.product_id, []).extend((one.primary_key, one.secondary_key))
    return {product: sorted(keys) for product, keys in found.items()}
