"""Each effect: when it holds and what it leaves, when it fails and leaves nothing."""

import pytest
from attrs import evolve

from entrada.core.directory.ids import ApplicationId, ClientId, GroupId, ServicePrincipalId, SessionId, UserId
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import (
    AddSigningKey,
    EndSession,
    NotWithin,
    OpenFamily,
    OpenSession,
    PutEntity,
    RemoveEntity,
    RemoveSigningKey,
    ReplaceSigningKey,
    RestoreEntity,
    RevokeFamily,
    RotateFamily,
    SucceedFamily,
    Unchanged,
    Unlinked,
)
from tests.store.known import (
    ADA,
    ADA_OWNS,
    ADA_PAINTS,
    ADAS_GRANT,
    ADAS_ROLE,
    APP,
    ARTISTS,
    BEN,
    CLEO_AT_HOME,
    DAY,
    EVERYBODYS_GRANT,
    FAMILY,
    GUEST,
    NOW,
    ONE_OF_EACH,
    OPEN_FAMILY,
    OPEN_SESSION,
    OTHER_APP,
    OTHER_PRINCIPAL,
    OTHER_TENANT,
    PAINTERS,
    PAINTERS_ARE_ARTISTS,
    PRINCIPAL,
    SESSION,
    SIGN_IN,
    SIGNING_KEY,
    SUCCESSOR,
    TENANT,
    guid,
    remember,
    sign_in,
    start_family,
)

LATER = NumericDate(NOW + 60)

each_entity = pytest.mark.parametrize(
    "entity",
    [pytest.param(entity, id=f"{type(entity).__name__}-{number}") for number, entity in enumerate(ONE_OF_EACH)],
)


async def test_nothing_to_do_always_holds(store):
    assert await store.commit([])


# ---- token families ----


async def test_a_family_is_found_as_it_was_opened(store):
    await sign_in(store)
    family = evolve(FAMILY, generation=3, rotated_at=NOW, revoked_at=LATER)
    assert await store.commit([OpenFamily(family)])
    assert await store.find_family(FAMILY.key) == family


async def test_a_family_is_opened_once(store):
    await start_family(store)
    assert not await store.commit([OpenFamily(evolve(FAMILY, user_id=BEN.id))])
    assert await store.find_family(FAMILY.key) == FAMILY


@pytest.mark.parametrize(
    "key",
    [
        pytest.param({"tenant_id": OTHER_TENANT.id}, id="in another tenant"),
        pytest.param({"id": guid(0xFC)}, id="of another code"),
        pytest.param({"end_day": FAMILY.key.end_day + 1}, id="that ends on another day"),
    ],
)
async def test_a_family_is_unknown(store, key):
    await start_family(store)
    assert await store.find_family(evolve(FAMILY.key, **key)) is None


async def test_no_family_without_its_session(store):
    assert not await store.commit([OPEN_FAMILY])
    assert await store.find_family(FAMILY.key) is None


async def test_no_family_on_another_tenants_session(store):
    await sign_in(store)
    assert not await store.commit([OpenFamily(evolve(FAMILY, key=evolve(FAMILY.key, tenant_id=OTHER_TENANT.id)))])


async def test_no_family_on_a_session_that_was_ended(store):
    await sign_in(store)
    assert await store.commit([EndSession(TENANT.id, SESSION.id, NOW)])
    assert not await store.commit([OPEN_FAMILY])
    assert await store.find_family(FAMILY.key) is None


@pytest.mark.parametrize(("after_its_end", "held"), [(-1, True), (0, False), (1, False)])
async def test_no_family_once_the_session_is_over(store, after_its_end, held):
    await sign_in(store)
    family = evolve(FAMILY, issued_at=NumericDate(SESSION.ends_at + after_its_end))
    assert await store.commit([OpenFamily(family)]) is held


