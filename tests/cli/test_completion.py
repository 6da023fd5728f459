"""entrada completion: scripts for shells, and what they are answered; quickly, without loading the platform."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Entrada

CLIENT = "c0105000-0000-4000-8000-000000000c11"
ENTRADA = str(Path(sys.executable).parent / "entrada")


def completed(home: Path, words: str) -> list[str]:
    """What bash is offered for the last word."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("ENTRADA", "XDG"))}
    asked = {"_ENTRADA_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run(
        [ENTRADA], env={**plain, **asked, "XDG_CONFIG_HOME": str(home)}, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(entrada: Entrada, shell, tmp_path):
    done = entrada("completion", shell)
    assert (done.exit_code, "_ENTRADA_COMPLETE" in done.stdout) == (0, True)
    program = shutil.which(shell)
    if program is not None:
        script = tmp_path / "script"
        script.write_text(done.stdout)
        subprocess.run([program, "-n", str(script)], check=True)
    assert entrada("completion", "csh").exit_code == 2


def test_commands_and_profiles(entrada: Entrada, tmp_path):
    for name in ("graph", "Grafana", "other"):
        made = entrada("config", "create", name, "--tenant", "a.example", "--client-id", CLIENT)
        assert made.exit_code == 0, made.output
    home = tmp_path / "home"
    assert {"config", "completion", "consent"} == set(completed(home, "entrada co"))
    assert completed(home, "entrada config sh") == ["show"]
    for words in (
        "config show gra",
        "config edit -p gra",
        "config export other gra",
        "inspect -p gra",
        "get-token -p gra",
    ):
        assert completed(home, f"entrada {words}") == ["graph", "Grafana"], words
    (home / "entrada" / "profiles.json").write_text("broken")
    assert completed(home, "entrada config show ") == []


def test_the_names_of_commands_load_none_of_them():
    looked = (
        "import sys; from entrada.cli.main import main; import click; c = click.Context(main);"
        "assert main.shell_complete(c, 'a'); sys.exit('entrada.server' in sys.modules or 'cryptography' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", looked], check=True)


def test_the_names_of_profiles_load_nothing_heavy():
    looked = (
        "import sys, entrada.cli.config, entrada.cli.profiles.completing;"
        "sys.exit(str([one for one in ('cryptography', 'ssl', 'asyncio', 'httpx2', 'joserfc') if one in sys.modules] or ''))"
    )
    done = subprocess.run([sys.executable, "-c", looked], check=False, capture_output=True, text=True)
    assert done.stderr.strip() == ""
