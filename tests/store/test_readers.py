"""What the store answers: each question's answer, its order, and what is found nowhere."""

import pytest
from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.entity_key import key_of
from entrada.core.directory.group import GroupMember
from entrada.core.directory.ids import ClientId, GroupId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.message import Message
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import AddSigningKey, OpenFamily, OpenSession, PutEntity, RemoveEntity, RevokeFamily
from tests.store.known import (
    ADA,
    ADA_PAINTS,
    ADAS_GRANT,
    ADAS_ROLE,
    APP,
    ARTISTS,
    BEN,
    BRANDED,
    CLEO_AT_HOME,
    DAEMONS_ROLE,
    DELETED_APP,
    DELETED_USER,
    EVERYBODYS_GRANT,
    FAMILY,
    GUEST,
    MESSAGE,
    NOW,
    ONE_OF_EACH,
    OTHER_APP,
    OTHER_PRINCIPAL,
    OTHER_TENANT,
    PAINTERS,
    PAINTERS_ARE_ARTISTS,
    PAINTERS_ROLE,
    PRINCIPAL,
    SESSION,
    SIGN_IN,
    SIGNING_KEY,
    TENANT,
    family_of,
    guid,
    remember,
    sign_in,
    start_family,
)

NOBODY = guid(0xDEAD)

