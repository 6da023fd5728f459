"""The names the audit log needs: of what a deed's links join, and of its service principals' applications."""

from collections.abc import Iterable
from typing import Final

from entrada.core.directory.administration.target_names import Names, names_among
from entrada.core.directory.application import Application
from entrada.core.directory.entity import Entity
from entrada.core.directory.group import Group
from entrada.core.directory.ids import TenantId
from entrada.core.directory.link import Link, ends_of
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.store.port import Store
from entrada.server.usecases.lookup import find_application

_KINDS: Final[tuple[type[Entity], ...]] = (User, Group, ServicePrincipal, Application)
_MOST: Final = 10  # objects looked up for one row


async def names_for_audit(store: Store, told: Iterable[Entity], at_hand: Iterable[Entity] = ()) -> Names:
    """*told* are what the row tells of; *at_hand* was read for the decision already."""
    known = [*told, *at_hand]
    here = {getattr(one, "id", "") for one in known}
    ends = {(one.tenant_id, end): None for one in known if isinstance(one, Link) for end in ends_of(one)}
    for tenant_id, object_id in [one for one in ends if one[1] not in here][:_MOST]:
        known += await _object(store, tenant_id, object_id)
    app_ids = dict.fromkeys(one.app_id for one in known if isinstance(one, ServicePrincipal))
    found = [await find_application(store, app_id) for app_id in list(app_ids)[:_MOST]]
    return names_among([*known, *(one for one in found if one is not None)])


async def _object(store: Store, tenant_id: TenantId, object_id: str) -> tuple[Entity, ...]:
    for kind in _KINDS:
        if (found := await store.find_entity(kind, (tenant_id, object_id))) is not None:
            return (found,)
    return ()