async def test_a_generation_is_rotated_once(store):
    await start_family(store)
    assert await store.commit([RotateFamily(FAMILY.key, 0, LATER)])
    assert not await store.commit([RotateFamily(FAMILY.key, 0, LATER)])
    assert await store.find_family(FAMILY.key) == evolve(FAMILY, generation=1, rotated_at=LATER)


@pytest.mark.parametrize("generation", [1, -1])
async def test_another_generation_is_not_rotated(store, generation):
    await start_family(store)
    assert not await store.commit([RotateFamily(FAMILY.key, generation, LATER)])
    assert await store.find_family(FAMILY.key) == FAMILY


async def test_an_unknown_family_is_not_rotated(store):
    assert not await store.commit([RotateFamily(FAMILY.key, 0, LATER)])


async def test_a_revoked_family_is_not_rotated(store):
    await start_family(store)
    assert await store.commit([RevokeFamily(FAMILY.key, NOW)])
    assert not await store.commit([RotateFamily(FAMILY.key, 0, LATER)])


async def test_revoking_twice_keeps_the_first_moment(store):
    await start_family(store)
    assert await store.commit([RevokeFamily(FAMILY.key, NOW)])
    assert await store.commit([RevokeFamily(FAMILY.key, LATER)])
    assert await store.find_family(FAMILY.key) == evolve(FAMILY, revoked_at=NOW)


async def test_revoking_what_is_unknown_changes_nothing(store):
    assert await store.commit([RevokeFamily(FAMILY.key, NOW)])
    assert await store.find_family(FAMILY.key) is None


async def test_a_family_has_a_successor(store):
    await start_family(store)
    assert await store.commit([SucceedFamily(FAMILY.key, SUCCESSOR)])
    assert await store.find_family(SUCCESSOR.key) == SUCCESSOR


async def test_a_successor_needs_no_session(store):
    await start_family(store)
    assert await store.commit([EndSession(TENANT.id, SESSION.id, NOW)])
    assert await store.commit([SucceedFamily(FAMILY.key, SUCCESSOR)])
    assert await store.find_family(SUCCESSOR.key) == SUCCESSOR


async def test_succeeding_again_leaves_the_successor_alone(store):
    await start_family(store)
    assert await store.commit([SucceedFamily(FAMILY.key, SUCCESSOR)])
    assert await store.commit([RotateFamily(SUCCESSOR.key, 0, LATER)])
    assert await store.commit([SucceedFamily(FAMILY.key, SUCCESSOR)])
    assert await store.find_family(SUCCESSOR.key) == evolve(SUCCESSOR, generation=1, rotated_at=LATER)


async def test_a_revoked_family_has_no_successor(store):
    await start_family(store)
    assert await store.commit([RevokeFamily(FAMILY.key, NOW)])
    assert await store.commit([SucceedFamily(FAMILY.key, SUCCESSOR)])
    assert await store.find_family(SUCCESSOR.key) is None


async def test_an_unknown_family_has_no_successor(store):
    assert await store.commit([SucceedFamily(FAMILY.key, SUCCESSOR)])
    assert await store.find_family(SUCCESSOR.key) is None


# ---- browser sessions ----


async def test_a_session_and_its_sign_in_are_remembered(store):
    assert await store.commit([OPEN_SESSION])
    assert await store.find_session(TENANT.id, SESSION.id) == SESSION
    assert await store.list_sign_ins(TENANT.id, top=10) == (SIGN_IN,)


async def test_a_session_is_opened_once(store):
    await sign_in(store)
    taken = OpenSession(evolve(SESSION, user_id=BEN.id), evolve(SIGN_IN, id=guid(0x52)))
    assert not await store.commit([taken])
    assert await store.find_session(TENANT.id, SESSION.id) == SESSION
    assert await store.list_sign_ins(TENANT.id, top=10) == (SIGN_IN,)


