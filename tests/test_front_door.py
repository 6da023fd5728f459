import re
import subprocess
from importlib import metadata, resources
from pathlib import Path

import pytest
from click.testing import CliRunner

import entrada
from entrada.cli import main

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def test_the_command_knows_its_version():
    assert CliRunner().invoke(main, ["--version"]).output == f"entrada, version {entrada.__version__}\n"


def test_the_installed_version_is_the_one_in_the_source():
    assert metadata.version("entrada") == entrada.__version__


def test_type_checkers_are_told_that_the_package_is_typed():
    assert (resources.files("entrada") / "py.typed").is_file()


def test_there_are_locks():
    assert {lock.name for lock in LOCKS} == {"run.txt", "dev.txt", "az.txt", "gateway.txt"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_hashes_and_no_addresses(lock):
    text = lock.read_text()
    pins = re.findall(r"^[\w.\[\]-]+==.*\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[^\s#]", text, re.MULTILINE)) > 0
    assert "://" not in text


def test_both_locks_hold_the_same_versions():
    run, dev = (
        dict(re.findall(r"^(\S+)==(\S+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("run.txt", "dev.txt")
    )
    assert {name: dev.get(name) for name in run} == run


def test_make_help_names_every_target():
    declared = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    shown = subprocess.run(["make", "-s", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert declared is not None
    assert set(re.findall(r"^  make (\w+)", shown, re.MULTILINE)) == set(declared[1].split())
