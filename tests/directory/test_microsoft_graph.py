"""Microsoft Graph as registrations and clients spell it."""

from entrada.core.directory.ids import TenantId, parse_guid
from entrada.core.directory.microsoft_graph import APP_ROLES, MICROSOFT_GRAPH, SCOPES, graph_principal

# From the reference, sections 1.4 and 38.
KNOWN = {
    "User.Read": "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
    "openid": "37f7f235-527c-4136-accd-4a02d197296e",
    "profile": "14dad69e-099b-42c9-810b-d002981feec1",
    "email": "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
    "offline_access": "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
}
ADMIN_ONLY = {
    "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", "Application.Read.All",
    "Application.ReadWrite.All", "GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", "AuditLog.Read.All",
    "AppRoleAssignment.ReadWrite.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.AccessAsUser.All",
    "GroupMember.ReadWrite.All", "Organization.Read.All", "Organization.ReadWrite.All", "Policy.Read.All",
    "Policy.ReadWrite.Authorization", "RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory",
    "UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All",
    "Gateway.Read.All", "Gateway.ReadWrite.All",
}  # fmt: skip


def test_it_is_known_under_both_spellings_of_its_address():
    assert MICROSOFT_GRAPH.app_id == "00000003-0000-0000-c000-000000000000"
    assert set(MICROSOFT_GRAPH.identifier_uris) == {"https://graph.microsoft.com", "https://graph.microsoft.com/"}


def test_the_ids_of_the_reference():
    assert KNOWN.items() <= {scope.value: scope.id for scope in SCOPES}.items()


def test_members_may_not_consent_to_what_concerns_everybody():
    assert {scope.value for scope in SCOPES if scope.admin_only} == ADMIN_ONLY


def test_scopes_and_roles_share_one_namespace_of_ids():
    ids = [permission.id for permission in (*SCOPES, *APP_ROLES)]
    assert len(set(ids)) == len(ids)
    assert all(parse_guid(guid) == guid for guid in ids)


def test_each_permission_a_user_may_give_is_explained_to_the_user():
    for scope in SCOPES:
        assert scope.admin_consent_display_name
        assert scope.admin_consent_description.endswith(".")
        assert scope.admin_only or (scope.user_consent_description or "").endswith(".")


def test_each_tenant_has_its_own_principal_and_always_the_same():
    one, other = TenantId("1" * 36), TenantId("2" * 36)
    assert graph_principal(one) == graph_principal(one)
    assert graph_principal(one).id != graph_principal(other).id