async def test_a_session_ends_once(store):
    await sign_in(store)
    assert await store.commit([EndSession(TENANT.id, SESSION.id, NOW)])
    assert await store.commit([EndSession(TENANT.id, SESSION.id, LATER)])
    assert await store.find_session(TENANT.id, SESSION.id) == evolve(SESSION, revoked_at=NOW)


async def test_ending_an_unknown_session_changes_nothing(store):
    assert await store.commit([EndSession(TENANT.id, SESSION.id, NOW)])
    assert await store.find_session(TENANT.id, SESSION.id) is None


async def test_ending_a_session_leaves_other_tenants_alone(store):
    await sign_in(store)
    assert await store.commit([EndSession(OTHER_TENANT.id, SESSION.id, NOW)])
    assert await store.find_session(TENANT.id, SESSION.id) == SESSION


# ---- entities ----


@each_entity
async def test_an_entity_comes_back_as_it_was_put(store, entity):
    await remember(store, entity)
    tenant_id = getattr(entity, "tenant_id", TENANT.id)
    (found,) = await store.list_entities(type(entity), tenant_id)
    assert found == entity
    assert found.version == 1


@each_entity
async def test_an_entity_is_new_once(store, entity):
    await remember(store, entity)
    assert not await store.commit([PutEntity(entity)])


@each_entity
async def test_an_entity_is_removed_by_who_knows_its_version(store, entity):
    await remember(store, entity)
    assert not await store.commit([RemoveEntity(entity)])
    assert not await store.commit([RemoveEntity(evolve(entity, version=2))])
    assert await store.commit([RemoveEntity(evolve(entity, version=1))])
    assert await store.list_entities(type(entity), getattr(entity, "tenant_id", TENANT.id)) == ()
    assert not await store.commit([RemoveEntity(evolve(entity, version=1))])


async def test_each_change_raises_the_version(store):
    await remember(store, ADA)
    for version in (1, 2, 3):
        assert await store.commit([PutEntity(evolve(ADA, version=version, display_name=f"Ada {version}"))])
    found = await store.find_user(TENANT.id, ADA.id)
    assert (found.version, found.display_name) == (4, "Ada 3")


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_a_change_to_another_version_fails(store, version):
    await remember(store, ADA)
    assert await store.commit([PutEntity(evolve(ADA, version=1))])
    assert not await store.commit([PutEntity(evolve(ADA, version=version, display_name="lost"))])
    assert (await store.find_user(TENANT.id, ADA.id)).display_name == ADA.display_name


async def test_what_was_never_stored_cannot_be_replaced(store):
    assert not await store.commit([PutEntity(evolve(ADA, version=1))])
    assert await store.find_user(TENANT.id, ADA.id) is None


# fmt: off
TAKEN = [  # what is there, what would share a unique name with it
    pytest.param(ADA, evolve(BEN, user_principal_name="ADA@COLORS.EXAMPLE"), id="a user principal name, without case"),
    pytest.param(APP, evolve(OTHER_APP, app_id=APP.app_id), id="a client id"),
    pytest.param(APP, evolve(OTHER_APP, tenant_id=OTHER_TENANT.id, app_id=APP.app_id), id="a client id, in another tenant"),
    pytest.param(APP, evolve(OTHER_APP, identifier_uris=("api://new", APP.identifier_uris[1])), id="an identifier URI"),
    pytest.param(TENANT, evolve(OTHER_TENANT, domains=("petals.example", "Paint.Example")), id="a domain, without case"),
    pytest.param(PRINCIPAL, evolve(PRINCIPAL, id=ServicePrincipalId(guid(0xC09))), id="an application's service principal"),
    pytest.param(GUEST, evolve(BEN, home=CLEO_AT_HOME), id="an account's place as a guest"),
]
NOT_TAKEN = [
    pytest.param(ADA, evolve(ADA, tenant_id=OTHER_TENANT.id), id="the same user principal name in another tenant"),
    pytest.param(APP, evolve(OTHER_APP, tenant_id=OTHER_TENANT.id, identifier_uris=APP.identifier_uris), id="the same URI in another tenant"),
    pytest.param(APP, evolve(OTHER_APP, identifier_uris=("API://colors",)), id="a URI that differs in case"),
    pytest.param(PRINCIPAL, evolve(PRINCIPAL, tenant_id=OTHER_TENANT.id), id="the application in another tenant"),
    pytest.param(TENANT, evolve(OTHER_TENANT, domains=("petals.example", "petals.example")), id="a domain named twice"),
    pytest.param(GUEST, evolve(GUEST, tenant_id=OTHER_TENANT.id), id="the account as a guest in another tenant"),
    pytest.param(GUEST, evolve(BEN, id=CLEO_AT_HOME.user_id), id="a member whose id is a guest's at home"),
]
# fmt: on


