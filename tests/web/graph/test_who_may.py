"""Everybody at every request: who is let in, written out by hand, and that the others changed nothing.

Who, a letter each: G Global, A Application, C Cloud Application, U User, R Groups, P Password, H Authentication, V Privileged
Role Administrator, D Application Developer, L Global, S Security, T Reports Reader, Y Directory Readers, m a member without a
role, g a guest, o the owner.  `*` is everybody but guests, `+` everybody.  A guest who is a Reports Reader may what a member who
is one may, but for what members alone may.
"""

import asyncio
import copy
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from attrs import evolve, frozen

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.actor import AS_THE_USER, Actor, Via
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import ClientId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.user import HomeAccount, User
from entrada.core.protocol.effects import PutEntity
from entrada.server.web.graph.in_process import ask
from entrada.server.web.graph.table import TABLE
from tests.plugins.platforms import InProcess
from tests.web.seats import BEN, COLORS, COLORS_API, DAEMON, PETALS, contents

ROLES: Final = {
    "G": role.GLOBAL_ADMINISTRATOR,
    "A": role.APPLICATION_ADMINISTRATOR,
    "C": role.CLOUD_APPLICATION_ADMINISTRATOR,
    "U": role.USER_ADMINISTRATOR,
    "R": role.GROUPS_ADMINISTRATOR,
    "P": role.PASSWORD_ADMINISTRATOR,
    "H": role.AUTHENTICATION_ADMINISTRATOR,
    "V": role.PRIVILEGED_ROLE_ADMINISTRATOR,
    "D": role.APPLICATION_DEVELOPER,
    "L": role.GLOBAL_READER,
    "S": role.SECURITY_READER,
    "T": role.REPORTS_READER,
    "Y": role.DIRECTORY_READERS,
}
MEMBERS: Final = "".join(ROLES) + "mo"
EVERYBODY: Final = MEMBERS + "g"
MEMBERS_ALONE: Final = ("POST /applications",)
CAI: Final = "c0105000-0000-4000-8000-0000000000c1"
FAY: Final = "9e7a1500-0000-4000-8000-0000000000f1"
PAINTERS: Final = "c0105000-0000-4000-8000-00000000a171"
WHOSE_ID: Final = "c0105000-0000-4000-8000-0000000000f9"  # of whoever asks, in the letters' turn
COLORS_ROLE: Final = "00000000-0000-0000-0000-000000000000"
APPS, OWNED = "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy"
READ_APPS = "Application.Read.All"
USERS, READ_USERS = "User.ReadWrite.All", "User.Read.All"
GROUPS, READ_GROUPS = "Group.ReadWrite.All", "GroupMember.Read.All"
GRANTS, ASSIGN = "DelegatedPermissionGrant.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"
ROLE, READ_ROLE, LOG = "RoleManagement.ReadWrite.Directory", "RoleManagement.Read.Directory", "AuditLog.Read.All"
READ_ORG, ORG = "Organization.Read.All", "Organization.ReadWrite.All"
READ_POLICY, POLICY = "Policy.Read.All", "Policy.ReadWrite.Authorization"
FACTOR, READ_FACTOR = "UserAuthenticationMethod.ReadWrite.All", "UserAuthenticationMethod.Read.All"
REF: Final = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{BEN}"}
KEY: Final = {"keyCredential": {"type": "AsymmetricX509Cert", "usage": "Verify", "key": "AA=="}, "proof": "x"}
FIC: Final = {
    "name": "ci",
    "issuer": "https://issuer.example",
    "subject": "me",
    "audiences": ["api://AzureADTokenExchange"],
}
FIC2: Final = {"subject": "somebody"}
PERSON: Final = {
    "accountEnabled": True, "displayName": "New", "mailNickname": "new", "userPrincipalName": "new@colors.example",
    "passwordProfile": {"password": "Entrada-dev-2027!"},
}  # fmt: skip
CIRCLE: Final = {"displayName": "New", "mailNickname": "new", "mailEnabled": False, "securityEnabled": True}
LIFETIME: Final = {
    "definition": ['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"01:00:00"}}'],
    "displayName": "x",
}
ADM = "GAC"

