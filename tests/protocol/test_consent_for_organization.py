"""What an administrator is asked to grant for everybody, and who may.  Reference section 28."""

import pytest
from attrs import evolve

from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.ids import PermissionId
from entrada.core.directory.permission import AppRole, RequiredResourceAccess
from entrada.core.errors import catalogue as why
from entrada.core.protocol.consent.for_organization import (
    OrganizationAsk,
    digest,
    granted_text,
    refuse_user,
    stand_for,
)
from entrada.core.protocol.version import Version
from tests.protocol.known import (
    ADA,
    API,
    API_URI,
    BEN,
    CLIENT,
    GRAPH,
    OTHER_TENANT,
    READ,
    TENANT,
    USER_READ,
    WRITE,
    asked,
    guid,
    said,
)

PAINT = AppRole(
    id=PermissionId(guid(0x401)),
    value="Colors.Paint",
    display_name="Paint",
    description="Paints.",
    allowed_member_types=frozenset({"Application"}),
)
FOR_USERS = evolve(PAINT, id=PermissionId(guid(0x402)), value="Painter", allowed_member_types=frozenset({"User"}))
OFF = evolve(PAINT, id=PermissionId(guid(0x403)), value="Colors.Gone", is_enabled=False)
ROLED = evolve(API, app_roles=(PAINT, FOR_USERS, OFF))
DIRECTORY = next(role for role in GRAPH.app_roles if role.value == "Directory.Read.All")
DAEMON = evolve(
    CLIENT,
    required_resource_access=(
        RequiredResourceAccess(resource_app_id=GRAPH.app_id, scopes=(USER_READ.id,), roles=(DIRECTORY.id,)),
        RequiredResourceAccess(
            resource_app_id=API.app_id, scopes=(READ.id, WRITE.id), roles=(PAINT.id, FOR_USERS.id, OFF.id)
        ),
    ),
)
ROLES_ONLY = evolve(
    CLIENT, required_resource_access=(RequiredResourceAccess(resource_app_id=API.app_id, roles=(PAINT.id,)),)
)
EMPTY = evolve(CLIENT, required_resource_access=())
KNOWN = {GRAPH.app_id: GRAPH, ROLED.app_id: ROLED}
BASICS = ["openid", "profile", "offline_access"]
V1, V2 = Version.V1, Version.V2
# fmt: off
STANDS_FOR = [  # the scope, the version, the client; the delegated permissions, the app roles, or why not
    pytest.param("User.Read",                     V2, DAEMON,     ["User.Read", *BASICS],                               [],                     id="by name: delegated permissions only"),
    pytest.param(f"{API_URI}/.default",           V2, DAEMON,     ["User.Read", "Colors.Read", "Colors.Write", *BASICS], ["Directory.Read.All", "Colors.Paint"], id=".default: the whole registration, with its app roles"),
    pytest.param(f"openid User.Read {API_URI}/Colors.Read", V2, DAEMON, ["openid", "User.Read", "Colors.Read", "profile", "offline_access"], [], id="of several APIs, each once"),
    pytest.param("User.Read",                     V1, DAEMON,     ["User.Read", "Colors.Read", "Colors.Write", *BASICS], ["Directory.Read.All", "Colors.Paint"], id="v1.0: the whole registration, whatever the scope"),
    pytest.param(f"{API_URI}/.default",           V2, ROLES_ONLY, BASICS,                                               ["Colors.Paint"],       id="app roles alone"),
    pytest.param("openid",                        V1, ROLES_ONLY, BASICS,                                               ["Colors.Paint"],       id="app roles alone, v1.0"),
    pytest.param(f"{API_URI}/.default",           V2, EMPTY,      why.PERMISSIONS_NOT_LISTED, None,                     id="nothing is registered"),
    pytest.param("https://graph.microsoft.com/.default", V2, ROLES_ONLY, why.PERMISSIONS_NOT_LISTED, None,              id="nothing of that API is registered"),
    pytest.param("openid",                        V1, EMPTY,      why.PERMISSIONS_NOT_LISTED, None,                     id="nothing is registered, v1.0"),
]
# fmt: on