@pytest.mark.parametrize(("first", "second"), TAKEN)
async def test_a_name_is_held_by_one(store, first, second):
    await remember(store, first)
    assert not await store.commit([PutEntity(second)])
    assert await store.list_entities(type(first), first.id if first is TENANT else first.tenant_id) == (first,)


@pytest.mark.parametrize(("first", "second"), TAKEN)
async def test_a_name_cannot_be_taken_later(store, first, second):
    innocent = {
        "user_principal_name": "eva@petals.example",
        "app_id": ClientId(guid(0xE)),
        "identifier_uris": ("api://innocent",),
        "domains": ("innocent.example",),
        "home": None,
    }
    before = evolve(second, **{name: value for name, value in innocent.items() if hasattr(second, name)})
    await remember(store, first, before)
    assert not await store.commit([PutEntity(evolve(second, version=1))])
    kept = await store.list_entities(type(second), getattr(second, "tenant_id", OTHER_TENANT.id))
    assert before in kept
    assert second not in kept


@pytest.mark.parametrize(("first", "second"), NOT_TAKEN)
async def test_what_is_no_clash(store, first, second):
    await remember(store, first, second)


@pytest.mark.parametrize(("first", "second"), TAKEN)
async def test_a_name_is_free_when_its_holder_is_gone(store, first, second):
    await remember(store, first)
    assert await store.commit([RemoveEntity(evolve(first, version=1))])
    assert await store.commit([PutEntity(second)])


async def test_a_name_is_free_when_its_holder_took_another(store):
    await remember(store, ADA, APP, TENANT)
    renamed = [
        PutEntity(evolve(ADA, version=1, user_principal_name="ada.l@colors.example")),
        PutEntity(evolve(APP, version=1, identifier_uris=("api://else",))),
        PutEntity(evolve(TENANT, version=1, domains=("else.example",))),
    ]
    assert await store.commit(renamed)
    await remember(
        store,
        evolve(BEN, id=UserId(guid(0xB2)), user_principal_name=ADA.user_principal_name),
        evolve(OTHER_APP, id=ApplicationId(guid(0xB03)), identifier_uris=APP.identifier_uris),
        evolve(OTHER_TENANT, domains=TENANT.domains),
    )


@each_entity
async def test_an_entity_is_unchanged_to_who_knows_its_version(store, entity):
    assert not await store.commit([Unchanged(entity)])
    await remember(store, entity)
    assert await store.commit([Unchanged(evolve(entity, version=1))])
    assert not await store.commit([Unchanged(entity)])
    assert not await store.commit([Unchanged(evolve(entity, version=2))])
    assert await store.commit([RemoveEntity(evolve(entity, version=1))])
    assert not await store.commit([Unchanged(evolve(entity, version=1))])


async def test_whoever_only_looks_writes_nothing(store):
    await remember(store, ADA, APP)
    both = [Unchanged(evolve(ADA, version=1)), Unchanged(evolve(APP, version=1))]
    assert await store.commit(both)
    assert await store.commit(both)
    assert (await store.find_user(TENANT.id, ADA.id)).version == 1


