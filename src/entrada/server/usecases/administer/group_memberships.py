"""What somebody is a member of, groups and directory roles.  Graph: memberOf, getMemberGroups, checkMemberGroups.

Reference sections 32 and 38.  A token with too many groups sends its reader here.
"""

from collections.abc import Collection

from attrs import frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, not_found
from entrada.core.directory.group import Group
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.user import User
from entrada.server.usecases.administer.group_lookup import look_up_group
from entrada.server.usecases.administer.user_lookup import look_up, names_oneself
from entrada.server.usecases.installation import Installation

_MOST_CHECKED = 20


@frozen
class Memberships:
    groups: tuple[Group, ...]  # in order of id
    roles: tuple[str, ...]  # template ids, in their order; a group holds none


async def list_memberships(
    here: Installation, actor: Actor, name: str, *, direct: bool, of_group: bool = False
) -> Memberships | Problem:
    """Of the user *name*, or of the group; through groups within groups unless *direct*."""
    whose = await _whose(here, actor, name, of_group=of_group)
    if isinstance(whose, Problem):
        return whose
    groups = await here.store.find_groups(whose.tenant_id, whose.id, direct=direct)
    return Memberships(groups, tuple(sorted(whose.directory_roles)) if isinstance(whose, User) else ())


async def _whose(here: Installation, actor: Actor, name: str, *, of_group: bool) -> User | Group | Problem:
    """Asked before looking: who may not read others must not learn who there is."""
    itself = not of_group and names_oneself(actor, name)
    refused = may(actor, Operation.READ_OWN_GROUPS, itself=True) if itself else may(actor, Operation.READ_GROUPS)
    if refused is not None:
        return refused
    return await look_up_group(here, actor, name) if of_group else await look_up(here, actor, name)


async def names_group(here: Installation, actor: Actor, object_id: str) -> bool:
    """Whether the id is of a group; who may know anything of it is asked afterwards, and answered alike."""
    return not isinstance(await look_up_group(here, actor, object_id), Problem)


async def list_member_ids(
    here: Installation, actor: Actor, name: str, *, roles: bool, security_only: bool, of_group: bool = False
) -> tuple[str, ...] | Problem:
    """getMemberObjects tells *roles*, too, getMemberGroups does not.

    Who asks for security groups only is not told of roles either, as at Entra.
    """
    found = await list_memberships(here, actor, name, direct=False, of_group=of_group)
    if isinstance(found, Problem):
        return found
    groups = tuple(one.id for one in found.groups if one.security_enabled or not security_only)
    return (*groups, *found.roles) if roles and not security_only else groups


async def check_memberships(
    here: Installation, actor: Actor, name: str, ids: Collection[str], *, of_group: bool = False
) -> tuple[str, ...] | Problem:
    """Which of *ids* are groups that hold it.  Graph: checkMemberGroups, at most 20 at a time."""
    if len(ids) > _MOST_CHECKED:
        return bad(f"groupIds has at most {_MOST_CHECKED} entries, not {len(ids)}.", "groupIds")
    odd = next((one for one in ids if parse_guid(one) is None), None)
    if odd is not None:
        return not_found("group", odd)
    found = await list_memberships(here, actor, name, direct=False, of_group=of_group)
    if isinstance(found, Problem):
        return found
    held = {str(one.id) for one in found.groups}
    return tuple(one for one in (parse_guid(given) for given in ids) if one in held)
