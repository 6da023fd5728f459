"""A file applied: once, twice, with parts taken away, against others who write too."""

import hashlib

import pytest
from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.message import Message
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.memory import MemoryStore
from entrada.server.store.port import StoreContended
from entrada.server.usecases.apply_directory import FileRefused, apply_directory, plan_directory
from entrada.server.usecases.export_directory import export_directory
from entrada.server.usecases.settle_credentials import Replacement
from tests.usecases.directory_files import COLORS, DEVELOPMENT, NOW, applied, credentials

pytestmark = pytest.mark.anyio

LATER = NumericDate(NOW + 60)
COLORS_ID = TenantId(COLORS)
REPSYS = ClientId("c0105000-0000-4000-8000-00000000e951")
KINDS = (User, Group, GroupMember, Application, ServicePrincipal, Message)


@pytest.fixture
async def store():
    store = MemoryStore()
    await applied(DEVELOPMENT, store)
    return store


async def everything(store):
    tenants = await store.list_tenants()
    return [entity for tenant in tenants for kind in KINDS for entity in await store.list_entities(kind, tenant.id)]


# ---- the development directory ----


async def test_the_names_of_the_development_directory(store):
    users = {user.user_principal_name: user for user in await store.list_entities(User, COLORS_ID)}
    assert set(users) == {f"{name}@colors.example" for name in ("ada", "ben", "cai", "dee", "flo")}
    assert users["ada@colors.example"].directory_roles == {GLOBAL_ADMINISTRATOR}
    assert not users["dee@colors.example"].account_enabled
    assert [name for name, user in users.items() if user.second_factor_required] == ["flo@colors.example"]
    assert all(user.password and user.password.seed for user in users.values())


async def test_the_secrets_of_the_development_directory(store):
    apps = await store.list_entities(Application, COLORS_ID)
    secrets = {app.app_id[-4:]: secret for app in apps for secret in app.client_secrets}
    known = {
        "c11e": "console-dev-secret",
        "e951": "repsys-dev-secret",
        "ae01": "daemon-dev-secret",
        "aa17": "multi-dev-secret",
        "b0b0": "middle-dev-secret",
    }
    assert {k: s.digest for k, s in secrets.items()} == {
        k: hashlib.sha256(v.encode()).hexdigest() for k, v in known.items()
    }
    assert all(secret.seed for secret in secrets.values())
    assert {app.app_id[-4:] for app in apps} == {"ba51", "c11e", "e951", "05fa", "0c11", "ae01", "aa17", "b0b0"}


async def test_repsys_may_be_sent_back_to_where_the_design_says(store):
    app = await store.find_application(REPSYS)
    assert [uri.uri for uri in app.redirect_uris] == [
        "http://localhost:5000/auth/callback",
        "http://localhost:5000/",
        "http://localhost:5000/callback",
        "http://localhost:3000/callback",
    ]


async def test_each_app_has_a_principal_at_home_and_graph_one_in_each_tenant(store):
    apps = {app.app_id for app in await store.list_entities(Application, COLORS_ID)}
    principals = {principal.app_id for principal in await store.list_entities(ServicePrincipal, COLORS_ID)}
    assert principals == apps | {APP_ID}
    petals = await store.find_tenant_by_domain("petals.example")
    assert await store.find_service_principal(petals.id, APP_ID)


# ---- again, and back ----


@pytest.mark.parametrize("prune", [False, True])
async def test_applying_twice_changes_nothing(store, prune):
    before = await everything(store)
    plan = await applied(DEVELOPMENT, store, prune=prune, now=LATER)
    assert plan.diff.is_empty
    assert plan.effects == ()
    assert await everything(store) == before


@pytest.mark.parametrize("with_hashes", [False, True])
@pytest.mark.parametrize("prune", [False, True])
async def test_what_was_exported_changes_nothing(store, with_hashes, prune):
    exported = await export_directory(store, with_hashes=with_hashes)
    plan = await applied(exported, store, prune=prune, now=LATER)
    assert plan.diff.is_empty


