"""Which claims stand in an ID token and an access token, v1.0 and v2.0, and the JSON around them.

Reference sections 16, 30 and 31; OpenID Connect Core §2 and §8.1.
"""

import json

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.directory_role import ORDINARY_MEMBER
from entrada.core.directory.ids import PermissionId
from entrada.core.directory.permission import AppRole
from entrada.core.directory.service_principal import AppRoleAssignment
from entrada.core.errors import catalogue as why
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.tokens.access_token import Grant, access_token_claims
from entrada.core.protocol.tokens.granted import Granted, granted
from entrada.core.protocol.tokens.id_token import id_token_claims
from entrada.core.protocol.tokens.lifetime import access_token_lifetime, nearest_policy
from entrada.core.protocol.tokens.membership import Membership
from entrada.core.protocol.tokens.pairwise import pairwise_subject
from entrada.core.protocol.tokens.response import TokenResponse, client_info
from entrada.core.protocol.tokens.roles import user_roles
from entrada.core.protocol.tokens.subject import Subject
from entrada.core.protocol.version import Version
from tests.protocol.known import (
    API,
    API_PRINCIPAL,
    API_URI,
    BEN,
    CLIENT,
    EVA,
    GRAPH,
    NOW,
    ORIGIN,
    TENANT,
    asked,
    guid,
    holding,
    said,
)

KEY = bytes(range(32))
EVERYTHING = frozenset({"openid", "profile", "email", "offline_access"})
SUBJECT = Subject(
    origin=ORIGIN,
    user=BEN,
    tenant=TENANT,
    client=CLIENT,
    oidc=EVERYTHING,
    pairwise_key=KEY,
    authenticated_at=NumericDate(NOW - 60),
    methods=("pwd",),
)
CLIENT_SUB = pairwise_subject(KEY, TENANT.id, BEN.id, CLIENT.app_id)
API_SUB = pairwise_subject(KEY, TENANT.id, BEN.id, API.app_id)
GRAPH_SUB = pairwise_subject(KEY, TENANT.id, BEN.id, GRAPH.app_id)
V1, V2 = Version.V1, Version.V2
HOUR = Seconds(3600)

ID_V2 = {
    "aud": CLIENT.app_id,
    "iss": f"{ORIGIN}/{TENANT.id}/v2.0",
    "iat": NOW - 300,
    "nbf": NOW - 300,
    "exp": NOW + 3600,
    "email": "ben.blue@colors.example",
    "name": "Ben Blue",
    "nonce": "n-1",
    "oid": BEN.id,
    "preferred_username": "ben@colors.example",
    "sub": CLIENT_SUB,
    "tid": TENANT.id,
    "uti": "uti",
    "ver": "2.0",
}
ID_V1 = {
    "aud": CLIENT.app_id,
    "iss": f"{ORIGIN}/{TENANT.id}/",
    "iat": NOW - 300,
    "nbf": NOW - 300,
    "exp": NOW + 3600,
    "email": "ben.blue@colors.example",
    "name": "Ben Blue",
    "nonce": "n-1",
    "oid": BEN.id,
    "amr": ["pwd"],
    "family_name": "Blue",
    "given_name": "Ben",
    "unique_name": "ben@colors.example",
    "upn": "ben@colors.example",
    "sub": CLIENT_SUB,
    "tid": TENANT.id,
    "uti": "uti",
    "ver": "1.0",
}
ACCESS_V2 = {
    "aud": API.app_id,
    "iss": f"{ORIGIN}/{TENANT.id}/v2.0",
    "iat": NOW - 300,
    "nbf": NOW - 300,
    "exp": NOW + 3600,
    "aio": "sealed",
    "azp": CLIENT.app_id,
    "azpacr": "1",
    "name": "Ben Blue",
    "oid": BEN.id,
    "preferred_username": "ben@colors.example",
    "scp": "Colors.Read",
    "sub": API_SUB,
    "tid": TENANT.id,
    "uti": "uti",
    "ver": "2.0",
}
ACCESS_V1 = {
    "aud": "https://graph.microsoft.com",
    "iss": f"{ORIGIN}/{TENANT.id}/",
    "iat": NOW - 300,
    "nbf": NOW - 300,
    "exp": NOW + 3600,
    "aio": "sealed",
    "acr": "1",
    "amr": ["pwd"],
    "app_displayname": "repsys",
    "appid": CLIENT.app_id,
    "appidacr": "1",
    "family_name": "Blue",
    "given_name": "Ben",
    "name": "Ben Blue",
    "oid": BEN.id,
    "scp": "openid User.Read",
    "sub": GRAPH_SUB,
    "tid": TENANT.id,
    "unique_name": "ben@colors.example",
    "upn": "ben@colors.example",
    "uti": "uti",
    "ver": "1.0",
    "wids": [ORDINARY_MEMBER],
}
ON_API = Grant(resource=API, identifier=API_URI, scopes=("Colors.Read",), client_proof="1", aio="sealed")
ON_GRAPH = Grant(
    resource=GRAPH,
    identifier="https://graph.microsoft.com",
    scopes=("openid", "User.Read"),
    client_proof="1",
    aio="sealed",
)

