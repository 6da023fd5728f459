"""entrada app, user, group, consent, log: a directory administered from the command line."""

import json
import re
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from entrada.cli.shown import show_one
from tests.cli.conftest import Entrada
from tests.usecases.client_certificates import der

GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def run(entrada: Entrada, development: Path):
    """A command that must do well; what it printed."""

    def do(*words: object, ends: int = 0) -> str:
        done = entrada(*words, "--data-dir", development)
        assert done.exit_code == ends, done.output
        return done.output if ends else done.stdout

    return do


def as_json(run, *words: object):
    return json.loads(run(*words, "--output", "json"))


def test_an_application_from_its_registration_to_its_end(run):
    made = as_json(run, "app", "create", "Ledger", "--web", "https://ledger.example/cb", "--accounts", "multiple")
    assert re.fullmatch(GUID, made["appId"])
    assert (made["signInAudience"], made["web"]["redirectUris"]) == (
        "AzureADMultipleOrgs",
        ["https://ledger.example/cb"],
    )
    run("app", "redirect", "add", "Ledger", "http://localhost", "--platform", "public")
    run("app", "redirect", "remove", made["appId"], "https://ledger.example/cb")
    run("app", "update", made["id"], "--name", "Ledger two", "--token-version", "1", "--id-tokens")
    run("app", "expose", "Ledger two", "--scope", "Books.Read", "--scope", "Books.Write", "--admins-only")
    now = as_json(run, "app", "show", "Ledger two")
    assert (now["web"]["redirectUris"], now["publicClient"]["redirectUris"]) == ([], ["http://localhost"])
    assert now["web"]["implicitGrantSettings"]["enableIdTokenIssuance"] is True
    assert now["identifierUris"] == [f"api://{made['appId']}"]
    offered = {one["value"]: one["type"] for one in now["api"]["oauth2PermissionScopes"]}
    assert offered == {"Books.Read": "Admin", "Books.Write": "Admin"}
    run("app", "delete", "Ledger two", "--yes")
    assert "There is no application" in run("app", "show", made["appId"], ends=1)
    assert [one["id"] for one in as_json(run, "app", "deleted")] == [made["id"]]
    run("app", "restore", made["id"])
    back = as_json(run, "app", "show", made["appId"])
    assert back == now


def test_a_secret_is_shown_once_and_removed(run):
    made = as_json(run, "app", "secret", "add", "repsys", "--label", "laptop", "--days", 30)
    assert len(made["secretText"]) >= 40
    assert made["secretText"] not in run("app", "show", "repsys", "-o", "json")
    assert made["keyId"] in run("app", "show", "repsys")
    run("app", "secret", "remove", "repsys", made["keyId"])
    assert made["keyId"] not in run("app", "show", "repsys")


def test_owners(run):
    run("app", "owner", "add", "repsys", "ben@colors.example")
    assert [one["userPrincipalName"] for one in as_json(run, "app", "owner", "list", "repsys")] == [
        "ben@colors.example"
    ]
    run("app", "owner", "remove", "repsys", "ben@colors.example")
    assert as_json(run, "app", "owner", "list", "repsys") == []


def test_people(run, entrada, development):
    words = ("user", "create", "gil@colors.example", "--name", "Gil Green", "--password-from", "-")
    made = entrada(*words, "--data-dir", development, stdin="a long first passphrase\n")
    assert made.exit_code == 0, made.output
    assert "passphrase" not in made.output
    run("user", "disable", "gil@colors.example")
    assert as_json(run, "user", "show", "gil@colors.example")["accountEnabled"] is False
    assert re.search(r"gil@colors\.example .* disabled", run("user", "list", "--search", "gil"))
    run("user", "enable", "gil@colors.example")
    run("user", "delete", "gil@colors.example", "--yes")
    assert "no user" in run("user", "show", "gil@colors.example", ends=1)


def test_groups(run):
    made = as_json(run, "group", "create", "Welders", "--description", "Who weld")
    run("group", "add", "Welders", "ben@colors.example")
    run("group", "add", "Painters", "Welders")
    assert [one["displayName"] for one in as_json(run, "group", "members", "Welders")] == ["Ben Blue"]
    nested = {one["displayName"] for one in as_json(run, "group", "members", "Painters", "--nested")}
    assert nested == {"Cai Crimson", "Welders", "Ben Blue"}
    run("group", "remove", "Painters", "Welders")
    run("group", "delete", made["id"], "--yes")
    run("group", "restore", made["id"])
    assert [one["displayName"] for one in as_json(run, "group", "members", "Welders")] == ["Ben Blue"]


