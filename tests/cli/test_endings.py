"""However a command ends: one line at most, a code of the table, never a traceback."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from entrada.cli.endings import CODES, NotFound, PlainEndings, respect_wish_for_no_colour
from entrada.cli.main import main
from entrada.client import errors
from entrada.server.settings import UnsafeSetting
from entrada.server.store.port import StoreContended, StoreUnavailable

ENTRADA = Path(sys.executable).parent / "entrada"

PROGRAM = str(Path(sys.executable).parent / "entrada")


def ending(error: BaseException | None, *args: str, **environment: str | None) -> tuple[int, str]:
    @click.group(cls=PlainEndings)
    @click.option("--debug", is_flag=True)
    @click.pass_context
    def root(ctx: click.Context, *, debug: bool) -> None:
        respect_wish_for_no_colour(ctx)

    @root.command()
    def fail() -> None:
        if error is not None:
            raise error

    ended = CliRunner().invoke(root, [*args, "fail"], env=environment, catch_exceptions=False)
    assert ended.stdout == ""
    return ended.exit_code, ended.stderr


SAID = errors.OAuthError(error="invalid_client", aadsts=7000215, trace_id="4f-22")
# fmt: off
ENDINGS = [
    pytest.param(None, 0, "", id="well"),
    pytest.param(click.ClickException("It\ncannot be."), 1, "It cannot be.", id="it could not be done"),
    pytest.param(click.UsageError("Say more."), 2, "Say more.", id="wrong use"),
    pytest.param(UnsafeSetting("Mend it."), 2, "Mend it.", id="an unsafe setting"),
    pytest.param(StoreUnavailable("gone\naway"), 2, "does not answer: gone away", id="a database that is gone"),
    pytest.param(StoreContended(), 1, "try once more", id="others were quicker"),
    pytest.param(KeyboardInterrupt(), 130, "", id="Ctrl-C"),
    pytest.param(click.Abort(), 130, "", id="given up at a question"),
    pytest.param(click.exceptions.Exit(7), 7, "", id="a code of its own"),
    pytest.param(NotFound("No profile."), 4, "No profile.", id="nothing of that name"),
    pytest.param(errors.AuthorityRefused("Wrong secret.", SAID), 3, "Wrong secret. (AADSTS7000215, trace id 4f-22)", id="the authority says no"),
    pytest.param(errors.AuthorityRefused("AADSTS7000215: Wrong", SAID), 3, "AADSTS7000215: Wrong (trace id 4f-22)", id="a number is said once"),
    pytest.param(errors.InteractionRequired("Consent.", SAID, scopes=()), 7, "Consent. (AADSTS", id="only the person can"),
    pytest.param(errors.Unreachable("Nobody answers", advice="Start it."), 5, "Nobody answers. Start it.", id="no network"),
    pytest.param(errors.BadMetadata("No document."), 5, "No document.", id="no authority answers"),
    pytest.param(errors.BadAnswer("HTML."), 5, "HTML.", id="something else answers"),
    pytest.param(errors.TokenRejected("Its signature is wrong."), 8, "Its signature is wrong.", id="a token not to be believed"),
    pytest.param(errors.SignInCancelled("You said no."), 3, "You said no.", id="the person says no"),
    pytest.param(errors.TimedOut("Nobody finished."), 6, "Nobody finished.", id="too late"),
    pytest.param(errors.NoBrowser("None to open."), 7, "None to open.", id="no browser"),
    pytest.param(errors.PortTaken("Port 8400."), 2, "Port 8400.", id="a port that is taken"),
    pytest.param(errors.BadSettings("No tenant."), 2, "No tenant.", id="what cannot be"),
    pytest.param(errors.BadCredential("No key."), 3, "No key.", id="a credential that is none"),
    pytest.param(errors.StorageError("Sealed by another."), 9, "Sealed by another.", id="what is kept cannot be opened"),
    pytest.param(errors.EntradaError("Something."), 1, "Something.", id="any other failure of the toolkit"),
]
# fmt: on


@pytest.mark.parametrize(("error", "code", "said"), ENDINGS)
def test_an_ending(error, code, said):
    ended, line = ending(error)
    assert ended == code
    assert said in line
    assert line.strip().count("\n") == 0
    assert "Traceback" not in line


def test_a_full_disk():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [ENTRADA, "completion", "bash"], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
    assert (done.returncode, done.stderr) == (1, "entrada: The output cannot be written: No space left on device.\n")


def test_a_surprise_leaves_its_story_in_a_file():
    code, line = ending(ZeroDivisionError("by nothing"))
    assert code == 70
    assert line.count("\n") == 1
    found = re.search(r"what led to it is in (\S+)", line)
    assert found is not None
    log = Path(found[1])
    assert "ZeroDivisionError: by nothing" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0
    log.unlink()


def test_a_surprise_is_shown_to_whom_debugs():
    code, said = ending(ZeroDivisionError("by nothing"), "--debug")
    assert code == 70
    assert "Traceback" in said
    for log in re.findall(r"what led to it is in (\S+)", said):
        Path(log).unlink()


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
    ids=["a terminal", "NO_COLOR", "an empty NO_COLOR", "a dumb terminal"],
)
def test_colours(environment, coloured, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    reader, writer = pty.openpty()
    with subprocess.Popen([PROGRAM, "nonsense"], stderr=writer) as process:
        process.wait(30)
    os.close(writer)
    said = os.read(reader, 4096)
    os.close(reader)
    assert b"No such command" in said
    assert (b"\x1b[31m" in said) is coloured


def test_the_table_of_codes_is_documented():
    table = Path("docs/reference/exit-codes.md").read_text()
    assert re.findall(r"^\| (\d+) \|", table, re.MULTILINE) == [*map(str, range(10)), "70", "130"]


def test_every_failure_of_the_toolkit_has_a_code():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    without = [kind.__name__ for kind in kinds if not CODES.keys() & {one.__name__ for one in kind.__mro__}]
    assert without == ["EntradaError"]


def test_every_command_loads_and_says_what_it_is_for():
    said = CliRunner().invoke(main, ["--help"]).stdout
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert command.help
        assert re.search(rf"^  {name} +\w", said, re.MULTILINE)


def test_help_loads_no_server():
    script = "import sys, entrada.cli.main as m\nm.main(['--help'], standalone_mode=False)\nprint([n for n in sys.modules if n.startswith(('sqlalchemy', 'uvicorn', 'entrada.server'))])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_two_on_one_port(live, tmp_path: Path):
    command = [PROGRAM, "up", "--port", str(live.port), "--no-samples", "--no-gateway", "--data-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"entrada: Something already listens on 127.0.0.1:{live.port}; stop it, or choose another port with --port.\n"
    )


def test_the_sample_port_has_its_own_option(live, tmp_path: Path):
    command = [
        PROGRAM,
        "up",
        "--no-gateway",
        "--port",
        "0",
        "--sample-port",
        str(live.sample_port),
        "--data-dir",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 2
    assert "--sample-port" in done.stderr


def test_ctrl_c_of_entrada_up(tmp_path: Path):
    command = [
        PROGRAM,
        "up",
        "--no-gateway",
        "--port",
        "0",
        "--sample-port",
        "0",
        "--colors-port",
        "0",
        "--data-dir",
        str(tmp_path),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        screen = []
        for line in process.stdout:
            screen.append(line)
            if "Ctrl-C" in line:
                break
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=30)
        finally:
            process.kill()  # or leaving the block waits for it
    assert process.returncode == 130
    assert "Traceback" not in said
    # Nobody looks at it: no colours, and the ports that were free instead of 0.
    assert "\x1b" not in "".join(screen)
    assert not re.search(r":0\b", "".join(screen))


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_any_locale_can_print_any_name(locale, tmp_path: Path, development: Path):
    file = tmp_path / "names.yaml"
    file.write_text(
        "tenants:\n  - id: 5a5a0000-0000-4000-8000-000000000001\n    displayName: Größe 色\n    domains: [example.org]\n"
    )
    environment = {**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "ENTRADA_DATA_DIR": str(development)}
    subprocess.run([PROGRAM, "apply", "-f", str(file), "--yes"], env=environment, check=True, capture_output=True)
    done = subprocess.run([PROGRAM, "tenant", "list"], env=environment, check=False, capture_output=True)
    assert done.returncode == 0
    assert b"example.org" in done.stdout


def test_one_data_folder_is_for_one_platform_at_a_time(live):
    ports = ["--port", "0", "--sample-port", "0", "--colors-port", "0"]
    second = subprocess.run(
        [str(ENTRADA), "up", "--no-gateway", *ports, "--data-dir", str(live.folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 2
    assert "Another `entrada up` uses" in second.stderr


def test_the_bare_command_and_a_bare_group_teach():
    for words, title in (([], "Tokens"), (["keys"], "Commands"), (["tenant"], "Commands")):
        shown = subprocess.run([str(ENTRADA), *words], capture_output=True, text=True, timeout=60, check=False)
        assert f"\n{title}:\n" in shown.stdout + shown.stderr
