"""What a client holds, what it lacks, and who may grant it.  Reference sections 26 and 27."""

import pytest
from attrs import evolve

from entrada.core.directory.application import PreAuthorizedApplication
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import UserId
from entrada.core.directory.permission import RequiredResourceAccess
from entrada.core.directory.service_principal import PermissionGrant
from entrada.core.errors import catalogue as why
from entrada.core.protocol.consent.decide import AdminNeeded, Ask, Nothing, decide, digest, wanted
from entrada.core.protocol.consent.give import give, install
from entrada.core.protocol.consent.held import Held, held
from entrada.core.protocol.consent.may_grant import Rules
from entrada.core.protocol.consent.permission import Permission
from entrada.core.protocol.consent.registered import refuse_unlisted
from entrada.core.protocol.effects import PutEntity
from entrada.core.protocol.version import Version
from tests.protocol.known import (
    ADA,
    API,
    API_PRINCIPAL,
    API_URI,
    BEN,
    CLIENT,
    GONE,
    GRAPH,
    GRAPH_PRINCIPAL,
    PRINCIPAL,
    READ,
    TENANT,
    USER_READ,
    WRITE,
    asked,
    holding,
    said,
)

OPENID = next(scope for scope in GRAPH.scopes if scope.value == "openid")
P_OPENID, P_USER, P_READ, P_WRITE = (
    Permission(GRAPH, OPENID),
    Permission(GRAPH, USER_READ),
    Permission(API, READ),
    Permission(API, WRITE),
)
GRANT = PermissionGrant(
    tenant_id=TENANT.id,
    client_id=PRINCIPAL.id,
    resource_id=API_PRINCIPAL.id,
    principal_id=BEN.id,
    scopes=frozenset({"Colors.Read"}),
)
FOR_ALL = evolve(GRANT, principal_id=None, scopes=frozenset({"Colors.Write"}))
ON_GRAPH = evolve(GRANT, resource_id=GRAPH_PRINCIPAL.id, scopes=frozenset({"User.Read"}))
PRE = evolve(
    API, pre_authorized=(PreAuthorizedApplication(app_id=CLIENT.app_id, permission_ids=frozenset({WRITE.id, GONE.id})),)
)
PRE_OTHER = evolve(
    API, pre_authorized=(PreAuthorizedApplication(app_id=API.app_id, permission_ids=frozenset({WRITE.id})),)
)
OFF = evolve(API_PRINCIPAL, account_enabled=False)
RULES = Rules(tenant_id=TENANT.id, client=CLIENT)