def test_consent_is_granted_listed_and_taken_back(run):
    assert "Colors.Read" in run("consent", "grant", "oauth-client-app")
    granted = as_json(run, "consent", "list", "oauth-client-app")
    told = {(one["resource"], one["principal"]): one["permissions"] for one in granted}
    assert told["oauth-backend-app", "everybody"] == ["Colors.Read"]
    for one in granted:
        run("consent", "revoke", one["id"])
    assert as_json(run, "consent", "list", "oauth-client-app") == []
    assert "Sample daemon" in run("consent", "list")
    assert "There is no grant" in run("consent", "revoke", "nonsense", ends=1)


def test_what_was_done_is_in_the_audit_log(run):
    run("app", "create", "Ledger")
    newest = as_json(run, "log", "audit", "--what", "Add application")
    assert newest[0]["targetResources"][0]["displayName"] == "Ledger"
    assert "Ledger" in run("log", "audit")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("app", "show", "Nobody's"), "There is no application Nobody's."),
        (("app", "create", "x" * 10_000), "120"),
        (("app", "create", "Ledger", "--web", "http://ledger.example/cb"), "Plain http is for localhost"),
        (("group", "add", "Painters", "nobody@colors.example"), "There is no user or group"),
        (("user", "show", "a'b@colors.example"), "There is no user"),
        (("app", "redirect", "remove", "repsys", "https://not.example/"), "has no such redirect URI"),
        (("log", "show", "00000000-0000-4000-8000-000000000000"), "There is no"),
    ],
)
def test_refusals_say_what_to_change(run, words, said):
    refused = run(*words, ends=1)
    assert said in refused
    assert len(refused.strip().splitlines()) == 1


def test_whose_directory(entrada, development, run):
    assert "eva@petals.example" in run("user", "list", "--tenant", "petals.example")
    assert "There is no tenant" in run("user", "list", "--tenant", "nobody.example", ends=1)
    for words in (("--server", "http://login.example.com"), ("--server", "https://login.example.com")):
        wrong = entrada("user", "list", *words)
        assert wrong.exit_code == 2, wrong.output


def test_names_move_no_cursor(capsys):
    show_one({"name": "a\x1b[31m\u202eb"}, {"name": lambda one: one["name"]}, "table")
    assert capsys.readouterr().out == "name  a\\u001b[31m\\u202eb\n"


def test_yaml_reads_as_json_does(run):
    assert "displayName: repsys\n" in run("app", "show", "repsys", "--output", "yaml")


def manifest_of(run, client_id: str, *words: object):
    return json.loads(run("app", "manifest", client_id, *words))


REPSYS = "c0105000-0000-4000-8000-00000000e951"
ELSEWHERE = "7e57ab1e-0000-4000-8000-000000000001"


def exported(run, folder: Path, **members: object) -> Path:
    """A manifest of another application than those here."""
    file = folder / f"{members.get('name', 'manifest')}.json"
    manifest = manifest_of(run, REPSYS, "--format", "aad")
    file.write_text(json.dumps({**manifest, "appId": ELSEWHERE, "name": "From Azure", **members}))
    return file


def test_a_manifest_comes_back_as_it_went(run, tmp_path):
    for wanted in ("graph", "aad"):
        file = tmp_path / f"{wanted}.json"
        file.write_text(run("app", "manifest", "repsys", "--format", wanted))
        assert "0 added, 0 changed." in run("app", "import", file)


def test_an_application_from_azure_is_taken_with_its_client_id(run, tmp_path):
    file = exported(run, tmp_path)
    assert "1 to add, 0 to change." in run("app", "import", file, "--dry-run")
    assert "There is no" in run("app", "show", ELSEWHERE, ends=1)
    said = run("app", "import", file)
    assert f"+ From Azure ({ELSEWHERE})" in said
    found = as_json(run, "app", "show", ELSEWHERE)
    assert found["web"]["redirectUris"] == manifest_of(run, REPSYS)["web"]["redirectUris"]
    assert found["passwordCredentials"] == []
    file = exported(run, tmp_path, replyUrlsWithType=[{"url": "https://new.example/cb", "type": "Spa"}])
    assert "0 added, 1 changed." in run("app", "import", file)
    assert as_json(run, "app", "show", ELSEWHERE)["spa"]["redirectUris"] == ["https://new.example/cb"]


