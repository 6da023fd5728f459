"""The service that the stored records make; none at all, where a part of it cannot be made."""

from collections.abc import Sequence
from itertools import islice
from typing import Final

from attrs import field, frozen

from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.gateway.configuration import Configuration, policy_faults, published
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.service import Service
from entrada.server.usecases.gateway.load import configuration_from
from entrada.server.usecases.gateway.records import Unreadable, noun_of
from entrada.server.usecases.installation import Installation

_SHOWN: Final = 3  # faults: who has one often has many of the same


class NotPublished(Exception):
    """What stands in the way, in words."""


@frozen(kw_only=True)
class Published:
    service: Service
    documents: frozenset[str]  # URLs of all discovery documents that a policy needs
    subscriptions: tuple[Subscription, ...] = field(default=(), repr=False)


def publish(here: Installation, records: Sequence[GatewayRecord]) -> Published:
    """Raise NotPublished.  Many documents take a while: call it from another thread than the event loop's."""
    configuration = _configuration(here, records)
    _check(configuration)
    service = published(configuration)
    plans = (plan for api in service.apis.values() for plan in api.plans.values())
    documents = frozenset(url for plan in plans for url in plan.discovery(here.origin))
    return Published(service=service, documents=documents, subscriptions=tuple(configuration.subscriptions.values()))


def _configuration(here: Installation, records: Sequence[GatewayRecord]) -> Configuration:
    """A policy that cannot be read is not left out: its API would stand open."""
    try:
        return configuration_from([noun_of(here, one) for one in records])
    except Unreadable as error:
        raise NotPublished(f"The record {error} cannot be read: it was sealed under another master key.") from None


def _check(configuration: Configuration) -> None:
    found = [f"{one.scope.path}, {one.fault}" for one in islice(policy_faults(configuration), _SHOWN)]
    if found:
        raise NotPublished(f"Policies have faults: {'; '.join(found)}")
