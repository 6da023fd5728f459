"""Claims beyond the usual ones: each by a registration, by a request, in either token and version.

Reference sections 30 to 32 and 34; OpenID Connect Core §5.5.
"""

import json

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import SignInAudience
from entrada.core.directory.ids import SessionId, UserId
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.directory.user import HomeAccount
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.artefacts.code import pack_code, unpack_code
from entrada.core.protocol.claims_request import ClaimsRequest, both, parse_claims_request
from entrada.core.protocol.tokens.access_token import Grant, access_token_claims
from entrada.core.protocol.tokens.app_token import AppGrant, app_token_claims
from entrada.core.protocol.tokens.id_token import Beside, id_token_claims
from entrada.core.protocol.tokens.optional_claims import OPTIONAL_CLAIMS, answerable
from entrada.core.protocol.tokens.subject import Subject
from entrada.core.protocol.version import Version
from tests.protocol.golden_artefacts import CODE, COLORS
from tests.protocol.known import (
    API,
    API_PRINCIPAL,
    BEN,
    CLIENT,
    EVA,
    NOW,
    ORIGIN,
    OTHER_TENANT,
    PRINCIPAL,
    TENANT,
    guid,
    said,
)

V1, V2 = Version.V1, Version.V2
ID, ACCESS = "ID token", "access token"
PERSON = evolve(BEN, usage_location="NO", preferred_language="nb")
PLACE = evolve(TENANT, country="SE", preferred_language="sv")
SUBJECT = Subject(
    origin=ORIGIN,
    user=PERSON,
    tenant=PLACE,
    client=CLIENT,
    oidc=frozenset({"openid", "profile"}),
    pairwise_key=bytes(32),
    authenticated_at=NumericDate(NOW - 60),
    methods=("pwd", "otp", "mfa"),
    session_id=SessionId(guid(0x5E)),
    address="192.0.2.7",
    login_hint="opaque",
)
HOME = evolve(EVA, mail="eva@petals.example")
VISITOR = evolve(
    BEN,
    id=UserId(guid(0xE2)),
    user_principal_name="eva_petals.example#EXT#@colors.example",
    mail="somebody@else.example",
    user_type="Guest",
    home=HomeAccount(tenant_id=OTHER_TENANT.id, user_id=EVA.id),
)
GUEST = evolve(SUBJECT, user=VISITOR, account=HOME, home=OTHER_TENANT)


def registration(app, token, *names, version=V2, properties=()):
    claims = tuple(OptionalClaim(name=name, additional_properties=properties) for name in names)
    shape = OptionalClaims(id_token=claims) if token is ID else OptionalClaims(access_token=claims)
    return evolve(app, optional_claims=shape, requested_access_token_version=2 if version is V2 else 1)


def told(token, version, *names, of=SUBJECT, properties=()):
    """The claims of a token whose shape registers *names*."""
    if token is ID:
        of = evolve(of, client=registration(of.client, ID, *names, properties=properties))
        return id_token_claims(of, version, now=NOW, uti="uti")
    api = registration(API, ACCESS, *names, version=version, properties=properties)
    grant = Grant(resource=api, identifier="api://colors", scopes=("Colors.Read",), aio="sealed")
    return access_token_claims(of, grant, now=NOW, lifetime=Seconds(3600), uti="uti")


