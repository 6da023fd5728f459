"""The one API every tenant knows from the start: Microsoft Graph, under its own ids.  Reference sections 1.4 and 26.

Built in, never stored: a release that adds a permission adds it everywhere at once.  The ids are Microsoft's, because
registrations and clients spell them out; the words on the consent page are ours.
"""

from typing import Final

from entrada.core.directory.application import Application, SignInAudience
from entrada.core.directory.derived_id import application_id, service_principal_id
from entrada.core.directory.ids import ClientId, PermissionId, TenantId
from entrada.core.directory.permission import AppRole, PermissionScope
from entrada.core.directory.service_principal import ServicePrincipal

APP_ID: Final = ClientId("00000003-0000-0000-c000-000000000000")
SERVICE_TENANT: Final = TenantId("f8cdef31-a31e-4b4a-93e4-5f571e91255a")
"""Microsoft's own tenant, which owns the application; no tenant of ours may take this id."""

IDENTIFIER_URIS: Final = ("https://graph.microsoft.com", "https://graph.microsoft.com/")


def _for_users(guid: str, value: str, title: str, yours: str, theirs: str) -> PermissionScope:
    """A scope each user may consent to; *yours* is what the user reads, *theirs* what the administrator reads."""
    return PermissionScope(
        id=PermissionId(guid),
        value=value,
        admin_consent_display_name=title,
        admin_consent_description=theirs,
        user_consent_display_name=title,
        user_consent_description=yours,
    )


def _for_admins(guid: str, value: str, title: str, description: str) -> PermissionScope:
    return PermissionScope(
        id=PermissionId(guid),
        value=value,
        admin_only=True,
        admin_consent_display_name=title,
        admin_consent_description=f"{description}, on behalf of the signed-in user.",
    )


def _role(guid: str, value: str, title: str, description: str) -> AppRole:
    return AppRole(
        id=PermissionId(guid),
        value=value,
        display_name=title,
        description=f"{description}, without a signed-in user.",
        allowed_member_types=frozenset({"Application"}),
    )


