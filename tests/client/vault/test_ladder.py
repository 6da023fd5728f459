"""Who keeps the key: chosen once, said aloud, and never silently another."""

import os
import socket
import sys
import time
from threading import Thread
from typing import ClassVar

import pytest

from entrada.client.errors import StorageError
from entrada.client.vault import open_vault
from entrada.client.vault.rungs import os_keyring
from entrada.client.vault.surroundings import NotHad
from tests.client.vault.places import environment, keep, vault_in

KEY, OTHER = "00" * 32, "ff" * 32
B64, B64_OTHER = "A" * 43, "B" * 42 + "A"
SECRET = b"the very secret"


@pytest.fixture
def credentials(tmp_path):
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "entrada-vault-key").write_bytes(os.urandom(32))
    return {"CREDENTIALS_DIRECTORY": str(folder)}


def begun(home, **more):
    """The rung of a vault that is made under these variables."""
    vault = vault_in(home, **more)
    keep(vault, "secret/work", SECRET)
    assert vault_in(home, **more).read("secret/work") == SECRET
    return vault.rung


def test_without_anything_a_key_file_is_made_and_said(tmp_path):
    said = []
    keep(vault_in(tmp_path, said), "secret/work", SECRET)
    keep(vault_in(tmp_path, said), "secret/home", SECRET)
    (key,) = (tmp_path / ".local/state/entrada/vault-keys").iterdir()
    assert len(said) == 1
    assert str(key) in said[0]
    assert "cannot keep a key (there is no session bus here)" in said[0]
    assert "not against who reads all your files" in said[0]
    assert vault_in(tmp_path).rung == "key-file"


def test_the_key_file_is_said_on_standard_error_and_stays_where_it_was(tmp_path, capsys):
    there = environment(tmp_path, XDG_STATE_HOME=str(tmp_path / "state"))
    keep(open_vault(tmp_path / "vault", there, entropy=os.urandom), "secret/work", SECRET)
    (key,) = (tmp_path / "state/entrada/vault-keys").iterdir()
    out, err = capsys.readouterr()
    assert str(key) in err
    assert out == ""
    assert vault_in(tmp_path).read("secret/work") == SECRET, "the vault knows where its key is"


def test_what_is_given_is_taken_before_what_is_found(tmp_path, credentials):
    passphrase = {"ENTRADA_VAULT_PASSPHRASE": "correct horse"}
    assert begun(tmp_path / "a", ENTRADA_VAULT_KEY=KEY, **passphrase, **credentials) == "systemd"
    assert begun(tmp_path / "b", ENTRADA_VAULT_KEY=B64, **passphrase) == "environment"
    assert begun(tmp_path / "c", **passphrase) == "passphrase"


def test_a_rung_can_be_asked_for(tmp_path):
    assert begun(tmp_path, ENTRADA_VAULT="key-file", ENTRADA_VAULT_KEY=KEY) == "key-file"


def test_a_rung_that_is_none_is_refused(tmp_path):
    with pytest.raises(StorageError, match=r"ENTRADA_VAULT=none is no way.*keyring, systemd.*memory"):
        vault_in(tmp_path, ENTRADA_VAULT="none")


# fmt: off
FAILING = [  # what a new vault is told, and why that cannot be
    pytest.param({"ENTRADA_VAULT": "keyring"},     "no session bus",                  id="a keyring where there is no bus"),
    pytest.param({"ENTRADA_VAULT": "systemd"},     "was given no credentials",        id="no credentials"),
    pytest.param({"ENTRADA_VAULT": "environment"}, "ENTRADA_VAULT_KEY is not set",    id="no key"),
    pytest.param({"ENTRADA_VAULT": "passphrase"},  "Set ENTRADA_VAULT_PASSPHRASE",    id="nobody to type"),
    pytest.param({"ENTRADA_VAULT_KEY": "short"},   "holds is no key.*secrets.token_urlsafe", id="a key that is none"),
]
# fmt: on


