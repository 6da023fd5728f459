"""`entrada doctor` on the vault: who keeps its key, who else may read it, what was left behind."""

import os
from pathlib import Path

import pytest

from entrada.client.vault import open_vault
from tests.cli.conftest import Entrada

ENVIRONMENT = {"ENTRADA_VAULT": "key-file"}


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "entrada" / "vault"
    there = {"XDG_STATE_HOME": str(tmp_path / "home"), **ENVIRONMENT}
    kept = open_vault(folder, there, entropy=os.urandom, say=lambda _: None)
    kept.change("secret/work", lambda _: b"the very secret")
    return folder


@pytest.fixture
def said(entrada: Entrada, development: Path):
    def said(exit_code: int, **more: str) -> str:
        (development / "origin").write_text("https://localhost:1")
        result = entrada("doctor", "--data-dir", development, **more)
        assert result.exit_code == exit_code, result.stdout
        return result.stdout

    return said


def test_no_vault_is_no_illness(said, tmp_path):
    assert "note  no vault yet" in said(0)
    assert not (tmp_path / "home" / "entrada" / "vault").exists()


def test_it_says_who_keeps_the_key(said, vault):
    assert f"ok    the vault {vault} opens (1 kept); its key is kept by a key file" in said(0)


def test_a_vault_that_nobody_has_typed_the_passphrase_of_is_well(said, vault, tmp_path):
    vault.rename(tmp_path / "other")
    there = {"ENTRADA_VAULT_PASSPHRASE": "correct horse"}
    open_vault(vault, there, entropy=os.urandom).change("secret/work", lambda _: b"a secret")
    assert "is kept by a passphrase; it was not asked for now" in said(0, ENTRADA_VAULT="")
    assert "opens (1 kept); its key is kept by a passphrase" in said(0, ENTRADA_VAULT="", **there)


def test_a_rung_that_is_gone_is_an_illness(said, vault, tmp_path):
    (key,) = (tmp_path / "home" / "entrada" / "vault-keys").iterdir()
    key.unlink()
    words = said(1)
    assert f"BAD   The key of the vault {vault} is to be had from a key file, which fails: {key} is gone" in words
    assert "Put it back." in words


@pytest.mark.parametrize(("which", "mode", "cure"), [("", 0o755, "700"), ("vault.json", 0o644, "600")])
def test_what_others_may_read_is_an_illness(said, vault, which, mode, cure):
    (vault / which).chmod(mode)
    words = said(1)
    assert f"{vault / which} is open to others (mode {mode:o})" in words
    assert f"chmod {cure} {vault / which}" in words


def test_what_a_kill_left_behind_is_told(said, vault):
    for name in ("a.sealed.lock", "a.sealed.draft"):
        (vault / name).touch(mode=0o600)
    assert "by a process that was killed: a.sealed.draft, a.sealed.lock" in said(0)