async def test_an_export_with_hashes_moves_to_an_empty_store(store):
    exported = await export_directory(store, with_hashes=True)
    other = MemoryStore()
    await applied(exported, other, now=LATER)
    assert await everything(other) == await everything(store)
    assert await export_directory(other, with_hashes=True) == exported


async def test_an_export_without_hashes_says_what_is_missing_elsewhere(store):
    exported = await export_directory(store)
    plan = await applied(exported, MemoryStore())
    assert len(plan.without_value) == 7 + 5
    assert "the password of ben@colors.example" in plan.without_value


async def test_no_export_holds_a_secret_and_only_one_with_hashes_a_digest(store):
    bare, full = await export_directory(store), await export_directory(store, with_hashes=True)
    for known in ("Entrada-dev-2026", "repsys-dev-secret"):
        assert known not in bare + full
    digest = hashlib.sha256(b"repsys-dev-secret").hexdigest()
    assert "argon2id" not in bare
    assert digest not in bare
    assert "argon2id" in full
    assert digest in full


# ---- merge and prune ----

SMALL = f"""
tenants:
  - id: {COLORS}
    displayName: Colors and more
    domains: [colors.example]
    users:
      - userPrincipalName: ben@colors.example
        displayName: Ben Blue
        jobTitle: Chief Analyst
      - userPrincipalName: gil@colors.example
        displayName: Gil Green
"""


async def test_merging_says_and_does_what_changes_and_removes_nothing(store):
    before = await everything(store)
    plan = await applied(SMALL, store, now=LATER)
    assert [str(d) for d in plan.diff.added] == ["user gil@colors.example"]
    assert [str(d) for d in plan.diff.changed] == [
        "tenant Colors and more: displayName",
        "user ben@colors.example: givenName, surname, mail, jobTitle",
    ]
    assert plan.diff.removed == ()
    assert len(await everything(store)) == len(before) + 1


async def test_a_user_named_without_id_and_password_keeps_both(store):
    before = await store.find_user_by_name(COLORS_ID, "ben@colors.example")
    await applied(SMALL, store)
    after = await store.find_user_by_name(COLORS_ID, "ben@colors.example")
    assert (after.id, after.password) == (before.id, before.password)


async def test_pruning_removes_what_the_named_tenant_holds_beyond_the_file(store):
    plan = await applied(SMALL, store, prune=True, now=LATER)
    assert {user.display_name for user in await store.list_entities(User, COLORS_ID)} == {"Ben Blue", "Gil Green"}
    assert await store.list_entities(Application, COLORS_ID) == ()
    assert await store.list_entities(Message, COLORS_ID) == ()
    assert [p.app_id for p in await store.list_entities(ServicePrincipal, COLORS_ID)] == [APP_ID]
    assert "group Painters" in {d.what for d in plan.diff.removed}
    assert len(await store.list_entities(User, (await store.find_tenant_by_domain("petals.example")).id)) == 2


async def test_a_plan_changes_nothing(store):
    before = await everything(store)
    plan = await plan_directory(SMALL, store, NOW, credentials(), prune=True)
    assert not plan.diff.is_empty
    assert await everything(store) == before


async def test_a_file_never_revives_revoked_sessions(store):
    ben = await store.find_user_by_name(COLORS_ID, "ben@colors.example")
    await store.commit([PutEntity(evolve(ben, sign_in_sessions_valid_from=LATER))])
    await applied(DEVELOPMENT, store)
    assert (await store.find_user_by_name(COLORS_ID, "ben@colors.example")).sign_in_sessions_valid_from == LATER


async def test_merging_keeps_a_secret_that_was_added_elsewhere(store):
    app = await store.find_application(REPSYS)
    added = evolve(app.client_secrets[0], key_id="added", seed=False)
    await store.commit([PutEntity(evolve(app, client_secrets=(*app.client_secrets, added)))])
    assert (await applied(DEVELOPMENT, store)).diff.is_empty
    pruned = await applied(DEVELOPMENT, store, prune=True)
    assert [str(d) for d in pruned.diff.changed] == [f"application repsys ({REPSYS}): passwordCredentials"]