# fmt: off
BOTH, ALWAYS_V1 = {(ID, V1), (ID, V2), (ACCESS, V1), (ACCESS, V2)}, {(ID, V1), (ACCESS, V1)}
ROWS = [  # the claim, what it says, where it stands when registered, where it stands anyway
    pytest.param("acct",                   0,                      BOTH,                         set(), id="acct"),
    pytest.param("acrs",                   None,                   set(),                        set(), id="acrs: none was asked for"),
    pytest.param("amr",                    ["pwd", "otp", "mfa"],  BOTH,                         ALWAYS_V1, id="amr"),
    pytest.param("auth_time",              NOW - 60,               BOTH,                         set(), id="auth_time"),
    pytest.param("ctry",                   "NO",                   BOTH,                         set(), id="ctry"),
    pytest.param("email",                  "ben.blue@colors.example", BOTH,                      set(), id="email"),
    pytest.param("family_name",            "Blue",                 BOTH,                         ALWAYS_V1, id="family_name"),
    pytest.param("given_name",             "Ben",                  BOTH,                         ALWAYS_V1, id="given_name"),
    pytest.param("idtyp",                  None,                   set(),                        set(), id="idtyp: for users only with a property"),
    pytest.param("ipaddr",                 "192.0.2.7",            BOTH,                         set(), id="ipaddr"),
    pytest.param("login_hint",             "opaque",               {(ID, V1), (ID, V2)},         set(), id="login_hint"),
    pytest.param("preferred_username",     "ben@colors.example",   BOTH,                         {(ID, V2), (ACCESS, V2)}, id="preferred_username"),
    pytest.param("sid",                    guid(0x5E),             BOTH,                         set(), id="sid"),
    pytest.param("tenant_ctry",            "SE",                   BOTH,                         set(), id="tenant_ctry"),
    pytest.param("tenant_region_scope",    "WW",                   BOTH,                         set(), id="tenant_region_scope"),
    pytest.param("upn",                    "ben@colors.example",   BOTH,                         ALWAYS_V1, id="upn"),
    pytest.param("verified_primary_email", ["ben.blue@colors.example"], BOTH,                    set(), id="verified_primary_email"),
    pytest.param("xms_cc",                 None,                   set(),                        set(), id="xms_cc: the client sent none"),
    pytest.param("xms_edov",               True,                   BOTH,                         set(), id="xms_edov"),
    pytest.param("xms_pl",                 "nb",                   BOTH,                         set(), id="xms_pl"),
    pytest.param("xms_tpl",                "sv",                   BOTH,                         set(), id="xms_tpl"),
]
UNKNOWN = ["fwd", "vnet", "ztdid", "onprem_sid", "in_corp", "pwd_exp", "pwd_url", "xms_pdl", "verified_secondary_email", "extn.shoe"]
# fmt: on


@pytest.mark.parametrize(("name", "says", "registered", "anyway"), ROWS)
@pytest.mark.parametrize("version", [V1, V2])
@pytest.mark.parametrize("token", [ID, ACCESS])
def test_each_claim_in_each_token(token, version, name, says, registered, anyway):
    assert told(token, version, name).get(name) == (says if (token, version) in registered | anyway else None)
    assert told(token, version).get(name) == (says if (token, version) in anyway else None)


def test_the_table_is_whole():
    assert {row.values[0] for row in ROWS} == set(OPTIONAL_CLAIMS)


@pytest.mark.parametrize("name", UNKNOWN)
@pytest.mark.parametrize("token", [ID, ACCESS])
def test_what_the_directory_does_not_know_is_left_out(token, name):
    assert told(token, V2, name) == told(token, V2)


@pytest.mark.parametrize("name", ["family_name", "given_name", "upn", "preferred_username"])
def test_names_in_v2_want_the_profile_scope(name):
    without = evolve(SUBJECT, oidc=frozenset({"openid"}))
    assert name not in told(ID, V2, name, of=without)
    assert name in told(ID, V1, name, of=without) or name == "preferred_username"


@pytest.mark.parametrize("empty", ["usage_location", "mail", "surname", "given_name", "preferred_language"])
def test_nothing_is_said_of_what_nobody_wrote_down(empty):
    nobody = evolve(PERSON, **{empty: None})
    claims = told(ID, V2, *OPTIONAL_CLAIMS, of=evolve(SUBJECT, user=nobody, account=nobody))
    assert None not in claims.values()
    assert not {"usage_location": {"ctry"}, "mail": {"email", "xms_edov", "verified_primary_email"}}.get(
        empty, set()
    ) & set(claims)


