"""What `get-token` writes, in each format, to a file and to the clipboard."""

import json
import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from entrada.cli.endings import Ended
from entrada.cli.tokens.clipboard import Clipboard, clipboard_here, copy
from entrada.cli.tokens.deadline import deadline
from entrada.cli.tokens.exec_credential import may_ask
from entrada.cli.tokens.output import Output, OutputType, Shown, rendered
from entrada.cli.tokens.private_file import write_private
from entrada.cli.tokens.spellings import FlowType, LengthType, ScopesType, in_words
from entrada.core.jose.numeric_date import NumericDate, Seconds

SHOWN = Shown(
    value="eyJ.eyJ.sig",
    token_type="Bearer",
    scopes=("User.Read", "openid"),
    expires_at=NumericDate(1_700_003_600),
    now=NumericDate(1_700_000_000),
    authority="https://login.example/t",
    client_id="c",
    username="ada@colors.example",
    cached=True,
)
MEMBERS = {
    "access_token": "eyJ.eyJ.sig",
    "token_type": "Bearer",
    "scope": "User.Read openid",
    "expires_in": 3600,
    "expires_at": "2023-11-14T23:13:20Z",
    "expires_on": 1_700_003_600,
    "authority": "https://login.example/t",
    "client_id": "c",
    "account": "ada@colors.example",
    "from_cache": True,
}


def test_the_token_alone():
    assert rendered(SHOWN, Output.TOKEN, {}) == "eyJ.eyJ.sig"


def test_a_header():
    assert rendered(SHOWN, Output.HEADER, {}) == "Authorization: Bearer eyJ.eyJ.sig"


def test_json():
    assert json.loads(rendered(SHOWN, Output.JSON, {})) == MEMBERS


def test_yaml():
    assert YAML(typ="safe").load(rendered(SHOWN, Output.YAML, {})) == MEMBERS


def test_what_a_shell_evaluates():
    script = f'{rendered(SHOWN, Output.ENV, {})}\nprintf %s "$ENTRADA_TOKEN $ENTRADA_TOKEN_EXPIRES_ON"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "eyJ.eyJ.sig 1700003600"


# ---- kubectl ----


def asked(version: str, *, interactive: bool = True) -> dict[str, str]:
    spec = {"interactive": interactive}
    return {"KUBERNETES_EXEC_INFO": json.dumps({"apiVersion": version, "kind": "ExecCredential", "spec": spec})}


