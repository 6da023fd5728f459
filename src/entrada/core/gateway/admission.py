"""The subscription key: a step that no policy writes.  Gateway reference section 6.3."""

from typing import Final

from attrs import frozen

from entrada.core.gateway import headers, query
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription, is_active, key_digest, opens
from entrada.core.gateway.exchange import Request
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.service import Service
from entrada.core.jose.numeric_date import NumericDate

SOURCE: Final = "authorization"


@frozen(kw_only=True)
class Admission:
    """In whose name the request goes on, and in which product's context."""

    subscription: Subscription | None = None
    product: Product | None = None


def presented_key(api: Api, request: Request) -> str | None:
    """Of the header; the query is looked at only without one."""
    names = api.subscription_key_parameter_names
    line = headers.joined(request.headers, names.header)
    return line if line is not None else ",".join(query.values(request.url.query, names.query)) or None


def admit(service: Service, api: Api, key: str | None, now: NumericDate) -> Admission | Failure:
    if key is not None:
        return _by_key(service, api, key, now)
    product = service.open_product(api)
    if product is not None or not api.subscription_required:
        return Admission(product=product)
    name = api.subscription_key_parameter_names.header
    return _refused(
        api,
        "SubscriptionKeyNotFound",
        "Access denied due to missing subscription key. "
        "Make sure to include subscription key when making requests to this API.",
        saw=f"no header {name}",
        would_pass=f"A request with the key of an active subscription in the header {name}.",
    )


def _by_key(service: Service, api: Api, key: str, now: NumericDate) -> Admission | Failure:
    """A wrong key is refused even where none is needed [unverified for Azure]: whoever sends one means it."""
    found = service.subscription(key_digest(key))
    product = None if found is None or found.product_id is None else service.products.get(found.product_id)
    if found is not None and is_active(found, now) and opens(found, api, product):
        return Admission(subscription=found, product=product)
    return _refused(
        api,
        "SubscriptionKeyInvalid",
        "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.",
        saw=_what_is_wrong(found, now),
        would_pass="The key of an active subscription to this API, to a product that holds it, or to all APIs.",
    )


def _what_is_wrong(found: Subscription | None, now: NumericDate) -> str:
    if found is None:
        return "a key of no subscription"
    if not is_active(found, now):
        return f"a key of the subscription {found.id}, which is not active"
    return f"a key of the subscription {found.id}, which does not reach this API"


def _refused(api: Api, reason: str, message: str, *, saw: str, would_pass: str) -> Failure:
    return Failure(
        source=SOURCE,
        reason=reason,
        message=message,
        status=401,
        headers=_challenge(api),
        saw=saw,
        would_pass=would_pass,
    )


def _challenge(api: Api) -> Headers:
    name = api.subscription_key_parameter_names.header
    return (("WWW-Authenticate", f'AzureApiManagementKey realm="entrada",name="{name}",type="header"'),)