API_V1 = evolve(API, requested_access_token_version=None)
ACCESS_V1_API = {**ACCESS_V1, "aud": API_URI, "scp": "Colors.Read", "sub": API_SUB}


def without(claims: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in claims.items() if name not in names}


# fmt: off
ID_TOKENS = [  # version, what the subject is besides, what is asked besides, the claims
    pytest.param(V2, {},                              {},                       ID_V2,                                              id="v2.0"),
    pytest.param(V1, {},                              {},                       ID_V1,                                              id="v1.0"),
    pytest.param(V2, {},                              {"nonce": None},          without(ID_V2, "nonce"),                            id="no nonce asked"),
    pytest.param(V2, {},                              {"with_auth_time": True}, {**ID_V2, "auth_time": NOW - 60},                   id="max_age asks for auth_time"),
    pytest.param(V2, {},                              {"held": Membership(roles=("Painter",))}, {**ID_V2, "roles": ["Painter"]},                    id="app roles on the client"),
    pytest.param(V2, {"oidc": frozenset({"openid", "email"})},   {},            without(ID_V2, "name", "preferred_username"),       id="without profile no name"),
    pytest.param(V1, {"oidc": frozenset({"openid", "email"})},   {},            ID_V1,                                              id="v1.0 names people, profile or not"),
    pytest.param(V2, {"oidc": frozenset({"openid", "profile"})}, {},            without(ID_V2, "email"),                            id="without email none"),
    pytest.param(V2, {"account": evolve(BEN, mail=None)}, {},                  without(ID_V2, "email"),                            id="nobody has a mail that is not there"),
]
ACCESS_TOKENS = [  # the grant, the claims
    pytest.param(ON_API,                                    ACCESS_V2,                                     id="an API that takes v2.0"),
    pytest.param(ON_GRAPH,                                  ACCESS_V1,                                     id="Graph takes v1.0"),
    pytest.param(evolve(ON_API, client_proof="0"),          {**ACCESS_V2, "azpacr": "0"},                  id="a public client"),
    pytest.param(evolve(ON_API, held=Membership(roles=("Painter",))),       {**ACCESS_V2, "roles": ["Painter"]},           id="app roles on the API"),
    pytest.param(evolve(ON_API, identifier=API.app_id),     ACCESS_V2,                                     id="v2.0: the audience is the client id, however it was asked"),
    pytest.param(evolve(ON_GRAPH, identifier=GRAPH.app_id), {**ACCESS_V1, "aud": GRAPH.app_id},            id="v1.0: the audience is what was asked"),
    pytest.param(evolve(ON_GRAPH, identifier="https://graph.microsoft.com/"), {**ACCESS_V1, "aud": "https://graph.microsoft.com/"}, id="v1.0: Graph has a URI with a slash as well"),
    pytest.param(evolve(ON_API, resource=API_V1),           ACCESS_V1_API,                                 id="an API that does not say takes v1.0"),
    pytest.param(evolve(ON_API, resource=API_V1, identifier=f"{API_URI}/"), ACCESS_V1_API,                 id="v1.0: a URI as it is registered"),
    pytest.param(evolve(ON_API, resource=API_V1, identifier=API.app_id.upper()), {**ACCESS_V1_API, "aud": API.app_id}, id="v1.0: a client id as it is registered"),
]
# fmt: on


