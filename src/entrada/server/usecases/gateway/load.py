"""The gateway's configuration as the store holds it now."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import structlog

from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.core.directory.ids import TenantId
from entrada.core.gateway.configuration import Configuration, PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.ids import ApiId
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription
from entrada.server.usecases.gateway.records import Noun, OperationOfApi, Policy, Unreadable, noun_of
from entrada.server.usecases.installation import Installation

_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()


async def load_records(here: Installation, tenant_id: TenantId) -> tuple[GatewayRecord, ...]:
    """But the revision, which says nothing."""
    found = await here.store.list_entities(GatewayRecord, tenant_id)
    return tuple(one for one in found if one.kind is not RecordKind.REVISION)


async def load_configuration(here: Installation, tenant_id: TenantId) -> Configuration:
    """Of *tenant_id*, in which the gateway is configured."""
    return configuration_of(here, await load_records(here, tenant_id))


def configuration_of(here: Installation, records: Sequence[GatewayRecord]) -> Configuration:
    """What cannot be read is left aside, and told to the log: one record must not take the others down."""
    return configuration_from(noun for _, noun in readable(here, records))


def configuration_from(found: Iterable[Noun]) -> Configuration:
    nouns = list(found)
    apis = {one.id: one for one in nouns if isinstance(one, Api)}
    return Configuration(
        apis=apis,
        operations=_operations(nouns, apis),
        products={one.id: one for one in nouns if isinstance(one, Product)},
        subscriptions={one.id: one for one in nouns if isinstance(one, Subscription)},
        authorization_servers={one.id: one for one in nouns if isinstance(one, AuthorizationServer)},
        openid_providers={one.id: one for one in nouns if isinstance(one, OpenIdProvider)},
        named_values={one.id: one for one in nouns if isinstance(one, NamedValue)},
        policies=_policies(nouns),
    )


def readable(here: Installation, records: Iterable[GatewayRecord]) -> Iterator[tuple[GatewayRecord, Noun]]:
    for record in records:
        try:
            yield record, noun_of(here, record)
        except Unreadable as error:
            _log.error("gateway record", unreadable=str(error))


def _operations(nouns: Iterable[Noun], apis: Iterable[ApiId]) -> dict[ApiId, tuple[Operation, ...]]:
    found: dict[ApiId, list[Operation]] = {api: [] for api in apis}
    for one in nouns:
        if isinstance(one, OperationOfApi) and one.api_id in found:
            found[one.api_id].append(one.operation)
    return {api: tuple(sorted(some, key=_in_order)) for api, some in found.items()}


def _in_order(operation: Operation) -> tuple[str, str]:
    return operation.url_template, operation.method


def _policies(nouns: Iterable[Noun]) -> dict[PolicyScope, str]:
    return {one.scope: one.text for one in nouns if isinstance(one, Policy)}
