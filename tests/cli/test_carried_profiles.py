"""entrada config export and import: sealed on the way, everything or nothing, other tools' spellings."""

import hashlib
import json
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from entrada.cli.profiles.brought.content import read_brought
from entrada.cli.profiles.brought.found import NoProfiles
from entrada.cli.profiles.file import Profiles
from entrada.cli.profiles.kept_secret import secret_of, vault_here
from entrada.cli.profiles.passphrase import WrongPassphrase
from entrada.cli.profiles.profile import Kind
from entrada.cli.profiles.sealed_export import Cost, NotAnExport, open_sealed, seal
from entrada.cli.profiles.words import FlowName
from tests.cli.conftest import Entrada

CLIENT = "c0105000-0000-4000-8000-000000000c11"
TENANT = "c0105000-0000-4000-8000-000000000001"
SECRET = "s3cret-that-nobody-sees"
CHEAP = Cost(iterations=1, lanes=1, memory_kib=64)
SHIPPED = {  # as Entra Auth Cli writes it
    "name": "svc",
    "tenantId": TENANT,
    "clientId": CLIENT,
    "scopes": ["https://graph.microsoft.com/.default"],
    "authMethod": "ClientSecret",
    "defaultFlow": "ClientCredentials",
    "cacheCertificatePassword": False,
    "createdAt": "2026-01-09T10:00:00Z",
    "updatedAt": "2026-01-09T10:00:00Z",
}


def entra_auth_cli_export(content: object, passphrase: str) -> str:
    """As it does it: PBKDF2, AES-CBC, no tag (reference cli.md 12)."""
    salt, iv = bytes(range(32)), bytes(range(16))
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, 100_000, 32)
    padder = PKCS7(128).padder()
    padded = padder.update(json.dumps(content).encode()) + padder.finalize()
    made = Cipher(AES(key), CBC(iv)).encryptor()
    return b64encode(salt + iv + made.update(padded) + made.finalize()).decode()


# ---- the envelope ----


def test_what_was_sealed_is_opened_by_the_passphrase_alone():
    text = seal(b"content", "horse", bytes, CHEAP)
    assert open_sealed(text, "horse") == b"content"
    with pytest.raises(WrongPassphrase):
        open_sealed(text, "Horse")


def test_nothing_of_it_can_be_changed():
    members = json.loads(seal(b"content", "horse", bytes, CHEAP))
    spoilt = [
        members | {"content": b64encode(b"x" * 32).decode()},
        members | {"derivation": members["derivation"] | {"iterations": 2}},
        members | {"encryption": members["encryption"] | {"nonce": b64encode(b"x" * 12).decode()}},
        members | {"comment": "a member more"},
    ]
    for one in spoilt:
        with pytest.raises(WrongPassphrase):
            open_sealed(json.dumps(one), "horse")


@pytest.mark.parametrize(
    "change",
    [
        {"entradaProfiles": 2},
        {"derivation": {"algorithm": "pbkdf2"}},
        {"derivation": {"algorithm": "argon2id", "salt": "AA==", "iterations": 10**9, "lanes": 1, "memoryKiB": 64}},
        {"derivation": {"algorithm": "argon2id", "salt": "AA==", "iterations": 1, "lanes": 1, "memoryKiB": 10**9}},
        {
            "derivation": {
                "algorithm": "argon2id",
                "salt": "AAAAAAAAAAA=",
                "iterations": 32,
                "lanes": 1,
                "memoryKiB": 2**19,
            }
        },
        {"derivation": {"algorithm": "argon2id", "salt": "AA==", "iterations": True, "lanes": 1, "memoryKiB": 64}},
        {"encryption": {"algorithm": "AES-128-CBC"}},
        {"content": None},
    ],
)
def test_a_header_that_is_none_or_asks_too_much(change):
    members = json.loads(seal(b"content", "horse", bytes, CHEAP)) | change
    with pytest.raises(NotAnExport):
        open_sealed(json.dumps(members), "horse")


# ---- from elsewhere ----


def brought(text: object):
    return read_brought(text if isinstance(text, str) else json.dumps(text), lambda: "horse")


