"""Bring the directory to what a file says: read, compare, then commit all of it or nothing."""

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.created_at import with_creation
from entrada.core.directory.document.diff import Changes, Diff, compare
from entrada.core.directory.document.entity_key import key_of
from entrada.core.directory.document.entries import Document
from entrada.core.directory.document.fault import Fault, FaultFound
from entrada.core.directory.document.read_document import read_document
from entrada.core.directory.document.resolve import Wanted, resolve, tenant_of
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import Effect, PutEntity, RemoveEntity
from entrada.server.store.port import Store, StoreContended
from entrada.server.usecases.audited_file import audited_file
from entrada.server.usecases.end_everything import signed_out_everywhere
from entrada.server.usecases.link_ends import left_of_none, still_there
from entrada.server.usecases.progress import Progress, silent, told
from entrada.server.usecases.settle_credentials import Credentials, MadeCredential, Settlement
from entrada.server.usecases.stored_directory import accounts_elsewhere, stored_directory
from entrada.server.usecases.yaml_tree import parse_yaml

ATTEMPTS = 3


@frozen
class FileRefused:
    """Nothing was changed.  Every fault names its line and column."""

    faults: tuple[Fault, ...]


@frozen
class Plan:
    """What applying the file would do, or has done."""

    diff: Diff
    effects: tuple[Effect, ...]
    made: tuple[MadeCredential, ...]
    without_value: tuple[str, ...]  # credentials the file names, and neither the file nor the store knows
    before: tuple[Entity, ...] = field(default=(), repr=False)  # the objects that change, as they were
    signed_out: frozenset[Key] = frozenset()  # users whose sessions end with the password they had


async def apply_directory(
    text: str, store: Store, now: NumericDate, credentials: Credentials, *, prune: bool = False
) -> Plan | FileRefused:
    """Apply the YAML file *text*.  Merging removes nothing; *prune* removes what the named tenants hold beyond it."""
    for _ in range(ATTEMPTS):
        plan = await plan_directory(text, store, now, credentials, prune=prune)
        if isinstance(plan, FileRefused) or not plan.effects or await commit_plan(plan, store, now):
            return plan
        # Somebody changed the directory between our look and our commit: look again.
    raise StoreContended


async def plan_directory(
    text: str,
    store: Store,
    now: NumericDate,
    credentials: Credentials,
    *,
    prune: bool = False,
    progress: Progress = silent,
) -> Plan | FileRefused:
    """The same, up to the commit: to be shown first."""
    root = parse_yaml(text, progress)
    if isinstance(root, Fault):
        return FileRefused((root,))
    document = read_document(root)
    if not isinstance(document, Document):
        return FileRefused(document)
    stored = await _stored(document, store)
    wanted = resolve(document, stored, prune=prune)
    if not isinstance(wanted, Wanted):
        return FileRefused(wanted)
    settlement = Settlement(credentials, now)
    settled, faults = await _settled(wanted, stored, settlement, now, progress, prune=prune)
    if faults:
        return FileRefused(tuple(sorted(faults)))
    changes = compare(stored, settled, _removable(document, stored) if prune else ())
    return Plan(
        diff=changes.diff,
        effects=_effects(changes),
        made=tuple(settlement.made),
        without_value=tuple(settlement.without_value),
        before=stored,
        signed_out=frozenset(map(key_of, settlement.signed_out)),
    )


async def commit_plan(plan: Plan, store: Store, now: NumericDate, operator: str | None = None) -> bool:
    """What the plan says, and nothing else: False when the directory is no longer what it was compared with.

    Whoever gets another password is signed out as of *now*: since the plan was made, the old one may have been used.
    The audit log tells of each object, and of *operator*.
    """
    effects = list[Effect]()
    for effect in plan.effects:
        match effect:
            case PutEntity(User() as user) if key_of(user) in plan.signed_out:
                effects += await signed_out_everywhere(store, user, now)
            case _:
                effects.append(effect)
    with_rows = audited_file(effects, plan.before, now, operator)
    return await store.commit((*still_there(effects, plan.before), *with_rows, *left_of_none(effects)))


async def _stored(document: Document, store: Store) -> tuple[Entity, ...]:
    named = [entry.tenant.id for entry in document.tenants]
    homes = (user.home.account for entry in document.tenants for user in entry.users if user.home)
    names = [home for home in homes if isinstance(home, str)]
    return (*await stored_directory(store, named), *await accounts_elsewhere(store, names, named))


async def _settled(
    wanted: Wanted,
    stored: tuple[Entity, ...],
    settlement: Settlement,
    now: NumericDate,
    progress: Progress,
    *,
    prune: bool,
) -> tuple[list[Entity], list[Fault]]:
    before = {key_of(entity): entity for entity in stored}
    settled, faults = list[Entity](), list[Fault]()
    for entity in told(progress, "comparing, object", wanted.entities, len(wanted.entities)):
        try:
            had = before.get(key_of(entity))
            whole = await _with_credentials(entity, wanted, had, settlement, prune=prune)
            settled.append(with_creation(whole, had, now))
        except FaultFound as found:
            faults.append(found.fault)
    return settled, faults


async def _with_credentials(
    entity: Entity, wanted: Wanted, before: Entity | None, settlement: Settlement, *, prune: bool
) -> Entity:
    if isinstance(entity, User):
        had = before if isinstance(before, User) else None
        asked, tenant = wanted.passwords.get(entity.id), wanted.tenant(entity.tenant_id)
        return await settlement.user(entity, asked, had, tenant, prune=prune)
    if isinstance(entity, Application):
        registered = before if isinstance(before, Application) else None
        return settlement.secrets(entity, wanted.secrets.get(entity.app_id, ()), registered, prune=prune)
    return entity


def _removable(document: Document, stored: tuple[Entity, ...]) -> list[Entity]:
    """What the file may do without: everything but the tenants it names."""
    named = {entry.tenant.id for entry in document.tenants}
    return [entity for entity in stored if tenant_of(entity) in named and not isinstance(entity, Tenant)]


def _effects(changes: Changes) -> tuple[Effect, ...]:
    # Names are given up before they are taken.
    return (*map(RemoveEntity, changes.removed), *map(PutEntity, changes.put))
