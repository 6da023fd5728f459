"""What is wrong with a file is said with line and column, and nothing of it is applied."""

import pytest

from entrada.server.store.memory import MemoryStore
from entrada.server.usecases.apply_directory import FileRefused, apply_directory
from tests.usecases.directory_files import DEVELOPMENT, NOW, applied, credentials

pytestmark = pytest.mark.anyio

GOOD = """\
tenants:
  - id: 11111111-0000-4000-8000-000000000001
    displayName: One
    domains: [one.example]
    users:
      - id: 11111111-0000-4000-8000-0000000000a1
        userPrincipalName: ada@one.example
        displayName: Ada
        password: {value: correct horse}
      - userPrincipalName: ben@one.example
        displayName: Ben
    groups:
      - displayName: Painters
        members: [ada@one.example]
    applications:
      - appId: 11111111-0000-4000-8000-0000000000f1
        displayName: App
        identifierUris: ["api://one"]
        web:
          redirectUris:
            - https://app.example/cb
        passwordCredentials:
          - {displayName: first, secretText: 0123456789-0123456789-0123456789}
        api:
          oauth2PermissionScopes:
            - value: Read
              adminConsentDisplayName: Read
              adminConsentDescription: Reads.
        appRoles:
          - {value: Boss, displayName: Boss, description: Boss., allowedMemberTypes: [User]}
        requiredResourceAccess:
          - resourceAppId: 00000003-0000-0000-c000-000000000000
            scopes: [User.Read]
    oauth2PermissionGrants:
      - clientAppId: 11111111-0000-4000-8000-0000000000f1
        resourceAppId: 00000003-0000-0000-c000-000000000000
        consentType: Principal
        principal: ada@one.example
        scopes: [User.Read]
    appRoleAssignments:
      - user: ben@one.example
        resourceAppId: 11111111-0000-4000-8000-0000000000f1
        appRole: Boss
    messages:
      - user: ada@one.example
        subject: Hello
        from: {name: Ben, address: ben@one.example}
        receivedDateTime: 2026-01-01T00:00:00Z
        body: Hello!
"""