# fmt: off
HELD = [  # the API, its service principal, the grants, what is held on it
    pytest.param(API,       API_PRINCIPAL, (),               set(),                           id="nothing granted"),
    pytest.param(API,       API_PRINCIPAL, (GRANT,),         {"Colors.Read"},                 id="the user's own grant"),
    pytest.param(API,       API_PRINCIPAL, (GRANT, FOR_ALL), {"Colors.Read", "Colors.Write"}, id="with the one for everybody"),
    pytest.param(API,       API_PRINCIPAL, (ON_GRAPH,),      set(),                           id="a grant on another resource"),
    pytest.param(API,       None,          (GRANT,),         set(),                           id="the API is not in the tenant"),
    pytest.param(API,       OFF,           (GRANT,),         set(),                           id="the API is switched off in the tenant"),
    pytest.param(API,       API_PRINCIPAL, (evolve(GRANT, scopes=frozenset({"Colors.Gone"})),),  set(), id="a granted scope that is switched off"),
    pytest.param(API,       API_PRINCIPAL, (evolve(GRANT, scopes=frozenset({"Colors.Never"})),), set(), id="a granted scope that is gone"),
    pytest.param(PRE,       API_PRINCIPAL, (),               {"Colors.Write"},                id="pre-authorized"),
    pytest.param(PRE,       None,          (),               set(),                           id="pre-authorized by an API that is not in the tenant"),
    pytest.param(PRE_OTHER, API_PRINCIPAL, (),               set(),                           id="another client is pre-authorized"),
]
DECISIONS = [  # wanted, held on Graph, held on the API, who asks, ask again, the decision
    pytest.param((P_USER,),         "User.Read", "",            BEN, False, Nothing(),                   id="everything is held"),
    pytest.param((),                "",          "",            BEN, True,  Nothing(),                   id="nothing is wanted"),
    pytest.param((P_USER,),         "",          "",            BEN, False, Ask((P_USER,), False, (P_USER,)), id="missing: the user is asked"),
    pytest.param((P_USER, P_READ),  "User.Read", "",            BEN, False, Ask((P_READ,), False, (P_READ,)), id="only what is missing"),
    pytest.param((P_USER, P_READ),  "User.Read", "Colors.Read", BEN, True,  Ask((P_USER, P_READ), False, ()), id="prompt=consent asks for all again"),
    pytest.param((P_READ, P_WRITE), "",          "",            BEN, False, AdminNeeded((P_WRITE,)),     id="admin-restricted: not for a member"),
    pytest.param((P_WRITE,),        "",          "Colors.Write", BEN, False, Nothing(),                  id="admin-restricted, and granted before"),
    pytest.param((P_WRITE,),        "",          "Colors.Write", BEN, True, Ask((P_WRITE,), False, ()), id="prompt=consent for what an administrator gave"),
    pytest.param((P_READ, P_WRITE), "",          "",            ADA, False, Ask((P_READ, P_WRITE), True, (P_READ, P_WRITE)), id="an administrator is asked, for everybody too"),
    pytest.param((P_USER,),         "Colors.Read", "User.Read", BEN, False, Ask((P_USER,), False, (P_USER,)), id="held on another resource is not held"),
]
BOTH = {GRAPH.app_id: GRAPH, API.app_id: API}
WANTED = [  # the scope parameter, held on Graph, on the API, the permissions it stands for
    pytest.param("openid User.Read",             "", "",            (P_OPENID, P_USER),          id="one by one"),
    pytest.param(f"{API_URI}/Colors.Read",       "", "",            (P_READ,),                   id="an API's"),
    pytest.param(f"{API_URI}/.default",          "", "",            (P_USER, P_READ, P_WRITE),   id=".default: the whole registration"),
    pytest.param(f"{API_URI}/.default",          "", "Colors.Read", (),                          id=".default: nothing while anything of it is held"),
    pytest.param(f"{API_URI}/.default",          "User.Read", "",   (P_USER, P_READ, P_WRITE),   id=".default: what another resource granted does not count"),
    pytest.param(f"{API_URI}/.default openid",   "", "Colors.Read", (P_OPENID,),                 id=".default beside OIDC scopes"),
    pytest.param("User.Read https://graph.microsoft.com/User.Read", "", "", (P_USER,),           id="each once"),
]
# fmt: on


@pytest.mark.parametrize(("api", "principal", "grants", "values"), HELD)
def test_what_is_held(api, principal, grants, values):
    assert held(CLIENT, [(api, principal)], grants).of(api) == values


@pytest.mark.parametrize(("permissions", "graph", "api", "user", "again", "decision"), DECISIONS)
def test_whose_consent_is_needed(permissions, graph, api, user, again, decision):
    assert decide(permissions, holding(graph, api), user, RULES, ask_again=again) == decision


@pytest.mark.parametrize(("scope", "graph", "api", "permissions"), WANTED)
def test_what_a_request_stands_for(scope, graph, api, permissions):
    assert wanted(asked(scope), CLIENT, GRAPH, BOTH, holding(graph, api)) == permissions


def test_a_registered_permission_that_is_switched_off_is_not_asked_for():
    off = evolve(API, scopes=(READ, evolve(WRITE, is_enabled=False)))
    request = asked(f"{API_URI}/.default")
    assert wanted(request, CLIENT, GRAPH, {API.app_id: off}, holding()) == (Permission(off, READ),)


def test_prompt_consent_asks_for_the_whole_registration_although_some_of_it_is_held():
    held_already = holding("User.Read", "Colors.Read")
    request = asked(f"{API_URI}/.default")
    assert wanted(request, CLIENT, GRAPH, BOTH, held_already) == ()
    assert wanted(request, CLIENT, GRAPH, BOTH, held_already, ask_again=True) == (P_USER, P_READ, P_WRITE)


