"""Groups, app roles and directory roles in tokens; what stands there when there are too many.  Reference section 32."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR, ORDINARY_MEMBER
from entrada.core.directory.group import Group
from entrada.core.directory.ids import GroupId, PermissionId
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.directory.permission import AppRole
from entrada.core.directory.service_principal import AppRoleAssignment
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.tokens.access_token import Grant, access_token_claims
from entrada.core.protocol.tokens.id_token import Beside, id_token_claims
from entrada.core.protocol.tokens.membership import Membership, membership, wants_groups
from entrada.core.protocol.version import Version
from tests.protocol.known import ADA, API, API_PRINCIPAL, BEN, CLIENT, NOW, ORIGIN, PRINCIPAL, TENANT, guid
from tests.protocol.test_optional_claims import GUEST, SUBJECT

V1, V2 = Version.V1, Version.V2


def group(number, name, **more):
    return Group(id=GroupId(guid(0x600 + number)), tenant_id=TENANT.id, display_name=name, **more)


PAINTERS, ARTISTS, NEWS = group(1, "Painters"), group(2, "Artists"), group(3, "News", security_enabled=False)
HELD = Membership(roles=("Painter",), assigned=frozenset({PAINTERS.id}), groups=(PAINTERS, ARTISTS, NEWS))
ENDPOINT = f"{ORIGIN}/{TENANT.id}/users/{BEN.id}/getMemberObjects"
OVERAGE = {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": ENDPOINT}}}
NAMES = ("roles", "groups", "wids", "hasgroups", "_claim_names", "_claim_sources")


def shaped(app, kinds, *properties):
    claim = (OptionalClaim(name="groups", additional_properties=properties),) if properties else ()
    claims = OptionalClaims(id_token=claim, access_token=claim)
    return evolve(app, group_membership_claims=frozenset(kinds.split()), optional_claims=claims)


def in_id_token(kinds, *properties, held=HELD, beside=None, of=SUBJECT):
    subject = evolve(of, client=shaped(CLIENT, kinds, *properties))
    claims = id_token_claims(subject, V2, now=NOW, uti="uti", held=held, beside=beside)
    return {name: claims[name] for name in NAMES if name in claims}


def in_access_token(kinds, *properties, held=HELD, version=2):
    api = evolve(shaped(API, kinds, *properties), requested_access_token_version=version)
    grant = Grant(resource=api, identifier="api://colors", scopes=("Colors.Read",), held=held, aio="sealed")
    claims = access_token_claims(SUBJECT, grant, now=NOW, lifetime=Seconds(3600), uti="uti")
    return {name: claims[name] for name in NAMES if name in claims}


ROLES = {"roles": ["Painter"]}
MEMBER = [ORDINARY_MEMBER]
# fmt: off
SHAPES = [  # groupMembershipClaims, properties of the groups claim, what the token says
    pytest.param("",                               (),                     ROLES,                                                        id="nothing asked"),
    pytest.param("SecurityGroup",                  (),                     {**ROLES, "groups": [PAINTERS.id, ARTISTS.id]},               id="security groups, nested too"),
    pytest.param("All",                            (),                     {**ROLES, "groups": [PAINTERS.id, ARTISTS.id, NEWS.id], "wids": MEMBER}, id="all: distribution groups and roles too"),
    pytest.param("DirectoryRole",                  (),                     {**ROLES, "wids": MEMBER},                                    id="directory roles: no groups"),
    pytest.param("ApplicationGroup",               (),                     {**ROLES, "groups": [PAINTERS.id]},                           id="groups assigned to the application"),
    pytest.param("SecurityGroup DirectoryRole",    (),                     {**ROLES, "groups": [PAINTERS.id, ARTISTS.id], "wids": MEMBER}, id="a combination"),
    pytest.param("SecurityGroup ApplicationGroup", (),                     {**ROLES, "groups": [PAINTERS.id, ARTISTS.id]},               id="each group once"),
    pytest.param("SecurityGroup",                  ("emit_as_roles",),     {"roles": [PAINTERS.id, ARTISTS.id]},                         id="groups instead of app roles"),
    pytest.param("ApplicationGroup",               ("cloud_displayname",), {**ROLES, "groups": ["Painters"]},                            id="assigned groups by name"),
    pytest.param("SecurityGroup",                  ("cloud_displayname",), {**ROLES, "groups": [PAINTERS.id, ARTISTS.id]},               id="others never by name: anybody may name a group"),
    pytest.param("SecurityGroup",                  ("sam_account_name",),  {**ROLES, "groups": [PAINTERS.id, ARTISTS.id]},               id="no names from on-premises here"),
    pytest.param("ApplicationGroup",               ("emit_as_roles", "cloud_displayname"), {"roles": ["Painters"]},                       id="names as roles"),
]
# fmt: on


@pytest.mark.parametrize(("kinds", "properties", "says"), SHAPES)
def test_what_a_registration_asks_for(kinds, properties, says):
    assert in_id_token(kinds, *properties) == says
    assert in_access_token(kinds, *properties) == says


def test_a_v1_access_token_always_tells_directory_roles():
    assert in_access_token("", version=1) == {**ROLES, "wids": MEMBER}


def test_directory_roles_stand_by_template_and_guests_are_no_ordinary_members():
    admin = evolve(SUBJECT, user=ADA, account=ADA)
    assert in_id_token("DirectoryRole", of=admin)["wids"] == [GLOBAL_ADMINISTRATOR, ORDINARY_MEMBER]
    assert "wids" not in in_id_token("DirectoryRole", of=GUEST)


@pytest.mark.parametrize("count", [0, 1, 5, 6, 199, 200, 201, 1000])
def test_how_many_groups_stand_in_a_token(count):
    held = Membership(groups=tuple(group(number, "g") for number in range(count)))
    by_token, by_address = (
        in_id_token("SecurityGroup", held=held),
        in_id_token("SecurityGroup", held=held, beside=Beside()),
    )
    assert in_access_token("SecurityGroup", held=held) == by_token
    assert by_token == (OVERAGE if count > 200 else {"groups": [one.id for one in held.groups]} if count else {})
    assert by_address == ({"hasgroups": True} if count > 5 else by_token)


def test_too_many_groups_as_roles_are_no_roles():
    held = Membership(roles=("Painter",), groups=tuple(group(number, "g") for number in range(201)))
    assert in_id_token("SecurityGroup", "emit_as_roles", held=held) == {**ROLES, **OVERAGE}


@pytest.mark.parametrize(
    ("kinds", "properties", "wanted"),
    [
        ("", (), False),
        ("DirectoryRole", (), False),
        ("ApplicationGroup", (), False),
        ("ApplicationGroup", ("cloud_displayname",), True),
        ("SecurityGroup", (), True),
        ("All", (), True),
        ("", ("cloud_displayname",), False),
    ],
)
def test_groups_are_read_only_where_they_are_told(kinds, properties, wanted):
    assert wants_groups(shaped(CLIENT, kinds, *properties)) is wanted


def test_what_is_assigned_on_one_application_says_nothing_on_another():
    role = AppRole(
        id=PermissionId(guid(0x701)),
        value="Painter",
        display_name="Painter",
        description="Paints",
        allowed_member_types=frozenset({"User"}),
    )
    by_group = AppRoleAssignment(
        tenant_id=TENANT.id, principal_id=PAINTERS.id, resource_id=API_PRINCIPAL.id, app_role_id=role.id
    )
    client, api = evolve(CLIENT, app_roles=(role,)), evolve(API, app_roles=(role,))
    assert membership(api, API_PRINCIPAL, [by_group]) == Membership(
        roles=("Painter",), assigned=frozenset({PAINTERS.id})
    )
    assert membership(client, PRINCIPAL, [by_group]) == Membership()
    assert membership(api, None, [by_group]) == Membership()
    assert in_id_token("ApplicationGroup", held=Membership(assigned=frozenset({GroupId(BEN.id)}))) == {}


ASSIGNED = st.sets(st.sampled_from([guid(0x701), guid(0x702), guid(0x703)]))


@given(ASSIGNED, st.sets(st.sampled_from([guid(0x701), guid(0x702)])), ASSIGNED, st.booleans())
def test_no_role_without_an_assignment_to_a_user_on_this_application(here, enabled, elsewhere, for_apps):
    def assignment(role_id, principal):
        return AppRoleAssignment(
            tenant_id=TENANT.id, principal_id=BEN.id, resource_id=principal.id, app_role_id=PermissionId(role_id)
        )

    roles = tuple(
        AppRole(
            id=PermissionId(role_id),
            value=role_id,
            display_name="r",
            description="r",
            is_enabled=role_id in enabled,
            allowed_member_types=frozenset({"Application"} if for_apps else {"User", "Application"}),
        )
        for role_id in (guid(0x701), guid(0x702), guid(0x703))
    )
    assignments = [
        *(assignment(one, API_PRINCIPAL) for one in here),
        *(assignment(one, PRINCIPAL) for one in elsewhere),
    ]
    held = membership(evolve(API, app_roles=roles), API_PRINCIPAL, assignments)
    assert set(held.roles) == (set() if for_apps else here & enabled)
