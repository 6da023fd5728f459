"""The whole gateway, as one look at the store found it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, TypeAlias, TypeVar, cast

from attrs import field, frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, denied, not_found
from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.core.directory.ids import TenantId
from entrada.core.gateway.configuration import Configuration
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.load import configuration_from, load_records, readable
from entrada.server.usecases.gateway.records import KINDS, Noun, record_id
from entrada.server.usecases.gateway.secrecy import without_secrets
from entrada.server.usecases.installation import GatewayPlace, Installation

N = TypeVar("N", bound=Noun)
Place: TypeAlias = tuple[RecordKind, str]
REVISION: Final = "gateway"


@frozen(kw_only=True, slots=False)
class State:
    """*nouns* are those of the *records* that can be read."""

    tenant_id: TenantId
    records: Mapping[Place, GatewayRecord] = field(repr=False)
    nouns: Mapping[Place, Noun] = field(repr=False)
    revision: GatewayRecord | None

    @cached_property
    def configuration(self) -> Configuration:
        return configuration_from(self.nouns.values())

    def find(self, kind: type[N], name: str) -> N | None:
        return cast("N | None", self.nouns.get((KINDS[kind], name)))

    def kept(self, kind: type[N], name: str) -> Kept[N] | None:
        noun = self.find(kind, name)
        return None if noun is None else Kept(without_secrets(noun), self.records[KINDS[kind], name].version)

    def all_kept(self, kind: type[N]) -> tuple[Kept[N], ...]:
        """In order of their names."""
        names = sorted(name for one, name in self.nouns if one is KINDS[kind])
        return tuple(kept for name in names if (kept := self.kept(kind, name)) is not None)


def place_of(noun: Noun) -> Place:
    return KINDS[cast("type[Any]", type(noun))], record_id(noun)


def own_gateway(here: Installation, actor: Actor) -> GatewayPlace | Problem:
    """The gateway is administered from the tenant it is configured in, and from no other."""
    if here.gateway is None:
        return not_found("gateway", here.origin)
    if actor.tenant_id != here.gateway.tenant_id:
        return denied("The gateway of this installation is configured in another tenant.")
    return here.gateway


async def load_state(here: Installation, tenant_id: TenantId) -> State:
    # The revision first: what is written in between makes it old, and the change is decided again.
    revision = await load_revision(here, tenant_id)
    records = await load_records(here, tenant_id)
    return State(
        tenant_id=tenant_id,
        records={(one.kind, one.id): one for one in records},
        nouns={(record.kind, record.id): noun for record, noun in readable(here, records)},
        revision=revision,
    )


async def load_revision(here: Installation, tenant_id: TenantId) -> GatewayRecord | None:
    """Its version rises with every change of the gateway; None: there was none yet."""
    return await here.store.find_entity(GatewayRecord, (tenant_id, RecordKind.REVISION, REVISION))
