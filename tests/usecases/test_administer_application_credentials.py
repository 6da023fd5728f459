"""What an application proves itself with: made, told once, exchanged, removed; and whose tokens stand for it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from attrs import evolve

from entrada.core.directory import directory_role as role
from entrada.core.directory.application import Application
from entrada.core.directory.graph.application import application_json
from entrada.core.directory.ids import ClientId
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.administer.application_credentials import (
    add_key,
    add_password,
    remove_key,
    remove_password,
)
from entrada.server.usecases.administer.applications import change_application, create_application, find_application
from entrada.server.usecases.administer.federated_credentials import (
    change_federated_credential,
    create_federated_credential,
    delete_federated_credential,
    find_federated_credential,
    list_federated_credentials,
    upsert_federated_credential,
)
from entrada.server.usecases.renew_client_secret import knows
from tests.plugins.platforms import InProcess
from tests.usecases.acting import OPERATOR, activities, audits, ben, program, refused, run
from tests.usecases.client_certificates import FROM, base64_der, key_proof
from tests.web.seats import contents

ADMIN = ben(role.APPLICATION_ADMINISTRATOR)
UNKNOWN = "9e7a1500-0000-4000-8000-0000000000ff"
MANAGED = "Update application – Certificates and secrets management"
DAY = 86_400


@pytest.fixture
def here(in_process: InProcess) -> Any:
    in_process.clock.now = NumericDate(FROM + DAY)  # while the certificates are valid
    return in_process.platform.here


@pytest.fixture
def app(here: Any) -> Application:
    return run(create_application(here, OPERATOR, {"displayName": "Demo"}))


def now(here: Any, app: Application) -> Application:
    return run(find_application(here, ADMIN, app.id))


def run_none(work: Any) -> None:
    assert asyncio.run(work) is None


# ---- secrets ----


def test_a_secret_is_told_once_and_serves(here: Any, app: Application) -> None:
    added = run(add_password(here, ADMIN, app.id, {"passwordCredential": {"displayName": "laptop"}}))
    told, value = added.json, str(added.json["secretText"])
    assert (told["displayName"], told["hint"], told["customKeyIdentifier"]) == ("laptop", value[:3], None)
    assert (told["startDateTime"], told["endDateTime"]) == ("2026-01-02T00:00:00Z", "2028-01-02T00:00:00Z")
    assert len(value) == 43
    assert knows(now(here, app), value, here.clock())
    assert value not in repr(added)
    assert value not in json.dumps(application_json(now(here, app)))
    assert all(value not in repr(one) and added.credential.digest not in repr(one) for one in audits(here))
    assert activities(here) == ["Add application", MANAGED]
    assert run(add_password(here, ADMIN, app.id, {})).json["secretText"] != value


# fmt: off
NO_SECRET = [  # what is asked, the path at fault
    pytest.param({"passwordCredential": []}, "passwordCredential", id="a list"),
    pytest.param({"passwordCredential": {"displayName": "x" * 121}}, "passwordCredential.displayName", id="a long name"),
    pytest.param({"passwordCredential": {"secretText": "mine"}}, "passwordCredential.secretText", id="of one's own choice"),
    pytest.param({"passwordCredential": {"endDateTime": "2026-01-01T12:00:00Z"}}, "passwordCredential.endDateTime", id="ended already"),
    pytest.param({"passwordCredential": {"startDateTime": "2027-01-01T00:00:00Z", "endDateTime": "2026-06-01T00:00:00Z"}}, "passwordCredential.endDateTime", id="ends before it starts"),
    pytest.param({"passwordCredential": {"endDateTime": "never"}}, "passwordCredential.endDateTime", id="no date"),
    pytest.param({"displayName": "x"}, "displayName", id="without its object"),
]
# fmt: on


@pytest.mark.parametrize(("members", "path"), NO_SECRET)
def test_no_secret_is_made(here: Any, app: Application, members: dict[str, object], path: str) -> None:
    before = contents(here.store)
    assert refused(add_password(here, ADMIN, app.id, members)) == (400, path)
    assert contents(here.store) == before


def test_the_end_of_the_calendar_is_no_fault(here: Any, app: Application) -> None:
    asked = {"passwordCredential": {"startDateTime": "9999-12-30T00:00:00Z"}}
    assert run(add_password(here, ADMIN, app.id, asked)).json["endDateTime"] == "9999-12-31T23:59:59Z"


def test_a_removed_secret_serves_no_longer(here: Any, app: Application) -> None:
    added = run(add_password(here, ADMIN, app.id, {}))
    kept = run(add_password(here, ADMIN, app.id, {}))
    run_none(remove_password(here, ADMIN, app.id, {"keyId": added.credential.key_id.upper()}))
    assert now(here, app).client_secrets == (kept.credential,)
    assert refused(remove_password(here, ADMIN, app.id, {"keyId": added.credential.key_id})) == (400, "keyId")
    assert refused(remove_password(here, ADMIN, app.id, {})) == (400, "keyId")


def test_secrets_go_by_patch_and_never_come_by_it(here: Any, app: Application) -> None:
    kept, gone = run(add_password(here, ADMIN, app.id, {})), run(add_password(here, ADMIN, app.id, {}))
    shown = application_json(now(here, app))["passwordCredentials"]
    assert isinstance(shown, list)
    run(change_application(here, ADMIN, app.id, {"passwordCredentials": shown[:1]}))
    assert now(here, app).client_secrets == (kept.credential,)
    again = {"passwordCredentials": [{"keyId": gone.credential.key_id}]}
    assert refused(change_application(here, ADMIN, app.id, again)) == (400, "passwordCredentials[0]")
    longer = {"passwordCredentials": [{**shown[0], "endDateTime": "2099-01-01T00:00:00Z"}]}
    assert refused(change_application(here, ADMIN, app.id, longer)) == (400, "passwordCredentials[0].endDateTime")
    assert activities(here)[-1] == MANAGED


def test_applications_for_personal_accounts_have_two_secrets(here: Any) -> None:
    audience = {"displayName": "Demo", "signInAudience": "AzureADandPersonalMicrosoftAccount"}
    app = run(create_application(here, OPERATOR, audience))
    for _ in range(2):
        run(add_password(here, ADMIN, app.id, {}))
    assert refused(add_password(here, ADMIN, app.id, {})) == (400, "passwordCredentials")


# ---- certificates ----


def key(kind: str) -> dict[str, object]:
    return {"type": "AsymmetricX509Cert", "usage": "Verify", "key": base64_der(kind)}


def proof(here: Any, app: Application, kind: str = "2048") -> str:
    times = {"nbf": here.clock(), "exp": here.clock() + 600}
    return key_proof(kind, {"aud": "00000002-0000-0000-c000-000000000000", "iss": app.id, **times})


@pytest.fixture
def certified(here: Any, app: Application) -> Application:
    return run(change_application(here, ADMIN, app.id, {"keyCredentials": [key("2048")]}))


def test_keys_are_rolled_with_a_proof(here: Any, certified: Application) -> None:
    asked = {"keyCredential": key("2048 b"), "passwordCredential": None, "proof": proof(here, certified)}
    added = run(add_key(here, ADMIN, certified.id, asked))
    assert now(here, certified).certificates == (*certified.certificates, added)
    old = {"keyId": certified.certificates[0].key_id, "proof": proof(here, certified, "2048 b")}
    run_none(remove_key(here, ADMIN, certified.id, old))
    assert now(here, certified).certificates == (added,)
    assert activities(here) == ["Add application", MANAGED, MANAGED, MANAGED]


def test_an_application_rolls_its_own_keys_and_nobody_elses(here: Any, certified: Application) -> None:
    itself = evolve(program(), client_id=certified.app_id)
    other = evolve(program(), client_id=ClientId(UNKNOWN))
    asked = {"keyCredential": key("2048 b"), "proof": proof(here, certified)}
    assert refused(add_key(here, other, certified.id, asked)) == (403, None)
    assert refused(add_password(here, itself, certified.id, {})) == (403, None)
    assert run(add_key(here, itself, certified.id, asked)).key_id


# fmt: off
NO_KEY = [
    pytest.param({"proof": "x"}, "proof", id="no proof"),
    pytest.param({"proof": None}, "proof", id="null for a proof"),
    pytest.param({"keyCredential": {}}, "keyCredential.key", id="no certificate"),
    pytest.param({"keyCredential": {**key("2048 b"), "type": "X509CertAndPassword"}}, "keyCredential.type", id="another type"),
    pytest.param({"keyCredential": key("2048")}, "keyCredential", id="the one that is there"),
    pytest.param({"passwordCredential": {"secretText": "x"}}, "passwordCredential", id="with a password"),
]
# fmt: on


@pytest.mark.parametrize(("spoilt", "path"), NO_KEY)
def test_no_key_is_added(here: Any, certified: Application, spoilt: dict[str, object], path: str) -> None:
    asked = {"keyCredential": key("2048 b"), "passwordCredential": None, "proof": proof(here, certified), **spoilt}
    assert refused(add_key(here, ADMIN, certified.id, asked)) == (400, path)
    assert now(here, certified) == certified


def test_without_a_certificate_there_is_nothing_to_prove_with(here: Any, app: Application) -> None:
    asked = {"keyCredential": key("2048 b"), "proof": proof(here, app)}
    assert refused(add_key(here, ADMIN, app.id, asked)) == (400, "proof")
    assert refused(remove_key(here, ADMIN, app.id, {"keyId": UNKNOWN, "proof": proof(here, app)})) == (400, "proof")


def test_a_key_that_is_not_there_is_not_removed(here: Any, certified: Application) -> None:
    asked = {"keyId": UNKNOWN, "proof": proof(here, certified)}
    assert refused(remove_key(here, ADMIN, certified.id, asked)) == (400, "keyId")


# ---- federated credentials ----

TRUSTED = {
    "name": "build", "issuer": "https://ci.example", "subject": "repo:x", "audiences": ["api://AzureADTokenExchange"],
    "description": None,
}  # fmt: skip


def test_federated_credentials_are_made_changed_and_removed(here: Any, app: Application) -> None:
    made = run(create_federated_credential(here, ADMIN, app.id, TRUSTED))
    assert run(find_federated_credential(here, ADMIN, app.id, made.id)) == made
    assert run(find_federated_credential(here, ADMIN, app.id, "build")) == made
    changed = run(change_federated_credential(here, ADMIN, app.id, made.id, {"subject": "repo:y"}))
    assert changed == evolve(made, subject="repo:y")
    assert run(upsert_federated_credential(here, ADMIN, app.id, "build", {"description": "d"})).id == made.id
    other = {**TRUSTED, "name": "deploy"}
    assert refused(upsert_federated_credential(here, ADMIN, app.id, "another", other)) == (400, "name")
    assert run(upsert_federated_credential(here, ADMIN, app.id, "deploy", other)).name == "deploy"
    run_none(delete_federated_credential(here, ADMIN, app.id, made.id))
    assert [one.name for one in run(list_federated_credentials(here, ADMIN, app.id))] == ["deploy"]
    assert activities(here) == ["Add application", *[MANAGED] * 5]


# fmt: off
NOT_TRUSTED = [
    pytest.param({"name": "a b"}, (400, "name"), id="a name with a blank"),
    pytest.param({"issuer": "http://ci.example"}, (400, "issuer"), id="an issuer over http"),
    pytest.param({"subject": "repo:*"}, (400, "subject"), id="a wildcard"),
    pytest.param({"subject": ""}, (400, "subject"), id="no subject"),
    pytest.param({"subject": "x" * 601}, (400, "subject"), id="a long subject"),
    pytest.param({"audiences": []}, (400, "audiences"), id="no audience"),
    pytest.param({"audiences": ["a", "b"]}, (400, "audiences"), id="two audiences"),
    pytest.param({"claimsMatchingExpression": {}}, (400, "claimsMatchingExpression"), id="an unknown member"),
    pytest.param({"subject": "repo:z"}, (409, "name"), id="a name that is taken"),
    pytest.param({"name": "other"}, (409, "subject"), id="an issuer and subject that are taken"),
]
# fmt: on


@pytest.mark.parametrize(("spoilt", "why"), NOT_TRUSTED)
def test_what_is_not_trusted(here: Any, app: Application, spoilt: dict[str, object], why: tuple[int, str]) -> None:
    run(create_federated_credential(here, ADMIN, app.id, TRUSTED))
    assert refused(create_federated_credential(here, ADMIN, app.id, {**TRUSTED, **spoilt})) == why
    assert len(now(here, app).federated_credentials) == 1


def test_there_are_twenty_at_most(here: Any, app: Application) -> None:
    for number in range(20):
        run(
            create_federated_credential(
                here, ADMIN, app.id, {**TRUSTED, "name": f"ci{number}", "subject": f"s{number}"}
            )
        )
    assert refused(create_federated_credential(here, ADMIN, app.id, TRUSTED)) == (400, None)


def test_a_name_stays(here: Any, app: Application) -> None:
    made = run(create_federated_credential(here, ADMIN, app.id, TRUSTED))
    assert refused(change_federated_credential(here, ADMIN, app.id, made.id, {"name": "deploy"})) == (400, "name")
    assert refused(find_federated_credential(here, ADMIN, app.id, UNKNOWN)) == (404, None)
    assert refused(change_federated_credential(here, ADMIN, app.id, UNKNOWN, {})) == (404, None)
    assert refused(delete_federated_credential(here, ADMIN, app.id, UNKNOWN)) == (404, None)


@pytest.mark.parametrize("actor", [ben(), program("Application.Read.All")])
def test_credentials_are_for_whoever_may_change_the_application(here: Any, certified: Application, actor: Any) -> None:
    app_id, asked = certified.id, {"keyId": certified.certificates[0].key_id, "proof": proof(here, certified)}
    before = contents(here.store)
    for act in (
        add_password(here, actor, app_id, {}),
        remove_password(here, actor, app_id, asked),
        remove_key(here, actor, app_id, asked),
        create_federated_credential(here, actor, app_id, TRUSTED),
        delete_federated_credential(here, actor, app_id, "build"),
    ):
        assert refused(act) == (403, None)
    assert contents(here.store) == before
