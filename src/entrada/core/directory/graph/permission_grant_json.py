"""A delegated permission grant as Graph writes it and reads it.  Graph: oauth2PermissionGrant; reference section 38."""

from collections.abc import Mapping
from typing import Final

from attrs import evolve

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import MemberFault, Members, choice, guid, reading, text
from entrada.core.directory.graph.link_id import grant_id
from entrada.core.directory.ids import ServicePrincipalId, TenantId, UserId
from entrada.core.directory.service_principal import PermissionGrant

FOR_ALL: Final = "AllPrincipals"
FOR_ONE: Final = "Principal"
_WHAT: Final = "permission grant"
_MOST_SCOPES: Final = 1000


def permission_grant_json(grant: PermissionGrant) -> dict[str, object]:
    return {
        "clientId": grant.client_id,
        "consentType": FOR_ALL if grant.principal_id is None else FOR_ONE,
        "id": grant_id(grant),
        "principalId": grant.principal_id,
        "resourceId": grant.resource_id,
        "scope": " ".join(sorted(grant.scopes)),
    }


def new_grant(tenant_id: TenantId, members: Mapping[str, object]) -> PermissionGrant | Problem:
    """As it is asked for: whether everybody in it exists is for the use case to see."""
    return reading(lambda: _new(tenant_id, Members(members, _WHAT)))


def patched(grant: PermissionGrant, members: Mapping[str, object]) -> PermissionGrant | Problem:
    """The scopes alone can change: another client, API or person is another grant."""
    return reading(lambda: _patched(grant, Members(members, _WHAT)))


def _new(tenant_id: TenantId, members: Members) -> PermissionGrant:
    for_all = members.required("consentType", choice(FOR_ALL, FOR_ONE)) == FOR_ALL
    principal_id = members.nullable("principalId", guid, None)
    if for_all is (principal_id is not None):
        message = "A grant of consentType Principal names the user in principalId; one of AllPrincipals names nobody."
        raise MemberFault(message, "principalId")
    grant = PermissionGrant(
        tenant_id=tenant_id,
        client_id=ServicePrincipalId(members.required("clientId", guid)),
        resource_id=ServicePrincipalId(members.required("resourceId", guid)),
        principal_id=UserId(principal_id) if principal_id else None,
        scopes=members.required("scope", _scopes),
    )
    members.ignore("id", "startTime", "expiryTime")  # the latter two came with grants of Graph's beta
    members.finish()
    return grant


def _patched(grant: PermissionGrant, members: Members) -> PermissionGrant:
    stored = permission_grant_json(grant)
    changed = evolve(grant, scopes=members.given("scope", _scopes, grant.scopes))
    for name in ("clientId", "consentType", "principalId", "resourceId"):
        members.only(name, stored[name], why=f"{name} of a grant never changes: make another grant, and delete this.")
    members.ignore("id", "startTime", "expiryTime")
    members.finish()
    return changed


def _scopes(value: object, path: str) -> frozenset[str]:
    words = frozenset(text(value, path).split())
    if not words:
        raise MemberFault(f"{path} names one scope or more, separated by blanks; delete the grant to take all.", path)
    if len(words) > _MOST_SCOPES:
        raise MemberFault(f"{path} has at most {_MOST_SCOPES} scopes.", path)
    return words