def test_default_of_several_apis_asks_once_for_everything():
    request = asked(f"{API_URI}/.default https://graph.microsoft.com/.default")
    assert wanted(request, CLIENT, GRAPH, BOTH, holding("User.Read")) == (P_USER, P_READ, P_WRITE)
    assert wanted(request, CLIENT, GRAPH, BOTH, holding("User.Read", "Colors.Read")) == ()


# ---- an application that is its own API ----

OWN = asked(f"{API.app_id}/.default")
LISTS_ITSELF = evolve(
    API, required_resource_access=(RequiredResourceAccess(resource_app_id=API.app_id, scopes=(WRITE.id,)),)
)


def test_an_application_that_is_its_own_api_asks_for_its_scopes():
    assert wanted(OWN, API, GRAPH, BOTH, holding()) == (P_READ,)  # neither what is off nor what administrators give
    assert wanted(OWN, API, GRAPH, BOTH, holding(api="Colors.Read")) == ()
    listed = wanted(OWN, LISTS_ITSELF, GRAPH, {API.app_id: LISTS_ITSELF}, holding())
    assert [one.scope for one in listed] == [WRITE]  # what it lists of itself is what it means


def test_its_own_id_alone_is_the_same_request():
    assert [part.default for part in asked(API.app_id).resources] == [True]
    assert asked(API.app_id).resources[0].resource is API
    assert asked(API.app_id).text == API.app_id  # as spelled: MSAL looks the token up by it


# ---- `.default` that nothing could come of ----

BARE = evolve(CLIENT, required_resource_access=())
WRONG = evolve(
    CLIENT, required_resource_access=(RequiredResourceAccess(resource_app_id=API.app_id, scopes=(GONE.id,)),)
)
ROLES_ONLY = evolve(
    CLIENT, required_resource_access=(RequiredResourceAccess(resource_app_id=API.app_id, roles=(READ.id,)),)
)
# fmt: off
UNLISTED = [  # the client, what is held on the API, the version, the answer
    pytest.param(CLIENT,     "",            Version.V2, None,                         id="listed"),
    pytest.param(BARE,       "Colors.Read", Version.V2, None,                         id="not listed, and granted"),
    pytest.param(BARE,       "",            Version.V2, why.PERMISSIONS_NOT_LISTED,   id="not listed"),
    pytest.param(BARE,       "",            Version.V1, why.RESOURCE_NOT_LISTED,      id="not listed, on v1.0"),
    pytest.param(WRONG,      "",            Version.V2, why.MISCONFIGURED_APPLICATION, id="listed, but nothing that the API offers"),
    pytest.param(ROLES_ONLY, "",            Version.V2, why.PERMISSIONS_NOT_LISTED,   id="listed for the application itself only"),
]
# fmt: on


@pytest.mark.parametrize(("client", "api", "version", "answer"), UNLISTED)
def test_a_default_that_nothing_could_come_of(client, api, version, answer):
    request, has = asked(f"{API_URI}/.default"), holding(api=api)
    permissions = wanted(request, client, GRAPH, BOTH, has)
    assert said(refuse_unlisted(request.resources[0], client, permissions, has, version)) == answer


# ---- knownClientApplications ----

MIDDLE = evolve(
    API,
    known_client_applications=frozenset({CLIENT.app_id}),
    required_resource_access=(RequiredResourceAccess(resource_app_id=GRAPH.app_id, scopes=(USER_READ.id,)),),
)
BEHIND = {GRAPH.app_id: GRAPH, MIDDLE.app_id: MIDDLE}
ITS_DEFAULT = evolve(
    asked(f"{API_URI}/.default"), resources=(evolve(asked(f"{API_URI}/.default").resources[0], resource=MIDDLE),)
)