@pytest.mark.parametrize("version", ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"])
def test_kubectl_is_answered_in_the_version_it_asks_for(version: str):
    assert json.loads(rendered(SHOWN, Output.EXEC, asked(version))) == {
        "apiVersion": version,
        "kind": "ExecCredential",
        "status": {"token": "eyJ.eyJ.sig", "expirationTimestamp": "2023-11-14T23:13:20Z"},
    }


def test_who_tries_it_by_hand_sees_v1():
    assert json.loads(rendered(SHOWN, Output.EXEC, {}))["apiVersion"] == "client.authentication.k8s.io/v1"


@pytest.mark.parametrize("info", ['{"apiVersion": "client.authentication.k8s.io/v1alpha1"}', "{}", "[]", "nonsense"])
def test_another_version_is_refused(info: str):
    with pytest.raises(click.UsageError):
        rendered(SHOWN, Output.EXEC, {"KUBERNETES_EXEC_INFO": info})


def test_kubectl_says_whether_somebody_may_be_asked():
    v1 = "client.authentication.k8s.io/v1"
    assert may_ask(None)
    assert may_ask(asked(v1)["KUBERNETES_EXEC_INFO"])
    assert not may_ask(asked(v1, interactive=False)["KUBERNETES_EXEC_INFO"])


# ---- a file ----


def test_a_file_is_its_owners_alone(tmp_path: Path):
    path = tmp_path / "token"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_through_a_link_the_file_is_replaced(tmp_path: Path):
    path, link = tmp_path / "token", tmp_path / "link"
    path.write_text("old")
    link.symlink_to(path)
    write_private(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new"


def test_a_folder_that_is_not_there(tmp_path: Path):
    with pytest.raises(click.ClickException, match="cannot be written: No such file"):
        write_private(tmp_path / "none" / "token", "new")


def test_into_a_pipe_it_goes_and_no_file_takes_its_place(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_private(pipe, "token")
    assert os.read(reader, 100) == b"token"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["/dev/fd/{}", "/proc/self/fd/{}"])
def test_what_is_open_already_is_written_where_it_stands(tmp_path: Path, name: str):
    path = tmp_path / "log"
    path.write_text("before ")
    with path.open("a") as file:
        write_private(Path(name.format(file.fileno())), "token")
    assert path.read_text() == "before token"


def test_links_that_lead_in_a_circle(tmp_path: Path):
    path = tmp_path / "link"
    path.symlink_to(path)
    with pytest.raises(click.ClickException, match="cannot be written: Too many"):
        write_private(path, "new")


# ---- a clipboard ----


def has(*programs: str):
    return lambda name: f"/usr/bin/{name}" if name in programs else None


@pytest.mark.parametrize(("environment", "platform", "programs", "program"), [
    ({}, "darwin", (), "pbcopy"),
    ({"WAYLAND_DISPLAY": "w"}, "linux", ("wl-copy", "xclip"), "wl-copy"),
    ({"DISPLAY": ":0"}, "linux", ("xclip", "xsel"), "xclip"),
    ({"DISPLAY": ":0"}, "linux", ("xsel", "wl-copy"), "xsel"),
    ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w"}, "linux", ("xsel",), "xsel"),
])  # fmt: skip
def test_which_clipboard(environment, platform, programs, program):
    found = clipboard_here(environment, platform, has(*programs))
    assert isinstance(found, Clipboard)
    assert found.write[0] == program


@pytest.mark.parametrize(
    ("environment", "said"),
    [({}, "no screen"), ({"DISPLAY": ":0"}, "None of xclip, xsel is installed")],
    ids=["headless", "no program for it"],
)
def test_no_clipboard(environment, said):
    assert said in str(clipboard_here(environment, "linux", has()))


def in_a_file(path: Path) -> Clipboard:
    return Clipboard(("tee", str(path)), ("cat", str(path)))


def test_the_clipboard_is_cleared_again(tmp_path: Path):
    path = tmp_path / "clipboard"
    assert copy(in_a_file(path), "token", clear_after=1)
    assert path.read_text() == "token"
    eventually(lambda: path.read_text() == "")


def test_what_was_copied_since_stays(tmp_path: Path):
    path = tmp_path / "clipboard"
    assert copy(in_a_file(path), "token", clear_after=1)
    path.write_text("something else")
    time.sleep(2.5)
    assert path.read_text() == "something else"


def test_a_clipboard_that_fails():
    assert not copy(Clipboard(("false",), ("false",)), "token")
    assert not copy(Clipboard(("/none",), ("/none",)), "token")


def eventually(fact) -> None:
    for _ in range(200):
        if fact():
            return
        time.sleep(0.05)
    pytest.fail("It never came to be.")


# ---- spellings ----


@pytest.mark.parametrize(("text", "flow"), [
    ("ClientCredentials", "client-credentials"), ("client-credentials", "client-credentials"),
    ("InteractiveBrowser", "interactive"), ("interactive", "interactive"), ("DEVICECODE", "device-code"),
    ("device-code", "device-code"), ("AuthorizationCode", "authorization-code"), ("managed-identity", "managed-identity"),
])  # fmt: skip
def test_a_flow_in_every_spelling(text, flow):
    assert FlowType().convert(text, None, None) == flow


@pytest.mark.parametrize("text", ["a b", "a,b", "a, b", " a  ,b "])
def test_scopes_with_either_separator(text):
    assert ScopesType().convert(text, None, None) == ("a", "b")


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("2m", 120), ("1h", 3600), ("90", 90), ("500ms", 0.5)])
def test_a_length_of_time(text, seconds):
    assert LengthType().convert(text, None, None) == seconds


@pytest.mark.parametrize(("kind", "text", "said"), [
    (FlowType(), "implicit", "Invalid flow: implicit"),
    (ScopesType(), "", "no list of scopes"), (ScopesType(), 'a"b', "no list of scopes"),
    (LengthType(), "0", "no length of time"), (LengthType(), "soon", "no length of time"), (LengthType(), "-1s", "no length"),
    (OutputType(), "out.txt", "A file is named with --file"),
])  # fmt: skip
def test_what_is_no_such_thing(kind, text, said):
    @click.command()
    @click.option("--it", type=kind)
    def command(it: object) -> None: ...

    ended = CliRunner().invoke(command, ["--it", text])
    assert ended.exit_code == 2
    assert said in ended.stderr


@pytest.mark.parametrize(
    ("seconds", "words"), [(-5, "0 s"), (40, "40 s"), (3599, "59 min"), (3600, "1 h"), (7500, "2 h 5 min")]
)
def test_a_length_in_words(seconds, words):
    assert in_words(Seconds(seconds)) == words


# ---- an end to waiting ----


def test_a_deadline_ends_any_wait():
    with pytest.raises(Ended, match=r"within 0\.05 s") as ended, deadline(0.05):
        time.sleep(30)
    assert ended.value.code == 6


def test_a_deadline_that_was_met_leaves_nothing_behind():
    before = signal.getsignal(signal.SIGALRM)
    with deadline(30):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is before
