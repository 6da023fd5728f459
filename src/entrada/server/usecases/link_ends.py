"""No link without both its ends: what must still be there when links are written, and what must be left of none."""

from collections.abc import Iterable

from entrada.core.directory.application import Application
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import key_of
from entrada.core.directory.group import Group
from entrada.core.directory.ids import TenantId
from entrada.core.directory.link import Link, ends_of
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.protocol.effects import Effect, PutEntity, RemoveEntity, RestoreEntity, Unchanged, Unlinked

_Linkable = User | Group | Application | ServicePrincipal


def still_there(effects: Iterable[Effect], seen: Iterable[Entity]) -> tuple[Unchanged, ...]:
    """Of *seen*, what the links among *effects* join: each must still be as it was looked at."""
    links = [one.entity for one in effects if isinstance(one, PutEntity) and isinstance(one.entity, Link)]
    ends = {(link.tenant_id, end) for link in links for end in ends_of(link)}
    joined = [one for one in seen if isinstance(one, _Linkable) and (one.tenant_id, one.id) in ends]
    return unchanged(effects, joined)


def unchanged(effects: Iterable[Effect], seen: Iterable[Entity]) -> tuple[Unchanged, ...]:
    """Of *seen*, what *effects* do not write themselves."""
    written = {_name(one.entity) for one in effects if isinstance(one, PutEntity | RemoveEntity | RestoreEntity)}
    others = {_name(one): one for one in seen if one.version and _name(one) not in written}
    return tuple(map(Unchanged, others.values()))


def left_of_none(effects: Iterable[Effect]) -> tuple[Unlinked, ...]:
    """Of what *effects* remove, no link is left: also none that was made since the links were looked for."""
    gone = dict[TenantId, list[str]]()
    for one in effects:
        if isinstance(one, RemoveEntity) and isinstance(one.entity, _Linkable):
            gone.setdefault(one.entity.tenant_id, []).append(one.entity.id)
    return tuple(Unlinked(tenant_id, tuple(ids)) for tenant_id, ids in gone.items())


def _name(entity: Entity) -> tuple[object, ...]:
    return type(entity), *key_of(entity)