@pytest.mark.parametrize(("told", "why"), FAILING)
def test_what_was_asked_for_and_fails_is_told_and_nothing_weaker_taken(tmp_path, told, why):
    with pytest.raises(StorageError, match=why):
        keep(vault_in(tmp_path, **told), "secret/work", SECRET)
    assert list((tmp_path / "vault").iterdir()) == []
    assert not (tmp_path / ".local").exists()


# fmt: off
LOST = [  # what it was made with, what there is now, what is said of it
    pytest.param({"ENTRADA_VAULT_KEY": KEY}, {},                             "from ENTRADA_VAULT_KEY, which fails: .* not set",  id="the key is not set any more"),
    pytest.param({"ENTRADA_VAULT_KEY": KEY}, {"ENTRADA_VAULT_KEY": OTHER},   "does not open with ENTRADA_VAULT_KEY",             id="the key is another"),
    pytest.param({"ENTRADA_VAULT_KEY": B64}, {"ENTRADA_VAULT_KEY": B64_OTHER}, "does not open with ENTRADA_VAULT_KEY",           id="the key is another, as base64url"),
    pytest.param({"ENTRADA_VAULT_PASSPHRASE": "a"}, {"ENTRADA_VAULT_PASSPHRASE": "b"}, "does not open with a passphrase",        id="the passphrase is wrong"),
    pytest.param({"ENTRADA_VAULT_PASSPHRASE": "a"}, {"ENTRADA_VAULT_KEY": KEY}, "from a passphrase, which fails: nobody",        id="nobody to type the passphrase, though a key is there"),
    pytest.param({"ENTRADA_VAULT_KEY": KEY}, {"ENTRADA_VAULT": "key-file"},  "asks for key-file, but the key .* is kept by ENTRADA_VAULT_KEY", id="another rung is asked for"),
]
# fmt: on


@pytest.mark.parametrize(("made_with", "now", "said"), LOST)
def test_the_rung_that_is_gone_is_named_and_none_takes_its_place(tmp_path, made_with, now, said):
    begun(tmp_path, **made_with)
    before = {path: path.read_bytes() for path in (tmp_path / "vault").iterdir()}
    vault = vault_in(tmp_path, **now)
    for attempt in (lambda: vault.read("secret/work"), lambda: keep(vault, "secret/work", b"new")):
        with pytest.raises(StorageError, match=said) as raised:
            attempt()
        assert f"start anew: rm -r {tmp_path / 'vault'}" in str(raised.value)
    assert {path: path.read_bytes() for path in (tmp_path / "vault").iterdir()} == before


@pytest.mark.parametrize("how", ["gone", "short"])
def test_a_key_file_that_is_gone_or_none_is_named(tmp_path, how):
    begun(tmp_path)
    (key,) = (tmp_path / ".local/state/entrada/vault-keys").iterdir()
    key.unlink() if how == "gone" else key.write_bytes(b"short")
    with pytest.raises(StorageError, match=f"which fails: {key} is (gone|no key)"):
        vault_in(tmp_path).read("secret/work")


def test_a_credential_may_be_text_or_bytes(tmp_path, credentials):
    file = tmp_path / "credentials" / "entrada-vault-key"
    assert begun(tmp_path / "bytes", **credentials) == "systemd"
    file.write_text(f"{KEY}\n")
    assert begun(tmp_path / "text", **credentials) == "systemd"
    with pytest.raises(StorageError, match="does not open with a systemd credential"):
        vault_in(tmp_path / "bytes", **credentials).read("secret/work")


def test_a_person_types_a_new_passphrase_and_later_the_same(tmp_path):
    asked = []

    def ask(new):
        asked.append(new)
        return "correct horse"

    def opened():
        there = environment(tmp_path, ENTRADA_VAULT="passphrase")
        return open_vault(tmp_path / "vault", there, entropy=os.urandom, ask=ask)

    vault = opened()
    keep(vault, "secret/work", SECRET)
    keep(vault, "secret/home", SECRET)
    assert asked == [True]
    assert opened().read("secret/work") == SECRET
    assert asked == [True, False]
    assert "correct horse" not in (tmp_path / "vault" / "vault.json").read_text()


