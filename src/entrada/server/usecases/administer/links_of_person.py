"""What hangs on a user or a group: where it is a member and who is one, what it was granted, what it owns."""

from attrs import frozen

from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.entity import Entity
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.condition import Compare, Either, Op
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import RemoveEntity
from entrada.server.store.port import Store
from entrada.server.usecases.administer.whole_list import whole_list


@frozen(kw_only=True)
class PersonLinks:
    grants: tuple[PermissionGrant, ...]
    assignments: tuple[AppRoleAssignment, ...]
    memberships: tuple[GroupMember, ...]
    owners: tuple[Owner, ...]

    @property
    def removals(self) -> tuple[RemoveEntity, ...]:
        every: tuple[Entity, ...] = (*self.grants, *self.assignments, *self.memberships, *self.owners)
        return tuple(RemoveEntity(one) for one in every)


async def links_of_person(store: Store, person: User | Group) -> PersonLinks:
    tenant_id, own = person.tenant_id, Compare("principal_id", Op.EQ, person.id)
    member = Compare("member_id", Op.EQ, person.id)
    owner = Compare("owner_id", Op.EQ, person.id)
    if isinstance(person, Group):
        return PersonLinks(
            grants=(),
            assignments=await whole_list(store, AppRoleAssignment, tenant_id, own),
            memberships=await whole_list(
                store, GroupMember, tenant_id, Either((member, Compare("group_id", Op.EQ, person.id)))
            ),
            owners=await whole_list(store, Owner, tenant_id, Compare("object_id", Op.EQ, person.id)),
        )
    return PersonLinks(
        grants=await whole_list(store, PermissionGrant, tenant_id, own),
        assignments=await whole_list(store, AppRoleAssignment, tenant_id, own),
        memberships=await whole_list(store, GroupMember, tenant_id, member),
        owners=await whole_list(store, Owner, tenant_id, owner),
    )


def deleted(person: User | Group, links: PersonLinks, now: NumericDate) -> DeletedItem:
    return DeletedItem(
        tenant_id=person.tenant_id,
        id=person.id,
        deleted_at=now,
        user=person if isinstance(person, User) else None,
        group=person if isinstance(person, Group) else None,
        grants=links.grants,
        assignments=links.assignments,
        memberships=links.memberships,
        owners=links.owners,
    )