# fmt: off
SPELLINGS = [  # what stands there, and what is made of it: kind, flow, scopes, path
    pytest.param([SHIPPED], Kind.SECRET, FlowName.CLIENT_CREDENTIALS, ("https://graph.microsoft.com/.default",), None, id="as shipped: a bare list"),
    pytest.param({"profiles": [SHIPPED]}, Kind.SECRET, FlowName.CLIENT_CREDENTIALS, ("https://graph.microsoft.com/.default",), None, id="wrapped"),
    pytest.param(SHIPPED, Kind.SECRET, FlowName.CLIENT_CREDENTIALS, ("https://graph.microsoft.com/.default",), None, id="one alone"),
    pytest.param({name[0].upper() + name[1:]: value for name, value in SHIPPED.items()}, Kind.SECRET, FlowName.CLIENT_CREDENTIALS, ("https://graph.microsoft.com/.default",), None, id="in capitals"),
    pytest.param({"name": "s", "tenant_id": TENANT, "client_id": CLIENT, "auth_method": "client_secret", "scope": "a b"}, Kind.SECRET, None, ("a", "b"), None, id="in snake case, scope as a text"),
    pytest.param(SHIPPED | {"scopes": [], "resource": "https://management.azure.com/"}, Kind.SECRET, FlowName.CLIENT_CREDENTIALS, ("https://management.azure.com/.default",), None, id="a resource for scopes"),
    pytest.param({"name": "s", "tenantId": TENANT, "clientId": CLIENT, "flow": "device-code", "useClientSecret": True}, Kind.NONE, FlowName.DEVICE_CODE, (), None, id="a person's flow never shows the secret"),
    pytest.param(SHIPPED | {"authMethod": "PasswordlessCertificate", "certificatePath": "/c.pfx", "defaultFlow": None}, Kind.CERTIFICATE, None, ("https://graph.microsoft.com/.default",), Path("/c.pfx"), id="a certificate without password"),
    pytest.param({"name": "s", "tenantId": TENANT, "clientId": CLIENT, "useCertificate": True, "certificatePath": "/c.pfx"}, Kind.CERTIFICATE, None, (), Path("/c.pfx"), id="useCertificate"),
    pytest.param({"version": 1, "profiles": [{"name": "s", "tenant": "common", "clientId": CLIENT}]}, Kind.NONE, None, (), None, id="our own file"),
]
# fmt: on


@pytest.mark.parametrize(("text", "kind", "flow", "scopes", "path"), SPELLINGS)
def test_every_spelling_of_a_profile(text, kind, flow, scopes, path):
    (found,) = brought(text)
    profile = found.profile
    assert (profile.proof.kind, profile.flow, profile.scopes, profile.proof.path) == (kind, flow, scopes, path)
    assert (profile.client_id, found.secret) == (CLIENT, None)


def test_an_authority_with_and_without_a_tenant():
    (one,) = brought(SHIPPED | {"authorityUrl": "https://login.microsoftonline.us"})
    (other,) = brought(SHIPPED | {"authority": f"https://localhost:8443/{TENANT}"})
    assert one.profile.authority.url == f"https://login.microsoftonline.us/{TENANT}"
    assert other.profile.authority.url == f"https://localhost:8443/{TENANT}"


def test_aliases_of_azureauth():
    found = brought(
        f'[alias.one]\nresource = "https://x.example"\nclient = "{CLIENT}"\ndomain = "x.example"\ntenant = "{TENANT}"\n'
        f'[alias.two]\nscope = ["a", "b"]\nclient = "{CLIENT}"\ntenant = "{TENANT}"\n'
    )
    assert [(one.profile.name, one.profile.scopes) for one in found] == [
        ("one", ("https://x.example/.default",)),
        ("two", ("a", "b")),
    ]


@pytest.mark.parametrize("heading", ["", "Exported Profile Data:\n\n"])
def test_an_export_of_entra_auth_cli(heading):
    text = heading + entra_auth_cli_export({"Profile": SHIPPED, "ClientSecret": SECRET}, "horse") + "\n"
    (found,) = brought(text)
    assert (found.profile.name, found.secret) == ("svc", SECRET)
    with pytest.raises(WrongPassphrase):
        read_brought(text, lambda: "Horse")


