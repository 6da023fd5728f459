"""What a token says of a user's groups, app roles and directory roles.  Reference section 32.

An ID token is shaped by its client's registration, an access token by the API's.
"""

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.directory_role import ORDINARY_MEMBER
from entrada.core.directory.group import Group
from entrada.core.directory.ids import GroupId
from entrada.core.directory.optional_claims import OptionalClaim
from entrada.core.directory.service_principal import AppRoleAssignment, ServicePrincipal
from entrada.core.protocol.tokens.roles import user_roles
from entrada.core.protocol.tokens.subject import Claims, Subject

MOST_IN_A_TOKEN: Final = 200
MOST_IN_AN_ADDRESS: Final = 5  # a token from the authorization endpoint travels in a URL
_BY_NAME: Final = "cloud_displayname"
_AS_ROLES: Final = "emit_as_roles"


@frozen(kw_only=True)
class Membership:
    """Of one user, as one application may learn of it."""

    roles: tuple[str, ...] = ()
    assigned: frozenset[GroupId] = frozenset()  # those of the user's direct groups that were assigned the application
    groups: tuple[Group, ...] = ()  # through other groups too; read only where a registration wants them


def membership(
    application: Application,
    principal: ServicePrincipal | None,
    assignments: Iterable[AppRoleAssignment],
    groups: tuple[Group, ...] = (),
) -> Membership:
    """*assignments* are the user's own and those of the groups the user is a direct member of."""
    here = tuple(one for one in assignments if principal is not None and one.resource_id == principal.id)
    return Membership(
        roles=user_roles(application, principal, here),
        assigned=frozenset(GroupId(one.principal_id) for one in here),
        groups=groups,
    )


def wants_groups(application: Application) -> bool:
    """Must the user's groups be read?  Assigned ones are known from the assignments, but not by name."""
    kinds, shapes = application.group_membership_claims, application.optional_claims
    by_name = any(_BY_NAME in one.additional_properties for one in (*shapes.id_token, *shapes.access_token))
    return bool(kinds & {"SecurityGroup", "All"}) or (by_name and "ApplicationGroup" in kinds)


def membership_claims(
    subject: Subject, shape: Application, optional: Iterable[OptionalClaim], held: Membership, *, in_address: bool
) -> Claims:
    """`roles`, `groups` and `wids`; where there are too many groups, what leads to them instead."""
    claims: Claims = {"roles": list(held.roles) or None}
    if not shape.group_membership_claims:
        return claims
    groups = next((one for one in optional if one.name == "groups"), OptionalClaim(name="groups"))
    values = _groups(subject, shape, groups, held)
    if shape.group_membership_claims & {"DirectoryRole", "All"}:
        claims["wids"] = directory_roles(subject)
    if len(values) > (MOST_IN_AN_ADDRESS if in_address else MOST_IN_A_TOKEN):
        return claims | ({"hasgroups": True} if in_address else _where_to_ask(subject))
    # Groups as roles stand instead of app roles, as at Entra: nobody can tell which of the two a name came from.
    name = "roles" if _AS_ROLES in groups.additional_properties else "groups"
    return {**claims, name: values} if values else claims


def directory_roles(subject: Subject) -> list[str] | None:
    ordinary = [] if subject.is_guest else [ORDINARY_MEMBER]
    return [*sorted(subject.user.directory_roles), *ordinary] or None


def _groups(subject: Subject, shape: Application, asked: OptionalClaim, held: Membership) -> list[str]:
    kinds = shape.group_membership_claims
    security = "SecurityGroup" in kinds
    found = {one.id for one in held.groups if "All" in kinds or (security and one.security_enabled)}
    if "ApplicationGroup" in kinds:
        found |= held.assigned - {GroupId(subject.user.id)}
    if _BY_NAME in asked.additional_properties and kinds == frozenset({"ApplicationGroup"}):
        # Only for assigned groups, as at Entra: anybody may call a group of their own like yours.
        return sorted(one.display_name for one in held.groups if one.id in found)
    return sorted(found)


def _where_to_ask(subject: Subject) -> Claims:
    endpoint = f"{subject.origin}/{subject.user.tenant_id}/users/{subject.user.id}/getMemberObjects"
    return {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": endpoint}}}
