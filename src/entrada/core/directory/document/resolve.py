"""What a file asks for, as entities: every name looked up, in the file and in what is stored."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Protocol, TypeVar

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.document.credential import PasswordEntry, SecretEntry
from entrada.core.directory.document.entity_key import claims, key_of
from entrada.core.directory.document.entries import ApplicationEntry, Document, TenantEntry
from entrada.core.directory.document.fault import Fault, FaultFound
from entrada.core.directory.document.index import Index
from entrada.core.directory.document.look_up import assignment, grant, group_member, guest, linked, message, owner
from entrada.core.directory.document.place import applications, groups, implied_principals, principal, tenant, users
from entrada.core.directory.document.public_credentials import with_public_credentials
from entrada.core.directory.document.tree import Position
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key
from entrada.core.directory.ids import ClientId, TenantId, UserId
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User

Placed = tuple[Position, Entity]


class _Positioned(Protocol):
    @property
    def at(self) -> Position: ...


N = TypeVar("N", bound=_Positioned)


@frozen(kw_only=True)
class Wanted:
    """Users still without passwords and applications without secrets: those are settled by whoever may hash."""

    entities: tuple[Entity, ...]
    passwords: Mapping[UserId, PasswordEntry]
    secrets: Mapping[ClientId, tuple[SecretEntry, ...]]

    def tenant(self, tenant_id: TenantId) -> Tenant:
        """One that the file names, as it is to be."""
        return next(one for one in self.entities if isinstance(one, Tenant) and one.id == tenant_id)


@frozen
class _Facts:
    before: Index  # what is stored
    kept: tuple[Entity, ...]  # what of it stays whatever the file says
    faults: list[Fault]
    prune: bool

    def with_file(self, placed: Iterable[Placed]) -> Index:
        """What will be known once the file is applied."""
        after = {key_of(entity): entity for entity in self.kept}
        return Index((after | {key_of(entity): entity for _, entity in placed}).values())


def tenant_of(entity: Entity) -> TenantId:
    return entity.id if isinstance(entity, Tenant) else entity.tenant_id


def resolve(document: Document, stored: Iterable[Entity], *, prune: bool) -> Wanted | tuple[Fault, ...]:
    """*stored*: all tenants and applications of the installation, and whatever the named tenants hold.

    With *prune*, what the named tenants hold and the file lacks no longer counts as known.
    """
    had = tuple(stored)
    named = {entry.tenant.id for entry in document.tenants}
    kept = tuple(entity for entity in had if not (prune and tenant_of(entity) in named))
    facts = _Facts(Index(had), kept, [], prune)
    placed = _placed(document, facts)
    facts.faults.extend(_taken_twice(kept, placed))
    facts.faults.extend(_taken_elsewhere(facts.with_file(placed), placed))
    if facts.faults:
        return tuple(sorted(facts.faults))
    return Wanted(
        entities=tuple(entity for _, entity in placed),
        passwords=dict(_passwords(document, facts.before)),
        secrets={asked.application.app_id: asked.secrets for entry in document.tenants for asked in entry.applications},
    )


def _placed(document: Document, facts: _Facts) -> list[Placed]:
    """Everything the file asks for, in an order in which nothing precedes what it refers to."""
    circles, bare = list[Placed](), list[Placed]()
    for entry in document.tenants:
        circles += [tenant(entry, facts.before, prune=facts.prune), *groups(entry, facts.before)]
        bare += [*users(entry, facts.before), *applications(entry, facts.before)]
    known = facts.with_file([*circles, *bare])
    people = [placed for entry in document.tenants for placed in _people(entry, known, facts)]
    principals = [placed for entry in document.tenants for placed in _principals(entry, known, facts)]
    known = facts.with_file([*circles, *bare, *people, *principals])
    facts.faults.extend(_guests_of_guests(people, known))
    registered = [
        placed
        for entry in document.tenants
        for placed in _each(entry.applications, partial(_registered, known, facts), facts)
    ]
    links = [placed for entry in document.tenants for placed in _links(entry, known, facts)]
    return [*circles, *people, *registered, *principals, *links]


def _people(entry: TenantEntry, known: Index, facts: _Facts) -> Iterator[Placed]:
    for asked, (_, user) in zip(entry.users, users(entry, facts.before), strict=True):
        yield from _each((asked,), partial(guest, known, user), facts)


def _guests_of_guests(people: Iterable[Placed], known: Index) -> Iterator[Fault]:
    # Nobody could sign in as one: the account at home would have no password either.
    for at, user in people:
        home = user.home if isinstance(user, User) else None
        host = known.user(home.tenant_id, home.user_id) if home else None
        if host and host.home:
            yield Fault(at, f"{host.user_principal_name} is a guest as well; name the account it is at home with.")


def _registered(known: Index, facts: _Facts, asked: ApplicationEntry) -> Application:
    application = linked(known, asked)
    stored = facts.before.applications.get(application.app_id)
    return with_public_credentials(application, asked.at, stored, prune=facts.prune)


def _principals(entry: TenantEntry, known: Index, facts: _Facts) -> Iterator[Placed]:
    facts.faults.extend(_listed_and_absent(entry))
    yield from implied_principals(entry, facts.before, Index(facts.kept))
    yield from _each(entry.principals, partial(principal, entry.tenant.id, facts.before, known), facts)


def _listed_and_absent(entry: TenantEntry) -> Iterator[Fault]:
    absent = {asked.application.app_id for asked in entry.applications if not asked.present}
    for listed in entry.principals:
        if listed.app.text.lower() in absent:
            yield Fault(listed.at, "Its application says servicePrincipal: false: leave that out, or this.")


def _links(entry: TenantEntry, known: Index, facts: _Facts) -> Iterator[Placed]:
    tenant_id = entry.tenant.id
    for asked, (_, group) in zip(entry.groups, groups(entry, facts.before), strict=True):
        yield from _each(asked.members, partial(group_member, known, group), facts)
        yield from _each(asked.owners, partial(owner, tenant_id, group.id, known), facts)
    for registered, (_, application) in zip(entry.applications, applications(entry, facts.before), strict=True):
        yield from _each(registered.owners, partial(owner, tenant_id, application.id, known), facts)
    for listed in entry.principals:
        if listed.owners and (present := known.principal(tenant_id, listed.app.text.lower())):
            yield from _each(listed.owners, partial(owner, tenant_id, present.id, known), facts)
    yield from _each(entry.grants, partial(grant, tenant_id, known), facts)
    yield from _each(entry.assignments, partial(assignment, tenant_id, known), facts)
    yield from _each(entry.messages, partial(message, tenant_id, known), facts)


def _each(entries: Iterable[N], look_up: Callable[[N], Entity], facts: _Facts) -> Iterator[Placed]:
    for entry in entries:
        try:
            yield entry.at, look_up(entry)
        except FaultFound as found:
            facts.faults.append(found.fault)


def _taken_twice(kept: Iterable[Entity], placed: list[Placed]) -> Iterator[Fault]:
    replaced = {key_of(entity) for _, entity in placed}
    taken = dict[Key, Position | None]()
    for entity in kept:
        if key_of(entity) not in replaced:
            taken |= {key: None for _, key in claims(entity)}
    for at, entity in sorted(placed, key=lambda one: one[0]):
        for what, key in claims(entity):
            if key in taken:
                earlier = taken[key]
                where = f"on line {earlier.line} of this file" if earlier else "in the store"
                yield Fault(at, f"{what} is already taken {where}.")
            taken.setdefault(key, at)


def _taken_elsewhere(known: Index, placed: list[Placed]) -> Iterator[Fault]:
    """A multi-tenant application's identifier URIs are its own everywhere, for every tenant issues tokens for it.

    What may stand in them leaves little room for this: domains that lie below another tenant's, or have moved.
    """
    holders = dict[str, list[Application]]()
    for application in known.applications.values():
        for uri in application.identifier_uris:
            holders.setdefault(uri, []).append(application)
    for at, entity in placed:
        for uri in entity.identifier_uris if isinstance(entity, Application) else ():
            others = [other for other in holders[uri] if other.tenant_id != tenant_of(entity)]
            if others and any(one.is_multi_tenant for one in holders[uri]):
                yield Fault(at, f"The identifier URI {uri} is already taken in another tenant.")


def _passwords(document: Document, before: Index) -> Iterator[tuple[UserId, PasswordEntry]]:
    for entry in document.tenants:
        for asked, (_, user) in zip(entry.users, users(entry, before), strict=True):
            if asked.password:
                yield user.id, asked.password
