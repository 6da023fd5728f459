"""What applying a file would change, in the file's own words and without any value: safe to show and to log."""

from collections.abc import Iterable

import attrs
from attrs import evolve, frozen

from entrada.core.directory.application import Application, Platform
from entrada.core.directory.document.entity_key import key_of
from entrada.core.directory.document.index import Index
from entrada.core.directory.document.label import label
from entrada.core.directory.entity import Entity
from entrada.core.directory.graph.member_names import graph_name
from entrada.core.directory.policies import Policies
from entrada.core.directory.tenant import Tenant

_PLATFORMS = list(Platform)


@frozen
class Difference:
    what: str
    members: tuple[str, ...] = ()  # which members change, where the object stays

    def __str__(self) -> str:
        return f"{self.what}: {', '.join(self.members)}" if self.members else self.what


@frozen(kw_only=True)
class Diff:
    added: tuple[Difference, ...] = ()
    changed: tuple[Difference, ...] = ()
    removed: tuple[Difference, ...] = ()
    unchanged: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


@frozen
class Changes:
    """Entities to put, with the versions they replace, and entities to remove."""

    put: tuple[Entity, ...]
    removed: tuple[Entity, ...]
    diff: Diff


def compare(stored: Iterable[Entity], wanted: Iterable[Entity], removable: Iterable[Entity]) -> Changes:
    """*removable* is what goes where the file lacks it: nothing when merging."""
    before = {key_of(entity): entity for entity in stored}
    after = {key_of(entity): _canonical(entity) for entity in wanted}
    removed = [entity for entity in removable if key_of(entity) not in after]
    names = Index([*before.values(), *after.values()])
    put, added, changed = list[Entity](), list[Difference](), list[Difference]()
    for key, entity in after.items():
        if (old := before.get(key)) is None:
            put.append(entity)
            added.append(Difference(label(entity, names)))
        elif different := _different(_canonical(old), entity):
            put.append(evolve(entity, version=old.version))
            changed.append(Difference(label(entity, names), different))
    gone = tuple(Difference(label(entity, names)) for entity in removed)
    diff = Diff(
        added=tuple(added), changed=tuple(changed), removed=gone, unchanged=len(after) - len(added) - len(changed)
    )
    return Changes(tuple(put), tuple(removed), diff)


def _canonical(entity: Entity) -> Entity:
    """A file lists redirect URIs by platform, so their order across platforms says nothing."""
    if not isinstance(entity, Application):
        return entity
    by_platform = sorted(entity.redirect_uris, key=lambda uri: _PLATFORMS.index(uri.platform))
    return evolve(entity, redirect_uris=tuple(by_platform))


def _different(old: Entity, new: Entity) -> tuple[str, ...]:
    changed = tuple(graph_name(name) for name in _changed(old, new))
    if isinstance(old, Tenant) and isinstance(new, Tenant):
        # Nobody should have to guess which of a tenant's rules a file changes.
        policies = tuple(f"policies.{graph_name(name)}" for name in _changed(old.policies, new.policies))
        return (*(name for name in changed if name != "policies"), *policies)
    return changed


def _changed(old: Entity | Policies, new: Entity | Policies) -> list[str]:
    names = (field.name for field in attrs.fields(type(old)) if field.eq)
    return [name for name in names if getattr(old, name) != getattr(new, name)]
