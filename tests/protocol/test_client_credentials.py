"""An application acts for itself: which API, with which roles, in which token.  Reference sections 20 and 31."""

import pytest
from attrs import evolve

from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import PermissionId
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.directory.permission import AppRole
from entrada.core.directory.policies import Policies
from entrada.core.directory.presence import presence
from entrada.core.directory.service_principal import AppRoleAssignment
from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.grants.client_credentials import Facts, asked_resource, decide
from entrada.core.protocol.tokens.app_token import AppGrant, app_token_claims, is_app_only
from entrada.core.protocol.version import Version
from tests.protocol.known import (
    API,
    API_PRINCIPAL,
    API_URI,
    CLIENT,
    GRAPH,
    MULTI,
    NOW,
    ORIGIN,
    OTHER_TENANT,
    PRINCIPAL,
    TENANT,
    guid,
    parameters,
    said,
)

V1, V2 = Version.V1, Version.V2
GRAPH_URI = "https://graph.microsoft.com"


def role(number, value, *members, **more):
    return AppRole(
        id=PermissionId(guid(number)),
        value=value,
        display_name=value,
        description=value,
        allowed_member_types=frozenset(members),
        **more,
    )


READ_ALL = role(0x701, "Colors.ReadAll", "Application")
PAINTER = role(0x702, "Painter", "User", "Application")
GUEST = role(0x703, "Guest", "User")
GONE = role(0x704, "Gone", "Application", is_enabled=False)
ROLES_API = evolve(API, app_roles=(READ_ALL, PAINTER, GUEST, GONE))
DEFAULT_ACCESS = PermissionId("00000000-0000-0000-0000-000000000000")


def assigned(*roles, resource=API_PRINCIPAL.id):
    return tuple(
        AppRoleAssignment(tenant_id=TENANT.id, principal_id=PRINCIPAL.id, resource_id=resource, app_role_id=one)
        for one in roles
    )