# fmt: off
# the request, its body, who may, the app role that is enough, whether OwnedBy is enough for an owner: "o", for anybody: "a"
ROWS: Final[tuple[tuple[str, Any, str, str, str], ...]] = (
    ("GET /applications",                                            None, "*", READ_APPS, "a"),  # one's own alone
    ("GET /applications/$count",                                     None, "*", READ_APPS, "a"),
    ("POST /applications",                            {"displayName": "New"}, "*", APPS, "a"),
    ("GET /applications/{app}",                                      None, "*", READ_APPS, "o"),
    ("GET /applications(appId='{appid}')",                           None, "*", READ_APPS, "o"),
    ("PATCH /applications/{app}",                          {"notes": "x"}, ADM + "o", APPS, "o"),
    ("DELETE /applications/{app}",                                   None, ADM + "o", APPS, "o"),
    ("POST /applications/{app}/addPassword", {"passwordCredential": {"displayName": "x"}}, ADM + "o", APPS, "o"),
    ("POST /applications/{app}/removePassword",       {"keyId": "{secret}"}, ADM + "o", APPS, "o"),
    ("POST /applications/{app}/addKey",                               KEY, ADM + "o", APPS, "o"),
    ("POST /applications/{app}/removeKey", {"keyId": COLORS_ROLE, "proof": "x"}, ADM + "o", APPS, "o"),
    ("GET /applications/{app}/federatedIdentityCredentials",         None, "*", READ_APPS, "o"),
    ("POST /applications/{app}/federatedIdentityCredentials",         FIC, ADM + "o", APPS, "o"),
    ("GET /applications/{app}/federatedIdentityCredentials/{fic}",   None, "*", READ_APPS, "o"),
    ("PATCH /applications/{app}/federatedIdentityCredentials/{fic}", FIC2, ADM + "o", APPS, "o"),
    ("DELETE /applications/{app}/federatedIdentityCredentials/{fic}", None, ADM + "o", APPS, "o"),
    ("GET /applications/{app}/owners",                               None, "*", READ_APPS, "o"),
    ("POST /applications/{app}/owners/$ref",                          REF, ADM + "o", APPS, "o"),
    ("DELETE /applications/{app}/owners/{owner}/$ref",               None, ADM + "o", APPS, "o"),
    ("POST /applications/{app}/grantAdminConsent",                     {}, "GACV", f"{GRANTS} {ASSIGN} {READ_APPS}", ""),
    ("GET /servicePrincipals",                                       None, "*", READ_APPS, ""),
    ("GET /servicePrincipals/$count",                                None, "*", READ_APPS, ""),
    ("POST /servicePrincipals",                      {"appId": "{appid2}"}, ADM + "o", APPS, "o"),
    ("GET /servicePrincipals/{sp}",                                  None, "*", READ_APPS, "o"),
    ("PATCH /servicePrincipals/{sp}",                      {"notes": "x"}, ADM + "o", APPS, "o"),
    ("DELETE /servicePrincipals/{sp}",                               None, ADM + "o", APPS, "o"),
    ("GET /servicePrincipals/{sp}/owners",                           None, "*", READ_APPS, "o"),
    ("POST /servicePrincipals/{sp}/owners/$ref",                      REF, ADM + "o", APPS, "o"),
    ("DELETE /servicePrincipals/{sp}/owners/{owner}/$ref",           None, ADM + "o", APPS, "o"),
    ("GET /servicePrincipals/{sp}/delegatedPermissionClassifications", None, "*", READ_APPS, "o"),
    ("POST /servicePrincipals/{sp}/delegatedPermissionClassifications", {"permissionId": "{scope}"}, "GACV", GRANTS, ""),
    ("DELETE /servicePrincipals/{sp}/delegatedPermissionClassifications/{low}", None, "GACV", GRANTS, ""),
    ("GET /servicePrincipals/{sp}/oauth2PermissionGrants",           None, "*", GRANTS, ""),
    ("GET /servicePrincipals/{sp}/appRoleAssignments",               None, "*", READ_APPS, ""),
    ("POST /servicePrincipals/{sp}/appRoleAssignments",  {"resourceId": "{sp}", "appRoleId": "{role}"}, "GACVo", ASSIGN, ""),
    ("GET /servicePrincipals/{sp}/appRoleAssignments/{assigned}",    None, "*", READ_APPS, ""),
    ("DELETE /servicePrincipals/{sp}/appRoleAssignments/{assignedapp}", None, "GACVo", ASSIGN, ""),
    ("GET /servicePrincipals/{sp}/appRoleAssignedTo",                None, "*", READ_APPS, ""),
    ("POST /servicePrincipals/{sp}/appRoleAssignedTo", {"principalId": CAI, "appRoleId": "{urole}"}, "GACVo", ASSIGN, ""),
    ("GET /servicePrincipals/{sp}/appRoleAssignedTo/{assigned}",     None, "*", READ_APPS, ""),
    ("DELETE /servicePrincipals/{sp}/appRoleAssignedTo/{assigned}",  None, "GACVo", ASSIGN, ""),
    ("GET /users/{cai}/appRoleAssignments",                          None, "*", READ_APPS, ""),
    ("POST /users/{cai}/appRoleAssignments", {"resourceId": "{sp}", "appRoleId": "{urole}"}, "GACVo", ASSIGN, ""),
    ("GET /users/{ben}/appRoleAssignments/{assigned}",               None, "*", READ_APPS, ""),
    ("DELETE /users/{ben}/appRoleAssignments/{assigned}",            None, "GACVo", ASSIGN, ""),
    ("GET /groups/{group}/appRoleAssignments",                       None, "*", READ_APPS, ""),
    ("POST /groups/{group}/appRoleAssignments", {"resourceId": "{sp}", "appRoleId": "{urole}"}, "GACVo", ASSIGN, ""),
    ("GET /groups/{group}/appRoleAssignments/{assignedgroup}",       None, "*", READ_APPS, ""),
    ("DELETE /groups/{group}/appRoleAssignments/{assignedgroup}",    None, "GACVo", ASSIGN, ""),
    ("GET /oauth2PermissionGrants",                                  None, "*", GRANTS, ""),
    ("POST /oauth2PermissionGrants", {"clientId": "{sp}", "consentType": "AllPrincipals", "resourceId": "{api}", "scope": "Colors.Read"}, "GACV", GRANTS, ""),
    ("GET /oauth2PermissionGrants/{grant}",                          None, "*", GRANTS, ""),
    ("PATCH /oauth2PermissionGrants/{grant}", {"scope": "Colors.Write"}, "GACV", GRANTS, ""),
    ("DELETE /oauth2PermissionGrants/{grant}",                       None, "GACV", GRANTS, ""),
    ("GET /users/{ben}/oauth2PermissionGrants",                      None, "*", GRANTS, ""),
    ("GET /users",                                                   None, "*", READ_USERS, ""),
    ("GET /users/$count",                                            None, "*", READ_USERS, ""),
    ("POST /users",                                                PERSON, "GU", USERS, ""),
    ("GET /users/{cai}",                                             None, "*", READ_USERS, ""),
    ("PATCH /users/{cai}",                              {"jobTitle": "x"}, "GU", USERS, ""),
    ("PATCH /users/{cai}", {"passwordProfile": {"password": "Entrada-dev-2027!"}}, "GUPH", USERS, ""),
    ("DELETE /users/{cai}",                                          None, "GU", USERS, ""),
    ("POST /users/{cai}/revokeSignInSessions",                         {}, "GUPH", USERS, ""),
    ("GET /users/{cai}/authentication/methods",                      None, "GHL", READ_FACTOR, ""),
    ("GET /users/{cai}/authentication/methods/{password}",           None, "GHL", READ_FACTOR, ""),
    ("GET /users/{cai}/authentication/passwordMethods",              None, "GHL", READ_FACTOR, ""),
    ("GET /users/{cai}/authentication/softwareOathMethods",          None, "GHL", READ_FACTOR, ""),
    ("DELETE /users/{cai}/authentication/softwareOathMethods/{oath}", None, "GH", FACTOR, ""),
    ("GET /users/{cai}/memberOf",                                    None, "*", READ_GROUPS, ""),
    ("GET /users/{cai}/transitiveMemberOf",                          None, "*", READ_GROUPS, ""),
    ("GET /users/{cai}/transitiveMemberOf/$count",                   None, "*", READ_GROUPS, ""),
    ("GET /users/{cai}/memberOf/microsoft.graph.group",              None, "*", READ_GROUPS, ""),
    ("GET /users/{cai}/memberOf/microsoft.graph.directoryRole",      None, "*", READ_GROUPS, ""),
    ("GET /users/{cai}/transitiveMemberOf/microsoft.graph.group",    None, "*", READ_GROUPS, ""),
    ("GET /users/{cai}/transitiveMemberOf/microsoft.graph.directoryRole", None, "*", READ_GROUPS, ""),
    ("POST /users/{cai}/getMemberGroups",                              {}, "*", READ_GROUPS, ""),
    ("POST /users/{cai}/getMemberObjects",                             {}, "*", READ_GROUPS, ""),
    ("POST /users/{cai}/checkMemberGroups",       {"groupIds": [PAINTERS]}, "*", READ_GROUPS, ""),
    ("GET /groups",                                                  None, "*", READ_GROUPS, ""),
    ("GET /groups/$count",                                           None, "*", READ_GROUPS, ""),
    ("POST /groups",                                               CIRCLE, "GUR", GROUPS, ""),
    ("GET /groups/{group}",                                          None, "*", READ_GROUPS, ""),
    ("PATCH /groups/{group}",                        {"description": "x"}, "GURo", GROUPS, ""),
    ("DELETE /groups/{group}",                                       None, "GURo", GROUPS, ""),
    ("GET /groups/{group}/members",                                  None, "*", READ_GROUPS, ""),
    ("GET /groups/{group}/members/$count",                           None, "*", READ_GROUPS, ""),
    ("GET /groups/{group}/transitiveMembers",                        None, "*", READ_GROUPS, ""),
    ("POST /groups/{group}/members/$ref",                             REF, "GURo", GROUPS, ""),
    ("DELETE /groups/{group}/members/{cai}/$ref",                    None, "GURo", GROUPS, ""),
    ("GET /groups/{group}/owners",                                   None, "*", READ_GROUPS, ""),
    ("POST /groups/{group}/owners/$ref",                              REF, "GURo", GROUPS, ""),
    ("DELETE /groups/{group}/owners/{owner}/$ref",                   None, "GURo", GROUPS, ""),
    ("GET /groups/{group}/memberOf",                                 None, "*", READ_GROUPS, ""),
    ("GET /groups/{group}/transitiveMemberOf",                       None, "*", READ_GROUPS, ""),
    ("GET /groups/{group}/transitiveMemberOf/$count",                None, "*", READ_GROUPS, ""),
    ("GET /groups/{group}/memberOf/microsoft.graph.group",           None, "*", READ_GROUPS, ""),
    ("GET /groups/{group}/memberOf/microsoft.graph.directoryRole",   None, "*", READ_GROUPS, ""),
    ("GET /groups/{group}/transitiveMemberOf/microsoft.graph.group", None, "*", READ_GROUPS, ""),
    ("GET /groups/{group}/transitiveMemberOf/microsoft.graph.directoryRole", None, "*", READ_GROUPS, ""),
    ("POST /groups/{group}/getMemberGroups",                           {}, "*", READ_GROUPS, ""),
    ("POST /groups/{group}/getMemberObjects",                          {}, "*", READ_GROUPS, ""),
    ("POST /groups/{group}/checkMemberGroups",    {"groupIds": [PAINTERS]}, "*", READ_GROUPS, ""),
    ("POST /directoryObjects/{cai}/getMemberGroups",                   {}, "*", READ_GROUPS, ""),
    ("POST /directoryObjects/{cai}/getMemberObjects",                  {}, "*", READ_GROUPS, ""),
    ("POST /directoryObjects/{group}/checkMemberGroups", {"groupIds": [PAINTERS]}, "*", READ_GROUPS, ""),
    ("GET /users/{cai}/ownedObjects",                                None, "*", READ_USERS, ""),
    ("GET /directoryRoles",                                          None, "*", READ_ROLE, ""),
    ("GET /directoryRoles/{reader}",                                 None, "*", READ_ROLE, ""),
    ("GET /directoryRoles/{reader}/members",                         None, "*", READ_ROLE, ""),
    ("POST /directoryRoles/{reader}/members/$ref",                    REF, "GV", ROLE, ""),
    ("DELETE /directoryRoles/{reader}/members/{dee}/$ref",           None, "GV", ROLE, ""),
    ("GET /directory/deletedItems/microsoft.graph.application",      None, "+", READ_APPS, "a"),  # their own
    ("GET /directory/deletedItems/microsoft.graph.servicePrincipal", None, "+", READ_APPS, "a"),  # their own
    ("GET /directory/deletedItems/microsoft.graph.user",             None, "GUL", READ_USERS, ""),
    ("GET /directory/deletedItems/microsoft.graph.group",            None, "+", READ_GROUPS, ""),  # their own
    ("GET /directory/deletedItems/{deleted}",                        None, "GACLo", READ_APPS, "o"),
    ("POST /directory/deletedItems/{deleted}/restore",                 {}, "GACo", APPS, "o"),
    ("DELETE /directory/deletedItems/{deleted}",                     None, "GACo", APPS, "o"),
    ("GET /directoryObjects/{cai}",                                  None, "*", READ_USERS, "a"),  # as far as it may
    ("POST /directoryObjects/getByIds",            {"ids": [CAI, PAINTERS]}, "*", READ_GROUPS, "a"),  # as far as it may
    ("GET /organization",                                            None, "*", READ_ORG, ""),
    ("GET /organization/{tenant}",                                   None, "*", READ_ORG, ""),
    ("PATCH /organization/{tenant}",                 {"displayName": "x"}, "G", ORG, ""),
    ("GET /organization/{tenant}/branding",                          None, "*", READ_ORG, ""),
    ("PATCH /organization/{tenant}/branding",     {"signInPageText": "x"}, "G", ORG, ""),
    ("GET /domains",                                                 None, "*", READ_ORG, ""),
    ("GET /domains/colors.example",                                  None, "*", READ_ORG, ""),
    ("POST /domains",                            {"id": "new.example"}, "", "", ""),
    ("PATCH /domains/colors.example",                 {"isDefault": True}, "G", ORG, ""),
    ("DELETE /domains/colors.example",                               None, "", "", ""),
    ("GET /policies/authorizationPolicy",                            None, "GACLSV", READ_POLICY, ""),
    ("PATCH /policies/authorizationPolicy", {"defaultUserRolePermissions": {"allowedToCreateApps": False}}, "G", POLICY, ""),
    ("GET /policies/identitySecurityDefaultsEnforcementPolicy",      None, "GACLSV", READ_POLICY, ""),
    ("PATCH /policies/identitySecurityDefaultsEnforcementPolicy", {"isEnabled": True}, "G", POLICY, ""),
    ("GET /policies/entradaSettings",                                None, "GACLSV", READ_POLICY, ""),
    ("PATCH /policies/entradaSettings",          {"lockoutThreshold": 7}, "G", POLICY, ""),
    ("GET /policies/tokenLifetimePolicies",                          None, "GACLSV", READ_POLICY, ""),
    ("POST /policies/tokenLifetimePolicies",                     LIFETIME, "G", POLICY, ""),
    ("GET /policies/tokenLifetimePolicies/x",                        None, "GACLSV", READ_POLICY, ""),
    ("PATCH /policies/tokenLifetimePolicies/x",                  LIFETIME, "G", POLICY, ""),
    ("DELETE /policies/tokenLifetimePolicies/x",                     None, "G", POLICY, ""),
    ("GET /auditLogs/signIns",                                       None, "GLST", LOG, ""),
    ("GET /auditLogs/signIns/x",                                     None, "GLST", LOG, ""),
    ("GET /auditLogs/directoryAudits",                               None, "GLST", LOG, ""),
    ("GET /auditLogs/directoryAudits/x",                             None, "GLST", LOG, ""),
    ("GET /me",                                                      None, "+", "", ""),
    ("PATCH /me",                             {"mobilePhone": "+49 1"}, "+", "", ""),
    ("POST /me/revokeSignInSessions",                                  {}, "+", "", ""),
    ("POST /me/changePassword", {"currentPassword": "x", "newPassword": "y"}, "+", "", ""),
    ("GET /me/oauth2PermissionGrants",                               None, "*", "", ""),
    ("GET /me/appRoleAssignments",                                   None, "*", "", ""),
    ("GET /me/authentication/methods",                               None, "+", "", ""),
    ("GET /me/ownedObjects",                                         None, "+", "", ""),
    ("GET /me/memberOf",                                             None, "+", "", ""),
    ("GET /me/transitiveMemberOf",                                   None, "+", "", ""),
    ("GET /me/transitiveMemberOf/$count",                            None, "+", "", ""),
    ("GET /me/memberOf/microsoft.graph.group",                       None, "+", "", ""),
    ("GET /me/memberOf/microsoft.graph.directoryRole",               None, "+", "", ""),
    ("GET /me/transitiveMemberOf/microsoft.graph.group",             None, "+", "", ""),
    ("GET /me/transitiveMemberOf/microsoft.graph.directoryRole",     None, "+", "", ""),
    ("POST /me/getMemberGroups",                                       {}, "+", "", ""),
    ("POST /me/getMemberObjects",                                      {}, "+", "", ""),
    ("POST /me/checkMemberGroups",                {"groupIds": [PAINTERS]}, "+", "", ""),
)
# fmt: on
# Let in, and then told that something else is wrong: no proof, no such object, a wrong password, a guest.
COUNTED: Final = ("attempts", "stories")  # wrong passwords count, and what was heard before is written when it is read
LET_IN: Final = frozenset({200, 201, 204, 400, 404})
READS: Final = ("getMember", "checkMember", "getByIds")


