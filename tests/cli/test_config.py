"""entrada config: profiles made, shown, changed and taken away; secrets in the vault and nowhere else."""

import json
import re
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from entrada.cli.profiles.file import Profiles
from entrada.cli.profiles.kept_secret import secret_of, vault_here
from entrada.client.token_cache.encrypted_file import EncryptedFileCache
from entrada.client.token_cache.port import Kept, Partition
from entrada.client.tokens import AccessToken
from entrada.core.jose.compact import sign
from entrada.core.jose.key import SigningKey
from entrada.core.jose.numeric_date import NumericDate
from tests.cli.conftest import Entrada
from tests.jose.known_keys import our_key

CLIENT = "c0105000-0000-4000-8000-000000000c11"
SECRET = "s3cret-that-nobody-sees"
WHERE = ("--tenant", "colors.example", "--client-id", CLIENT)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the tests themselves find the vault, as the commands do."""
    for kind in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def profiles(home: Path) -> Profiles:
    return Profiles(home / "entrada" / "profiles.json")


@pytest.fixture
def run(entrada: Entrada, home: Path):
    def do(*words: object, ends: int = 0, stdin: str | None = None, **environment: str):
        done = entrada("config", *words, stdin=stdin, **environment)
        assert done.exit_code == ends, done.output
        return done

    return do


def found_in(folder: Path, text: str) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file() and text.encode() in one.read_bytes()]


def kept_secret(profiles: Profiles, name: str) -> str | None:
    found = profiles.find(name)
    assert found is not None
    return secret_of(vault_here(), found)


def test_a_profile_from_its_making_to_its_end(run, home, profiles):
    made = run("create", "nightly", *WHERE, "--client-secret-stdin", stdin=SECRET + "\n")
    assert (made.stdout, "Profile 'nightly' created successfully!" in made.stderr) == ("", True)
    assert "key-file" in made.stderr
    shown = run("show", "NIGHTLY")
    assert "client-credentials" in shown.stdout
    assert "in the vault" in shown.stdout
    assert SECRET not in shown.output + run("list").output + run("show", "nightly", "-o", "json").output
    assert found_in(home, SECRET) == []
    assert kept_secret(profiles, "nightly") == SECRET
    run("edit", "nightly", "--rename", "Weekly", "--scope", "a,b c")
    assert kept_secret(profiles, "weekly") == SECRET
    run("edit", "weekly", "--client-secret-env", "NEW", NEW="another")
    assert kept_secret(profiles, "weekly") == "another"
    doomed = profiles.find("weekly")
    gone = run("delete", "WEEKLY", "--force")
    assert "Gone with it: its secret" in gone.stderr
    assert secret_of(vault_here(), doomed) is None
    assert "not found" in run("show", "weekly", ends=4).stderr


def pem_of(key: SigningKey, password: str) -> bytes:
    """One file: the key, encrypted, and the certificate."""
    sealed = key.private_key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode())
    )
    return sealed + key.certificate.public_bytes(Encoding.PEM)


def test_a_certificate_must_open(run, profiles, tmp_path):
    path = tmp_path / "cert.pem"
    path.write_bytes(pem_of(our_key(), "right"))
    words = ("create", "c", *WHERE, "--certificate", path, "--certificate-password-env", "PASS")
    assert "password" in run(*words, ends=3, PASS="wrong").stderr
    assert profiles.all() == ()
    run(*words, PASS="right")
    path.write_bytes(pem_of(our_key(), "new"))
    assert "password" in run("edit", "c", "--certificate-password-env", "PASS", ends=3, PASS="wrong").stderr
    assert kept_secret(profiles, "c") == "right"
    run("edit", "c", "--certificate-password-env", "PASS", PASS="new")
    assert kept_secret(profiles, "c") == "new"
    (tmp_path / "second.pem").write_bytes(pem_of(our_key(), "new"))
    run("edit", "c", "--certificate", tmp_path / "second.pem")
    assert profiles.find("c").proof.path == tmp_path / "second.pem"


def test_what_every_option_says(run, profiles, tmp_path):
    certificate = tmp_path / "cert.pem"
    certificate.write_bytes(pem_of(our_key(), "pw"))
    run("create", "-n", "one", "--tenant-id", "common", "--client-id", CLIENT, "--scope", "a b", "--scope", "c",
        "--default-flow", "DeviceCode", "--redirect-uri", "http://localhost:8400", "--ca", tmp_path / "ca.pem")  # fmt: skip
    run("create", "-p", "two", "--authority", f"https://localhost:8443/{CLIENT}", "--client-id", CLIENT,
        "--certificate-path", certificate, "--certificate-password", "pw")  # fmt: skip
    run("create", "three", "--issuer", "https://a.example/x/", "--client-id", "any text", "--auth-method", "none")
    run("create", "four", "--instance", "china", "--tenant", "x.example", "--client-id", CLIENT,
        "--federated-token-file", tmp_path / "token")  # fmt: skip
    run("create", "five", "--authentication", "managed-identity")
    told = {one["name"]: one for one in json.loads(run("list", "-o", "json").stdout)}
    assert told["one"]["scopes"] == ["a", "b", "c"]
    assert (told["one"]["flow"], told["one"]["caFile"]) == ("device-code", str(tmp_path / "ca.pem"))
    assert told["two"]["authentication"] == {"kind": "certificate", "file": str(certificate)}
    assert kept_secret(profiles, "two") == "pw"
    assert profiles.find("three").authority.url == "https://a.example/x/"
    assert profiles.find("four").authority.url == "https://login.partner.microsoftonline.cn/x.example"
    assert told["four"]["authentication"] == {"kind": "federated", "file": str(tmp_path / "token")}
    assert told["five"]["authentication"] == {"kind": "managed-identity"}
    assert run("list", "-o", "names").stdout.split() == ["one", "two", "three", "four", "five"]
    assert "this machine's" in run("list", "--verbose").stdout
    run("edit", "one", "--unset", "flow", "--unset", "ca", "--authority", f"https://localhost:8443/{CLIENT}")
    changed = profiles.find("one")
    assert (changed.flow, changed.ca_file, changed.where.tenant) == (None, None, None)


# fmt: off
REFUSED = [  # the words, the exit code, what is said
    pytest.param(("create",),                                       2, "Missing NAME",              id="no name"),
    pytest.param(("create", "x"),                                   2, "--tenant .*--client-id",    id="nothing said, nobody to ask"),
    pytest.param(("create", "x", *WHERE, "--authentication", "secret"), 2, "--client-secret-stdin", id="a secret that is not given"),
    pytest.param(("create", "x", *WHERE, "--flow", "client-credentials"), 2, "there are none",      id="credentials that are not given"),
    pytest.param(("create", "x", *WHERE, "--flow", "magic"),        2, "Invalid flow: magic",       id="an unknown flow"),
    pytest.param(("create", "x", "--tenant", "a b", "--client-id", CLIENT), 2, "tenant must be",    id="no tenant"),
    pytest.param(("create", "x", "--tenant", "a.example", "--client-id", "1"), 2, "clientId must be a GUID", id="no GUID"),
    pytest.param(("create", "x", "--authority", "http://a.example/b", "--client-id", CLIENT), 2, "not https", id="plain http"),
    pytest.param(("create", "x", *WHERE, "--certificate", "/none.pem"), 1, "Certificate file not found: /none.pem", id="no such file"),
    pytest.param(("create", "x", *WHERE, "--private-key-path", "/k"), 2, "one PEM file",            id="certificate and key apart"),
    pytest.param(("create", "x", *WHERE, "--client-secret", "a", "--client-secret-env", "B"), 2, "in one way", id="two secrets"),
    pytest.param(("create", "x", *WHERE, "--client-secret-env", "NOT_SET"), 2, "NOT_SET holds no secret", id="a variable that is not set"),
    pytest.param(("create", "THERE", *WHERE),                       1, "already exists",            id="a name that is taken, in other letters"),
    pytest.param(("edit", "there"),                                 2, "Say what to change",        id="nothing to change"),
    pytest.param(("edit", "nobody", "--tenant", "a.example"),       4, "'nobody' not found",        id="edit what is not there"),
    pytest.param(("edit", "there", "--rename", "other"),            1, "already exists",            id="a new name that is taken"),
    pytest.param(("delete", "there"),                               2, "--force",                   id="delete, nobody to ask"),
    pytest.param(("delete", "nobody", "--force"),                   4, "'nobody' not found",        id="delete what is not there"),
    pytest.param(("show", "there", "-p", "other"),                  2, "Which one",                 id="two names"),
    pytest.param(("show", "with-secret", "--show-secrets"),         2, "at a terminal only",        id="a secret on no terminal"),
]
# fmt: on


@pytest.mark.parametrize(("words", "code", "said"), REFUSED)
def test_what_is_refused_changes_nothing(run, profiles, words, code, said):
    run("create", "there", *WHERE)
    run("create", "other", *WHERE)
    run("create", "with-secret", *WHERE, "--client-secret-stdin", stdin=SECRET)
    before, kept = profiles.path.read_bytes(), vault_here().names("secret/")
    done = run(*words, ends=code, stdin="")
    assert done.stdout == ""
    assert done.stderr.startswith("entrada: ")
    assert len(done.stderr.splitlines()) == 1 or "Others see" in done.stderr
    assert re.search(said, done.stderr), done.stderr
    assert (profiles.path.read_bytes(), vault_here().names("secret/")) == (before, kept)


def test_the_default_is_shown_and_never_deleted(run):
    run("create", "mine", *WHERE)
    assert "mine" in run("show", ENTRADA_PROFILE="MINE").stdout
    run("delete", "--force", ends=2, ENTRADA_PROFILE="mine")


def test_a_public_client_keeps_no_secret(run, profiles):
    run("create", "x", *WHERE, "--client-secret-stdin", stdin=SECRET)
    run("edit", "x", "--authentication", "none")
    assert kept_secret(profiles, "x") is None
    assert vault_here().names("secret/") == ()


def test_a_file_with_a_fault_stays_as_it_is(run, profiles):
    run("create", "x", *WHERE)
    profiles.path.write_text(profiles.path.read_text().replace("{", "[", 1))
    before = profiles.path.read_bytes()
    assert "line 2: is not JSON" in run("create", "y", *WHERE, ends=9).stderr
    assert profiles.path.read_bytes() == before


def test_a_secret_that_the_file_does_not_take_is_not_kept(run, profiles):
    run("create", "x", *WHERE)
    lock = profiles.path.with_name("profiles.json.lock")
    lock.unlink()
    lock.mkdir()
    assert "cannot be written" in run("create", "y", *WHERE, "--client-secret-stdin", stdin=SECRET, ends=9).stderr
    assert vault_here().names("secret/") == ()


def test_a_vault_that_keeps_nothing_takes_no_secret(run, profiles):
    done = run("create", "x", *WHERE, "--client-secret-stdin", stdin=SECRET, ends=9, ENTRADA_VAULT="memory")
    assert "keeps nothing" in done.stderr
    assert profiles.all() == ()


def test_an_empty_list_is_no_failure(run):
    done = run("list")
    assert (done.stdout, "No profiles found." in done.stderr) == ("", True)
    assert json.loads(run("list", "--json").stdout) == []


def test_a_name_moves_no_cursor(run, profiles):
    run("create", "x", "--issuer", "https://a.example", "--client-id", "ok")
    document = json.loads(profiles.path.read_text())
    document["profiles"][0]["scopes"] = ["a\u202eb"]
    profiles.path.write_text(json.dumps(document, ensure_ascii=False))
    assert "scopes, each a text" in run("list", ends=9).stderr


# ---- the tokens of a profile ----


def keep_token(authority: str, value: str) -> None:
    token = AccessToken(value=value, scopes=frozenset({"a"}), expires_at=NumericDate(int(time.time()) + 600))
    partition = Partition(authority=authority, client_id=CLIENT)
    EncryptedFileCache(vault_here()).change(partition, lambda _: Kept(access=(token,)))


def kept_tokens() -> int:
    return len(EncryptedFileCache(vault_here()).partitions())


def test_its_tokens_go_with_it_unless_another_is_of_the_same_client(run, entrada):
    run("create", "one", *WHERE)
    run("create", "two", *WHERE)
    assert "get-token -p one" in entrada("inspect", "-p", "one").stderr
    keep_token("https://login.microsoftonline.com/colors.example", strangers_token())
    keep_token("https://login.microsoftonline.com/another.example", strangers_token())
    shown = entrada("inspect", "-p", "ONE", "--claims", "-o", "json")
    assert json.loads(shown.stdout)["aud"] == "api://me"
    assert "Gone with it" not in run("delete", "one", "--force").stderr
    assert kept_tokens() == 2
    assert "Gone with it: its tokens" in run("delete", "two", "--force").stderr
    assert kept_tokens() == 1


def strangers_token() -> str:
    return sign({"aud": "api://me", "exp": int(time.time()) + 600}, our_key())
