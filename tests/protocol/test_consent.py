"""What a client holds, what it lacks, and who may grant it.  Reference sections 26 and 27."""

import pytest
from attrs import evolve

from entrada.core.directory.application import PreAuthorizedApplication
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import UserId
from entrada.core.directory.service_principal import PermissionGrant
from entrada.core.protocol.consent.decide import AdminNeeded, Ask, Nothing, decide, wanted
from entrada.core.protocol.consent.give import give, install
from entrada.core.protocol.consent.held import held
from entrada.core.protocol.consent.may_grant import Rules
from entrada.core.protocol.consent.permission import Permission
from entrada.core.protocol.effects import PutEntity
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
