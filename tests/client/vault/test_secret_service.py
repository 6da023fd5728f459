"""The keyring of a desktop, for real: gnome-keyring on a session bus that lives for the test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ON_A_BUS = Path(__file__).parent / "on_a_bus.py"
UNLOCK = "echo -n desktop-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null"


@pytest.fixture
def run(tmp_path):
    def run(script, **more):
        """On a bus that ends with it; *script* has the program as `$KEEP`."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_RUNTIME_DIR": str(tmp_path),
            "KEEP": f"{sys.executable} {ON_A_BUS} {tmp_path / 'vault'}",
            **more,
        }
        command = ["dbus-run-session", "--", "sh", "-c", script]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=60).stdout

    return run


def test_the_keyring_keeps_the_key_from_one_session_to_the_next(run, tmp_path):
    assert run(f"{UNLOCK}; $KEEP; $KEEP").splitlines() == ["keyring x", "keyring xx"]
    assert run(f"{UNLOCK}; $KEEP").splitlines() == ["keyring xxx"]
    assert not (tmp_path / ".local/state").exists(), "no key file beside it"


def test_a_locked_keyring_is_told_and_replaced_by_nothing(run):
    run(f"{UNLOCK}; $KEEP")
    said = run("$KEEP")
    assert "the keyring of the system, which fails: it is locked, and there is no screen" in said
    assert "Unlock it" in said


def test_a_new_vault_on_a_desktop_without_a_keyring_of_its_own_gets_a_key_file(run):
    assert run("$KEEP; $KEEP").splitlines() == ["key-file x", "key-file xx"]
