"""A subscription: two keys to a product, to an API, or to all.  Gateway reference section 13.4."""

from collections.abc import Iterator
from enum import StrEnum
from hashlib import sha256
from typing import Final

from attrs import field, frozen

from entrada.core.directory.application_rules import Broken
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, ProductId, SubscriptionId, about_id
from entrada.core.gateway.entities.product import Product
from entrada.core.jose.numeric_date import NumericDate

ALL_APIS: Final = "/apis"
SHORTEST_KEY: Final = 16
LONGEST_KEY: Final = 256


class State(StrEnum):
    ACTIVE = "active"
    SUBMITTED = "submitted"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"


@frozen(kw_only=True)
class Subscription:
    id: SubscriptionId
    display_name: str
    scope: str  # /products/{id}, /apis/{id}, or /apis for all
    primary_key: str = field(repr=False)
    secondary_key: str = field(repr=False)
    state: State = State.ACTIVE
    owner_id: str | None = None  # None: nobody's in particular
    created_date: NumericDate
    start_date: NumericDate | None = None
    expiration_date: NumericDate | None = None
    end_date: NumericDate | None = None
    state_comment: str = ""

    @property
    def product_id(self) -> ProductId | None:
        kind, _, name = self.scope.removeprefix("/").partition("/")
        return ProductId(name) if kind == "products" else None

    @property
    def api_id(self) -> ApiId | None:
        kind, _, name = self.scope.removeprefix("/").partition("/")
        return ApiId(name) if kind == "apis" and name else None


def is_active(subscription: Subscription, now: NumericDate) -> bool:
    begun = subscription.start_date is None or subscription.start_date <= now
    ended = subscription.expiration_date is not None and subscription.expiration_date <= now
    return subscription.state is State.ACTIVE and begun and not ended


def opens(subscription: Subscription, api: Api, product: Product | None) -> bool:
    """Whether its keys reach *api*; *product* is the one it is of, when there is one."""
    if subscription.product_id is not None:
        return product is not None and product.id == subscription.product_id and api.id in product.api_ids
    return subscription.api_id in (None, api.id)


def key_digest(key: str) -> str:
    """What keys are looked up by, so that no comparison with a real one can be timed."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def problems(subscription: Subscription) -> Iterator[Broken]:
    yield from about_id(subscription.id)
    if not 1 <= len(subscription.display_name) <= 100:
        yield Broken("A display name has 1 to 100 characters.", "displayName")
    if subscription.scope != ALL_APIS and not (subscription.product_id or subscription.api_id):
        yield Broken("A scope is /products/{id}, /apis/{id}, or /apis for all of them.", "scope")
    for key, target in ((subscription.primary_key, "primaryKey"), (subscription.secondary_key, "secondaryKey")):
        if not SHORTEST_KEY <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
            said = f"A key has {SHORTEST_KEY} to {LONGEST_KEY} printable characters and no space."
            yield Broken(said, target)
    if subscription.primary_key == subscription.secondary_key:
        yield Broken("The two keys must differ, or neither can be renewed alone.", "secondaryKey")