# fmt: off
PROPERTIES = [  # token, version, claim, property, of whom, what it says
    pytest.param(ACCESS, V2, "idtyp", "include_user_token",                   SUBJECT, "user",                          id="idtyp for users too"),
    pytest.param(ID,     V2, "idtyp", "include_user_token",                   SUBJECT, None,                            id="idtyp: in access tokens alone"),
    pytest.param(ID,     V2, "upn",   "",                                     GUEST,   None,                            id="a guest's upn only when asked"),
    pytest.param(ID,     V2, "upn",   "include_externally_authenticated_upn", GUEST,   VISITOR.user_principal_name,     id="a guest's upn"),
    pytest.param(ACCESS, V1, "upn",   "include_externally_authenticated_upn", GUEST,   VISITOR.user_principal_name,     id="a guest's upn in a v1.0 access token"),
    pytest.param(ID,     V2, "upn",   "include_externally_authenticated_upn_without_hash", GUEST, "eva_petals.example_EXT_@colors.example", id="a guest's upn without its hash"),
    pytest.param(ACCESS, V1, "aud",   "use_guid",                             SUBJECT, API.app_id,                      id="v1.0: the audience as GUID"),
    pytest.param(ACCESS, V1, "aud",   "",                                     SUBJECT, "api://colors",                  id="v1.0: the audience as asked"),
    pytest.param(ACCESS, V2, "aud",   "",                                     SUBJECT, API.app_id,                      id="v2.0: always the GUID"),
]
# fmt: on


@pytest.mark.parametrize(("token", "version", "name", "more", "of", "says"), PROPERTIES)
def test_additional_properties(token, version, name, more, of, says):
    assert told(token, version, name, of=of, properties=(more,)).get(name) == says


# ---- guests ----


@pytest.mark.parametrize("token", [ID, ACCESS])
@pytest.mark.parametrize("version", [V1, V2])
def test_a_guest_is_its_entry_here_signed_in_by_its_home(token, version):
    claims = told(token, version, "acct", of=GUEST)
    assert (claims["oid"], claims["tid"], claims["acct"]) == (VISITOR.id, TENANT.id, 1)
    assert claims["idp"] == f"{ORIGIN}/{OTHER_TENANT.id}/"
    assert claims["iss"].startswith(f"{ORIGIN}/{TENANT.id}/")
    assert claims["preferred_username" if version is V2 else "unique_name"] == "eva@petals.example"
    assert "upn" not in claims
    assert claims["sub"] != told(token, version, of=SUBJECT)["sub"]


def test_members_have_no_idp():
    assert "idp" not in told(ID, V2) | told(ACCESS, V1)


def test_v1_tells_a_guests_mail_and_it_is_the_one_at_home():
    assert told(ACCESS, V1, of=GUEST)["email"] == told(ID, V1, of=GUEST)["email"] == "eva@petals.example"
    assert "email" not in told(ID, V2, of=GUEST)


def test_nobody_is_told_a_foreign_mail_who_serves_many_tenants():
    foreign = evolve(PERSON, mail="ceo@victim.example")
    liar = evolve(SUBJECT, user=foreign, account=foreign, oidc=frozenset({"openid", "email"}))
    many = evolve(CLIENT, sign_in_audience=SignInAudience.MULTIPLE_ORGS)
    assert told(ID, V2, of=liar)["email"] == "ceo@victim.example"
    assert "email" not in told(ID, V2, "email", of=evolve(liar, client=many))
    assert told(ID, V2, "xms_edov", of=liar)["xms_edov"] is False
    assert "verified_primary_email" not in told(ID, V2, "verified_primary_email", of=liar)


# ---- asked for by a request ----


def asking(**tokens):
    return evolve(SUBJECT, asked=ClaimsRequest(**tokens))


def test_a_request_is_answered_what_it_may_ask_for():
    names = frozenset({"login_hint", "sid", "auth_time", "given_name", "signin_state", "tenant_region_sub_scope"})
    claims = told(ID, V2, of=asking(id_token=names))
    assert claims.keys() - told(ID, V2).keys() == {"login_hint", "sid", "auth_time", "given_name"}


