"""The names a file uses for other objects, looked up; a name that means nothing is a fault where it stands."""

from collections.abc import Sequence

from attrs import evolve

from entrada.core.directory.application import Application, PreAuthorizedApplication
from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.document.entries import (
    ApplicationEntry,
    AssignmentEntry,
    GrantEntry,
    MessageEntry,
    PreAuthorizedEntry,
    RequiredEntry,
    UserEntry,
)
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.index import Index, role_named, scope_named
from entrada.core.directory.document.scalars import Reference
from entrada.core.directory.document.tree import Position
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import (
    ANY_TENANT,
    ApplicationId,
    ClientId,
    GroupId,
    PermissionId,
    ServicePrincipalId,
    TenantId,
    UserId,
    parse_guid,
)
from entrada.core.directory.message import Message
from entrada.core.directory.owner import Owner
from entrada.core.directory.permission import RequiredResourceAccess
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.user import HomeAccount, User

DEFAULT_ACCESS = PermissionId(ANY_TENANT)
"""The app role that stands for “may use it”, with no role of its own (reference section 1.4)."""


def linked(known: Index, asked: ApplicationEntry) -> Application:
    """The application with what it says of others."""
    bare = known.applications[asked.application.app_id]
    return evolve(
        bare,
        required_resource_access=tuple(_required_resource(known, entry) for entry in asked.required),
        pre_authorized=tuple(_pre_authorized(bare, entry) for entry in asked.pre_authorized),
    )


def _required_resource(known: Index, asked: RequiredEntry) -> RequiredResourceAccess:
    if (app_id := parse_guid(asked.resource.text)) is None:
        raise FaultFound(asked.resource.at, f"{asked.resource.text!r} is not an appId.")
    resource = known.application(app_id)
    return RequiredResourceAccess(
        resource_app_id=ClientId(app_id),
        scopes=tuple(_scope_id(resource, name) for name in asked.scopes),
        roles=tuple(_role_id(resource, name) for name in asked.roles),
    )


def _pre_authorized(application: Application, asked: PreAuthorizedEntry) -> PreAuthorizedApplication:
    ids = frozenset(_scope_id(application, name) for name in asked.scopes)
    return PreAuthorizedApplication(app_id=asked.app_id, permission_ids=ids)


def _scope_id(resource: Application | None, name: Reference) -> PermissionId:
    """An id may be written for an API that is not registered here, as in Entra; a name may not."""
    if (guid := parse_guid(name.text)) is not None:
        return PermissionId(guid)
    if resource is None:
        raise FaultFound(name.at, f"The scope {name.text!r} belongs to an application that is not registered here.")
    if (scope := scope_named(resource, name.text)) is None:
        raise FaultFound(name.at, _unknown("scope", name.text, resource))
    return scope.id


def _role_id(resource: Application | None, name: Reference) -> PermissionId:
    if (guid := parse_guid(name.text)) is not None:
        return PermissionId(guid)
    if resource is None:
        raise FaultFound(name.at, f"The app role {name.text!r} belongs to an application that is not registered here.")
    if (role := role_named(resource, name.text)) is None:
        raise FaultFound(name.at, _unknown("app role", name.text, resource))
    return role.id


def _unknown(what: str, name: str, resource: Application) -> str:
    permissions = resource.scopes if what == "scope" else resource.app_roles
    offered = ", ".join(sorted(permission.value for permission in permissions)) or "none"
    return f"{resource.display_name} has no {what} {name!r}. It has: {offered}."


def guest(known: Index, user: User, asked: UserEntry) -> User:
    """*user*, and where it is at home if it is a guest."""
    if (home := asked.home) is None:
        return user
    account = home.account if isinstance(home.account, HomeAccount) else _account(known, home.account, home.at)
    if account.tenant_id == user.tenant_id:
        raise FaultFound(home.at, "A guest is at home in another tenant.")
    return evolve(user, home=account)


def _account(known: Index, name: str, at: Position) -> HomeAccount:
    if (found := known.account(name)) is None:
        raise FaultFound(at, f"No tenant has a user {name!r}.")
    return HomeAccount(tenant_id=found.tenant_id, user_id=found.id)