@each_entity
async def test_an_entity_is_restored_with_the_version_after_its_own(store, entity):
    assert await store.commit([RestoreEntity(evolve(entity, version=4))])
    (found,) = await store.list_entities(type(entity), getattr(entity, "tenant_id", TENANT.id))
    assert (found, found.version) == (entity, 5)
    assert not await store.commit([RestoreEntity(evolve(entity, version=4))])
    assert not await store.commit([RestoreEntity(evolve(entity, version=5))])
    assert await store.commit([PutEntity(evolve(entity, version=5))])


@pytest.mark.parametrize(("first", "second"), TAKEN)
async def test_nothing_is_restored_to_a_name_that_another_has(store, first, second):
    await remember(store, first)
    assert not await store.commit([RestoreEntity(evolve(second, version=2))])
    assert await store.list_entities(type(first), first.id if first is TENANT else first.tenant_id) == (first,)


async def test_what_is_restored_is_found_by_its_names(store):
    assert await store.commit([RestoreEntity(evolve(ADA, version=2)), RestoreEntity(evolve(APP, version=2))])
    assert await store.find_user_by_name(TENANT.id, ADA.user_principal_name) == ADA
    assert await store.find_application_by_uri(TENANT.id, APP.identifier_uris[1]) == APP
    page = await store.list_page(User, TENANT.id, Query(where=Compare("display_name", Op.EQ, ADA.display_name)))
    assert page.items == (ADA,)


# fmt: off
ENDS = [  # a link, and what it joins
    pytest.param(ADAS_GRANT, (OTHER_PRINCIPAL, PRINCIPAL, ADA), id="a grant for one"),
    pytest.param(EVERYBODYS_GRANT, (OTHER_PRINCIPAL, PRINCIPAL), id="a grant for all"),
    pytest.param(ADAS_ROLE, (ADA, PRINCIPAL), id="a role"),
    pytest.param(ADA_PAINTS, (PAINTERS, ADA), id="a membership"),
    pytest.param(ADA_OWNS, (APP, ADA), id="an owner"),
]
# fmt: on


@pytest.mark.parametrize(("link", "ends"), ENDS)
async def test_what_a_link_names_is_not_unlinked(store, link, ends):
    await remember(store, link)
    for end in ends:
        assert not await store.commit([Unlinked(TENANT.id, (end.id,))])
        assert not await store.commit([Unlinked(TENANT.id, (guid(0xFFFF), end.id))])
        assert await store.commit([Unlinked(OTHER_TENANT.id, (end.id,))])
    assert await store.commit([Unlinked(TENANT.id, (guid(0xFFFF),))])
    gone = RemoveEntity(evolve(link, version=1))
    assert await store.commit([gone, Unlinked(TENANT.id, tuple(end.id for end in ends))])


async def test_an_application_is_unlinked_once_no_service_principal_of_its_tenant_is_of_it(store):
    await remember(store, PRINCIPAL)
    effect = Unlinked(TENANT.id, (PRINCIPAL.app_id,))
    assert not await store.commit([effect])
    assert await store.commit([Unlinked(OTHER_TENANT.id, effect.object_ids)])
    assert await store.commit([RemoveEntity(evolve(PRINCIPAL, version=1)), effect])


async def test_a_group_is_within_those_around_it_and_no_others(store):
    studio = evolve(PAINTERS, id=GroupId(guid(0xA173)), display_name="Studio")
    within = evolve(PAINTERS_ARE_ARTISTS, group_id=studio.id, member_id=ARTISTS.id)
    await remember(store, PAINTERS, ARTISTS, studio, PAINTERS_ARE_ARTISTS, within)
    for inner, outer in ((PAINTERS, ARTISTS), (ARTISTS, studio), (PAINTERS, studio)):
        assert not await store.commit([NotWithin(TENANT.id, inner.id, outer.id)])
        assert await store.commit([NotWithin(TENANT.id, outer.id, inner.id)])
        assert await store.commit([NotWithin(OTHER_TENANT.id, inner.id, outer.id)])