# fmt: off
QUESTIONS = [  # how it is asked, what is found
    pytest.param(lambda store: store.find_tenant(TENANT.id), TENANT, id="a tenant by id"),
    pytest.param(lambda store: store.find_tenant(TenantId(NOBODY)), None, id="no tenant"),
    pytest.param(lambda store: store.find_tenant_by_domain("colors.example"), TENANT, id="a tenant by its first domain"),
    pytest.param(lambda store: store.find_tenant_by_domain("PAINT.example"), TENANT, id="a tenant by another domain, in capitals"),
    pytest.param(lambda store: store.find_tenant_by_domain("example"), None, id="no tenant by a part of its domain"),
    pytest.param(lambda store: store.find_user(TENANT.id, ADA.id), ADA, id="a user by id"),
    pytest.param(lambda store: store.find_user(OTHER_TENANT.id, ADA.id), None, id="no user of another tenant"),
    pytest.param(lambda store: store.find_user_by_name(TENANT.id, ADA.user_principal_name), ADA, id="a user by name"),
    pytest.param(lambda store: store.find_user_by_name(TENANT.id, "aDA@colors.EXAMPLE"), ADA, id="a user by name in another case"),
    pytest.param(lambda store: store.find_user_by_name(TENANT.id, "ada%"), None, id="no user by a pattern"),
    pytest.param(lambda store: store.find_user_by_name(OTHER_TENANT.id, ADA.user_principal_name), None, id="no name of another tenant"),
    pytest.param(lambda store: store.find_guest(TENANT.id, CLEO_AT_HOME.user_id), GUEST, id="a guest by the id at home"),
    pytest.param(lambda store: store.find_guest(TENANT.id, GUEST.id), None, id="no guest by the id here"),
    pytest.param(lambda store: store.find_guest(TENANT.id, ADA.id), None, id="no guest who is at home here"),
    pytest.param(lambda store: store.find_guest(CLEO_AT_HOME.tenant_id, CLEO_AT_HOME.user_id), None, id="no guest in the tenant they are at home in"),
    pytest.param(lambda store: store.find_application(APP.app_id), APP, id="an application by client id"),
    pytest.param(lambda store: store.find_application(ClientId(APP.id)), None, id="no application by its object id"),
    pytest.param(lambda store: store.find_application_by_uri(TENANT.id, APP.identifier_uris[1]), APP, id="an application by URI"),
    pytest.param(lambda store: store.find_application_by_uri(TENANT.id, APP.identifier_uris[1].lower()), None, id="no application by a URI in another case"),
    pytest.param(lambda store: store.find_application_by_uri(OTHER_TENANT.id, APP.identifier_uris[1]), None, id="no application by URI in another tenant"),
    pytest.param(lambda store: store.find_service_principal(TENANT.id, APP.app_id), PRINCIPAL, id="a service principal"),
    pytest.param(lambda store: store.find_service_principal(OTHER_TENANT.id, APP.app_id), None, id="no service principal in another tenant"),
    pytest.param(lambda store: store.find_service_principal_by_id(TENANT.id, PRINCIPAL.id), PRINCIPAL, id="a service principal by id"),
    pytest.param(lambda store: store.find_service_principal_by_id(TENANT.id, ServicePrincipalId(APP.app_id)), None, id="no service principal by its application"),
    pytest.param(lambda store: store.find_service_principal_by_id(OTHER_TENANT.id, PRINCIPAL.id), None, id="no service principal by id in another tenant"),
    pytest.param(lambda store: store.find_grants(TENANT.id, OTHER_PRINCIPAL.id, ADA.id), (EVERYBODYS_GRANT, ADAS_GRANT), id="grants for all and for the user"),
    pytest.param(lambda store: store.find_grants(TENANT.id, OTHER_PRINCIPAL.id, BEN.id), (EVERYBODYS_GRANT,), id="grants for all"),
    pytest.param(lambda store: store.find_grants(TENANT.id, PRINCIPAL.id, ADA.id), (), id="no grants of another client"),
    pytest.param(lambda store: store.find_grants(OTHER_TENANT.id, OTHER_PRINCIPAL.id, ADA.id), (), id="no grants in another tenant"),
    pytest.param(lambda store: store.find_app_role_assignments(TENANT.id, ADA.id), (ADAS_ROLE, PAINTERS_ROLE), id="roles, own and by group"),
    pytest.param(lambda store: store.find_app_role_assignments(TENANT.id, BEN.id), (), id="no roles of others"),
    pytest.param(lambda store: store.find_app_role_assignments(OTHER_TENANT.id, ADA.id), (), id="no roles in another tenant"),
    pytest.param(lambda store: store.find_app_role_assignments(TENANT.id, OTHER_PRINCIPAL.id), (DAEMONS_ROLE,), id="roles of a service principal"),
    pytest.param(lambda store: store.find_groups(TENANT.id, ADA.id), (PAINTERS, ARTISTS), id="groups, and what they are in"),
    pytest.param(lambda store: store.find_groups(TENANT.id, ADA.id, direct=True), (PAINTERS,), id="the nearest groups alone"),
    pytest.param(lambda store: store.find_groups(TENANT.id, PAINTERS.id), (ARTISTS,), id="groups of a group"),
    pytest.param(lambda store: store.find_groups(TENANT.id, ARTISTS.id), (), id="no groups inside"),
    pytest.param(lambda store: store.find_groups(TENANT.id, BEN.id), (), id="no groups of others"),
    pytest.param(lambda store: store.find_groups(OTHER_TENANT.id, ADA.id), (), id="no groups in another tenant"),
    pytest.param(lambda store: store.list_user_grants(TENANT.id, ADA.id), (ADAS_GRANT,), id="what a user alone consented to"),
    pytest.param(lambda store: store.list_user_grants(TENANT.id, BEN.id), (), id="nothing that is for all"),
    pytest.param(lambda store: store.list_user_grants(TENANT.id, UserId("")), (), id="nobody's consent"),
    pytest.param(lambda store: store.list_user_grants(OTHER_TENANT.id, ADA.id), (), id="no consent in another tenant"),
    pytest.param(lambda store: store.list_entities(User, TENANT.id), (ADA, BEN, GUEST), id="users in order"),
    pytest.param(lambda store: store.list_entities(User, OTHER_TENANT.id), (), id="no users of others"),
    pytest.param(lambda store: store.list_entities(Tenant, TENANT.id), (TENANT,), id="the tenant among its entities"),
    pytest.param(lambda store: store.list_entities(Application, TENANT.id), (APP, OTHER_APP), id="applications in order"),
    pytest.param(lambda store: store.list_tenants(), (TENANT, OTHER_TENANT), id="tenants in order"),
    pytest.param(lambda store: store.find_session(TENANT.id, SESSION.id), None, id="no session"),
    pytest.param(lambda store: store.list_signing_keys(), (), id="no signing keys"),
]
# fmt: on

EVERYTHING = (
    OTHER_TENANT,
    TENANT,
    BEN,
    ADA,
    GUEST,
    PAINTERS,
    ARTISTS,
    ADA_PAINTS,
    PAINTERS_ARE_ARTISTS,
    OTHER_APP,
    APP,
    PRINCIPAL,
    OTHER_PRINCIPAL,
    ADAS_GRANT,
    EVERYBODYS_GRANT,
    ADAS_ROLE,
    PAINTERS_ROLE,
    DAEMONS_ROLE,
)


@pytest.mark.parametrize(("ask", "answer"), QUESTIONS)
async def test_what_is_found(store, ask, answer):
    assert await store.commit([PutEntity(entity) for entity in EVERYTHING])
    found = await ask(store)
    assert set(found) == set(answer) if isinstance(answer, tuple) else found == answer
    assert found == await ask(store)  # the second time perhaps from memory


async def test_lists_are_in_order(store):
    assert await store.commit([PutEntity(entity) for entity in EVERYTHING])
    assert await store.list_entities(User, TENANT.id) == (ADA, BEN, GUEST)
    assert await store.list_tenants() == (TENANT, OTHER_TENANT)