@pytest.mark.parametrize(("version", "subject", "more", "claims"), ID_TOKENS)
def test_the_claims_of_an_id_token(version, subject, more, claims):
    made = id_token_claims(evolve(SUBJECT, **subject), version, now=NOW, uti="uti", **{"nonce": "n-1", **more})
    assert made == claims


@pytest.mark.parametrize(("grant", "claims"), ACCESS_TOKENS)
def test_the_claims_of_an_access_token(grant, claims):
    assert access_token_claims(SUBJECT, grant, now=NOW, lifetime=HOUR, uti="uti") == claims


def test_claims_come_in_the_order_entra_writes_them():
    captured = ["aud", "iss", "iat", "nbf", "exp", "email", "name", "nonce", "oid", "preferred_username", "sub", "tid"]
    made = list(id_token_claims(SUBJECT, V2, now=NOW, uti="uti", nonce="n-1"))
    assert made[: len(captured)] == captured


@given(st.binary(min_size=32, max_size=32), st.sampled_from([BEN, EVA]), st.sampled_from([CLIENT, API, GRAPH]))
def test_a_subject_is_of_one_audience_and_stable(key, user, audience):
    sub = pairwise_subject(key, user.tenant_id, user.id, audience.app_id)
    others = {
        pairwise_subject(key, user.tenant_id, user.id, other.app_id)
        for other in (CLIENT, API, GRAPH)
        if other is not audience
    }
    assert sub not in others
    assert len(sub) == 43
    assert sub == pairwise_subject(key, user.tenant_id, user.id, audience.app_id)


@given(st.integers(0, 255))
def test_access_tokens_live_for_60_to_90_minutes(dice):
    assert 3600 <= access_token_lifetime(None, dice) <= 5400


def test_the_whole_span_is_used():
    assert (access_token_lifetime(None, 0), access_token_lifetime(None, 255)) == (3600, 5400)


# fmt: off
POLICIES = [  # of the tenant, the API's registration, the API's service principal: which decides (reference section 33)
    pytest.param(None, None, None, None, id="nobody decides"),
    pytest.param(600,  None, None, 600,  id="the tenant"),
    pytest.param(600,  1200, None, 1200, id="the registration before the tenant"),
    pytest.param(600,  1200, 1800, 1800, id="the service principal before all"),
    pytest.param(None, None, 1800, 1800, id="the service principal alone"),
    pytest.param(600,  None, 1800, 1800, id="the service principal before the tenant"),
]
# fmt: on


@pytest.mark.parametrize(("tenant", "api", "principal", "decides"), POLICIES)
def test_whose_policy_says_how_long_a_token_lives(tenant, api, principal, decides):
    found = nearest_policy(
        evolve(TENANT, policies=evolve(TENANT.policies, access_token_lifetime=tenant)),
        evolve(API, access_token_lifetime=api),
        evolve(API_PRINCIPAL, access_token_lifetime=principal),
    )
    assert found == decides
    if decides:
        assert {access_token_lifetime(found, dice) for dice in range(256)} == {decides}


def test_a_policy_without_a_service_principal_is_the_registrations():
    assert nearest_policy(TENANT, evolve(API, access_token_lifetime=Seconds(900)), None) == 900


