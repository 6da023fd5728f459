"""The service that the stored records make; none at all, where a part of it cannot be made."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from attrs import evolve, field, frozen

from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.gateway.configuration import Configuration, policy_faults, published, resubscribed
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.service import Service
from entrada.server.usecases.gateway.load import configuration_from
from entrada.server.usecases.gateway.records import Noun, Unreadable, noun_of
from entrada.server.usecases.installation import Installation

_SHOWN: Final = 3  # faults: who has one often has many of the same


class NotPublished(Exception):
    """What stands in the way, in words."""


@frozen(kw_only=True)
class Published:
    service: Service
    documents: frozenset[str]  # URLs of all discovery documents that a policy needs
    subscriptions: tuple[Subscription, ...] = field(default=(), repr=False)
    configuration: Configuration = field(factory=Configuration, repr=False)
    nouns: Mapping[GatewayRecord, Noun] = field(factory=dict[GatewayRecord, Noun], repr=False)  # what records say


NOTHING: Final = Published(service=Service(apis={}), documents=frozenset())


def publish(here: Installation, records: Sequence[GatewayRecord], before: Published = NOTHING) -> Published:
    """Raise NotPublished.  Many documents take a while: call it from another thread than the event loop's.

    Of *before* stays what has not changed: a key that is taken back must not work while all policies are read again.
    """
    nouns = _nouns(here, records, before.nouns)
    configuration = configuration_from(nouns.values())
    if evolve(configuration, subscriptions=before.configuration.subscriptions) == before.configuration:
        service, documents = resubscribed(before.service, configuration.subscriptions), before.documents
    else:
        _check(configuration)
        service = published(configuration)
        documents = service.discovery(here.origin)
    return Published(
        service=service,
        documents=documents,
        subscriptions=tuple(configuration.subscriptions.values()),
        configuration=configuration,
        nouns=nouns,
    )


def _nouns(
    here: Installation, records: Sequence[GatewayRecord], before: Mapping[GatewayRecord, Noun]
) -> dict[GatewayRecord, Noun]:
    """A policy that cannot be read is not left out: its API would stand open."""
    try:
        return {one: before[one] if one in before else noun_of(here, one) for one in records}
    except Unreadable as error:
        raise NotPublished(f"The record {error} cannot be read: it was sealed under another master key.") from None


def _check(configuration: Configuration) -> None:
    found = [f"{one.scope.path}, {one.fault}" for one in islice(policy_faults(configuration), _SHOWN)]
    if found:
        raise NotPublished(f"Policies have faults: {'; '.join(found)}")
