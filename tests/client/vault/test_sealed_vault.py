"""Files at rest: nobody else reads them, nothing damaged is believed, and nothing is lost by starting over."""

import os
import re
from threading import Thread

import pytest

from entrada.client.errors import StorageError
from entrada.client.vault import open_vault
from entrada.client.vault.private_folder import PrivateFolder
from tests.client.vault.places import environment, keep, vault_in

SECRET = b"the very secret"


@pytest.fixture
def kept(tmp_path):
    vault = vault_in(tmp_path)
    keep(vault, "secret/work", SECRET)
    return vault


def sealed_file(home):
    (file,) = (home / "vault").glob("*.sealed")
    return file


def test_nothing_is_made_by_looking(tmp_path):
    vault = vault_in(tmp_path)
    assert vault.read("secret/work") is None
    assert vault.names("") == ()
    assert vault.rung is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_is_found_by_whoever_opens_it_next(tmp_path, kept):
    keep(kept, "tokens/a", b"")
    again = vault_in(tmp_path)
    assert again.read("secret/work") == SECRET
    assert again.read("tokens/a") == b""
    assert again.read("secret/home") is None
    assert again.names("secret/") == ("secret/work",)
    assert sorted(again.names("")) == ["secret/work", "tokens/a"]


def test_a_change_sees_what_was_and_may_remove_it(tmp_path, kept):
    assert vault_in(tmp_path).change("secret/work", lambda was: was and was + b"!") == SECRET + b"!"
    assert kept.read("secret/work") == SECRET + b"!"
    assert kept.change("secret/work", lambda _: None) is None
    assert kept.read("secret/work") is None
    assert list((tmp_path / "vault").glob("*.sealed")) == []


