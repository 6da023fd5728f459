"""entrada config before a person: a terminal of its own, questions on it, data on standard output alone."""

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import define, field

from entrada.cli.profiles.file import Profiles

CLIENT = "c0105000-0000-4000-8000-000000000c11"
PATIENCE = 20.0


@define
class Terminal:
    """A person before `entrada`: types when a question is seen."""

    home: Path
    environment: dict[str, str] = field(factory=dict[str, str])
    seen: str = ""
    _screen: int = -1
    _process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> None:
        self._screen, theirs = pty.openpty()
        folders = {f"XDG_{kind}_HOME": str(self.home) for kind in ("DATA", "STATE", "CONFIG")}
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("ENTRADA", "XDG"))}
        command = [str(Path(sys.executable).parent / "entrada"), *words]
        self._process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - so that Ctrl-C is a signal
            env={**plain, **folders, "ENTRADA_VAULT": "key-file", **self.environment},
        )  # fmt: skip
        os.close(theirs)

    def answer(self, question: str, text: str) -> None:
        self.wait_for(question)
        os.write(self._screen, text.encode() + b"\n")
        self.seen = ""

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while text not in self.seen:
            assert time.monotonic() < deadline, f"{text!r} is not in {self.seen!r}"
            self._look()

    def end(self) -> tuple[int, str]:
        assert self._process is not None
        deadline = time.monotonic() + PATIENCE
        while self._process.poll() is None:
            assert time.monotonic() < deadline, self.seen
            self._look()
        while self._look():
            pass
        os.close(self._screen)
        return self._process.returncode, self.seen

    def close(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _look(self) -> bool:
        if not select.select([self._screen], [], [], 0.1)[0]:
            return False
        try:
            found = os.read(self._screen, 4096)
        except OSError:  # the other side is closed
            return False
        self.seen += found.decode(errors="replace")
        return bool(found)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    yield made
    made.close()


def profiles(terminal: Terminal) -> Profiles:
    return Profiles(terminal.home / "entrada" / "profiles.json")


def test_it_asks_for_what_is_missing(terminal):
    terminal.start("config", "create")
    terminal.answer("Profile name", "nightly")
    terminal.answer("Tenant ID or domain", "not a tenant")
    terminal.answer("Tenant ID or domain", "")
    terminal.wait_for("contoso.example")
    terminal.wait_for("--issuer URL")
    terminal.answer("Tenant ID or domain", "colors.example")
    terminal.answer("Client ID", "")
    terminal.wait_for("such as 11111111-")
    terminal.answer("Client ID", CLIENT)
    terminal.answer("Scopes", "")
    terminal.answer("Authentication method", "secret")
    terminal.answer("Client secret", "s3cret-unseen")
    code, seen = terminal.end()
    assert (code, "created successfully" in seen, "s3cret" in seen) == (0, True, False), seen
    made = profiles(terminal).find("nightly")
    assert made.scopes == ("https://graph.microsoft.com/.default",)
    terminal.start("config", "show", "nightly", "--show-secrets")
    terminal.answer("on this screen?", "y")
    assert "s3cret-unseen" in terminal.end()[1]
    terminal.start("config", "edit", "nightly")
    for question, answer in (
        ("Tenant", ""), ("Client ID", ""), ("Scopes", "a b"), ("Flow", ""), ("Authentication", ""), ("secret", "")
    ):  # fmt: skip
        terminal.answer(question, answer)
    assert terminal.end()[0] == 0
    assert profiles(terminal).find("nightly").scopes == ("a", "b")
    terminal.start("config", "delete", "nightly")
    terminal.answer("Are you sure", "n")
    code, seen = terminal.end()
    assert (code, "Operation cancelled." in seen) == (1, True), seen
    assert profiles(terminal).find("nightly") is not None


def test_the_passphrase_of_the_vault_is_asked_for(terminal):
    terminal.environment |= {"ENTRADA_VAULT": "passphrase", "SECRET": "s3cret-unseen"}
    words = ("--tenant", "colors.example", "--client-id", CLIENT, "--client-secret-env", "SECRET")
    terminal.start("config", "create", "x", *words)
    terminal.answer("Passphrase of the vault", "horse")
    terminal.answer("Repeat", "horse")
    assert terminal.end()[0] == 0, terminal.seen
    terminal.start("config", "show", "x", "--show-secrets")
    terminal.answer("Passphrase of the vault", "horse")
    terminal.answer("on this screen?", "y")
    code, seen = terminal.end()
    assert (code, "s3cret-unseen" in seen) == (0, True), seen


def in_a_vault_under_a_passphrase(terminal):
    """A secret alone: the token comes from where nobody answers."""
    terminal.environment |= {"ENTRADA_VAULT": "passphrase", "SECRET": "s3cret-unseen"}
    words = ("--authority", f"https://localhost:1/{CLIENT}", "--client-id", CLIENT, "--client-secret-env", "SECRET")
    terminal.start("config", "create", "x", *words)
    terminal.answer("Passphrase of the vault", "horse")
    terminal.answer("Repeat", "horse")
    assert terminal.end()[0] == 0, terminal.seen


def test_get_token_asks_for_the_passphrase_once(terminal):
    in_a_vault_under_a_passphrase(terminal)
    terminal.start("get-token", "-p", "x")
    terminal.answer("Passphrase of the vault", "horse")  # for the tokens, and for the secret
    code, seen = terminal.end()
    assert (code, "Passphrase" in seen) == (5, False), seen
    terminal.start("get-token", "-p", "x")
    terminal.answer("Passphrase of the vault", "donkey")
    code, seen = terminal.end()
    assert (code, "does not open" in seen) == (9, True), seen


def test_without_a_terminal_it_says_what_to_set(terminal):
    in_a_vault_under_a_passphrase(terminal)
    folders = {f"XDG_{kind}_HOME": str(terminal.home) for kind in ("DATA", "STATE", "CONFIG")}
    done = subprocess.run(
        [str(Path(sys.executable).parent / "entrada"), "get-token", "-p", "x"], stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], **folders}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (9, "")
    assert "Set ENTRADA_VAULT_PASSPHRASE" in done.stderr


def test_everything_said_is_not_asked(terminal):
    terminal.start("config", "create", "x", "--tenant", "colors.example", "--client-id", CLIENT)
    assert terminal.end()[0] == 0


def test_nothing_is_asked_where_that_was_said(terminal):
    terminal.start("config", "create", "x", "--non-interactive")
    code, seen = terminal.end()
    assert (code, "nobody can be asked" in seen) == (2, True), seen


def test_ctrl_c_leaves_nothing(terminal):
    terminal.start("config", "create")
    terminal.answer("Profile name", "x")
    terminal.wait_for("Tenant")
    time.sleep(0.5)  # readline is deaf for a moment after it has asked
    os.write(terminal._screen, b"\x03")
    assert terminal.end()[0] == 130
    assert profiles(terminal).all() == ()


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colours_where_none_are_wished(terminal, environment):
    terminal.environment |= environment
    terminal.start("inspect", "e30.e30.e30")
    code, seen = terminal.end()
    assert (code, "\x1b" in seen) == (8, False), seen


def test_colours_and_the_c_locale(terminal):
    terminal.environment |= {"TERM": "xterm", "LC_ALL": "C", "PYTHONUTF8": "0", "COLUMNS": "40"}
    terminal.start("inspect", "eyJraWQiOiLDpCJ9.eyJuYW1lIjoiw6QifQ.e30")
    code, seen = terminal.end()
    assert (code, "\x1b[" in seen) == (8, True), seen
    terminal.start("config", "list")
    assert terminal.end()[0] == 0