# fmt: off
FAULTS = [
    pytest.param("",                                       "nothing in it",                  id="empty"),
    pytest.param("!!! no",                                 "Invalid encrypted data format",  id="neither"),
    pytest.param('{"profiles": 7}',                        "must be a list",                 id="no list"),
    pytest.param("[7]",                                    "must be an object",              id="no object"),
    pytest.param('{"name": ',                              "not JSON",                       id="cut off"),
    pytest.param([SHIPPED | {"defaultFlow": "Magic"}],     "The flow 'Magic' is unknown",    id="a flow"),
    pytest.param([SHIPPED | {"authMethod": "Magic"}],      "method 'Magic' is unknown",      id="a method"),
    pytest.param([SHIPPED | {"tenantId": "a b"}],          '"tenant" of the profile',        id="a tenant"),
    pytest.param([{"name": "x", "tenantId": TENANT, "clientId": CLIENT, "certificateThumbprint": "AB"}], "export it as a file", id="a store's certificate"),
    pytest.param("[" * 100_000,                            "nested too deeply",              id="a well of brackets"),
    pytest.param("x = " + "[" * 100_000,                   "Invalid encrypted data format",  id="a well of TOML"),
    pytest.param(seal(b"{}", "horse", bytes, CHEAP),       "must be a list",                 id="sealed, and empty"),
    pytest.param(seal(b'{"profiles": [1]}', "horse", bytes, CHEAP), "must be an object",     id="sealed, and no object"),
    pytest.param(seal(b"[", "horse", bytes, CHEAP),        "no export that can be read",     id="sealed, and no JSON"),
    pytest.param("[other]\nx = 1",                         "no \\[alias.NAME\\]",            id="another TOML"),
]
# fmt: on


@pytest.mark.parametrize(("text", "said"), FAULTS)
def test_what_is_no_profile(text, said):
    with pytest.raises(NoProfiles, match=said):
        brought(text)


# ---- the commands ----


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for kind in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def profiles(home: Path) -> Profiles:
    return Profiles(home / "entrada" / "profiles.json")


@pytest.fixture
def run(entrada: Entrada, home: Path):
    def do(*words: object, ends: int = 0, stdin: str | None = None):
        done = entrada("config", *words, stdin=stdin, PASS="horse")
        assert done.exit_code == ends, done.output
        return done

    return do


@pytest.fixture
def two(run):
    where = ("--tenant", "colors.example", "--client-id", CLIENT)
    run("create", "one", *where, "--client-secret-stdin", stdin=SECRET)
    run("create", "two", *where)


PASS = ("--passphrase-env", "PASS")


def secrets(profiles: Profiles) -> dict[str, str | None]:
    return {one.name: secret_of(vault_here(), one) for one in profiles.all()}


def test_there_and_back(run, profiles, two, tmp_path):
    sealed = run("export", *PASS, "--include-secrets").stdout
    assert SECRET not in sealed
    run("delete", "one", "--force")
    run("delete", "two", "--force")
    assert "imported successfully" in run("import", *PASS, stdin=sealed).stderr
    assert secrets(profiles) == {"one": SECRET, "two": None}


def test_without_being_asked_no_secret_travels(run, profiles, two, tmp_path):
    run("export", "ONE", *PASS, "-o", tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600
    run("import", tmp_path / "out", *PASS, "-n", "three")
    assert secrets(profiles) == {"one": SECRET, "two": None, "three": None}


def test_all_or_nothing(run, profiles, two):
    both = [SHIPPED | {"name": "TWO"}, SHIPPED | {"name": "new"}]
    before = profiles.path.read_bytes()
    done = run("import", ends=1, stdin=json.dumps(both))
    assert "'TWO' already exists. Choose a different name with --name, or replace it with --overwrite." in done.stderr
    assert profiles.path.read_bytes() == before
    assert "would be imported" in run("import", "--overwrite", "--dry-run", "-", stdin=json.dumps(both)).stderr
    assert profiles.path.read_bytes() == before
    run("import", "--overwrite", stdin=json.dumps(both))
    assert [one.name for one in profiles.all()] == ["one", "TWO", "new"]


def test_what_is_replaced_leaves_no_secret(run, profiles, two):
    run("import", *PASS, "--overwrite", stdin=entra_auth_cli_export({"Profile": SHIPPED | {"name": "ONE"}}, "horse"))
    assert secrets(profiles) == {"two": None, "ONE": None}
    assert vault_here().names("secret/") == ()


def test_what_is_refused(run, profiles, two, tmp_path):
    sealed = run("export", *PASS).stdout
    assert "Check the passphrase" in run("import", "--passphrase-env", "PATH", stdin=sealed, ends=1).stderr
    assert "--passphrase-stdin" in run("export", ends=2).stderr
    assert "--passphrase-env" in run("import", "--passphrase-stdin", stdin=sealed, ends=2).stderr
    assert "cannot be read" in run("import", tmp_path / "none", ends=4).stderr
    assert "several in it" in run("import", *PASS, "--name", "x", stdin=sealed, ends=2).stderr
    assert "in it twice" in run("import", stdin=json.dumps([SHIPPED, SHIPPED]), ends=1).stderr
    assert "not found" in run("export", "nobody", *PASS, ends=4).stderr
    run("delete", "one", "--force")
    run("delete", "two", "--force")
    assert "No profiles found" in run("export", *PASS, ends=4).stderr