# fmt: off
ASKED = [  # version, parameters, the resource or why not
    pytest.param(V2, {"scope": f"{API_URI}/.default"},                API_URI,               id="one resource"),
    pytest.param(V2, {"scope": f"{API.app_id}/.default"},             API.app_id,            id="by its client id"),
    pytest.param(V2, {"scope": "https://management.azure.com//.default"}, "https://management.azure.com/", id="an identifier that ends with a slash"),
    pytest.param(V2, {"scope": ".default"},                           GRAPH_URI,             id="bare: Graph's"),
    pytest.param(V2, {"scope": f"{API_URI}/Colors.ReadAll"},          why.SCOPE_NOT_DEFAULT, id="a role by name"),
    pytest.param(V2, {"scope": API.app_id},                           why.SCOPE_NOT_DEFAULT, id="a client id alone"),
    pytest.param(V2, {"scope": f"{API_URI}/.default {API_URI}/.default"}, why.SCOPE_NOT_DEFAULT, id="the same word twice"),
    pytest.param(V2, {"scope": "/.default"},                          why.INVALID_SCOPE,     id="no resource before the slash"),
    pytest.param(V2, {"scope": "openid"},                             why.SCOPE_NOT_DEFAULT, id="openid"),
    pytest.param(V2, {"scope": f"{API_URI}/.DEFAULT"},                why.SCOPE_NOT_DEFAULT, id=".DEFAULT"),
    pytest.param(V2, {"scope": f"openid {API_URI}/.default"},         why.SCOPE_NOT_DEFAULT, id="openid beside it"),
    pytest.param(V2, {"scope": f"{API_URI}/.default {GRAPH_URI}/.default"}, why.INVALID_SCOPE, id="two resources"),
    pytest.param(V2, {"scope": f"{API_URI}/"},                        why.INVALID_SCOPE,     id="a resource and nothing of it"),
    pytest.param(V2, {"scope": " "},                                  why.SCOPE_NOT_DEFAULT, id="a space"),
    pytest.param(V2, {},                                              why.MISSING_PARAMETER, id="no scope"),
    pytest.param(V2, {"scope": ""},                                   why.MISSING_PARAMETER, id="an empty scope"),
    pytest.param(V1, {"resource": API_URI},                           API_URI,               id="v1.0: resource"),
    pytest.param(V1, {"scope": f"{API_URI}/.default"},                why.MISSING_PARAMETER, id="v1.0: scope does not count"),
]
FACTS = Facts(
    tenant=TENANT, client=CLIENT, principal=PRINCIPAL, resource=ROLES_API, resource_principal=API_PRINCIPAL, assignments=()
)
STRICT = evolve(API_PRINCIPAL, app_role_assignment_required=True)
DECISIONS = [  # facts that differ, the roles or why not
    pytest.param({},                                                       (),                          id="no role assigned: a token without roles"),
    pytest.param({"assignments": assigned(READ_ALL.id)},                   ("Colors.ReadAll",),         id="one role"),
    pytest.param({"assignments": assigned(PAINTER.id, READ_ALL.id)},       ("Colors.ReadAll", "Painter"), id="roles in the API's order"),
    pytest.param({"assignments": assigned(GUEST.id)},                      (),                          id="a role for users only"),
    pytest.param({"assignments": assigned(GONE.id)},                       (),                          id="a role that is switched off"),
    pytest.param({"assignments": assigned(READ_ALL.id, resource=PRINCIPAL.id)}, (),                     id="the same role of another API"),
    pytest.param({"assignments": assigned(PermissionId(guid(0x7FF)))},     (),                          id="a role that is no more"),
    pytest.param({"resource_principal": STRICT},                           why.ROLE_ASSIGNMENT_MISSING, id="assignment required, and none"),
    pytest.param({"resource_principal": STRICT, "assignments": assigned(READ_ALL.id)}, ("Colors.ReadAll",), id="assignment required, and there"),
    pytest.param({"resource_principal": STRICT, "assignments": assigned(DEFAULT_ACCESS)}, (),           id="assignment required, default access"),
    pytest.param({"resource_principal": evolve(API_PRINCIPAL, account_enabled=False)}, why.RESOURCE_DISABLED, id="the API is disabled here"),
    pytest.param({"resource": None, "resource_principal": None},           why.RESOURCE_NOT_FOUND,      id="an unknown API"),
    pytest.param({"resource_principal": None},                             (),                          id="an API of this tenant, not stored"),
    pytest.param({"resource": evolve(ROLES_API, tenant_id=OTHER_TENANT.id)}, why.RESOURCE_NOT_FOUND,    id="another tenant's own API"),
    pytest.param({"resource": evolve(MULTI, tenant_id=OTHER_TENANT.id), "resource_principal": None}, why.RESOURCE_NOT_FOUND, id="another tenant's API that is not installed here"),
    pytest.param({"resource": GRAPH, "resource_principal": None},          (),                          id="Graph is everywhere"),
    pytest.param({"principal": None},                                      why.CLIENT_NOT_FOUND,        id="a client that is not installed here"),
]
# fmt: on


@pytest.mark.parametrize(("version", "sent", "answer"), ASKED)
def test_what_is_asked_for(version, sent, answer):
    assert said(asked_resource(parameters(sent), version)) == answer


@pytest.mark.parametrize(("facts", "answer"), DECISIONS)
def test_who_gets_which_roles(facts, answer):
    decided = decide(API_URI, evolve(FACTS, **facts))
    assert getattr(decided, "roles", said(decided)) == answer


def test_an_application_is_present_at_home_and_where_it_was_installed():
    at_home = presence(CLIENT, None, TENANT.id)
    assert at_home is not None
    assert at_home.id == service_principal_id(TENANT.id, CLIENT.app_id) == PRINCIPAL.id
    assert presence(MULTI, None, OTHER_TENANT.id) is None
    assert presence(MULTI, PRINCIPAL, OTHER_TENANT.id) == PRINCIPAL


# ---- the token ----