@frozen
class World:
    there: InProcess
    names: dict[str, str]
    before: dict[str, Any]

    def ask(self, actor: Actor, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        return asyncio.run(ask(self.there.platform.here, actor, method, path, body))

    def put(self, *entities: Any) -> None:
        assert asyncio.run(self.there.platform.here.store.commit([PutEntity(one) for one in entities]))

    @property
    def tables(self) -> Any:
        return self.there.platform.here.store._tables  # type: ignore[attr-defined]

    def restore(self) -> None:
        for name, value in self.before.items():
            setattr(
                self.tables,
                name,
                copy.copy(value) if name != "_entities" else {one: dict(of) for one, of in value.items()},
            )


OPERATOR: Final = Actor(tenant_id=TenantId(COLORS), via=Via.COMMAND_LINE, correlation_id="x", operator=True)


@pytest.fixture(scope="module")
def world(shared: InProcess) -> World:
    made = World(shared, {}, {})
    made.names.update(asyncio.run(_furnish(shared)))
    made.before.update(contents(shared.platform.here.store))
    return made


async def _furnish(there: InProcess) -> dict[str, str]:
    """An application, its service principal and a group, each with what hangs on them; an application that was deleted."""
    here = there.platform.here

    async def do(method: str, path: str, body: Any = None) -> Any:
        status, answer = await ask(here, OPERATOR, method, path, body)
        assert status < 300, (path, answer)
        return answer

    owner = User(
        id=UserId(WHOSE_ID),
        tenant_id=TenantId(COLORS),
        user_principal_name="asker@colors.example",
        display_name="Asker",
    )
    assert await here.store.commit([PutEntity(owner)])
    app_sp = service_principal_id(TenantId(COLORS), ClientId(DAEMON))
    await do("PATCH", f"/users/{CAI}", {"jobTitle": "Painter"})
    roles = [
        {"id": f"c0105000-0000-4000-8000-00000000{kind}", "displayName": kind, "description": kind, "value": kind,
         "isEnabled": True, "allowedMemberTypes": types}
        for kind, types in (("aaaa", ["Application"]), ("bbbb", ["User"]))
    ]  # fmt: skip
    scopes = [
        {"id": f"c0105000-0000-4000-8000-00000000{kind}", "value": kind, "adminConsentDisplayName": kind, "isEnabled": True,
         "adminConsentDescription": kind, "type": "User"}
        for kind in ("dddd", "eeee")
    ]  # fmt: skip
    offered = {"appRoles": roles, "api": {"oauth2PermissionScopes": scopes}}
    app = await do("POST", "/applications", {"displayName": "Target", **offered})
    app2 = await do("POST", "/applications", {"displayName": "Without principal"})
    gone = await do("POST", "/applications", {"displayName": "Deleted"})
    principal = await do("POST", "/servicePrincipals", {"appId": app["appId"]})
    low = {"permissionId": scopes[0]["id"], "classification": "low"}
    await do("POST", f"/servicePrincipals/{principal['id']}/delegatedPermissionClassifications", low)
    group = await do("POST", "/groups", {**CIRCLE, "displayName": "Circle", "mailNickname": "circle"})
    for path in (f"/applications/{app['id']}", f"/applications/{app2['id']}", f"/applications/{gone['id']}",
                 f"/servicePrincipals/{principal['id']}", f"/groups/{group['id']}"):  # fmt: skip
        for one in (WHOSE_ID, app_sp):
            await do("POST", f"{path}/owners/$ref", {"@odata.id": f"/directoryObjects/{one}"})
    await do("DELETE", f"/applications/{gone['id']}")
    secret = await do("POST", f"/applications/{app['id']}/addPassword", {"passwordCredential": {"displayName": "x"}})
    fic = await do("POST", f"/applications/{app['id']}/federatedIdentityCredentials", {**FIC, "name": "first"})
    await do("POST", f"/groups/{group['id']}/members/$ref", {"@odata.id": f"/users/{CAI}"})
    dee = "c0105000-0000-4000-8000-0000000000d1"
    await do("POST", f"/directoryRoles/{role.DIRECTORY_READERS}/members/$ref", {"@odata.id": f"/users/{dee}"})
    path = f"/servicePrincipals/{principal['id']}/appRoleAssignedTo"
    held = {
        one: await do("POST", path, {"principalId": whom, "appRoleId": roles[at]["id"]})
        for one, whom, at in (("assigned", BEN, 1), ("assignedgroup", group["id"], 1))
    }
    other = [{**roles[0], "id": "c0105000-0000-4000-8000-00000000cccc", "value": "cccc"}]
    await do("PATCH", f"/applications/{app['id']}", {"appRoles": [*roles, *other]})
    held["assignedapp"] = await do("POST", path, {"principalId": principal["id"], "appRoleId": other[0]["id"]})
    api = (await do("GET", f"/servicePrincipals(appId='{COLORS_API}')"))["id"]
    grant = await do(
        "POST", "/oauth2PermissionGrants",
        {"clientId": principal["id"], "consentType": "Principal", "principalId": CAI, "resourceId": api, "scope": "Colors.Read"},
    )  # fmt: skip
    return {
        "app": app["id"], "appid": app["appId"], "appid2": app2["appId"], "sp": principal["id"], "api": api, "group": group["id"],
        "secret": secret["keyId"], "fic": fic["id"], "grant": grant["id"], "deleted": gone["id"], "owner": WHOSE_ID,
        "cai": CAI, "ben": BEN, "dee": dee, "reader": role.DIRECTORY_READERS, "tenant": COLORS,
        "low": scopes[0]["id"], "scope": scopes[1]["id"], "role": roles[0]["id"], "urole": roles[1]["id"],
        "password": "28c10230-6103-485e-b985-444c60001490", "oath": "3179e48a-750b-4051-897c-87b9720928f7",
        **{name: one["id"] for name, one in held.items()},
    }  # fmt: skip


@pytest.fixture
def fresh(world: World) -> Iterator[World]:
    world.restore()
    yield world
    world.restore()


def person(letter: str) -> User:
    """Who owns has the owner's id; the others are somebody else."""
    guest = letter in "gq"
    return User(
        id=UserId(WHOSE_ID if letter == "o" else WHOSE_ID[:-1] + "8"),
        tenant_id=TenantId(COLORS),
        user_principal_name=f"somebody-{letter}@colors.example".lower(),
        display_name=f"Somebody {letter}",
        directory_roles=frozenset({{**ROLES, "q": ROLES["T"]}[letter]} if letter in {*ROLES, "q"} else ()),
        user_type="Guest" if guest else "Member",
        home=HomeAccount(tenant_id=TenantId(PETALS), user_id=UserId(FAY)) if guest else None,
    )


def through_a_client(user: User, permissions: frozenset[str] = AS_THE_USER) -> Actor:
    return Actor(
        tenant_id=user.tenant_id, via=Via.GRAPH, correlation_id="x", user=user, client_id=ClientId(COLORS_API), permissions=permissions
    )  # fmt: skip


def by_itself(*permissions: str, owns: bool) -> Actor:
    owner = service_principal_id(TenantId(COLORS), ClientId(DAEMON))
    principal = owner if owns else ServicePrincipalId("c0105000-0000-4000-8000-00000000eeee")
    return Actor(
        tenant_id=TenantId(COLORS), via=Via.GRAPH, correlation_id="x", client_id=ClientId(DAEMON), principal_id=principal,
        permissions=frozenset(permissions),
    )  # fmt: skip


def spelt(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return text


def assert_let_in(world: World, actor: Actor, request: str, body: Any, *, allowed: bool, whose: str) -> None:
    method, path = spelt(request, world.names).split(" ")
    sent = None if body is None else json.loads(spelt(json.dumps(body), world.names))
    before, rows = contents(world.there.platform.here.store), len(world.tables.audits)
    status, answer = world.ask(actor, method, path, sent)
    said = f"{whose} at {request}: {status} {json.dumps(answer)[:300]}"
    assert (status in LET_IN) if allowed else (status == 403), said
    reads = method == "GET" or any(one in request for one in READS)
    if status >= 400:
        now = contents(world.there.platform.here.store)
        assert {**now, **dict.fromkeys(COUNTED)} == {**before, **dict.fromkeys(COUNTED)}, said
    elif not reads and request != "PATCH /domains/colors.example":  # which is the default domain already
        assert len(world.tables.audits) == rows + 1, said
    world.restore()


@pytest.mark.parametrize(
    ("request_", "body", "who", "app_role", "owned"), ROWS, ids=[f"{at} {row[0]}" for at, row in enumerate(ROWS)]
)
def test_who_is_let_in(fresh, request_, body, who, app_role, owned):
    allowed = {"*": MEMBERS, "+": EVERYBODY}.get(who, who)
    if "T" in allowed and request_ not in MEMBERS_ALONE:
        allowed += "q"
    for letter in (*EVERYBODY, "q"):
        user = person(letter)
        if letter != "o":
            fresh.put(user)
        assert_let_in(fresh, through_a_client(user), request_, body, allowed=letter in allowed, whose=letter)
    nothing = through_a_client(person("G"), frozenset({"openid", "Mail.Read"}))
    assert_let_in(
        fresh, nothing, request_, body, allowed=False, whose="an administrator through a client without permission"
    )
    if app_role:
        assert_let_in(
            fresh,
            by_itself(*app_role.split(), owns=False),
            request_,
            body,
            allowed=True,
            whose=f"an application with {app_role}",
        )
    assert_let_in(
        fresh,
        by_itself("Mail.Read", owns=True),
        request_,
        body,
        allowed=False,
        whose="an application with another role",
    )
    assert_let_in(
        fresh, by_itself(OWNED, owns=True), request_, body, allowed=owned != "", whose="an application that owns it"
    )
    assert_let_in(
        fresh, by_itself(OWNED, owns=False), request_, body, allowed=owned == "a", whose="one that owns another"
    )


@pytest.mark.parametrize(
    ("kind", "enough"),
    [("application", READ_APPS), ("servicePrincipal", READ_APPS), ("user", READ_USERS), ("group", READ_GROUPS)],
)
def test_deleted_items_take_the_permission_of_their_kind(fresh, kind, enough):
    """And not that of another kind: who may not read users reads no deleted ones."""
    gone = {
        "user": f"/users/{CAI}",
        "group": "/groups/{group}",
        "application": "/applications/{app}",
        "servicePrincipal": "/servicePrincipals/{sp}",
    }
    path = spelt(gone[kind], fresh.names)
    fresh.ask(OPERATOR, "DELETE", path)
    item = f"/directory/deletedItems/{path.rpartition('/')[2]}"
    for permission in (READ_APPS, READ_USERS, READ_GROUPS):
        actor = by_itself(permission, owns=False)
        wanted = 200 if permission == enough else 403
        assert fresh.ask(actor, "GET", f"/directory/deletedItems/microsoft.graph.{kind}")[0] == wanted, permission
        assert fresh.ask(actor, "GET", item)[0] == wanted, permission
        assert fresh.ask(actor, "POST", f"{item}/restore")[0] == 403
        assert fresh.ask(actor, "DELETE", item)[0] == 403


@pytest.mark.parametrize("letter", "GHm")
def test_a_permission_for_the_own_methods_shows_nobody_elses(fresh, letter):
    """Not even through an administrator."""
    own = through_a_client(person(letter), frozenset({"UserAuthenticationMethod.Read"}))
    fresh.put(own.user)
    assert fresh.ask(own, "GET", "/me/authentication/methods")[0] == 200
    assert fresh.ask(own, "GET", f"/users/{own.id}/authentication/methods")[0] == 200
    for path in ("methods", "passwordMethods", "softwareOathMethods", "methods/{password}"):
        assert fresh.ask(own, "GET", spelt(f"/users/{CAI}/authentication/{path}", fresh.names))[0] == 403
    everybodys = evolve(own, permissions=frozenset({READ_FACTOR}))
    assert fresh.ask(everybodys, "GET", "/me/authentication/methods")[0] == 200
    assert fresh.ask(everybodys, "GET", f"/users/{CAI}/authentication/methods")[0] == (403 if letter == "m" else 200)


def test_every_row_of_the_table_is_tried():
    def plain(path: str) -> str:
        return "/".join("*" if one.startswith("{") else one for one in path.split("/"))

    known = {f"{row.method} {plain(row.path)}" for row in TABLE}
    exact = {
        "/tokenLifetimePolicies/x": "/tokenLifetimePolicies/*",
        "/domains/colors.example": "/domains/*",
        "Ins/x": "Ins/*",
        "Audits/x": "Audits/*",
    }
    tried = set()
    for request, *_ in ROWS:
        method, path = request.split(" ")
        for name, value in exact.items():
            path = path.replace(name, value)
        tried.add(f"{method} {plain(path)}")
    assert known - tried == set()


@pytest.mark.parametrize("request_", sorted({row[0] for row in ROWS if "{" in row[0] and "{reader}" not in row[0]}))
def test_another_tenant_is_not_there(fresh, request_):
    """For its administrator, whatever the right id."""
    body = next(row[1] for row in ROWS if row[0] == request_)
    actor = through_a_client(evolve(person("G"), tenant_id=TenantId(PETALS)))
    method, path = spelt(request_, fresh.names).split(" ")
    before = contents(fresh.there.platform.here.store)
    status, answer = fresh.ask(
        actor, method, path, None if body is None else json.loads(spelt(json.dumps(body), fresh.names))
    )
    assert status in {400, 403, 404} or answer["value"] == [], answer
    assert contents(fresh.there.platform.here.store) == before


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.path}")
def test_nobody_without_a_token(fresh, row):
    path = "/v1.0" + spelt(
        row.path.replace("{id}", CAI),
        {"credential": "x", "owner": CAI, "member": CAI, "assignment": "x", "method": "x"},
    )
    before = contents(fresh.there.platform.here.store)
    answer = fresh.there.client.request(row.method, path, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert contents(fresh.there.platform.here.store) == before