def test_a_request_does_not_shape_an_apis_token():
    names = frozenset(OPTIONAL_CLAIMS)
    assert told(ACCESS, V2, of=asking(access_token=names)) == told(ACCESS, V2)


def test_a_request_learns_no_more_than_was_consented_to():
    names = frozenset({*OPTIONAL_CLAIMS, "groups", "roles", "wids"})
    bare = evolve(asking(id_token=names), oidc=frozenset({"openid"}))
    assert not told(ID, V2, of=bare).keys() & {"email", "given_name", "family_name", "upn", "name", "groups", "ctry"}


def test_capabilities_want_the_client_and_the_api():
    capable = asking(capabilities=frozenset({"cp1"}))
    assert told(ACCESS, V2, "xms_cc", of=capable)["xms_cc"] == ["cp1"]
    assert "xms_cc" not in told(ACCESS, V2, of=capable)
    assert "xms_cc" not in told(ID, V2, "xms_cc", of=capable)


@pytest.mark.parametrize("version", [V1, V2])
def test_contexts_are_met_by_a_second_factor(version):
    parsed = parse_claims_request('{"access_token": {"acrs": {"essential": true, "values": ["c1", "c99", "any"]}}}')
    asked = evolve(SUBJECT, asked=parsed)
    assert told(ACCESS, version, of=asked)["acrs"] == ["c1", "c99"]
    assert "acrs" not in told(ACCESS, version, of=evolve(asked, methods=("pwd",)))
    assert "acrs" not in told(ACCESS, version, "acrs")


def test_only_what_can_be_answered_is_kept():
    asked = parse_claims_request('{"id_token": {"login_hint": null, "x": null}, "access_token": {"y": null}}')
    assert not isinstance(asked, Refusal)
    assert answerable(asked) == ClaimsRequest(id_token=frozenset({"login_hint"}))


def test_two_requests_add_up():
    one = ClaimsRequest(id_token=frozenset({"sid"}), auth_contexts=("c1",))
    other = ClaimsRequest(id_token=frozenset({"acct"}), auth_contexts=("c2", "c1"), capabilities=frozenset({"cp1"}))
    assert both(one, other) == ClaimsRequest(
        id_token=frozenset({"sid", "acct"}), auth_contexts=("c1", "c2"), capabilities=frozenset({"cp1"})
    )


@given(st.text() | st.recursive(st.none() | st.text(), lambda inner: st.dictionaries(st.text(), inner)).map(json.dumps))
def test_whatever_is_sent_is_read_or_refused(text):
    asked = parse_claims_request(text)
    assert isinstance(asked, ClaimsRequest) or said(asked) is why.INVALID_PARAMETER


# fmt: off
ACRS = [  # what is asked of acrs, whether that can be met
    pytest.param(None,                                              True,  id="nothing"),
    pytest.param({"value": "gold"},                                 True,  id="voluntary"),
    pytest.param({"essential": False, "values": ["gold"]},          True,  id="not essential"),
    pytest.param({"essential": True},                               True,  id="essential, whichever"),
    pytest.param({"essential": True, "values": []},                 True,  id="essential, of none"),
    pytest.param({"essential": True, "value": "c1"},                True,  id="a context"),
    pytest.param({"essential": True, "value": "c99"},               True,  id="the last context"),
    pytest.param({"essential": True, "values": ["gold", "c7"]},     True,  id="one of several will do"),
    pytest.param({"essential": True, "value": "c0"},                False, id="before the first"),
    pytest.param({"essential": True, "value": "c100"},              False, id="after the last"),
    pytest.param({"essential": True, "value": "c01"},               False, id="spelt another way"),
    pytest.param({"essential": True, "value": "C1"},                False, id="in another case"),
    pytest.param({"essential": True, "value": "c1\n"},              False, id="with a line end"),
    pytest.param({"essential": True, "value": "urn:example:gold"},  False, id="another word"),
    pytest.param({"essential": True, "value": ""},                  False, id="empty"),
    pytest.param({"essential": True, "value": None},                False, id="null"),
    pytest.param({"essential": True, "value": 1},                   False, id="a number"),
    pytest.param({"essential": True, "values": ["gold", "silver"]}, False, id="none of several"),
    pytest.param({"essential": True, "values": "c1"},               False, id="values that are no list"),
]
# fmt: on