GRANT = AppGrant(
    tenant=TENANT,
    client=CLIENT,
    principal=PRINCIPAL,
    resource=ROLES_API,
    resource_principal=API_PRINCIPAL,
    identifier=API_URI,
    roles=("Colors.ReadAll",),
)
TOKEN_V2 = {
    "aud": API.app_id,
    "iss": f"{ORIGIN}/{TENANT.id}/v2.0",
    "iat": NOW - 300,
    "nbf": NOW - 300,
    "exp": NOW + 3600,
    "azp": CLIENT.app_id,
    "azpacr": "1",
    "oid": PRINCIPAL.id,
    "roles": ["Colors.ReadAll"],
    "sub": PRINCIPAL.id,
    "tid": TENANT.id,
    "uti": "uti",
    "ver": "2.0",
}
TOKEN_V1 = {
    "aud": API_URI,
    "iss": f"{ORIGIN}/{TENANT.id}/",
    "iat": NOW - 300,
    "nbf": NOW - 300,
    "exp": NOW + 3600,
    "app_displayname": "repsys",
    "appid": CLIENT.app_id,
    "appidacr": "1",
    "idp": f"{ORIGIN}/{TENANT.id}/",
    "oid": PRINCIPAL.id,
    "roles": ["Colors.ReadAll"],
    "sub": PRINCIPAL.id,
    "tid": TENANT.id,
    "uti": "uti",
    "ver": "1.0",
}
NOTHING = ClaimsRequest()
IDTYP = OptionalClaims(access_token=(OptionalClaim(name="idtyp"),))
ROLELESS = {name: value for name, value in TOKEN_V2.items() if name != "roles"}
# fmt: off
TOKENS = [  # what the grant is besides, the proof, the claims
    pytest.param({},                                                                     "1", TOKEN_V2,                     id="v2.0"),
    pytest.param({"resource": evolve(ROLES_API, requested_access_token_version=None)},   "1", TOKEN_V1,                     id="v1.0"),
    pytest.param({},                                                                     "2", {**TOKEN_V2, "azpacr": "2"},  id="by assertion"),
    pytest.param({"resource": evolve(ROLES_API, requested_access_token_version=1)},      "2", {**TOKEN_V1, "appidacr": "2"}, id="v1.0 by assertion"),
    pytest.param({"roles": ()},                                                          "1", ROLELESS,                     id="without a role no claim"),
    pytest.param({"identifier": API.app_id},                                             "1", TOKEN_V2,                     id="v2.0: the audience is the client id, however it was asked"),
    pytest.param({"resource": evolve(ROLES_API, optional_claims=IDTYP)},                 "1", {**TOKEN_V2, "idtyp": "app"}, id="idtyp for an API that asks"),
    pytest.param({"client": evolve(CLIENT, optional_claims=IDTYP)},                      "1", TOKEN_V2,                     id="the client's wishes do not count"),
]
LIFETIMES = [  # what the grant is besides, the seconds
    pytest.param({},                                                                                       3600, id="an hour"),
    pytest.param({"tenant": evolve(TENANT, policies=Policies(access_token_lifetime=Seconds(600)))},        600,  id="the tenant's policy"),
    pytest.param({"resource": evolve(API, access_token_lifetime=Seconds(700)),
                  "tenant": evolve(TENANT, policies=Policies(access_token_lifetime=Seconds(600)))},        700,  id="the API's before the tenant's"),
    pytest.param({"resource": evolve(API, access_token_lifetime=Seconds(700)),
                  "resource_principal": evolve(API_PRINCIPAL, access_token_lifetime=Seconds(800))},        800,  id="its service principal's before the API's"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "proof", "claims"), TOKENS)
def test_the_claims_of_an_applications_token(changes, proof, claims):
    made = app_token_claims(evolve(GRANT, **changes), NOTHING, origin=ORIGIN, proof=proof, now=NOW, uti="uti")
    assert made == claims
    assert is_app_only(made)


@pytest.mark.parametrize(("changes", "seconds"), LIFETIMES)
def test_how_long_it_lives(changes, seconds):
    grant = evolve(GRANT, **changes)
    made = app_token_claims(grant, NOTHING, origin=ORIGIN, proof="1", now=NOW, uti="uti")
    assert grant.lifetime == made["exp"] - NOW == seconds


def test_capabilities_stand_in_it_where_the_api_asks_for_them():
    asks = OptionalClaims(access_token=(OptionalClaim(name="xms_cc"),))
    capable = ClaimsRequest(capabilities=frozenset({"cp1"}))
    for optional, asked, found in ((asks, capable, ["cp1"]), (asks, NOTHING, None), (OptionalClaims(), capable, None)):
        grant = evolve(GRANT, resource=evolve(ROLES_API, optional_claims=optional))
        assert app_token_claims(grant, asked, origin=ORIGIN, proof="1", now=NOW, uti="uti").get("xms_cc") == found


# fmt: off
OTHERS = [
    pytest.param({"oid": "a", "sub": "a", "scp": "User.Read"}, id="a token with scopes"),
    pytest.param({"oid": "a", "sub": "b"},                     id="an ID token"),
    pytest.param({"sub": "a"},                                 id="without an oid"),
    pytest.param({},                                           id="of nobody"),
]
# fmt: on


@pytest.mark.parametrize("claims", OTHERS)
def test_what_is_no_applications_token(claims):
    assert not is_app_only(claims)