# ---- signing keys ----


async def test_a_sequence_number_is_used_once(store):
    assert await store.commit([AddSigningKey(SIGNING_KEY)])
    assert not await store.commit([AddSigningKey(evolve(SIGNING_KEY, kid="other"))])
    assert await store.list_signing_keys() == (SIGNING_KEY,)


async def test_a_key_gets_new_times(store):
    with_times = evolve(SIGNING_KEY, signs_from=NOW, retired_at=LATER, forgotten_at=NumericDate(LATER + DAY))
    assert await store.commit([AddSigningKey(SIGNING_KEY)])
    assert await store.commit([ReplaceSigningKey(SIGNING_KEY, with_times)])
    assert await store.list_signing_keys() == (with_times,)
    assert not await store.commit([ReplaceSigningKey(SIGNING_KEY, with_times)])


@pytest.mark.parametrize(
    "difference",
    [
        {"kid": "other"},
        {"sealed": "other"},
        {"published_at": LATER},
        {"signs_from": LATER},
        {"retired_at": LATER},
        {"forgotten_at": LATER},
        {"sequence": 2},
    ],
    ids=str,
)
async def test_a_key_is_replaced_by_who_saw_it_as_it_is(store, difference):
    assert await store.commit([AddSigningKey(SIGNING_KEY)])
    seen = evolve(SIGNING_KEY, **difference)
    assert not await store.commit([ReplaceSigningKey(seen, evolve(seen, retired_at=NOW))])
    assert await store.list_signing_keys() == (SIGNING_KEY,)


async def test_a_key_is_forgotten(store):
    assert await store.commit([AddSigningKey(SIGNING_KEY), AddSigningKey(evolve(SIGNING_KEY, sequence=2))])
    assert await store.commit([RemoveSigningKey(1)])
    assert await store.commit([RemoveSigningKey(1)])
    assert await store.list_signing_keys() == (evolve(SIGNING_KEY, sequence=2),)


# ---- units ----


@pytest.mark.parametrize("position", [0, 1, 2, 3, 4])
async def test_a_failing_effect_takes_the_whole_unit_with_it(store, position):
    await remember(store, ADA)
    effects = [OPEN_SESSION, OPEN_FAMILY, PutEntity(TENANT), AddSigningKey(SIGNING_KEY)]
    effects.insert(position, PutEntity(evolve(ADA, version=7)))
    assert not await store.commit(effects)
    assert await store.find_session(TENANT.id, SESSION.id) is None
    assert await store.list_sign_ins(TENANT.id, top=9) == ()
    assert await store.find_family(FAMILY.key) is None
    assert await store.find_tenant_by_domain(TENANT.domains[0]) is None
    assert await store.list_signing_keys() == ()
    assert await store.commit([effect for effect in effects if effect is not effects[position]])


async def test_later_effects_of_a_unit_see_the_earlier_ones(store):
    session = SessionId(SESSION.id)
    unit = [OPEN_SESSION, OPEN_FAMILY, RotateFamily(FAMILY.key, 0, NOW), EndSession(TENANT.id, session, LATER)]
    assert await store.commit(unit)
    assert (await store.find_family(FAMILY.key)).generation == 1
    assert not await store.commit([OpenFamily(SUCCESSOR)])


async def test_what_a_failed_unit_changed_is_as_before(store):
    await remember(store, ADA, APP)
    assert not await store.commit(
        [
            PutEntity(evolve(APP, version=1, identifier_uris=("api://else",))),
            RemoveEntity(evolve(ADA, version=1)),
            RotateFamily(FAMILY.key, 0, NOW),
        ]
    )
    assert await store.find_user_by_name(TENANT.id, ADA.user_principal_name) == ADA
    assert await store.find_application_by_uri(TENANT.id, APP.identifier_uris[0]) == APP
    assert await store.find_application_by_uri(TENANT.id, "api://else") is None