STRANGE = {
    "empty": "",
    "NUL": "\0",
    "NUL inside": "a\0b",
    "half a surrogate pair": "\ud800",
    "long": "x" * 100_000,
    "SQL": "ada' OR '1'='1",
    "emoji": "👩‍🎨",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
async def test_strange_text_is_found_nowhere(store, text):
    await remember(store, TENANT, ADA, APP)
    assert await store.find_tenant(TenantId(text)) is None
    assert await store.find_tenant_by_domain(text) is None
    assert await store.find_user_by_name(TENANT.id, text) is None
    assert await store.find_user(TenantId(text), ADA.id) is None
    assert await store.find_application(ClientId(text)) is None
    assert await store.find_application_by_uri(TENANT.id, text) is None
    assert await store.find_guest(TENANT.id, UserId(text)) is None
    assert await store.find_service_principal_by_id(TENANT.id, ServicePrincipalId(text)) is None
    assert await store.find_groups(TENANT.id, UserId(text)) == ()


async def test_only_direct_memberships_give_roles(store):
    await remember(store, ADA_PAINTS, PAINTERS_ARE_ARTISTS, evolve(ADAS_ROLE, principal_id=ARTISTS.id))
    assert await store.find_app_role_assignments(TENANT.id, ADA.id) == ()


def group_of(number):
    return evolve(PAINTERS, id=GroupId(guid(0x60000 + number)))


def inside(member_id, number):
    return GroupMember(tenant_id=TENANT.id, group_id=group_of(number).id, member_id=member_id)


async def test_groups_are_in_order_and_named_once(store):
    """Ada is in three groups at three depths, by several ways."""
    groups = [group_of(number) for number in (2, 0, 1)]
    ways = [inside(ADA.id, 2), inside(group_of(2).id, 0), inside(group_of(0).id, 1), inside(group_of(2).id, 1)]
    await remember(store, *groups, *ways)
    assert await store.find_groups(TENANT.id, ADA.id) == tuple(map(group_of, range(3)))


async def test_groups_in_a_circle_end(store):
    circle = [inside(group_of(number).id, (number + 1) % 3) for number in range(3)]
    itself = inside(group_of(2).id, 2)
    await remember(store, *map(group_of, range(3)), *circle, itself, inside(ADA.id, 1))
    assert await store.find_groups(TENANT.id, ADA.id) == tuple(map(group_of, range(3)))
    assert await store.find_groups(TENANT.id, group_of(0).id) == tuple(map(group_of, range(3)))


async def test_a_membership_of_no_group_leads_on(store):
    """A group that is gone while its memberships are not is not named."""
    await remember(store, group_of(1), inside(ADA.id, 0), inside(group_of(0).id, 1))
    assert await store.find_groups(TENANT.id, ADA.id) == (group_of(1),)


async def test_other_tenants_memberships_lead_nowhere(store):
    foreign = evolve(inside(ADA.id, 0), tenant_id=OTHER_TENANT.id)
    await remember(store, group_of(0), evolve(group_of(1), tenant_id=OTHER_TENANT.id), foreign)
    assert await store.find_groups(TENANT.id, ADA.id) == ()
    assert await store.find_groups(OTHER_TENANT.id, ADA.id) == ()


async def test_a_deep_nest_is_walked_to_its_end(store):
    deep = range(120)
    nest = [inside(group_of(number).id, number + 1) for number in deep[:-1]]
    assert await store.commit([PutEntity(one) for one in (*map(group_of, deep), *nest, inside(ADA.id, 0))])
    assert await store.find_groups(TENANT.id, ADA.id) == tuple(map(group_of, deep))


async def test_mail_is_newest_first_and_paged(store):
    mail = [evolve(MESSAGE, id=f"AAMk-{number}", received_at=NumericDate(NOW + number % 3)) for number in range(7)]
    of_others = (evolve(MESSAGE, id="b", user_id=BEN.id), evolve(MESSAGE, tenant_id=OTHER_TENANT.id))
    await remember(store, *mail, *of_others)
    newest_first = tuple(sorted(mail, key=lambda message: (message.received_at, message.id), reverse=True))
    assert await store.find_messages(TENANT.id, ADA.id, skip=0, top=100) == newest_first
    assert await store.find_messages(TENANT.id, ADA.id, skip=2, top=3) == newest_first[2:5]
    assert await store.find_messages(TENANT.id, ADA.id, skip=7, top=3) == ()
    assert len(await store.list_entities(Message, TENANT.id)) == 8


async def test_sign_ins_are_newest_first(store):
    sign_ins = [evolve(SIGN_IN, id=guid(number), at=NumericDate(NOW + number % 2)) for number in range(4)]
    for number, entry in enumerate(sign_ins):
        assert await store.commit([OpenSession(evolve(SESSION, id=guid(number)), entry)])
    newest = (sign_ins[3], sign_ins[1], sign_ins[2], sign_ins[0])
    assert await store.list_sign_ins(TENANT.id, top=10) == newest
    assert await store.list_sign_ins(TENANT.id, top=2) == newest[:2]
    assert await store.list_sign_ins(OTHER_TENANT.id, top=2) == ()


async def test_signing_keys_are_in_order(store):
    keys = [evolve(SIGNING_KEY, sequence=sequence) for sequence in (10, 9, 2)]
    assert await store.commit([AddSigningKey(key) for key in keys])
    assert await store.list_signing_keys() == tuple(reversed(keys))


async def test_the_apps_of_a_session_are_its_families(store):
    await start_family(store)
    apps = [ClientId(guid(0xA01)), ClientId(guid(0xA02)), ClientId(guid(0xA02))]
    families = [evolve(family_of(number), client_id=app) for number, app in enumerate(apps)]
    assert await store.commit([*map(OpenFamily, families), RevokeFamily(FAMILY.key, NOW)])
    assert await store.list_session_clients(TENANT.id, SESSION.id) == {FAMILY.client_id, *apps}
    assert await store.list_session_clients(OTHER_TENANT.id, SESSION.id) == frozenset()


async def test_a_session_without_apps(store):
    await sign_in(store)
    assert await store.list_session_clients(TENANT.id, SESSION.id) == frozenset()


async def test_no_credential_is_a_seed(store):
    await remember(store, ADA, APP)
    assert await store.find_seed() is None


async def test_a_seeded_password_is_named_until_it_changes(store):
    seeded = evolve(BEN, password=evolve(ADA.password, seed=True))
    await remember(store, ADA, seeded)
    assert BEN.user_principal_name in await store.find_seed()
    assert await store.commit([PutEntity(evolve(BEN, version=1, password=ADA.password))])
    assert await store.find_seed() is None


async def test_a_seeded_secret_is_named_until_it_is_gone(store):
    seeded = evolve(APP, client_secrets=(*APP.client_secrets, evolve(APP.client_secrets[0], seed=True)))
    await remember(store, OTHER_APP, seeded)
    assert APP.app_id in await store.find_seed()
    assert await store.commit([PutEntity(evolve(APP, version=1))])
    assert await store.find_seed() is None


async def test_a_deleted_seed_is_named_while_it_can_be_restored(store):
    seeded = evolve(DELETED_USER, user=evolve(BEN, password=evolve(ADA.password, seed=True)))
    await remember(store, DELETED_APP, seeded)
    assert "restored" in await store.find_seed()
    assert await store.commit([RemoveEntity(evolve(seeded, version=1))])
    assert await store.find_seed() is None


async def test_what_is_deleted_is_found_nowhere_and_holds_no_name(store):
    await remember(store, DELETED_USER, DELETED_APP)
    assert await store.find_user_by_name(TENANT.id, BEN.user_principal_name) is None
    assert await store.find_application(OTHER_APP.app_id) is None
    assert await store.find_user(TENANT.id, BEN.id) is None
    await remember(store, BEN, OTHER_APP)


@pytest.mark.parametrize(
    "entity", [pytest.param(one, id=f"{type(one).__name__}-{n}") for n, one in enumerate((*ONE_OF_EACH, BRANDED))]
)
async def test_an_entity_is_found_by_its_key_whole(store, entity):
    assert await store.find_entity(type(entity), key_of(entity)) is None
    await remember(store, entity)
    found = await store.find_entity(type(entity), key_of(entity))
    assert found == entity
    assert found.version == 1
    assert await store.find_entity(type(entity), (guid(0xDEAD), *key_of(entity)[1:])) is None


async def test_an_entity_found_by_its_key_is_the_newest(lasting_store, replica):
    await remember(lasting_store, ADA)
    assert (await replica.find_entity(User, key_of(ADA))).version == 1
    assert await lasting_store.commit([PutEntity(evolve(ADA, version=1))])
    assert (await replica.find_entity(User, key_of(ADA))).version == 2


async def test_what_was_committed_is_there_after_opening_again(database):
    first = database.open()
    assert await first.commit([PutEntity(TENANT), PutEntity(evolve(ADA, id=UserId(guid(0xA2))))])
    await start_family(first)
    await first.close()
    second = database.open()
    assert await second.find_tenant(TENANT.id) == TENANT
    assert await second.find_family(FAMILY.key) == FAMILY
    await second.close()