# ---- all or nothing ----


class Rivalled(MemoryStore):
    """Somebody else changes a user just before each commit, *times* times."""

    times = 0

    async def commit(self, effects):
        if self.times > 0:
            self.times -= 1
            ben = await self.find_user_by_name(COLORS_ID, "ben@colors.example")
            await super().commit([PutEntity(evolve(ben, job_title=f"Analyst {self.times}"))])
        return await super().commit(effects)


async def test_a_rival_is_noticed_and_the_file_applied_to_what_the_rival_left():
    store = Rivalled()
    await applied(DEVELOPMENT, store)
    store.times = 2
    await applied(SMALL, store)
    assert (await store.find_user_by_name(COLORS_ID, "ben@colors.example")).job_title == "Chief Analyst"


async def test_rivals_without_end_are_reported_and_nothing_is_half_done():
    store = Rivalled()
    await applied(DEVELOPMENT, store)
    store.times = 99
    with pytest.raises(StoreContended):
        await apply_directory(SMALL, store, NOW, credentials())
    assert await store.find_user_by_name(COLORS_ID, "gil@colors.example") is None


async def test_one_fault_and_nothing_is_applied():
    store = MemoryStore()
    refused = await apply_directory(DEVELOPMENT.replace("members: [cai@", "members: [kai@"), store, NOW, credentials())
    assert isinstance(refused, FileRefused)
    assert await store.list_tenants() == ()


# ---- credentials ----


async def test_seeds_are_replaced_and_what_was_made_is_told_once():
    store = MemoryStore()
    known = {"ada@colors.example": Replacement("from-the-environment", made=False)}

    def replace(seed):
        return known.get(seed.owner, Replacement(f"made-for-{seed.owner_id}", made=True))

    first = await applied(DEVELOPMENT, store, replace_seed=replace)
    assert await store.find_seed() is None
    assert {made.credential.owner for made in first.made} >= {"ben@colors.example", "repsys"}
    assert "ada@colors.example" not in {made.credential.owner for made in first.made}
    repsys = await store.find_application(REPSYS)
    assert repsys.client_secrets[0].digest == hashlib.sha256(f"made-for-{REPSYS}".encode()).hexdigest()
    again = await applied(DEVELOPMENT, store, replace_seed=replace, now=LATER)
    assert again.diff.is_empty
    assert again.made == ()


async def test_what_was_made_is_in_no_representation():
    plan = await applied(
        DEVELOPMENT, MemoryStore(), replace_seed=lambda _: Replacement("hush-hush, my rather quiet secret", made=True)
    )
    assert "hush-hush" not in repr(plan)
    assert "Entrada-dev-2026" not in repr(await applied(DEVELOPMENT, MemoryStore()))


def with_password(written: str) -> str:
    return SMALL.replace("jobTitle: Chief Analyst", f"password: {written}")


async def test_a_password_from_the_environment(store):
    environment = {"BENS_PASSWORD": "quite a new one"}
    plan = await applied(with_password("{environment: BENS_PASSWORD}"), store, environment=environment, now=LATER)
    ben = await store.find_user_by_name(COLORS_ID, "ben@colors.example")
    assert "password" in plan.diff.changed[1].members
    assert ben.password.changed_at == LATER
    assert not ben.password.seed


async def test_the_mark_of_a_seed_stays_until_the_password_changes(store):
    await applied(with_password("{value: Entrada-dev-2026}"), store, now=LATER)
    ben = await store.find_user_by_name(COLORS_ID, "ben@colors.example")
    assert ben.password.seed
    assert ben.password.changed_at == NOW


async def test_a_hash_is_stored_as_it_is(store):
    await applied(with_password("{hash: $argon2id$1$abc, changedDateTime: 2026-01-01T00:00:00Z}"), store)
    ben = await store.find_user_by_name(COLORS_ID, "ben@colors.example")
    assert (ben.password.hash, ben.password.changed_at) == ("$argon2id$1$abc", 1_767_225_600)
