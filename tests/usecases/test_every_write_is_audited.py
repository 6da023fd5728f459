"""No use case changes the directory without a row in the audit log of the same commit; what the rows say.  Design 2."""

import asyncio
import inspect
from importlib import import_module

import pytest
from attrs import evolve

from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.administration import people_activities as did_to_people
from entrada.core.directory.administration.actor import Via
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.ids import ANY_TENANT, ClientId, TenantId, UserId
from entrada.core.directory.query.query import Query
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.effects import PutEntity, RecordAudit
from entrada.server.usecases import own_sessions, rotate_keys
from entrada.server.usecases.administer.user_passwords import reset_password, unlock
from entrada.server.usecases.apply_directory import apply_directory
from entrada.server.usecases.audited import audited, in_person, operator
from entrada.server.usecases.create_tenant import Created, NewTenant, create_tenant
from entrada.server.usecases.own_sessions import end_all_sessions
from entrada.server.usecases.renew_client_secret import renew_client_secret
from entrada.testing.watched_store import EXEMPT, Unaudited
from tests.drivers.form_browser import PASSWORD
from tests.usecases.acting import OPERATOR
from tests.usecases.directory_files import NOW, credentials
from tests.web.seats import BEN, COLORS, REPSYS, Seat

TENANT = TenantId(COLORS)


def rows(there, tenant: str = COLORS) -> tuple[DirectoryAudit, ...]:
    store = there.platform.here.store
    return asyncio.run(store.list_page(DirectoryAudit, TenantId(tenant), Query(top=999))).items


def ben(there):
    return asyncio.run(there.platform.here.store.find_user(TENANT, UserId(BEN)))


def members(row: DirectoryAudit) -> set[str]:
    return {one.display_name for target in row.targets for one in target.modified}


def test_whoever_forgets_the_row_fails(in_process, monkeypatch):
    here = in_process.platform.here
    monkeypatch.setattr(own_sessions, "audited", lambda _here, _by, _did, effects, *_before: tuple(effects))
    by = in_person(ben(in_process), Via.ACCOUNT, "c")
    with pytest.raises(Unaudited, match=r"own_sessions\.end_all_sessions"):
        asyncio.run(end_all_sessions(here, by, ben(in_process)))


def test_what_is_exempt_exists_and_has_its_reason():
    for (module, function), reason in EXEMPT.items():
        found = getattr(import_module(f"entrada.server.usecases.{module}"), function)
        assert "commit(" in inspect.getsource(found)
        assert reason
    assert len(EXEMPT) == 3


def test_consent_says_who_what_and_to_which_application(in_process):
    Seat(in_process).sign_in()
    (row,) = rows(in_process)
    assert (row.activity, row.category) == ("Consent to application", "ApplicationManagement")
    assert (row.initiated_by.user_id, row.initiated_by.via) == (BEN, "sign-in page")
    assert row.initiated_by.user_principal_name == "ben@colors.example"
    assert [(one.display_name, one.type) for one in row.targets[:2]] == [
        ("repsys", "ServicePrincipal"),
        ("repsys", "Application"),
    ]
    assert "scope" in members(row)


def test_a_password_that_is_reset_is_told_without_a_word_of_it(in_process):
    made = asyncio.run(reset_password(in_process.platform.here, OPERATOR, BEN))
    (row,) = rows(in_process)
    assert row.activity == did_to_people.RESET_PASSWORD.name
    assert row.initiated_by.via == "command line"
    assert row.targets[0].user_principal_name == "ben@colors.example"
    assert row.targets[0].version == ben(in_process).version
    assert made.password not in repr(row)
    assert "argon2" not in repr(row)
    assert PASSWORD not in repr(row)


def test_an_unlock_is_told_though_it_changes_no_object(in_process):
    asyncio.run(unlock(in_process.platform.here, OPERATOR, BEN))
    (row,) = rows(in_process)
    assert (row.activity, row.targets[0].id) == (did_to_people.UNLOCK.name, BEN)


def test_a_renewed_secret_is_told_and_never_shown(in_process):
    here = in_process.platform.here
    value = asyncio.run(renew_client_secret(here, ClientId(REPSYS), "of a test", Seconds(60)))
    (row,) = rows(in_process)
    assert row.activity == did.RENEW_SECRET.name
    assert "of a test" in repr(row)
    assert value not in repr(row)
    app = asyncio.run(here.store.find_application(ClientId(REPSYS)))
    assert not any(one.digest in repr(row) for one in app.client_secrets)


def test_a_new_tenant_begins_its_log_with_itself(in_process):
    asked = NewTenant(
        display_name="Trees", domain="trees.example", administrator="oak@trees.example", administrator_name="Oak"
    )
    made = asyncio.run(create_tenant(in_process.platform.here, asked))
    assert isinstance(made, Created)
    (row,) = rows(in_process, made.tenant.id)
    assert row.activity == did.CREATE_TENANT.name
    assert {target.type for target in row.targets} == {"Directory", "User", "ServicePrincipal"}


def test_a_file_leaves_a_row_at_each_object_with_who_applied_it(in_process):
    text = f"""
tenants:
  - id: {COLORS}
    displayName: Colors
    domains: [colors.example]
    users:
      - userPrincipalName: ben@colors.example
        id: {BEN}
        displayName: Benjamin
      - userPrincipalName: gus@colors.example
        id: c0105000-0000-4000-8000-0000000000f9
        displayName: Gus
"""
    store = in_process.platform.here.store
    asyncio.run(apply_directory(text, store, NOW, credentials()))
    told = {row.targets[0].display_name: row for row in rows(in_process)}
    assert (told["Benjamin"].activity, told["Gus"].activity) == ("Update user", "Add user")
    assert {row.initiated_by.via for row in told.values()} == {"file"}
    assert len({row.correlation_id for row in told.values()}) == 1
    changed = {one.display_name: one for one in told["Benjamin"].targets[0].modified}
    assert (changed["displayName"].old_value, changed["displayName"].new_value) == ('"Ben Blue"', '"Benjamin"')


def test_nothing_that_is_written_leaves_no_row(in_process):
    here = in_process.platform.here
    assert audited(here, operator(here, TENANT), did.CONSENT, (), about=ben(in_process)) == ()


def test_the_row_is_written_with_what_it_tells_of_or_not_at_all(in_process):
    """A version that is not the stored one: neither the object nor the row."""
    here, user = in_process.platform.here, ben(in_process)
    stale = PutEntity(evolve(user, display_name="Somebody", version=99))
    effects = audited(here, operator(here, TENANT), did.CONSENT, (stale,), user)
    assert any(isinstance(one, RecordAudit) for one in effects)
    assert not asyncio.run(here.store.commit(effects))
    assert rows(in_process) == ()


def test_a_rotation_by_the_clock_is_told_to_the_operator(in_process):
    in_process.clock.advance(200 * 24 * 60 * 60)
    asyncio.run(rotate_keys.tend(in_process.platform.here))
    (row,) = rows(in_process, ANY_TENANT)
    assert (row.activity, row.initiated_by.via) == ("Rotate signing keys", "clock")
    assert rows(in_process) == ()
