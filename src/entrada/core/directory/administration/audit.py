"""The row of the audit log that tells of a deed.

No secret is in it: members that hold one only say that they changed.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar, cast

import attrs

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Change, Deed
from entrada.core.directory.administration.target_names import Names, name_of, names_among
from entrada.core.directory.application import Application, PreAuthorizedApplication
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.directory_audit import AuditTarget, DirectoryAudit, ModifiedProperty
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import key_of
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.graph.member_names import graph_name
from entrada.core.directory.graph.permission import required_json, role_json, scope_json
from entrada.core.directory.group import Group
from entrada.core.directory.permission import AppRole, PermissionScope, RequiredResourceAccess
from entrada.core.directory.service_principal import PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate

T = TypeVar("T")

_NOT_SHOWN: Final = '"(not shown)"'
_NOT_TOLD: Final = frozenset({"version", "tenant_id"})
TOLD_ALONG: Final = 20
_LONGEST: Final = 4000  # characters of a value: a manifest of a thousand entries would drown the log


def audit_of(
    deed: Deed[T], actor: Actor, *, audit_id: str, now: NumericDate, names: Names | None = None
) -> DirectoryAudit:
    """*names* are of what is not at hand: of the objects that links join."""
    # What a deletion keeps for a restore is the deleted object once more.
    told = [one for one in deed.changes if not isinstance(one.after or one.before, DeletedItem)]
    called = {**names_among(_at_hand(deed)), **(names or {})}
    targets = [_target(one, called) for one in told]
    if deed.about is not None:
        targets[:0] = [_named(one, called) for one in (deed.about, *_registration(deed))]
    targets += _along(deed, called, targets[0].id if targets else "")
    return DirectoryAudit(
        tenant_id=actor.tenant_id,
        id=audit_id,
        at=now,
        activity=deed.activity.name,
        category=deed.activity.category,
        operation=deed.activity.operation,
        correlation_id=actor.correlation_id,
        initiated_by=actor.initiator,
        targets=tuple(targets),
    )


def _along(deed: Deed[T], names: Names, of: str) -> Iterator[AuditTarget]:
    """The first of them; however many there are, the row stays readable."""
    yield from (_target(one, names) for one in deed.along[:TOLD_ALONG])
    left = len(deed.along) - TOLD_ALONG
    if left > 0:
        yield AuditTarget(id=of, type="Other", display_name=f"and {left} more")


def _registration(deed: Deed[T]) -> Iterator[Application]:
    """What is told of a service principal is a part of its application's history, where that is registered here."""
    if isinstance(about := deed.about, ServicePrincipal):
        for one in deed.rests_on:
            if isinstance(one, Application) and (one.tenant_id, one.app_id) == (about.tenant_id, about.app_id):
                yield one


def _at_hand(deed: Deed[T]) -> Iterator[Entity]:
    for change in (*deed.changes, *deed.along):
        yield from (one for one in (change.before, change.after) if one is not None)
    yield from deed.rests_on
    if deed.about is not None:
        yield deed.about


def modified(before: Entity | None, after: Entity | None) -> tuple[ModifiedProperty, ...]:
    """Which members differ, in the order of the noun."""
    if isinstance(before, GatewayRecord | None) and isinstance(after, GatewayRecord | None):
        return tuple(_in_gateway(before, after))
    kind: type[attrs.AttrsInstance] = type(after if after is not None else before)  # type: ignore[assignment]
    return tuple(_differences(attrs.fields(kind), before, after))


def _in_gateway(before: GatewayRecord | None, after: GatewayRecord | None) -> Iterator[ModifiedProperty]:
    """By the members that a record tells of.  The text of a policy is not shown: it may hold a key."""
    old, new = _content(before), _content(after)
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if was == now or not (was or now):
            continue
        shown = name != "text"
        yield ModifiedProperty(
            display_name=graph_name(name), old_value=_text(was, shown=shown), new_value=_text(now, shown=shown)
        )
    if _secrets(before) != _secrets(after):
        yield ModifiedProperty(display_name="secrets", old_value=_NOT_SHOWN, new_value=_NOT_SHOWN)


def _content(record: GatewayRecord | None) -> dict[str, object]:
    try:
        return {} if record is None else cast("dict[str, object]", json.loads(record.content))
    except ValueError:
        return {}


def _secrets(record: GatewayRecord | None) -> str:
    return "" if record is None else record.secrets


def _differences(
    members: tuple["attrs.Attribute[object]", ...], before: Entity | None, after: Entity | None
) -> Iterator[ModifiedProperty]:
    for member in members:
        old, new = getattr(before, member.name, None), getattr(after, member.name, None)
        if member.name in _NOT_TOLD or old == new or not (old or new):
            continue
        was, now = _text(old, shown=member.repr), _text(new, shown=member.repr)
        if was == now:
            was, now = _NOT_SHOWN, _NOT_SHOWN  # only what is not told has changed
        yield ModifiedProperty(
            display_name=_member_name(member.name, after if after is not None else before), old_value=was, new_value=now
        )


def _member_name(name: str, of: Entity | None) -> str:
    """Of a grant, `scope`; an application's scopes are something else at Graph."""
    return "scope" if name == "scopes" and isinstance(of, PermissionGrant) else graph_name(name)


def _text(value: object, *, shown: object) -> str | None:
    if value is None:
        return None
    text = json.dumps(_plain(value), ensure_ascii=False) if shown else _NOT_SHOWN
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _plain(value: object) -> object:
    match value:
        case RequiredResourceAccess():
            return required_json(value)
        case PermissionScope():
            return scope_json(value)
        case AppRole():
            return role_json(value)
        case PreAuthorizedApplication():
            return {"appId": value.app_id, "delegatedPermissionIds": sorted(value.permission_ids)}
        case _:
            return _plain_members(value)


def _plain_members(value: object) -> object:
    if attrs.has(type(value)):
        members = attrs.fields(type(value))  # type: ignore[arg-type]
        told = (one for one in members if one.repr and one.name not in _NOT_TOLD)
        return {graph_name(one.name): _plain(getattr(value, one.name)) for one in told}
    if isinstance(value, dict):
        return cast("object", value)  # of JSON already
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, cast("Iterable[object]", value)))
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in cast("Iterable[object]", value)]
    return value if isinstance(value, (str, int, bool, float)) or value is None else str(value)


def _target(change: Change, names: Names) -> AuditTarget:
    entity = change.after if change.after is not None else change.before
    if entity is None:
        raise ValueError("a change is of something")
    return attrs.evolve(
        _named(entity, names),
        version=(change.before if change.before is not None else entity).version + 1,
        modified=modified(change.before, change.after),
    )


def _named(entity: Entity, names: Names) -> AuditTarget:
    kind, called = type(entity).__name__, name_of(entity, names)
    match entity:
        case User():
            name = entity.user_principal_name
            return AuditTarget(id=entity.id, type=kind, display_name=called, user_principal_name=name)
        case Application() | Group() | ServicePrincipal():
            return AuditTarget(id=entity.id, type=kind, display_name=called)
        case Tenant():
            return AuditTarget(id=entity.id, type="Directory", display_name=called)
        case _:
            return AuditTarget(id="/".join(key_of(entity)[1:]), type=kind, display_name=called)