@pytest.mark.parametrize(("scope", "version", "client", "scopes", "roles"), STANDS_FOR)
def test_what_an_administrator_is_asked_for(scope, version, client, scopes, roles):
    ask = stand_for(asked(scope), client, GRAPH, KNOWN, version)
    if roles is None:
        assert said(ask) is scopes
    else:
        assert [one.scope.value for one in ask.permissions] == scopes
        assert [one.role.value for one in ask.roles] == roles


def test_what_an_api_needs_of_others_comes_with_it():
    middle = evolve(
        ROLED,
        known_client_applications=frozenset({CLIENT.app_id}),
        required_resource_access=(
            RequiredResourceAccess(resource_app_id=GRAPH.app_id, scopes=(USER_READ.id,), roles=(DIRECTORY.id,)),
        ),
    )
    known = {GRAPH.app_id: GRAPH, middle.app_id: middle}
    ask = stand_for(asked("openid"), CLIENT, GRAPH, known, Version.V1)
    scopes = [one.scope.value for one in ask.permissions if one.through is middle]
    assert scopes == ["User.Read", "openid", "profile", "offline_access"]
    assert [one.role.value for one in ask.roles if one.through is middle] == ["Directory.Read.All"]
    assert "Directory.Read.All" not in granted_text(ask)  # the client itself did not get it


ON_GRAPH = stand_for(asked("openid"), DAEMON, GRAPH, KNOWN, V1)
ON_API = stand_for(asked("openid"), ROLES_ONLY, GRAPH, KNOWN, V1)
MAY = {
    "Global Administrator": (True, True),
    "Privileged Role Administrator": (True, True),
    "Application Administrator": (False, True),
    "Cloud Application Administrator": (False, True),
}


@pytest.mark.parametrize(("role", "name"), ROLE_NAMES.items())
def test_who_may_give_app_roles_of_graph_and_of_others(role, name):
    user = evolve(BEN, directory_roles=frozenset({role}))
    answers = [refuse_user(ask, user, GRAPH) for ask in (ON_GRAPH, ON_API)]
    assert [answer is None for answer in answers] == list(MAY.get(name, (False, False)))
    assert {said(answer) for answer in answers} <= {None, why.MAY_NOT_CONSENT_FOR_ALL}


def test_who_has_no_role_may_not_even_consent_to_user_read():
    ask = stand_for(asked("User.Read"), CLIENT, GRAPH, KNOWN, V2)
    assert said(refuse_user(ask, BEN, GRAPH)) is why.MAY_NOT_CONSENT_FOR_ALL
    assert refuse_user(ask, ADA, GRAPH) is None


def test_the_digest_names_everything_shown_and_the_organization():
    assert isinstance(ON_GRAPH, OrganizationAsk)
    others = [
        evolve(ON_GRAPH, roles=ON_GRAPH.roles[1:]),
        evolve(ON_GRAPH, permissions=ON_GRAPH.permissions[1:]),
        evolve(ON_GRAPH, roles=(evolve(ON_GRAPH.roles[0], through=API), *ON_GRAPH.roles[1:])),
    ]
    digests = {digest(one, TENANT.id) for one in (ON_GRAPH, *others)} | {digest(ON_GRAPH, OTHER_TENANT.id)}
    assert len(digests) == 5
    assert digest(ON_GRAPH, TENANT.id) == digest(evolve(ON_GRAPH), TENANT.id)


def test_the_answer_spells_each_permission_under_its_api():
    assert granted_text(ON_GRAPH).split() == [
        "https://graph.microsoft.com/User.Read",
        f"{API_URI}/Colors.Read",
        f"{API_URI}/Colors.Write",
        *BASICS,
        "https://graph.microsoft.com/Directory.Read.All",
        f"{API_URI}/Colors.Paint",
    ]