ALL_GRAPH, ALL_API = "openid profile email offline_access User.Read", "Colors.Read Colors.Write"
BOTH_API = f"{API_URI}/Colors.Read {API_URI}/Colors.Write"
# fmt: off
ECHOES = [  # asked, held on Graph, held on the API, `scp`, the response's scope (reference section 16.1)
    pytest.param("openid profile email User.Read", ALL_GRAPH, "", "email openid profile User.Read", "email openid profile User.Read", id="Graph's bare names: OIDC first, then sorted"),
    pytest.param("https://graph.microsoft.com/User.Read openid profile", "openid profile User.Read", "", "openid profile User.Read", "openid profile https://graph.microsoft.com/User.Read", id="Graph by its URI"),
    pytest.param("https://graph.microsoft.com/.default", "User.Read Mail.Read", "", "Mail.Read User.Read", "https://graph.microsoft.com/Mail.Read https://graph.microsoft.com/User.Read https://graph.microsoft.com/.default", id=".default stands last"),
    pytest.param(f"{API_URI}/Colors.Read openid profile offline_access", ALL_GRAPH, "Colors.Read", "Colors.Read", f"{API_URI}/Colors.Read", id="an API's: no OIDC names"),
    pytest.param(f"{API_URI}/Colors.Read", "", ALL_API, ALL_API, BOTH_API, id="everything granted, not only what was asked"),
    pytest.param(f"{API_URI}/.default", "", ALL_API, ALL_API, f"{BOTH_API} {API_URI}/.default", id="an API's .default"),
    pytest.param(f"{API.app_id}/Colors.Read", "", "Colors.Read", "Colors.Read", f"{API.app_id}/Colors.Read", id="an API by its client id"),
    pytest.param("user.read", "User.Read", "", "User.Read", "user.read", id="the token has the registered spelling, the answer the client's"),
    pytest.param("openid", "openid User.Read", "", "openid User.Read", "openid User.Read", id="OIDC alone: the token is for Graph"),
    pytest.param("openid offline_access", "openid offline_access", "", "openid", "openid", id="offline_access is never listed"),
    pytest.param(f"User.Read {API_URI}/Colors.Read", "User.Read", "Colors.Read", "User.Read", "User.Read", id="two resources: the token is for the first"),
]
UNGRANTED = [  # asked, held on Graph, held on the API, what is missing
    pytest.param("openid User.Read",       "openid",    "",            "User.Read",               id="one of two"),
    pytest.param("openid User.Read",       "User.Read", "",            "openid",                  id="an OIDC scope"),
    pytest.param(f"{API_URI}/Colors.Read", "User.Read", "",            f"{API_URI}/Colors.Read", id="an API's"),
    pytest.param(f"{API_URI}/.default",    "User.Read", "",            f"{API_URI}/.default",     id=".default of nothing"),
    pytest.param(f"{API_URI}/Colors.Write", "",         "Colors.Read", f"{API_URI}/Colors.Write", id="another scope of the same API is not enough"),
]
# fmt: on


@pytest.mark.parametrize(("scope", "graph", "api", "scp", "echo"), ECHOES)
def test_what_a_token_carries_and_what_the_answer_says(scope, graph, api, scp, echo):
    found = granted(asked(scope), CLIENT, GRAPH, holding(graph, api))
    assert (sorted(found.scopes), found.scope) == (sorted(scp.split()), echo)


@pytest.mark.parametrize(("scope", "graph", "api", "missing"), UNGRANTED)
def test_no_token_carries_what_was_not_granted(scope, graph, api, missing):
    refusal = granted(asked(scope), CLIENT, GRAPH, holding(graph, api))
    assert said(refusal) is why.CONSENT_MISSING
    assert f"'{missing}'" in refusal.text


@given(
    st.sets(st.sampled_from(["openid", "profile", "offline_access", "User.Read", "Mail.Read"])),
    st.sets(st.sampled_from(["openid", "profile", "offline_access", "User.Read", "Mail.Read"]), min_size=1),
)
def test_scopes_never_exceed_grants(held, wanted):
    found = granted(asked(" ".join(sorted(wanted))), CLIENT, GRAPH, holding(" ".join(held)))
    if wanted <= held:
        assert set(found.scopes) | found.oidc <= held
    else:
        assert said(found) is why.CONSENT_MISSING


