"""Which APIs, products and keys a developer sees in the console.  Gateway reference sections 13.3, 13.4 and 16.1."""

from collections.abc import Iterator

from attrs import frozen

from entrada.core.directory.ids import UserId
from entrada.core.gateway.configuration import Configuration
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product, State
from entrada.core.gateway.entities.subscription import Subscription, is_active, opens
from entrada.core.jose.numeric_date import NumericDate


@frozen
class UsableKey:
    """One of a subscription's two; *name* is `{subscription}/primary` or `…/secondary`."""

    name: str
    label: str
    subscription: Subscription
    product: Product | None

    @property
    def value(self) -> str:
        one = self.subscription
        return one.primary_key if self.name.endswith("/primary") else one.secondary_key


def visible_apis(configuration: Configuration, user_id: UserId, now: NumericDate) -> tuple[Api, ...]:
    """In order of name."""
    seen = (api for api in configuration.apis.values() if _is_visible(configuration, api, user_id, now))
    return tuple(sorted(seen, key=lambda one: (one.display_name.casefold(), one.public_path)))


def find_visible_api(configuration: Configuration, name: str, user_id: UserId, now: NumericDate) -> Api | None:
    api = configuration.apis.get(ApiId(name))
    return api if api is not None and _is_visible(configuration, api, user_id, now) else None


def find_operation(configuration: Configuration, api: Api, name: str) -> Operation | None:
    return next((one for one in configuration.operations.get(api.id, ()) if one.id == OperationId(name)), None)


def published_products(configuration: Configuration) -> tuple[Product, ...]:
    published = (one for one in configuration.products.values() if one.state is State.PUBLISHED)
    return tuple(sorted(published, key=lambda one: one.display_name.casefold()))


def usable_keys(configuration: Configuration, api: Api, user_id: UserId, now: NumericDate) -> tuple[UsableKey, ...]:
    """The person's own, of active subscriptions, that open *api*."""
    return tuple(_keys(configuration, api, user_id, now))


def _is_visible(configuration: Configuration, api: Api, user_id: UserId, now: NumericDate) -> bool:
    """An API that is in no product is published by itself [U]; one whose products are all hidden is hidden with them.

    A key that somebody was given shows them what it opens.
    """
    holding = [one for one in configuration.products.values() if api.id in one.api_ids]
    if not holding or any(one.state is State.PUBLISHED for one in holding):
        return True
    return bool(usable_keys(configuration, api, user_id, now))


def _keys(configuration: Configuration, api: Api, user_id: UserId, now: NumericDate) -> Iterator[UsableKey]:
    own = [one for one in configuration.subscriptions.values() if one.owner_id == user_id and is_active(one, now)]
    for one in sorted(own, key=lambda one: one.display_name.casefold()):
        product = None if one.product_id is None else configuration.products.get(one.product_id)
        if opens(one, api, product):
            yield UsableKey(f"{one.id}/primary", f"Primary: {one.display_name}", one, product)
            yield UsableKey(f"{one.id}/secondary", f"Secondary: {one.display_name}", one, product)