def test_a_change_that_fails_changes_nothing(kept):
    with pytest.raises(ZeroDivisionError):
        kept.change("secret/work", lambda _: bytes(1 // 0))
    assert kept.read("secret/work") == SECRET
    keep(kept, "secret/work", b"and the lock is free")


def test_all_is_for_the_owner_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        keep(vault_in(tmp_path), "secret/work", SECRET)
    finally:
        os.umask(before)
    for path in (tmp_path / "vault").rglob("*"):
        assert path.stat().st_mode & 0o777 == 0o600, path
    assert (tmp_path / "vault").stat().st_mode & 0o777 == 0o700
    keys = tmp_path / ".local/state/entrada/vault-keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    assert [one.stat().st_mode & 0o777 for one in keys.iterdir()] == [0o600]


def test_no_file_tells_what_is_kept_or_for_whom(tmp_path, kept):
    for path in (tmp_path / "vault").iterdir():
        assert SECRET not in path.read_bytes()
        assert b"work" not in path.read_bytes() + path.name.encode()


def test_no_lock_and_no_draft_stays_behind(tmp_path, kept):
    assert {path.suffix for path in (tmp_path / "vault").iterdir()} == {".json", ".sealed"}


# fmt: off
WAYS_IN = [  # what is opened to others, what the advice says
    pytest.param("vault",            0o750, "chmod 700", id="the folder"),
    pytest.param("vault/vault.json", 0o640, "chmod 600", id="the header"),
    pytest.param("vault/sealed",     0o604, "chmod 600", id="a sealed file"),
    pytest.param("key",              0o644, "chmod 600", id="the key file"),
]
# fmt: on


@pytest.mark.parametrize(("what", "mode", "advice"), WAYS_IN)
def test_what_others_may_read_is_not_used(tmp_path, kept, what, mode, advice):
    found = {"vault/sealed": sealed_file(tmp_path), "key": next(tmp_path.glob(".local/state/entrada/vault-keys/*"))}
    path = found.get(what, tmp_path / what)
    path.chmod(mode)
    with pytest.raises(StorageError) as raised:
        vault_in(tmp_path).read("secret/work")
    assert f"{path} is open to others (mode {mode:o})" in str(raised.value)
    assert f"{advice} {path}" in str(raised.value)
    with pytest.raises(StorageError):
        keep(vault_in(tmp_path), "secret/work", b"new")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_belongs_to_another_user_is_not_used(tmp_path, kept):
    os.chown(sealed_file(tmp_path), 12345, -1)
    with pytest.raises(StorageError, match=r"belongs to another user \(number 12345\).*chown"):
        kept.read("secret/work")


def test_a_link_is_not_followed(tmp_path, kept):
    file = sealed_file(tmp_path)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="cannot be opened"):
        kept.read("secret/work")


def test_no_bit_may_differ(tmp_path, kept):
    file = sealed_file(tmp_path)
    good = file.read_bytes()
    for bit in range(len(good) * 8):
        spoilt = bytearray(good)
        spoilt[bit // 8] ^= 1 << bit % 8
        file.write_bytes(spoilt)
        with pytest.raises(StorageError, match=f"{file} is damaged.*rm {file}"):
            kept.read("secret/work")
    file.write_bytes(good)
    assert kept.read("secret/work") == SECRET


def test_no_bit_of_the_header_may_differ(tmp_path, kept):
    file = tmp_path / "vault" / "vault.json"
    good = file.read_bytes()
    for bit in range(0, len(good) * 8, 3):
        spoilt = bytearray(good)
        spoilt[bit // 8] ^= 1 << bit % 8
        file.write_bytes(spoilt)
        with pytest.raises(StorageError, match=re.escape(str(tmp_path))):
            vault_in(tmp_path).read("secret/work")
    file.write_bytes(good)
    assert vault_in(tmp_path).read("secret/work") == SECRET


SPOILT = {
    "nothing": lambda _: b"",
    "half": lambda good: good[: len(good) // 2],
    "a byte less": lambda good: good[:-1],
    "a byte more": lambda good: good + b"\0",
    "garbage": lambda _: os.urandom(200),
    "another version": lambda good: good.replace(b"\0\1", b"\0\2", 1).replace(b'"version": 1', b'"version": 2'),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("which", ["header", "sealed file"])
def test_what_is_damaged_is_told_and_never_written_over(tmp_path, kept, which, spoil):
    file = tmp_path / "vault" / "vault.json" if which == "header" else sealed_file(tmp_path)
    spoilt = spoil(file.read_bytes())
    file.write_bytes(spoilt)
    vault = vault_in(tmp_path)
    for attempt in (
        lambda: vault.read("secret/work"),
        lambda: keep(vault, "secret/work", b"new"),
        lambda: vault.names(""),
    ):
        with pytest.raises(StorageError, match=f"{file} is damaged.*start anew: rm|{file} is damaged.*entry: rm"):
            attempt()
    assert file.read_bytes() == spoilt


def test_what_is_damaged_hides_no_other(tmp_path, kept):
    damaged = sealed_file(tmp_path)
    keep(kept, "secret/home", b"another")
    damaged.write_bytes(b"")
    assert list(kept.entries("secret/")) == [("secret/home", b"another")]


def test_a_fork_takes_no_claim_from_its_parent(kept, tmp_path):
    give_up = kept.claim("secret/work")
    if (child := os.fork()) == 0:
        give_up()  # as its end would, by collecting what it has a copy of
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert vault_in(tmp_path).claim("secret/work") is None
    give_up()
    assert vault_in(tmp_path).claim("secret/work") is not None


def test_a_lost_header_is_not_made_again_over_what_it_opened(tmp_path, kept):
    (tmp_path / "vault" / "vault.json").unlink()
    vault = vault_in(tmp_path)
    for attempt in (lambda: vault.read("secret/work"), lambda: keep(vault, "secret/work", b"new")):
        with pytest.raises(StorageError, match=r"vault\.json is gone, but sealed files are there.*rm -r"):
            attempt()
    assert not (tmp_path / "vault" / "vault.json").exists()


def test_a_file_in_the_place_of_another_does_not_open(tmp_path, kept):
    first = sealed_file(tmp_path)
    keep(kept, "secret/home", b"another")
    (second,) = set((tmp_path / "vault").glob("*.sealed")) - {first}
    first.write_bytes(second.read_bytes())
    with pytest.raises(StorageError, match=f"{first} is damaged"):
        kept.read("secret/work")


def test_files_of_another_vault_do_not_open(tmp_path, kept):
    other = vault_in(tmp_path / "other")
    keep(other, "secret/work", b"another")
    file = sealed_file(tmp_path / "other")
    file.rename(tmp_path / "vault" / file.name)
    with pytest.raises(StorageError, match="is damaged"):
        kept.names("")


def test_a_disk_that_cannot_be_written_is_told_and_leaves_the_old(tmp_path, kept, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match=r"cannot be written: No space left on device"):
            keep(kept, "secret/work", b"new")
    assert kept.read("secret/work") == SECRET
    assert list((tmp_path / "vault").glob("*.draft")) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    vault = open_vault(tmp_path / "file" / "vault", environment(tmp_path), entropy=os.urandom)
    with pytest.raises(StorageError, match=r"file/vault cannot be"):
        keep(vault, "secret/work", SECRET)


def test_whoever_waits_too_long_for_a_lock_says_for_which(tmp_path):
    folder = PrivateFolder(tmp_path / "private", patience=0.05)
    folder.make()
    with folder.locked("one"):
        with folder.locked("two"):
            pass
        said = r"has held .*one\.lock for more than 0 seconds.*fuser .*one\.lock"
        with pytest.raises(StorageError, match=said), folder.locked("one"):
            pass
    with folder.locked("one"):
        pass
    assert list((tmp_path / "private").iterdir()) == []


def test_a_lock_that_was_left_behind_holds_nobody_up(tmp_path, kept):
    (tmp_path / "vault" / f"{sealed_file(tmp_path).name}.lock").touch(mode=0o600)
    (tmp_path / "vault" / f"{sealed_file(tmp_path).name}.draft").write_bytes(b"half")
    keep(kept, "secret/work", b"new")
    assert kept.read("secret/work") == b"new"


def test_a_claim_is_one_holders_until_it_is_given_up_or_forgotten(tmp_path, kept):
    other = vault_in(tmp_path)
    give_up = kept.claim("secret/work")
    assert other.claim("secret/work") is None
    assert other.claim("secret/home") is not None
    keep(other, "secret/work", b"a claim stops no change")
    give_up()
    give_up()
    again = other.claim("secret/work")
    assert again is not None
    assert kept.claim("secret/work") is None
    del again  # nobody is left to give it up
    assert kept.claim("secret/work") is not None


def test_threads_that_begin_a_vault_together_begin_one(tmp_path):
    said = []
    threads = [Thread(target=keep, args=(vault_in(tmp_path, said), f"secret/{one}", SECRET)) for one in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 1
    assert len(vault_in(tmp_path).names("secret/")) == 8


def test_memory_leaves_nothing_behind(tmp_path):
    vault = vault_in(tmp_path, ENTRADA_VAULT="memory")
    keep(vault, "secret/work", SECRET)
    assert vault.read("secret/work") == SECRET
    assert vault.names("secret/") == ("secret/work",)
    assert vault.rung == "memory"
    give_up = vault.claim("secret/work")
    assert vault.claim("secret/work") is None
    give_up()
    assert vault.claim("secret/work") is not None
    keep(vault, "secret/work", None)
    assert vault.read("secret/work") is None
    assert list(tmp_path.iterdir()) == []