# fmt: off
SCOPES: Final = (
    _for_users("37f7f235-527c-4136-accd-4a02d197296e", "openid", "Sign you in",
               "The app learns that it is you who signs in, with your work or school account.",
               "Users can sign in to the app with their work or school accounts."),
    _for_users("14dad69e-099b-42c9-810b-d002981feec1", "profile", "View your basic profile",
               "The app sees your name, your user name and your picture.",
               "The app sees the name, user name and picture of each user who signs in."),
    _for_users("64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", "email", "View your email address",
               "The app sees your primary email address.",
               "The app sees the primary email address of each user who signs in."),
    _for_users("7427e0e9-2fba-42fe-b0c0-848c9e6a8182", "offline_access",
               "Maintain access to data you have given it access to",
               "The app keeps the access you gave it while you are away. It gains no further access by this.",
               "The app keeps the access its users gave it while they are away. It gains no further access by this."),
    _for_users("e1fe6dd8-ba31-4d61-89e7-88639da4683d", "User.Read", "Sign you in and read your profile",
               "You can sign in to the app, and it reads your profile and basic facts of your organization.",
               "Users can sign in to the app, and it reads their profiles and basic facts of the organization."),
    _for_users("b340eb25-3456-403f-be2f-af7a0d370277", "User.ReadBasic.All", "Read everybody's basic profile",
               "The app sees the names and email addresses of the people in your organization, as you can.",
               "The app sees the names and email addresses of all users, on behalf of the signed-in user."),
    _for_users("b4e74841-8e56-480b-be8b-910348b18b4c", "User.ReadWrite", "Read and change your profile",
               "The app reads your profile and may change it for you.",
               "The app reads the profile of the signed-in user and may change it."),
    _for_users("570282fd-fa5c-430d-a7fd-fc8dc98a9dca", "Mail.Read", "Read your mail",
               "The app reads the messages in your mailbox.",
               "The app reads the messages in the mailbox of the signed-in user."),
    _for_users("024d486e-b451-40bb-833d-3e66d98c5c73", "Mail.ReadWrite", "Read and change your mail",
               "The app reads, writes, files and deletes messages in your mailbox. It cannot send them.",
               "The app reads, writes, files and deletes messages of the signed-in user. It cannot send them."),
    _for_users("e383f46e-2787-4529-855e-0e479a3ffac0", "Mail.Send", "Send mail as you",
               "The app sends messages in your name.",
               "The app sends messages in the name of the signed-in user."),
    _for_admins("a154be20-db9c-4678-8ab7-66f6cc099a59", "User.Read.All", "Read everybody's full profile",
                "The app reads the whole profile of every user"),
    _for_admins("204e0828-b5ca-4ad8-b9f3-f32a958e7cc4", "User.ReadWrite.All", "Read and change everybody's profile",
                "The app reads and changes the whole profile of every user"),
    _for_admins("06da0dbc-49e2-44d2-8312-53f166ab848a", "Directory.Read.All", "Read the directory",
                "The app reads users, groups and applications of the organization"),
    _for_admins("c5366453-9fb0-48a5-a156-24f0c49a4b84", "Directory.ReadWrite.All", "Read and change the directory",
                "The app reads and changes users, groups and applications of the organization"),
    _for_admins("c79f8feb-a9db-4090-85f9-90d820caa0eb", "Application.Read.All", "Read applications",
                "The app reads all applications and service principals"),
    _for_admins("bdfbf15f-ee85-4955-8675-146e8e5296b5", "Application.ReadWrite.All", "Read and change applications",
                "The app registers, changes and deletes applications and service principals"),
    _for_admins("bc024368-1153-4739-b217-4326f2e966d0", "GroupMember.Read.All", "Read who is in which group",
                "The app reads all groups by name and who is in them"),
    _for_admins("5f8c59db-677d-491f-a6b8-5f174b11ec1d", "Group.Read.All", "Read all groups",
                "The app reads all groups and who is in them"),
    _for_admins("4e46008b-f24c-477d-8fff-7bb4ec7aafe0", "Group.ReadWrite.All", "Read and change all groups",
                "The app makes, changes and deletes groups, and decides who is in them"),
    _for_admins("e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20", "AuditLog.Read.All", "Read the sign-in and audit logs",
                "The app reads who signed in and who changed what"),
    # The ids from here on are from memory of the public permissions reference: unverified offline.
    _for_admins("0e263e50-5827-48a4-b97c-d940288653c7", "Directory.AccessAsUser.All", "Do what you may do",
                "The app has the same access to the directory as the person who is signed in"),
    _for_admins("41ce6ca6-6826-4807-84f1-1c82854f7ee5", "DelegatedPermissionGrant.ReadWrite.All",
                "Grant and revoke delegated permissions",
                "The app grants and revokes delegated permissions of any API"),
    _for_admins("84bccea3-f856-4a8a-967b-dbe0a3d53a64", "AppRoleAssignment.ReadWrite.All", "Assign app roles",
                "The app assigns app roles of any API, and so grants application permissions"),
    _for_admins("f81125ac-d3b7-4573-a3b2-7099cc39df9e", "GroupMember.ReadWrite.All", "Decide who is in which group",
                "The app reads groups and decides who is in them"),
    _for_admins("741c54c3-0c1e-44a1-818b-3f97ab4e8c83", "RoleManagement.Read.Directory", "Read directory roles",
                "The app reads who holds which directory role"),
    _for_admins("d01b97e9-cbc0-49fe-810a-750afd5527a3", "RoleManagement.ReadWrite.Directory", "Assign directory roles",
                "The app decides who holds which directory role"),
    _for_admins("4908d5b9-3fb2-4b1e-9336-1888b7937185", "Organization.Read.All", "Read the organization",
                "The app reads the organization's name, domains and settings"),
    _for_admins("46ca0847-7e6b-426e-9775-ea810a948356", "Organization.ReadWrite.All", "Change the organization",
                "The app reads and changes the organization's name and settings"),
    _for_admins("572fea84-0151-49b2-9301-11cb16974376", "Policy.Read.All", "Read policies",
                "The app reads the policies of the organization"),
    _for_admins("edd3c878-b384-41fd-95ad-e7407dd775be", "Policy.ReadWrite.Authorization", "Change what users may do",
                "The app reads and changes the policy that says what users may do by themselves"),
    _for_admins("aec28ec7-4d02-4e8c-b864-50163aea77eb", "UserAuthenticationMethod.Read.All",
                "Read everybody's authentication methods", "The app reads how everybody proves who they are"),
    _for_admins("b7887744-6746-4312-813d-72daeaee7e2d", "UserAuthenticationMethod.ReadWrite.All",
                "Change everybody's authentication methods",
                "The app reads and removes ways by which people prove who they are"),
    # Our own: Azure keeps the rights to API Management apart from Microsoft Graph.
    _for_admins("9a7e0a17-0001-4000-8000-00000000ead0", "Gateway.Read.All", "Read the API gateway",
                "The app reads what the API gateway serves, and its policies"),
    _for_admins("9a7e0a17-0001-4000-8000-00000000a11e", "Gateway.ReadWrite.All", "Read and change the API gateway",
                "The app reads and changes what the API gateway serves, its policies and its secrets"),
)

