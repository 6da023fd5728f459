"""What must hold of the nouns of a gateway together: no noun can say it of itself.  Gateway reference section 13."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeVar

from entrada.core.directory.application_rules import Broken
from entrada.core.gateway import query
from entrada.core.gateway.configuration import Configuration, PolicyScope
from entrada.core.gateway.entities.operation import PARAMETER, Operation
from entrada.core.gateway.entities.product import open_twice
from entrada.core.gateway.entities.subscription import ALL_APIS, Subscription, key_digest

T = TypeVar("T")


def broken(configuration: Configuration) -> Iterator[Broken]:
    for rule in _RULES:
        yield from rule(configuration)


def newly_broken(before: Configuration, after: Configuration) -> tuple[Broken, ...]:
    """What was wrong already is no reason to refuse another change."""
    known = set(broken(before))
    return tuple(one for one in broken(after) if one not in known)


def _ids(configuration: Configuration) -> Iterator[Broken]:
    """Addresses are made of them, and redirect URIs: these tell no capitals from small letters."""
    one = configuration
    kinds: Mapping[str, Iterable[str]] = {
        "API": one.apis,
        "product": one.products,
        "subscription": one.subscriptions,
        "authorization server": one.authorization_servers,
        "OpenID Connect provider": one.openid_providers,
        "named value": one.named_values,
    }
    for kind, nouns in kinds.items():
        for first, other in _twice(nouns, str.casefold):
            said = f"The {kind} {other} needs another id: {first} differs from it in capitals alone."
            yield Broken(said, "id")


def _paths(configuration: Configuration) -> Iterator[Broken]:
    for first, other in _twice(configuration.apis.values(), lambda one: one.public_path.casefold()):
        where = first.public_path or "the root of the gateway"
        yield Broken(f"{where} is the path of the API {first.id} already; {other.id} needs another.", "path")


def _templates(configuration: Configuration) -> Iterator[Broken]:
    for api_id, operations in configuration.operations.items():
        for first, other in _twice(operations, shape):
            what = f"{other.method} {other.url_template} of the API {api_id}"
            yield Broken(f"{what} takes the same requests as the operation {first.id}.", "urlTemplate")


def shape(operation: Operation) -> tuple[str, str, tuple[tuple[str, str | None], ...]]:
    """What requests it takes: whatever its parameters are called."""
    path, _, asked = operation.url_template.partition("?")
    wanted = ((name, PARAMETER.sub("{}", value) if value else None) for name, value in query.pairs(asked))
    return operation.method.upper(), PARAMETER.sub(r"{\1}", path), tuple(sorted(wanted, key=str))


def _names_in_policies(configuration: Configuration) -> Iterator[Broken]:
    for first, other in _twice(configuration.named_values.values(), lambda one: one.display_name):
        yield Broken(f"{{{{{other.display_name}}}}} is the named value {first.id} already.", "displayName")


def _keys(configuration: Configuration) -> Iterator[Broken]:
    held = [(one, key_digest(key)) for one in configuration.subscriptions.values() for key in _keys_of(one)]
    for (first, _), (other, _) in _twice(held, lambda one: one[1]):
        if first.id != other.id:
            yield Broken(f"The subscription {other.id} needs keys of its own.", "primaryKey")


def _keys_of(subscription: Subscription) -> tuple[str, str]:
    return subscription.primary_key, subscription.secondary_key


def _in_products(configuration: Configuration) -> Iterator[Broken]:
    for product in configuration.products.values():
        for api_id in sorted(product.api_ids - configuration.apis.keys()):
            yield Broken(f"There is no API {api_id} for the product {product.id} to hold.", "apis")
    yield from open_twice(configuration.products.values())


def _subscribed(configuration: Configuration) -> Iterator[Broken]:
    for one in configuration.subscriptions.values():
        of_product = one.product_id in configuration.products
        if one.scope != ALL_APIS and not of_product and one.api_id not in configuration.apis:
            yield Broken(f"{one.scope}, the scope of the subscription {one.id}, is not there.", "scope")


def _security(configuration: Configuration) -> Iterator[Broken]:
    where = "authenticationSettings"
    for api in configuration.apis.values():
        settings = api.authentication_settings
        for server in (one.authorization_server_id for one in settings.oauth2):
            if server not in configuration.authorization_servers:
                yield Broken(f"There is no authorization server {server}, which the API {api.id} names.", where)
        for provider in (one.openid_provider_id for one in settings.openid):
            if provider not in configuration.openid_providers:
                yield Broken(f"There is no OpenID Connect provider {provider}, which the API {api.id} names.", where)


def _policies(configuration: Configuration) -> Iterator[Broken]:
    for scope in configuration.policies:
        if not _is_there(configuration, scope):
            yield Broken("There is no such product, API or operation for these policies to be of.", "policy")


def _is_there(configuration: Configuration, scope: PolicyScope) -> bool:
    if scope.product_id is not None:
        return scope.product_id in configuration.products
    if scope.api_id is None:
        return scope.operation_id is None
    operations = configuration.operations.get(scope.api_id, ())
    known = scope.operation_id is None or any(one.id == scope.operation_id for one in operations)
    return scope.api_id in configuration.apis and known


def _twice(nouns: Iterable[T], said: Callable[[T], object]) -> Iterator[tuple[T, T]]:
    """The first that says something, and each other that says the same."""
    seen: dict[object, T] = {}
    for one in nouns:
        first = seen.setdefault(said(one), one)
        if first is not one:
            yield first, one


_RULES: Final[tuple[Callable[[Configuration], Iterator[Broken]], ...]] = (
    _ids,
    _paths,
    _templates,
    _names_in_policies,
    _keys,
    _in_products,
    _subscribed,
    _security,
    _policies,
)