# fmt: off
BAD = [  # what is replaced, by what, where it is noticed, a part of what is said
    pytest.param("displayName: One", "displayName: One\n    colour: red", "4:5", "no member colour", id="unknown member of a tenant"),
    pytest.param("        displayName: Ben", "        displayname: Ben", "11:9", "no member displayname. Did you mean displayName?", id="a needed member, misspelt"),
    pytest.param("        displayName: Ben", "        displayName: Ben\n        jobTitel: x", "12:9", "Did you mean jobTitle", id="unknown member with a neighbour"),
    pytest.param("            - value: Read\n", "            - value: Read\n              hue: red\n", "27:15", "no member hue", id="unknown member deep inside"),
    pytest.param("tenants:", "tenant:", "1:1", "no member tenant. Did you mean tenants?", id="unknown member of the file"),
    pytest.param("displayName: App", "displayNam: App", "17:9", "Did you mean displayName?", id="a needed member without its last letter"),
    pytest.param("userPrincipalName: ben", "userPrincipleName: ben", "10:9", "Did you mean userPrincipalName?", id="the name of a user, misspelt"),
    pytest.param("{displayName: first,", "{displyName: first,", "23:14", "Did you mean displayName?", id="the name of a secret, misspelt"),
    pytest.param("displayName: first, ", "", "23:14", "needs displayName, or keyId", id="a secret that nothing tells from others"),
    pytest.param("adminConsentDisplayName", "userConsentDisplayName", "26:15", "needs adminConsentDisplayName", id="another member than the needed one"),
    pytest.param("        displayName: Ben\n", "", "10:9", "needs displayName", id="a needed member, missing"),
    pytest.param("displayName: One", "displayName: One\n    displayName: Two", "4:5", "written twice", id="a member twice"),
    pytest.param("displayName: One", "displayName: [One]", "3:18", "single value", id="a list for a word"),
    pytest.param("domains: [one.example]", "domains: one.example", "4:14", "list", id="a word for a list"),
    pytest.param("domains: [one.example]", "domains: []", "2:5", "needs a domain", id="no domain"),
    pytest.param("domains: [one.example]", "domains: [One.example]", "4:15", "lower case", id="domain in upper case"),
    pytest.param("domains: [one.example]", "domains: [one.example, one.example]", "2:5", "already taken", id="a domain twice"),
    pytest.param("displayName: One", "displayName: One\n    enabled: yes", "4:14", "true or false", id="yes is not true"),
    pytest.param("displayName: One", "displayName: One\n    enabled: 'true'", "4:14", "true or false", id="a quoted true is text"),
    pytest.param("displayName: One", 'displayName: "O\\u0007ne"', "3:18", "control character", id="a bell"),
    pytest.param("displayName: One", "displayName: &a One", "3:18", "Anchors", id="an anchor"),
    pytest.param("displayName: One", "displayName: !!binary aGk=", "3:18", "Tags", id="a tag"),
    pytest.param("displayName: One", "displayName: {", "5:5", "not YAML", id="not YAML at all"),
    pytest.param("tenants:", "a: 1\n---\ntenants:", "2:1", "second", id="a second document"),
    pytest.param("id: 11111111-0000-4000-8000-000000000001", "id: one", "2:9", "not a GUID", id="tenant id is no GUID"),
    pytest.param("id: 11111111-0000-4000-8000-000000000001", "id: f8cdef31-a31e-4b4a-93e4-5f571e91255a", "2:9", "belongs to the platform", id="the platform's tenant"),
    pytest.param("ben@one.example\n        displayName: Ben", "Ada@one.example\n        displayName: Ben", "10:9", "Ada@one.example is already taken on line 6", id="a user name twice, in another case"),
    pytest.param("      - userPrincipalName: ben", "      - id: 11111111-0000-4000-8000-0000000000a1\n        userPrincipalName: ben", "10:9", "already taken on line 6", id="a user id twice"),
    pytest.param("      - displayName: Painters", "      - id: 11111111-0000-4000-8000-0000000000a1\n        displayName: Painters", "13:9", "already taken on line 6", id="a group with a user's id"),
    pytest.param("userPrincipalName: ben@one.example", "userPrincipalName: ben", "10:28", "user principal name", id="no user name"),
    pytest.param("userPrincipalName: ben@one.example", "userPrincipalName: ben@two.example", "10:9", "none of the tenant's domains", id="another's domain"),
    pytest.param("displayName: Ben", "displayName: Ben\n        userType: Friend", "12:19", "Member or a Guest", id="unknown user type"),
    pytest.param("displayName: Ben", "displayName: Ben\n        directoryRoles: [King]", "12:26", "No directory role", id="unknown directory role"),
    pytest.param("{value: correct horse}", "{}", "9:19", "Say one of", id="a password without a source"),
    pytest.param("{value: correct horse}", "{value: a, stored: true}", "9:20", "Say one of", id="a password with two sources"),
    pytest.param("{value: correct horse}", "{hash: abc}", "9:26", "Argon2id", id="a hash of another kind"),
    pytest.param("{value: correct horse}", "{environment: UNSET}", "9:20", "UNSET is not set", id="an environment variable that is not set"),
    pytest.param("members: [ada@one.example]", "members: [eve@one.example]", "14:19", "'eve@one.example'", id="unknown member of a group"),
    pytest.param("members: [ada@one.example]", "members: [ada@one.example, ada@one.example]", "14:36", "already taken", id="a group's member twice"),
    pytest.param("members: [ada@one.example]", "members: [Painters]", "14:19", "no member of itself", id="a group in itself"),
    pytest.param("https://app.example/cb", "http://app.example/cb", "21:15", "needs https", id="plain http redirect URI"),
    pytest.param("https://app.example/cb", "javascript:alert(1)", "21:15", "may not hold", id="script as redirect URI"),
    pytest.param("https://app.example/cb", "https://app.example/cb#x", "21:15", "fragment", id="redirect URI with a fragment"),
    pytest.param("- https://app.example/cb", "- https://app.example/cb\n            - https://app.example/cb", "16:9", "listed twice", id="a redirect URI twice"),
    pytest.param("        web:\n", "        web:\n          logoutUrl: http://app.example/out\n", "20:22", "needs https", id="plain http logout URL"),
    pytest.param("        web:\n", '        spa: {redirectUris: ["https://app.example/cb"]}\n        web:\n', "16:9", "listed twice", id="a redirect URI under two platforms"),
    pytest.param('["api://one"]', '["api://one/"]', "18:26", "identifier URI", id="identifier URI with a slash at its end"),
    pytest.param('["api://one"]', '["one"]', "18:26", "identifier URI", id="identifier URI without scheme"),
    pytest.param('["api://one"]', '["https://graph.microsoft.com"]', "18:26", "not below a domain", id="Microsoft Graph's identifier URI"),
    pytest.param('["api://one"]', '["api://c0105000-0000-4000-8000-00000000ba51"]', "18:26", "holds an id", id="another application's identifier URI"),
    pytest.param("App\n        identifierUris", "App\n        signInAudience: AzureADMultipleOrgs\n        identifierUris", "19:26", "for every tenant", id="an identifier URI that others may have, for every tenant"),
    pytest.param("appId: 11111111-0000-4000-8000-0000000000f1\n        displayName: App", "appId: {11111111-0000-4000-8000-0000000000f1}\n        displayName: App", "16:16", "single value", id="braces around an appId"),
    pytest.param("secretText: 0123456789-0123456789-0123456789", "secretText: short", "23:14", "at least 27", id="a chosen secret"),
    pytest.param("secretText: 0123456789-0123456789-0123456789", "digest: abc", "23:42", "SHA-256", id="no digest"),
    pytest.param("- value: Read\n", "- value: Re ad\n", "26:22", "permission's value", id="a scope with a space"),
    pytest.param("allowedMemberTypes: [User]", "allowedMemberTypes: [Robot]", "30:87", "User or Application", id="unknown member type"),
    pytest.param("scopes: [User.Read]\n    oauth2", "scopes: [User.Raed]\n    oauth2", "33:22", "has no scope 'User.Raed'", id="unknown required scope"),
    pytest.param("scopes: [User.Read]\n    oauth2", "roles: [User.Raed]\n    oauth2", "33:21", "has no app role 'User.Raed'", id="unknown required role"),
    pytest.param("resourceAppId: 00000003-0000-0000-c000-000000000000\n            scopes: [User.Read]", "resourceAppId: 00000009-0000-0000-c000-000000000000\n            scopes: [User.Read]", "33:22", "not registered here", id="a scope's name of an unknown API"),
    pytest.param("- clientAppId: 11111111-0000-4000-8000-0000000000f1", "- clientAppId: 11111111-0000-4000-8000-0000000000f2", "35:22", "No application", id="grant to an unknown client"),
    pytest.param("        consentType: Principal\n", "", "35:9", "needs consentType", id="grant without consent type"),
    pytest.param("consentType: Principal", "consentType: AllPrincipals", "35:9", "AllPrincipals names none", id="grant to all that names one"),
    pytest.param("        principal: ada@one.example\n", "", "35:9", "names its principal", id="grant to one that names none"),
    pytest.param("principal: ada@one.example", "principal: eve@one.example", "38:20", "No user", id="grant to an unknown user"),
    pytest.param("        scopes: [User.Read]\n    app", "        scopes: [User.Raed]\n    app", "39:18", "has no scope", id="grant of an unknown scope"),
    pytest.param("user: ben@one.example", "user: eve@one.example", "41:15", "No user", id="assignment to an unknown user"),
    pytest.param("user: ben@one.example", "group: Welders", "41:16", "No single group", id="assignment to an unknown group"),
    pytest.param("user: ben@one.example", "clientAppId: 11111111-0000-4000-8000-0000000000f1", "43:18", "not for members of type Application", id="a user's role for an application"),
    pytest.param("user: ben@one.example\n", "user: ben@one.example\n        group: Painters\n", "41:9", "one of user, group", id="assignment to two"),
    pytest.param("appRole: Boss", "appRole: King", "43:18", "has no app role 'King'", id="unknown app role"),
    pytest.param("- user: ada@one.example\n", "- user: eve@one.example\n", "45:15", "No user", id="message to nobody"),
    pytest.param("2026-01-01T00:00:00Z", "2026-01-01", "48:27", "date and time", id="a date without time"),
    pytest.param("2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "48:27", "date and time", id="a time without zone"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "where", "said"), BAD)
async def test_a_bad_file_is_refused_where_it_is_bad(old, new, where, said):
    assert GOOD.count(old) >= 1
    store = MemoryStore()
    refused = await apply_directory(GOOD.replace(old, new, 1), store, NOW, credentials())
    assert isinstance(refused, FileRefused)
    faults = [str(fault) for fault in refused.faults]
    assert any(fault.startswith(f"{where}: ") and said in fault for fault in faults), faults
    assert await store.list_tenants() == ()


async def test_the_file_they_spoil_is_good():
    assert len((await applied(GOOD, MemoryStore())).diff.added) == 11


async def test_an_application_that_says_it_has_no_service_principal_lists_none():
    absent = GOOD.replace("displayName: App", "displayName: App\n        servicePrincipal: false")
    listed = "    servicePrincipals:\n      - appId: 11111111-0000-4000-8000-0000000000f1\n"
    refused = await apply_directory(absent + listed, MemoryStore(), NOW, credentials())
    assert isinstance(refused, FileRefused)
    assert "52:9: Its application says servicePrincipal: false: leave that out, or this." in map(str, refused.faults)


async def test_every_unknown_member_of_an_object_is_named():
    spoilt = GOOD.replace("displayName: Ben", "displayName: Ben\n        colour: red\n        jobTitel: x")
    refused = await apply_directory(spoilt, MemoryStore(), NOW, credentials())
    assert isinstance(refused, FileRefused)
    assert [fault.at.line for fault in refused.faults] == [12, 13]


async def test_every_spoilt_object_is_named_in_the_order_of_the_file():
    spoilt = (
        GOOD.replace("displayName: Ada", "displayName: []").replace("https://app", "http://app").replace("Hello!", "[]")
    )
    refused = await apply_directory(spoilt, MemoryStore(), NOW, credentials())
    assert [fault.at.line for fault in refused.faults] == [8, 21, 49]


# fmt: off
TAKEN = [  # what another file asks for though the store holds it
    pytest.param("      - appId: c0105000-0000-4000-8000-00000000e951\n        displayName: Mine", "7:9", "appId", id="an appId of another tenant"),
]
# fmt: on


@pytest.mark.parametrize(("application", "where", "said"), TAKEN)
@pytest.mark.parametrize("prune", [False, True])
async def test_what_another_tenant_holds_cannot_be_taken(application, where, said, prune):
    store = MemoryStore()
    await applied(DEVELOPMENT, store)
    head = "tenants:\n  - id: 11111111-0000-4000-8000-000000000001\n    displayName: One\n    domains: [{}]\n"
    file = head.format("one.example") + "    enabled: true\n    applications:\n" + application + "\n"
    refused = await apply_directory(file, store, NOW, credentials(), prune=prune)
    assert isinstance(refused, FileRefused)
    assert any(str(f).startswith(where) and said in str(f) and "in the store" in str(f) for f in refused.faults)
    refused = await apply_directory(head.format("colors.example"), store, NOW, credentials(), prune=prune)
    assert isinstance(refused, FileRefused)


# fmt: off
HOLDERS = [  # who signs in to the API above, and to the one below; may both be named alike
    pytest.param("AzureADMyOrg",        "AzureADMyOrg",        True,  id="each for its own tenant"),
    pytest.param("AzureADMultipleOrgs", "AzureADMyOrg",        False, id="one for every tenant"),
    pytest.param("AzureADMyOrg",        "AzureADMultipleOrgs", False, id="the other for every tenant"),
    pytest.param("AzureADMultipleOrgs", "AzureADMultipleOrgs", False, id="both for every tenant"),
]
# fmt: on
UNDER_A_DOMAIN = """\
tenants:
  - id: {tenant}-0000-4000-8000-000000000001
    displayName: One
    domains: [{domain}]
    applications:
      - appId: {tenant}-0000-4000-8000-0000000000f1
        displayName: API
        signInAudience: {audience}
        identifierUris: ["https://api.one.example/orders"]
"""


@pytest.mark.parametrize(("above", "below", "both"), HOLDERS)
async def test_a_uri_of_an_api_for_every_tenant_is_its_alone(above, below, both):
    store = MemoryStore()
    await applied(UNDER_A_DOMAIN.format(tenant="11111111", domain="one.example", audience=above), store)
    second = UNDER_A_DOMAIN.format(tenant="22222222", domain="api.one.example", audience=below)
    plan = await apply_directory(second, store, NOW, credentials())
    assert isinstance(plan, FileRefused) != both
    if isinstance(plan, FileRefused):
        said = "6:9: The identifier URI https://api.one.example/orders is already taken in another tenant."
        assert [str(one) for one in plan.faults] == [said]


async def test_an_app_of_another_tenant_comes_only_if_it_is_for_many():
    store = MemoryStore()
    await applied(DEVELOPMENT, store)
    head = "tenants:\n  - id: 9e7a1500-0000-4000-8000-000000000001\n    displayName: Petals\n    domains: [petals.example]\n"
    many = head + "    servicePrincipals:\n      - appId: c0105000-0000-4000-8000-00000000aa17\n"
    assert [str(d) for d in (await applied(many, store)).diff.added] == [
        "service principal Multi-tenant web app in Petals"
    ]
    refused = await apply_directory(many.replace("aa17", "e951"), store, NOW, credentials())
    assert "alone" in str(refused.faults[0])