APP_ROLES: Final = (
    _role("97235f07-e226-4f63-ace3-39588e11d3a1", "User.ReadBasic.All", "Read everybody's basic profile",
          "The app sees the names and email addresses of all users"),
    _role("df021288-bdef-4463-88db-98f22de89214", "User.Read.All", "Read everybody's full profile",
          "The app reads the whole profile of every user"),
    _role("741f803b-c850-494e-b5df-cde7c675a1ca", "User.ReadWrite.All", "Read and change everybody's profile",
          "The app reads and changes the whole profile of every user"),
    _role("810c84a8-4a9e-49e6-bf7d-12d183f40d01", "Mail.Read", "Read mail in all mailboxes",
          "The app reads the messages in every mailbox"),
    _role("e2a3a72e-5f79-4c64-b1b1-878b674786c9", "Mail.ReadWrite", "Read and change mail in all mailboxes",
          "The app reads, writes, files and deletes messages in every mailbox"),
    _role("b633e1c5-b582-4048-a93e-9f11b44c7e96", "Mail.Send", "Send mail as anyone",
          "The app sends messages in anyone's name"),
    _role("7ab1d382-f21e-4acd-a863-ba3e13f7da61", "Directory.Read.All", "Read the directory",
          "The app reads users, groups and applications of the organization"),
    _role("19dbc75e-c2e2-444c-a770-ec69d8559fc7", "Directory.ReadWrite.All", "Read and change the directory",
          "The app reads and changes users, groups and applications of the organization"),
    _role("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", "Application.Read.All", "Read applications",
          "The app reads all applications and service principals"),
    _role("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", "Application.ReadWrite.All", "Read and change applications",
          "The app registers, changes and deletes applications and service principals"),
    _role("98830695-27a2-44f7-8c18-0c3ebc9698f6", "GroupMember.Read.All", "Read who is in which group",
          "The app reads all groups by name and who is in them"),
    _role("5b567255-7703-4780-807c-7be8301ae99b", "Group.Read.All", "Read all groups",
          "The app reads all groups and who is in them"),
    _role("62a82d76-70ea-41e2-9197-370581804d09", "Group.ReadWrite.All", "Read and change all groups",
          "The app makes, changes and deletes groups, and decides who is in them"),
    _role("b0afded3-3588-46d8-8b3d-9842eff778da", "AuditLog.Read.All", "Read the sign-in and audit logs",
          "The app reads who signed in and who changed what"),
    # The ids from here on are from memory of the public permissions reference: unverified offline.
    _role("18a4783c-866b-4cc7-a460-3d5e5662c884", "Application.ReadWrite.OwnedBy", "Change the applications it owns",
          "The app registers applications, and changes and deletes those it owns"),
    _role("8e8e4742-1d95-4f68-9d56-6ee75648c72a", "DelegatedPermissionGrant.ReadWrite.All",
          "Grant and revoke delegated permissions", "The app grants and revokes delegated permissions of any API"),
    _role("06b708a9-e830-4db3-a914-8e69da51d44f", "AppRoleAssignment.ReadWrite.All", "Assign app roles",
          "The app assigns app roles of any API, and so grants application permissions"),
    _role("dbaae8cf-10b5-4b86-a4a1-f871c94c6695", "GroupMember.ReadWrite.All", "Decide who is in which group",
          "The app reads groups and decides who is in them"),
    _role("483bed4a-2ad3-4361-a73b-c83ccdbdc53c", "RoleManagement.Read.Directory", "Read directory roles",
          "The app reads who holds which directory role"),
    _role("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8", "RoleManagement.ReadWrite.Directory", "Assign directory roles",
          "The app decides who holds which directory role"),
    _role("498476ce-e0fe-48b0-b801-37ba7e2685c6", "Organization.Read.All", "Read the organization",
          "The app reads the organization's name, domains and settings"),
    _role("292d869f-3427-49a8-9dab-8c70152b74e9", "Organization.ReadWrite.All", "Change the organization",
          "The app reads and changes the organization's name and settings"),
    _role("246dd0d5-5bd0-4def-940b-0421030a5b68", "Policy.Read.All", "Read policies",
          "The app reads the policies of the organization"),
    _role("fb221be6-99f2-473f-bd32-01c6a0e9ca3b", "Policy.ReadWrite.Authorization", "Change what users may do",
          "The app reads and changes the policy that says what users may do by themselves"),
    _role("38d9df27-64da-44fd-b7c5-a6fbac20248f", "UserAuthenticationMethod.Read.All",
          "Read everybody's authentication methods", "The app reads how everybody proves who they are"),
    _role("50483e42-d915-4231-9639-7fdb7fd190e5", "UserAuthenticationMethod.ReadWrite.All",
          "Change everybody's authentication methods",
          "The app reads and removes ways by which people prove who they are"),
    # Our own: Azure keeps the rights to API Management apart from Microsoft Graph.
    _role("9a7e0a17-0002-4000-8000-00000000ead0", "Gateway.Read.All", "Read the API gateway",
          "The app reads what the API gateway serves, and its policies"),
    _role("9a7e0a17-0002-4000-8000-00000000a11e", "Gateway.ReadWrite.All", "Read and change the API gateway",
          "The app reads and changes what the API gateway serves, its policies and its secrets"),
)
# fmt: on

MICROSOFT_GRAPH: Final = Application(
    id=application_id(APP_ID),
    app_id=APP_ID,
    tenant_id=SERVICE_TENANT,
    display_name="Microsoft Graph",
    sign_in_audience=SignInAudience.MULTIPLE_ORGS,
    identifier_uris=IDENTIFIER_URIS,
    requested_access_token_version=1,
    scopes=SCOPES,
    app_roles=APP_ROLES,
    verified_publisher="entrada (built in)",
)


def graph_principal(tenant_id: TenantId) -> ServicePrincipal:
    """Microsoft Graph's presence in a tenant, as every tenant gets it."""
    return ServicePrincipal(id=service_principal_id(tenant_id, APP_ID), tenant_id=tenant_id, app_id=APP_ID)
