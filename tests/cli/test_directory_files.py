"""`entrada export` and `entrada apply`: what is shown, what is asked, what is done."""

import contextlib
import os
import pty
import stat
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Entrada, Production

KIM = """
tenants:
  - id: 5a5a0000-0000-4000-8000-000000000001
    displayName: Example
    domains: [example.org]
    users:
      - userPrincipalName: kim@example.org
        displayName: Kim
        password: {value: Entrada-dev-2026, seed: true}
    applications:
      - appId: 5a5a0000-0000-4000-8000-0000000000f1
        displayName: Library
        passwordCredentials:
          - {displayName: first, secretText: library-dev-secret, seed: true}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kim.yaml"
    path.write_text(KIM)
    return path


def test_what_was_exported_applies_and_changes_nothing(entrada: Entrada, development: Path, tmp_path: Path):
    out = tmp_path / "all.yaml"
    exported = entrada("export", "-o", out, "--data-dir", development)
    assert (exported.exit_code, exported.stdout) == (0, "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    applied = entrada("apply", "-f", out, "--prune", "--data-dir", development)
    assert applied.exit_code == 0  # nobody is asked when nothing is to be done
    assert "0 to add, 0 to change, 0 to remove" in applied.stdout


def test_one_tenant_by_its_domain_or_id(entrada: Entrada, development: Path):
    by_domain = entrada("export", "--tenant", "Petals.example", "--data-dir", development).stdout
    by_id = entrada("export", "--tenant", "9e7a1500-0000-4000-8000-000000000001", "--data-dir", development).stdout
    assert by_domain == by_id
    assert "petals.example" in by_domain
    assert "userPrincipalName: ben@" not in by_domain
    refused = entrada("export", "--tenant", "roses.example", "--data-dir", development)
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_hashes_only_when_asked_for(entrada: Entrada, development: Path):
    assert "$argon2id$" not in entrada("export", "--data-dir", development).stdout
    assert "$argon2id$" in entrada("export", "--with-hashes", "--data-dir", development).stdout


def test_nobody_to_ask(entrada: Entrada, development: Path, file: Path):
    refused = entrada("apply", "-f", file, "--data-dir", development)
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    assert "example.org" not in entrada("tenant", "list", "--data-dir", development).stdout


def test_a_dry_run_changes_nothing(entrada: Entrada, development: Path, file: Path):
    shown = entrada("apply", "-f", file, "--dry-run", "--data-dir", development)
    assert shown.exit_code == 0
    assert "+ " in shown.stdout
    assert "Done." not in shown.stdout
    assert "example.org" not in entrada("tenant", "list", "--data-dir", development).stdout


def test_from_standard_input(entrada: Entrada, development: Path):
    assert entrada("apply", "-f", "-", "--data-dir", development, stdin=KIM).exit_code == 2
    assert entrada("apply", "-f", "-", "--yes", "--data-dir", development, stdin=KIM).exit_code == 0
    assert "example.org" in entrada("tenant", "list", "--data-dir", development).stdout


def test_pruning_shows_what_goes(entrada: Entrada, development: Path, file: Path):
    entrada("apply", "-f", file, "--yes", "--data-dir", development)
    without_kim = KIM.replace("    users:", "    users: []\n    ignored:").partition("    ignored:")[0]
    file.write_text(without_kim)
    kept = entrada("apply", "-f", file, "--yes", "--data-dir", development)
    assert "0 to remove" in kept.stdout
    pruned = entrada("apply", "-f", file, "--prune", "--yes", "--data-dir", development)
    assert any(line.startswith("- ") and "kim@example.org" in line for line in pruned.stdout.splitlines())
    assert "kim@example.org" not in entrada("export", "--data-dir", development).stdout


def test_every_fault_is_a_line_with_its_place(entrada: Entrada, development: Path, file: Path):
    file.write_text(KIM.replace("displayName: Kim", "displayNam: Kim").replace("[example.org]", "[Example]"))
    refused = entrada("apply", "-f", file, "--yes", "--data-dir", development)
    assert refused.exit_code == 1
    lines = refused.stderr.splitlines()
    assert all(f"{file}:" in line for line in lines)
    assert lines[-1].endswith("Nothing was changed.")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00"], ids=["not UTF-8", "NUL"])
def test_a_file_that_is_no_text(content, entrada: Entrada, development: Path, file: Path):
    file.write_bytes(content)
    refused = entrada("apply", "-f", file, "--yes", "--data-dir", development)
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1


def test_seeds_stay_in_development(entrada: Entrada, development: Path, file: Path):
    applied = entrada("apply", "-f", file, "--yes", "--data-dir", development)
    assert applied.exit_code == 0
    assert "shown this once" not in applied.stdout


def test_seeds_are_replaced_in_production(entrada: Entrada, production: Production, file: Path):
    given = {**production.environment, "ENTRADA_PASSWORD_KIM": "nine green lanterns"}
    applied = entrada("apply", "-f", file, "--yes", **given)
    assert applied.exit_code == 0
    assert "client secret of Library: " in applied.stdout
    assert "password of kim" not in applied.stdout  # hers was given
    again = entrada("apply", "-f", file, "--yes", **given)
    assert "0 to add, 0 to change" in again.stdout
    doctor = entrada("doctor", **production.environment)
    assert "no credential of the documentation is left" in doctor.stdout


def test_a_credential_that_is_not_good_enough(entrada: Entrada, production: Production, file: Path):
    for name, value in (("ENTRADA_PASSWORD_KIM", "short"), ("ENTRADA_SECRET_LIBRARY", "chosen")):
        refused = entrada("apply", "-f", file, "--yes", **production.environment, **{name: value})
        assert refused.exit_code == 2
        assert f"{name} is not good enough" in refused.stderr
        assert value not in refused.stderr


# ---- at a terminal ----


def at_a_terminal(answer: bytes, file: Path, folder: Path) -> tuple[int, str]:
    """`entrada apply` with somebody who is asked and types *answer*."""
    pid, terminal = pty.fork()
    if pid == 0:  # the child has a terminal of its own
        program = str(Path(sys.executable).parent / "entrada")
        os.execv(program, [program, "apply", "-f", str(file), "--data-dir", str(folder)])
    screen = b""
    try:
        while b"[y/N]" not in screen:
            screen += os.read(terminal, 1024)
        os.write(terminal, answer)
        with contextlib.suppress(OSError):  # Linux ends a terminal by an error
            while more := os.read(terminal, 1024):
                screen += more
    finally:
        os.close(terminal)
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), screen.decode()


@pytest.mark.parametrize(
    ("answer", "code", "done"),
    [(b"y\n", 0, True), (b"n\n", 1, False), (b"\n", 1, False), (b"\x03", 130, False)],
    ids=["yes", "no", "nothing typed", "Ctrl-C"],
)
def test_an_answer(answer, code, done, development: Path, file: Path, entrada: Entrada):
    ended, screen = at_a_terminal(answer, file, development)
    assert ended == code
    assert "Traceback" not in screen
    assert ("example.org" in entrada("tenant", "list", "--data-dir", development).stdout) is done