def group_member(known: Index, group: Group, name: Reference) -> GroupMember:
    """By user principal name, by a group's display name, or by id."""
    member = known.user(group.tenant_id, name.text) or known.group(group.tenant_id, name.text)
    if member is None:
        raise FaultFound(name.at, f"No user and no single group of this tenant is called {name.text!r}.")
    if member.id == group.id:
        raise FaultFound(name.at, "A group is no member of itself.")
    return GroupMember(tenant_id=group.tenant_id, group_id=group.id, member_id=member.id)


def owner(tenant_id: TenantId, object_id: str, known: Index, name: Reference) -> Owner:
    """By user principal name, by the `appId` of an application that is present in the tenant, or by id."""
    user, principal = known.user(tenant_id, name.text), known.principal(tenant_id, name.text.lower())
    found = user.id if user else principal.id if principal else None
    if found is None:
        raise FaultFound(name.at, f"No user and no application of this tenant is called {name.text!r}.")
    return Owner(tenant_id=tenant_id, object_id=ApplicationId(object_id), owner_id=found)


def grant(tenant_id: TenantId, known: Index, asked: GrantEntry) -> PermissionGrant:
    client, resource = _principal(tenant_id, known, asked.client), _principal(tenant_id, known, asked.resource)
    return PermissionGrant(
        tenant_id=tenant_id,
        client_id=client.id,
        resource_id=resource.id,
        principal_id=_user(tenant_id, known, asked.principal).id if asked.principal else None,
        scopes=scope_values(known.applications[resource.app_id], asked.scopes),
    )


def scope_values(api: Application, names: Sequence[Reference]) -> frozenset[str]:
    """*names* as they are, where each is the value of a scope of *api*."""
    offered = {scope.value for scope in api.scopes}
    if unknown := next((name for name in names if name.text not in offered), None):
        raise FaultFound(unknown.at, _unknown("scope", unknown.text, api))
    return frozenset(name.text for name in names)


def assignment(tenant_id: TenantId, known: Index, asked: AssignmentEntry) -> AppRoleAssignment:
    resource = _principal(tenant_id, known, asked.resource)
    return AppRoleAssignment(
        tenant_id=tenant_id,
        principal_id=_assigned_to(tenant_id, known, asked),
        resource_id=resource.id,
        app_role_id=_assigned_role(known.applications[resource.app_id], asked),
    )


def _assigned_role(api: Application, asked: AssignmentEntry) -> PermissionId:
    if asked.role.text == DEFAULT_ACCESS:
        return DEFAULT_ACCESS
    if (role := role_named(api, asked.role.text)) is None:
        raise FaultFound(asked.role.at, _unknown("app role", asked.role.text, api))
    if (kind := "User" if asked.client is None else "Application") not in role.allowed_member_types:
        raise FaultFound(asked.role.at, f"The app role {role.value!r} is not for members of type {kind}.")
    return role.id


def _assigned_to(tenant_id: TenantId, known: Index, asked: AssignmentEntry) -> UserId | GroupId | ServicePrincipalId:
    if asked.user:
        return _user(tenant_id, known, asked.user).id
    if asked.client:
        return _principal(tenant_id, known, asked.client).id
    name = asked.group
    group = known.group(tenant_id, name.text) if name else None
    if group is None:
        raise FaultFound(name.at if name else asked.at, "No single group of this tenant has this name.")
    return group.id


def message(tenant_id: TenantId, known: Index, asked: MessageEntry) -> Message:
    user = _user(tenant_id, known, asked.user)
    return Message(
        id=asked.id or derived_id("message", user.id, str(asked.received_at), asked.subject),
        tenant_id=tenant_id,
        user_id=user.id,
        subject=asked.subject,
        sender_name=asked.sender_name,
        sender_address=asked.sender_address,
        received_at=asked.received_at,
        body=asked.body,
        is_read=asked.is_read,
    )


def _user(tenant_id: TenantId, known: Index, name: Reference) -> User:
    if (user := known.user(tenant_id, name.text)) is None:
        raise FaultFound(name.at, f"No user of this tenant is called {name.text!r}.")
    return user


def _principal(tenant_id: TenantId, known: Index, name: Reference) -> ServicePrincipal:
    if (application := known.application(name.text)) is None:
        raise FaultFound(name.at, f"No application has the appId {name.text!r}.")
    if (principal := known.principal(tenant_id, application.app_id)) is None:
        who = application.display_name
        raise FaultFound(name.at, f"{who} has no service principal in this tenant; list it under servicePrincipals.")
    return principal