def test_a_header_cannot_make_the_derivation_endless(tmp_path):
    begun(tmp_path, ENTRADA_VAULT_PASSPHRASE="a")
    header = tmp_path / "vault" / "vault.json"
    header.write_text(header.read_text().replace('"memory": 65536', '"memory": 1999999999'))
    began = time.monotonic()
    with pytest.raises(StorageError, match="as we never do"):
        vault_in(tmp_path, ENTRADA_VAULT_PASSPHRASE="a").read("secret/work")
    assert time.monotonic() - began < 5


@pytest.mark.skipif(sys.platform != "linux", reason="a session bus is Linux's")
def test_a_bus_that_hangs_does_not_hang_us(tmp_path, monkeypatch):
    """A new vault then gets a key file; where the keyring is asked for by name, it is told why it fails."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "bus"))
    listener.listen()
    address = f"unix:path={tmp_path / 'bus'}"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with listener:
        began = time.monotonic()
        assert begun(tmp_path, DBUS_SESSION_BUS_ADDRESS=address) == "key-file"
        assert time.monotonic() - began < 5
        with pytest.raises(StorageError, match=r"the keyring of the system, which fails: .*(Auth|Timeout|not answer)"):
            keep(vault_in(tmp_path / "b", DBUS_SESSION_BUS_ADDRESS=address, ENTRADA_VAULT="keyring"), "a", SECRET)


def test_whatever_takes_too_long_is_left_to_itself():
    with pytest.raises(NotHad, match="does not answer within 0 seconds"):
        os_keyring._within(0.05, lambda: time.sleep(1))


def test_a_bus_without_a_keyring_is_told(tmp_path, monkeypatch):
    address = f"unix:path={tmp_path / 'nobody'}"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with pytest.raises(StorageError, match="the keyring of the system, which fails: "):
        keep(vault_in(tmp_path, DBUS_SESSION_BUS_ADDRESS=address, ENTRADA_VAULT="keyring"), "a", SECRET)


def test_the_keyring_of_another_system_is_asked_by_its_package(tmp_path, monkeypatch):
    class Fake:
        kept: ClassVar = {}

        def get_password(self, service, name):
            return self.kept.get((service, name))

        def set_password(self, service, name, value):
            self.kept[service, name] = value

    monkeypatch.setitem(sys.modules, "keyring", Fake())
    monkeypatch.setattr(os_keyring.sys, "platform", "darwin")
    assert begun(tmp_path) == "keyring"
    ((service, name),) = Fake.kept
    assert service == "entrada"
    assert not (tmp_path / ".local").exists()
    Fake.kept[service, name] = "no key"
    with pytest.raises(
        StorageError, match="the keyring of the system, which fails: what it holds under our name is no key"
    ):
        vault_in(tmp_path).read("secret/work")
    Fake.kept.clear()
    with pytest.raises(StorageError, match="the key is not in it any more"):
        vault_in(tmp_path).read("secret/work")


def test_a_package_that_is_not_installed_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "secretstorage", None)
    monkeypatch.delitem(sys.modules, "entrada.client.vault.rungs.secret_service", raising=False)
    with pytest.raises(StorageError, match=r"secretstorage is not installed.*pip install 'entrada\[keyring\]'"):
        keep(vault_in(tmp_path, DBUS_SESSION_BUS_ADDRESS="unix:path=/nowhere", ENTRADA_VAULT="keyring"), "a", SECRET)


def test_threads_of_one_vault_derive_its_key_without_harm(tmp_path):
    begun(tmp_path, ENTRADA_VAULT_KEY=KEY)
    vault, found = vault_in(tmp_path, ENTRADA_VAULT_KEY=KEY), []
    threads = [Thread(target=lambda: found.append(vault.read("secret/work"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [SECRET] * 8
