"""What goes with something deleted, or comes back with it, as the audit log tells it: what matters most first."""

from collections.abc import Iterable
from functools import partial

from entrada.core.directory.administration.change import Change
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.entity import Entity
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.server.usecases.administer.deleted_links import hanging_on


def gone_along(item: DeletedItem) -> tuple[Change, ...]:
    return tuple(Change(one, None) for one in _most_important_first(item, hanging_on(item)))


def back_along(item: DeletedItem, back: Iterable[Entity]) -> tuple[Change, ...]:
    """*back* is what of it comes back: the other end of a link may be gone."""
    return tuple(Change(None, one) for one in _most_important_first(item, back))


def _most_important_first(item: DeletedItem, entities: Iterable[Entity]) -> list[Entity]:
    """The row tells so many and no more: what it could do comes before who could use it."""
    whole = (item.application, item.service_principal, item.user, item.group)
    return sorted(entities, key=partial(_rank, {str(one.id) for one in whole if one is not None}))


def _rank(own: set[str], one: Entity) -> int:
    match one:
        case ServicePrincipal():
            return 0
        case AppRoleAssignment(principal_id=holder) if holder in own:
            return 1
        case PermissionGrant(client_id=client) if client in own:
            return 2
        case Owner(object_id=owned) if owned in own:
            return 3
        case _:
            return 4
