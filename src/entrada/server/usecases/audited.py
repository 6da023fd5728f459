"""The row of the audit log for what no administrator's operation does: written in the same commit as what it tells of.

Administrators' operations have theirs by `administer.carry_out`.
"""

from collections.abc import Iterable, Iterator

from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.administration.audit import audit_of
from entrada.core.directory.administration.change import Activity, Change, Deed
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key, key_of
from entrada.core.directory.ids import TenantId
from entrada.core.directory.user import User
from entrada.core.protocol.effects import Effect, PutEntity, RecordAudit, RemoveEntity
from entrada.server.usecases.installation import Installation


def in_person(user: User, via: Via, correlation_id: str, *, address: str = "") -> Actor:
    """*user*, by their own hand, at one of our own pages."""
    return Actor(tenant_id=user.tenant_id, via=via, correlation_id=correlation_id, user=user, address=address)


def operator(here: Installation, tenant_id: TenantId, via: Via = Via.COMMAND_LINE, name: str | None = None) -> Actor:
    """Whoever sits at the machine; *name* is what it knows them by."""
    return Actor(tenant_id=tenant_id, via=via, correlation_id=here.new_id(), client_name=name, operator=True)


def audited(
    here: Installation,
    actor: Actor,
    activity: Activity,
    effects: Iterable[Effect],
    *before: Entity,
    about: Entity | None = None,
    at_hand: Iterable[Entity] = (),
) -> tuple[Effect, ...]:
    """*effects*, if there are any, and their row.

    *before* are the objects that they replace, as they were; *about* is told first.  *at_hand* has names for
    the row.
    """
    effects = tuple(effects)
    if not effects:
        return ()
    changes = tuple(changes_of(effects, before))
    deed = Deed(answer=None, activity=activity, changes=changes, about=about, rests_on=tuple(at_hand))
    return (*effects, _row(here, actor, deed))


def changes_of(effects: Iterable[Effect], before: Iterable[Entity]) -> Iterator[Change]:
    known = {_name(one): one for one in before}
    for effect in effects:
        match effect:
            case PutEntity(entity):
                yield Change(known.get(_name(entity)), entity)
            case RemoveEntity(entity):
                yield Change(entity, None)
            case _:
                continue


def _row(here: Installation, actor: Actor, deed: Deed[None]) -> RecordAudit:
    return RecordAudit(audit_of(deed, actor, audit_id=here.new_id(), now=here.clock()))


def _name(entity: Entity) -> tuple[type, Key]:
    return type(entity), key_of(entity)
