"""What people may grant: the tenant's settings, whose application it is, and who asks.  Reference sections 27.3, 27.4."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import PreAuthorizedApplication
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.directory_role import CONSENTING, ROLE_NAMES
from entrada.core.directory.policies import UserConsent
from entrada.core.directory.service_principal import PermissionGrant
from entrada.core.protocol.consent.decide import AdminNeeded, Ask, Nothing, decide, wanted
from entrada.core.protocol.consent.give import give
from entrada.core.protocol.consent.held import Held, held
from entrada.core.protocol.consent.may_grant import Rules, may_grant
from entrada.core.protocol.consent.permission import Permission
from entrada.core.protocol.effects import PutEntity
from tests.protocol.known import (
    ADA,
    API,
    API_PRINCIPAL,
    API_URI,
    BEN,
    CLIENT,
    GRAPH,
    GRAPH_PRINCIPAL,
    OTHER_TENANT,
    PRINCIPAL,
    READ,
    TENANT,
    USER_READ,
    WRITE,
    asked,
)

MAIL = next(scope for scope in GRAPH.scopes if scope.value == "Mail.Read")
OFFLINE = Permission(GRAPH, next(scope for scope in GRAPH.scopes if scope.value == "offline_access"))
P_USER, P_MAIL, P_READ, P_WRITE = (
    Permission(GRAPH, USER_READ),
    Permission(GRAPH, MAIL),
    Permission(API, READ),
    Permission(API, WRITE),
)
FOREIGN = evolve(CLIENT, tenant_id=OTHER_TENANT.id)
VERIFIED = evolve(FOREIGN, verified_publisher="Petals Ltd")
THROUGH = Permission(GRAPH, USER_READ, API)
ALL, LOW, NONE = UserConsent.ALL, UserConsent.LOW_IMPACT, UserConsent.NONE
CLASSIFIED = {API.app_id: frozenset({"Colors.Read", "Colors.Write"})}
RULES = Rules(tenant_id=TENANT.id, client=CLIENT)

# fmt: off
MAY = [  # the setting, the client, what is classified as low, assigned only, who, what; may they?
    pytest.param(ALL,  CLIENT,   {},         (),       BEN, P_READ,  True,  id="all: what is not for administrators"),
    pytest.param(ALL,  FOREIGN,  {},         (),       BEN, P_READ,  True,  id="all: of anybody's application"),
    pytest.param(ALL,  CLIENT,   {},         (),       BEN, P_WRITE, False, id="admin-restricted"),
    pytest.param(ALL,  CLIENT,   {},         (CLIENT,), BEN, P_READ, False, id="an application that wants assignment is for administrators to consent to"),
    pytest.param(ALL,  CLIENT,   {},         (API,),   BEN, P_READ,  True,  id="that the API wants assignment says nothing of its clients"),
    pytest.param(ALL,  CLIENT,   {},         (API,),   BEN, THROUGH, False, id="but where the API is the one that gets it"),
    pytest.param(LOW,  CLIENT,   {},         (),       BEN, P_USER,  True,  id="low: the basics of Graph are low everywhere"),
    pytest.param(LOW,  CLIENT,   {},         (),       BEN, OFFLINE, True,  id="low: offline_access too"),
    pytest.param(LOW,  CLIENT,   {},         (),       BEN, P_MAIL,  False, id="low: not classified"),
    pytest.param(LOW,  CLIENT,   {GRAPH.app_id: frozenset({"Mail.Read"})}, (), BEN, P_MAIL, True, id="low: classified"),
    pytest.param(LOW,  CLIENT,   {API.app_id: frozenset({"Mail.Read"})},   (), BEN, P_MAIL, False, id="low: classified on another API"),
    pytest.param(LOW,  CLIENT,   CLASSIFIED, (),       BEN, P_READ,  True,  id="low: of the tenant's own application"),
    pytest.param(LOW,  CLIENT,   CLASSIFIED, (),       BEN, P_WRITE, False, id="low: admin-restricted stays so"),
    pytest.param(LOW,  FOREIGN,  CLASSIFIED, (),       BEN, P_READ,  False, id="low: nobody verified who publishes it"),
    pytest.param(LOW,  FOREIGN,  CLASSIFIED, (),       BEN, P_USER,  False, id="low: not even to sign in there"),
    pytest.param(LOW,  VERIFIED, CLASSIFIED, (),       BEN, P_READ,  True,  id="low: a verified publisher's"),
    pytest.param(NONE, CLIENT,   CLASSIFIED, (),       BEN, P_USER,  False, id="none: nothing"),
    pytest.param(NONE, CLIENT,   {},         (CLIENT,), ADA, P_WRITE, True, id="an administrator may, whatever the setting"),
]
# fmt: on


@pytest.mark.parametrize(("setting", "client", "low", "assigned", "user", "permission", "may"), MAY)
def test_what_people_may_grant(setting, client, low, assigned, user, permission, may):
    rules = Rules(
        tenant_id=TENANT.id,
        client=client,
        user_consent=setting,
        low_impact=low,
        assigned_only=frozenset(app.app_id for app in assigned),
    )
    assert may_grant(permission, user, rules) == may
    answer = decide([permission], Held({}), user, rules, ask_again=False)
    assert isinstance(answer, Ask if may else AdminNeeded)


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_which_roles_consent_for_others(role):
    user = evolve(BEN, directory_roles=frozenset({role}))
    answer = decide([P_WRITE], Held({}), user, RULES, ask_again=False)
    assert isinstance(answer, Ask) == (role in CONSENTING)


def test_offline_access_stands_on_each_page_and_is_no_reason_for_one():
    silent = decide([P_USER], Held({GRAPH.app_id: frozenset({"User.Read"})}), BEN, RULES, ask_again=False)
    first = decide([P_USER], Held({}), BEN, RULES, ask_again=False, always=(OFFLINE,))
    twice = decide([OFFLINE], Held({}), BEN, RULES, ask_again=False, always=(OFFLINE,))
    assert silent == Nothing()
    assert first == Ask((P_USER, OFFLINE), False, (P_USER, OFFLINE))
    assert twice == Ask((OFFLINE,), False, (OFFLINE,))


def test_what_is_shown_again_is_not_given_by_who_could_not_give_it():
    # Or everybody would keep, for themselves, what an administrator takes back from all.
    everything = Held({API.app_id: frozenset({"Colors.Write"}), GRAPH.app_id: frozenset({"User.Read"})})
    rules = evolve(RULES, user_consent=NONE)
    answer = decide([P_WRITE, P_USER], everything, BEN, rules, ask_again=True, always=(OFFLINE,))
    assert answer == Ask((P_WRITE, P_USER), False, ())


PRE = evolve(API, pre_authorized=(PreAuthorizedApplication(app_id=CLIENT.app_id, permission_ids=frozenset({READ.id})),))
PRINCIPALS = {CLIENT.app_id: PRINCIPAL, API.app_id: API_PRINCIPAL, GRAPH.app_id: GRAPH_PRINCIPAL}
SCOPES = ("User.Read", "Mail.Read", "openid offline_access", f"{API_URI}/Colors.Read", f"{API_URI}/.default")
_GRANT = PermissionGrant(
    tenant_id=TENANT.id, client_id=PRINCIPAL.id, resource_id=API_PRINCIPAL.id, principal_id=BEN.id, scopes=frozenset()
)
GRANTS = st.builds(
    lambda resource, principal, scopes: evolve(
        _GRANT, resource_id=resource, principal_id=principal, scopes=frozenset(scopes)
    ),
    st.sampled_from([API_PRINCIPAL.id, GRAPH_PRINCIPAL.id, service_principal_id(OTHER_TENANT.id, API.app_id)]),
    st.sampled_from([BEN.id, None]),
    st.sets(st.sampled_from(["Colors.Read", "Colors.Write", "User.Read", "Mail.Read", "openid", "Colors.Never"])),
)


@given(
    st.sampled_from(SCOPES),
    st.lists(GRANTS, max_size=3),
    st.sampled_from([API, PRE]),
    st.sampled_from([BEN, ADA]),
    st.sampled_from(list(UserConsent)),
    st.booleans(),
)
def test_nothing_is_held_but_what_was_granted_or_pre_authorized(scope, grants, api, user, setting, again):
    """Whatever the settings: consent asked of somebody writes only what they may grant, and afterwards it is held."""
    resources = [(GRAPH, GRAPH_PRINCIPAL), (api, API_PRINCIPAL)]
    before = held(CLIENT, resources, grants)
    for resource, principal in resources:
        granted = {value for one in grants if one.resource_id == principal.id for value in one.scopes}
        allowed = {"Colors.Read"} if resource is PRE else set()
        assert before.of(resource) <= granted | allowed

    rules = Rules(tenant_id=TENANT.id, client=CLIENT, user_consent=setting)
    known = {GRAPH.app_id: GRAPH, api.app_id: api}
    permissions = wanted(asked(scope), CLIENT, GRAPH, known, before, ask_again=again)
    answer = decide(permissions, before, user, rules, ask_again=again, always=(OFFLINE,))
    missing = [one for one in permissions if not before.has(one)]
    match answer:
        case Nothing():
            assert missing == []
        case AdminNeeded(needed):
            assert needed
            assert user is not ADA
            assert not any(may_grant(one, user, rules) for one in needed)
        case Ask():
            assert all(may_grant(one, user, rules) for one in answer.missing)
            assert {one.key for one in answer.missing} <= {one.key for one in answer.permissions}
            written = give(answer.missing, PRINCIPAL, PRINCIPALS, grants, user.id)
            after = held(CLIENT, resources, [*grants, *(one.entity for one in written if isinstance(one, PutEntity))])
            assert all(after.has(one) for one in permissions)
            gained = {(app.app_id, value) for app, _ in resources for value in after.of(app) - before.of(app)}
            assert gained == {(one.resource.app_id, one.scope.value) for one in answer.missing}