def test_one_prompt_covers_what_the_api_needs_of_others():
    permissions = wanted(ITS_DEFAULT, CLIENT, GRAPH, BEHIND, holding())
    assert [(one.resource.display_name, one.scope.value, one.through) for one in permissions] == [
        ("Microsoft Graph", "User.Read", None),
        ("Colors API", "Colors.Read", None),
        ("Colors API", "Colors.Write", None),
        ("Microsoft Graph", "User.Read", MIDDLE),
        # MSAL names these whenever it acts on behalf of somebody, and nobody could be asked then.
        ("Microsoft Graph", "openid", MIDDLE),
        ("Microsoft Graph", "profile", MIDDLE),
        ("Microsoft Graph", "offline_access", MIDDLE),
    ]
    assert digest(Ask(permissions, False, ())) != digest(Ask(permissions[:3], False, ()))


def test_an_api_that_needs_nothing_of_others_gets_nothing():
    alone = evolve(MIDDLE, required_resource_access=())
    request = evolve(ITS_DEFAULT, resources=(evolve(ITS_DEFAULT.resources[0], resource=alone),))
    assert all(one.through is None for one in wanted(request, CLIENT, GRAPH, BEHIND, holding()))


def test_only_the_default_of_an_api_that_knows_the_client():
    by_name = asked(f"{API_URI}/Colors.Read")
    named = evolve(by_name, resources=(evolve(by_name.resources[0], resource=MIDDLE),))
    stranger = evolve(CLIENT, app_id=GRAPH.app_id)
    for request, client in ((named, CLIENT), (ITS_DEFAULT, stranger)):
        assert all(one.through is None for one in wanted(request, client, GRAPH, BEHIND, holding()))


def test_what_the_client_holds_the_api_does_not_hold():
    through = Permission(GRAPH, USER_READ, MIDDLE)
    clients = holding("User.Read")
    both = evolve(clients, apis={MIDDLE.app_id: Held({GRAPH.app_id: frozenset({"User.Read"})})})
    assert (clients.has(P_USER), clients.has(through), both.has(through)) == (True, False, True)


PRINCIPALS = {CLIENT.app_id: PRINCIPAL, API.app_id: API_PRINCIPAL, GRAPH.app_id: GRAPH_PRINCIPAL}
NEW_GRANT = evolve(GRANT, scopes=frozenset({"Colors.Read"}))
STORED = evolve(GRANT, version=3)
# fmt: off
GIVEN = [  # what is consented to, what is stored, for whom, the grants written
    pytest.param((P_READ,),         (),        BEN.id, [NEW_GRANT],                                          id="the first grant"),
    pytest.param((P_READ, P_USER),  (),        BEN.id, [NEW_GRANT, ON_GRAPH],                                id="one grant per resource"),
    pytest.param((P_WRITE,),        (STORED,), BEN.id, [evolve(STORED, scopes=frozenset({"Colors.Read", "Colors.Write"}))], id="a grant grows"),
    pytest.param((P_READ,),         (STORED,), BEN.id, [],                                                   id="what is held is not written again"),
    pytest.param((P_READ,),         (STORED,), None,   [evolve(GRANT, principal_id=None)],                   id="for everybody, beside the user's own"),
    pytest.param((P_WRITE,),        (evolve(FOR_ALL, version=1),), BEN.id, [evolve(GRANT, scopes=frozenset({"Colors.Write"}))], id="for oneself, beside everybody's"),
    pytest.param((P_READ,),         (evolve(STORED, principal_id=UserId(ADA.id)),), BEN.id, [NEW_GRANT],     id="another user's grant stays as it is"),
]
# fmt: on


@pytest.mark.parametrize(("permissions", "existing", "principal_id", "grants"), GIVEN)
def test_what_a_consent_writes(permissions, existing, principal_id, grants):
    effects = give(permissions, PRINCIPAL, PRINCIPALS, existing, principal_id)
    assert effects == tuple(map(PutEntity, grants))
    assert [one.entity.version for one in effects] == [one.version for one in grants]


def test_a_first_consent_installs_the_application_under_an_id_that_follows_from_it():
    installed = install(TENANT.id, CLIENT.app_id, service_principal_id)
    assert installed == PRINCIPAL
    assert installed.version == 0