RESPONSE = TokenResponse(
    granted=Granted(
        resource=GRAPH,
        identifier="https://graph.microsoft.com",
        scopes=("openid", "User.Read"),
        oidc=frozenset({"openid"}),
        scope="openid User.Read",
    ),
    lifetime=HOUR,
    now=NOW,
    access_token="a",
    refresh_token="r",
    id_token="i",
    client_info="c",
)
# fmt: off
MEMBERS = [  # version, what the response is besides, its members in order
    pytest.param(V2, {}, {"token_type": "Bearer", "scope": "openid User.Read", "expires_in": 3599, "ext_expires_in": 3599, "access_token": "a", "refresh_token": "r", "id_token": "i", "client_info": "c"}, id="v2.0"),
    pytest.param(V1, {}, {"token_type": "Bearer", "scope": "openid User.Read", "expires_in": "3599", "ext_expires_in": "3599", "expires_on": str(NOW + 3600), "not_before": str(NOW - 300), "resource": "https://graph.microsoft.com", "access_token": "a", "refresh_token": "r", "id_token": "i", "client_info": "c"}, id="v1.0: times are text"),
    pytest.param(V2, {"refresh_token": None, "id_token": None, "client_info": None}, {"token_type": "Bearer", "scope": "openid User.Read", "expires_in": 3599, "ext_expires_in": 3599, "access_token": "a"}, id="what does not apply is left out"),
    pytest.param(V2, {"refresh_token_expires_in": 86399}, {"token_type": "Bearer", "scope": "openid User.Read", "expires_in": 3599, "ext_expires_in": 3599, "access_token": "a", "refresh_token": "r", "refresh_token_expires_in": 86399, "id_token": "i", "client_info": "c"}, id="a single-page application's"),
]
# fmt: on


@pytest.mark.parametrize(("version", "more", "members"), MEMBERS)
def test_the_json_of_a_token_response(version, more, members):
    found = evolve(RESPONSE, **more).members(version)
    assert (found, list(found)) == (members, list(members))


def test_tokens_stay_out_of_representations():
    secret = evolve(RESPONSE, access_token="hush-a", refresh_token="hush-r", id_token="hush-i")
    assert "hush" not in repr(secret)


def test_client_info_is_what_msal_makes_account_ids_of():
    text = client_info(BEN)
    assert "=" not in text
    assert json.loads(base64url.decode(text)) == {"uid": BEN.id, "utid": TENANT.id}


ROLE_ID, APP_ONLY_ID, OFF_ID = guid(0x701), guid(0x702), guid(0x703)


def test_roles_are_those_assigned_on_this_application_to_users_and_switched_on():
    def role(role_id: str, value: str, *types: str, on: bool = True) -> AppRole:
        return AppRole(
            id=PermissionId(role_id),
            value=value,
            display_name=value,
            description=value,
            allowed_member_types=frozenset(types),
            is_enabled=on,
        )

    api = evolve(
        API,
        app_roles=(
            role(ROLE_ID, "Painter", "User", "Application"),
            role(APP_ONLY_ID, "Daemon", "Application"),
            role(OFF_ID, "Gone", "User", on=False),
        ),
    )
    here = [
        AppRoleAssignment(
            tenant_id=TENANT.id,
            principal_id=BEN.id,
            resource_id=API_PRINCIPAL.id,
            app_role_id=PermissionId(role_id),
        )
        for role_id in (ROLE_ID, APP_ONLY_ID, OFF_ID)
    ]
    assert user_roles(api, API_PRINCIPAL, here) == ("Painter",)
    assert user_roles(api, None, here) == ()
    elsewhere = [evolve(one, resource_id=guid(1)) for one in here]
    assert user_roles(api, API_PRINCIPAL, elsewhere) == ()