@pytest.mark.parametrize("token", ["id_token", "access_token"])
@pytest.mark.parametrize(("acrs", "can_be_met"), ACRS)
def test_what_is_essential_can_be_met_or_is_refused(token, acrs, can_be_met):
    asked = parse_claims_request(json.dumps({"access_token": {"xms_cc": {"values": ["cp1"]}}, token: {"acrs": acrs}}))
    assert isinstance(asked, ClaimsRequest) if can_be_met else said(asked) is why.BAD_REQUEST


def test_each_token_is_looked_at():
    good, bad = {"acrs": {"essential": True, "value": "c1"}}, {"acrs": {"essential": True, "value": "gold"}}
    assert said(parse_claims_request(json.dumps({"id_token": good, "access_token": bad}))) is why.BAD_REQUEST
    assert said(parse_claims_request(json.dumps({"id_token": bad, "access_token": good}))) is why.BAD_REQUEST


def test_codes_keep_what_was_asked():
    asked = ClaimsRequest(
        id_token=frozenset({"sid", "acct"}),
        access_token=frozenset({"acrs"}),
        capabilities=frozenset({"cp1"}),
        auth_contexts=("c2", "c1"),
    )
    code = evolve(CODE, claims=asked)
    assert unpack_code(COLORS, pack_code(code)) == code


# ---- an application's own tokens ----


def told_to_app(*names, version=V2, properties=(), asked=None):
    grant = AppGrant(
        tenant=PLACE,
        client=CLIENT,
        principal=PRINCIPAL,
        resource=registration(API, ACCESS, *names, version=version, properties=properties),
        resource_principal=API_PRINCIPAL,
        identifier="api://colors",
        roles=(),
    )
    return app_token_claims(grant, asked or ClaimsRequest(), origin=ORIGIN, proof="1", now=NOW, uti="uti")


@pytest.mark.parametrize("version", [V1, V2])
def test_an_applications_token_says_what_holds_without_a_user(version):
    capable = ClaimsRequest(capabilities=frozenset({"cp1"}))
    bare = told_to_app(version=version, asked=capable)
    whole = told_to_app(*OPTIONAL_CLAIMS, version=version, asked=capable)
    assert {name: whole[name] for name in whole.keys() - bare.keys()} == {
        "idtyp": "app",
        "tenant_ctry": "SE",
        "tenant_region_scope": "WW",
        "xms_cc": ["cp1"],
        "xms_tpl": "sv",
    }


def test_an_applications_token_names_its_audience_as_a_users_does():
    assert told_to_app("aud", version=V1, properties=("use_guid",))["aud"] == API.app_id
    assert told_to_app(version=V1)["aud"] == "api://colors"


# ---- from the authorization endpoint ----


def test_hashes_bind_an_id_token_to_what_travels_beside_it():
    # The example of OpenID Connect Core, appendix A.3 and A.4.
    beside = Beside(
        code="Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk",
        access_token="jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
    )
    claims = id_token_claims(SUBJECT, V2, now=NOW, uti="uti", beside=beside)
    assert (claims["c_hash"], claims["at_hash"]) == ("LDktKdoQak3Pk0cnXxCltA", "77QmUPtjPfzWtF2AnpK9RQ")


def test_from_the_token_endpoint_there_is_nothing_to_bind_to():
    assert not id_token_claims(SUBJECT, V2, now=NOW, uti="uti").keys() & {"c_hash", "at_hash"}


@given(st.sets(st.sampled_from(sorted(OPTIONAL_CLAIMS))), st.sampled_from([V1, V2]), st.sampled_from([ID, ACCESS]))
def test_claims_come_in_entras_order_whatever_is_asked(names, version, token):
    claims = list(told(token, version, *names))
    assert claims[:5] == ["aud", "iss", "iat", "nbf", "exp"]
    assert claims[5:] == sorted(claims[5:])