def test_all_of_an_import_or_nothing(run, tmp_path):
    good = exported(run, tmp_path)
    bad = exported(
        run,
        tmp_path,
        name="Bad",
        appId=ELSEWHERE.replace("1e", "2e"),
        replyUrlsWithType=[{"url": "http://far.example", "type": "Web"}],
    )
    for files in ((good, bad), (bad, good), (good, good)):
        assert "Application " in run("app", "import", *files, ends=1)
        assert "There is no" in run("app", "show", ELSEWHERE, ends=1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSON"),
        ("[]", "0 added"),
        ("{}", "no manifest"),
        ("[" * 100_000, "nested"),
        ('[{"appId": 1, "appId": 2}]', "twice"),
        (f"[{'9' * 10_000}]", "no JSON that can be taken"),
        ('[{"appId": 1}]', "no manifest"),
        ("\x00", "JSON"),
    ],
)
def test_files_that_are_no_manifests(entrada, development, tmp_path, text, said):
    file = tmp_path / "odd.json"
    file.write_text(text)
    done = entrada("app", "import", file, "--data-dir", development)
    assert said in done.output
    assert done.exit_code == (0 if text == "[]" else 1)


def test_permissions_are_asked_for_and_no_more(run):
    run("app", "create", "Ledger")
    run("app", "permission", "add", "Ledger", "User.Read", "Mail.Read")
    run("app", "permission", "add", "Ledger", "User.Read", "Colors.Read", "--api", "oauth-backend-app", ends=1)
    run("app", "permission", "add", "Ledger", "Colors.Read", "--api", "oauth-backend-app")
    run("app", "permission", "add", "Ledger", "Colors.ReadAll", "--api", "oauth-backend-app", "--itself")
    run("app", "permission", "remove", "Ledger", "Mail.Read")
    asked = {(one["api"], one["value"], one["kind"]) for one in as_json(run, "app", "permission", "list", "Ledger")}
    assert asked == {
        ("Microsoft Graph", "User.Read", "for people"),
        ("oauth-backend-app", "Colors.Read", "for people"),
        ("oauth-backend-app", "Colors.ReadAll", "itself"),
    }
    assert "has no delegated permission Nonsense" in run("app", "permission", "add", "Ledger", "Nonsense", ends=1)
    granted = as_json(run, "consent", "grant", "Ledger")
    assert {one["principal"] for one in granted} == {"everybody", "itself"}


def test_an_app_role(run):
    run("app", "role", "add", "repsys", "Reports.Approve", "--for", "people", "--for", "apps")
    made = as_json(run, "app", "show", "repsys")["appRoles"][-1]  # beside the one it has
    assert (made["value"], sorted(made["allowedMemberTypes"])) == ("Reports.Approve", ["Application", "User"])


def test_a_certificate(run, tmp_path):
    pem = tmp_path / "client.pem"
    certificate = x509.load_der_x509_certificate(der("2048"))
    pem.write_bytes(certificate.public_bytes(Encoding.PEM))
    run("app", "certificate", "add", "repsys", pem, "--label", "laptop")
    [held] = as_json(run, "app", "show", "repsys")["keyCredentials"]
    assert held["displayName"] == "laptop"
    pem.write_text("nonsense")
    assert "no certificate" in run("app", "certificate", "add", "repsys", pem, ends=1)
    run("app", "certificate", "remove", "repsys", held["keyId"])
    assert as_json(run, "app", "show", "repsys")["keyCredentials"] == []


def test_another_issuers_tokens(run):
    run("app", "federated", "add", "repsys", "builds", "--issuer", "https://ci.example", "--subject", "repo:reports")
    assert [one["name"] for one in as_json(run, "app", "federated", "list", "repsys")] == ["builds"]
    run("app", "federated", "remove", "repsys", "builds")
    assert as_json(run, "app", "federated", "list", "repsys") == []
    assert "no federated credential" in run("app", "federated", "remove", "repsys", "builds", ends=1)


def test_what_a_file_calls_itself_moves_no_cursor(entrada, development, tmp_path):
    file = tmp_path / "odd.json"
    named = {"displayName": "a\x1b]0;title\x07" + "x" * 10_000, "web": {}}
    file.write_text(json.dumps([named]))
    done = entrada("app", "import", file, "--data-dir", development)
    assert done.exit_code == 1
    assert "\x1b" not in done.output
    assert len(done.output) < 1200


def test_lists_are_in_order_of_names(run):
    names = [one["displayName"].casefold() for one in as_json(run, "app", "list")]
    assert names == sorted(names)
    assert len(names) > 5
