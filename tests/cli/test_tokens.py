"""Tokens on the command line, against a live `entrada up`: every way to one, and every way to fail."""

import json
import os
import pty
import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from attrs import evolve

from entrada.core.jose import base64url
from tests.drivers.form_browser import FormBrowser
from tests.drivers.live_server import CLI, COLORS, COLORS_API, LiveServer
from tests.drivers.person import program
from tests.drivers.terminal import ENTRADA, Terminal, beside

DAEMON = "c0105000-0000-4000-8000-0000000dae01"
API = f"api://{COLORS_API}"


_CODE = re.compile(r"open (\S+) in a browser.* code (\w+)\.")


def claims(token: str) -> dict[str, object]:
    return json.loads(base64url.decode(token.strip().split(".")[1]))


@pytest.fixture
def terminal(live: LiveServer, tmp_path: Path) -> Terminal:
    """Somebody sits there."""
    return beside(live, tmp_path)


@pytest.fixture
def headless(live: LiveServer, tmp_path: Path) -> Terminal:
    return beside(live, tmp_path, browser=False)


@pytest.fixture
def daemon(live: LiveServer, tmp_path: Path) -> Terminal:
    """An application with a secret, named by the environment alone."""
    return Terminal(
        tmp_path,
        {
            "AZURE_CLIENT_ID": DAEMON,
            "AZURE_TENANT_ID": COLORS,
            "AZURE_AUTHORITY_HOST": live.origin,
            "AZURE_CLIENT_SECRET": "daemon-dev-secret",
            "ENTRADA_CA_FILE": str(live.ca),
            "ENTRADA_SCOPES": f"{API}/.default",
        },
    )


# ---- a person ----


def test_a_running_platform_is_found_and_its_token_stands_alone(terminal: Terminal):
    done = terminal.run("get-token")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    said = claims(done.stdout)
    assert (said["name"], said["appid"]) == ("Ada Amber", CLI)
    assert set(str(said["scp"]).split()) == {"User.Read", "openid", "profile"}
    again = terminal.run("get-token", BROWSER="/bin/false")
    assert (again.stdout, again.stderr) == (done.stdout, "")


def test_what_is_known_of_a_token(terminal: Terminal):
    terminal.said("get-token")
    told = json.loads(terminal.said("get-token", "--json"))
    assert told["account"] == "ada@colors.example"
    assert told["from_cache"] is True
    assert told["expires_on"] - time.time() == pytest.approx(told["expires_in"], abs=5)
    assert terminal.said("get-token", "-o", "header").startswith("Authorization: Bearer eyJ")
    assert json.loads(terminal.said("get-token", "-o", "exec"))["status"]["token"] == told["access_token"]


def test_from_the_cache_nothing_is_loaded_that_talks_to_a_network(terminal: Terminal):
    terminal.said("get-token")
    script = (
        "import sys; from entrada.cli.main import main\n"
        "try: main(['get-token'])\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'httpx2', 'asyncio', 'ssl', 'joserfc', 'rich', 'requests', 'sqlalchemy', 'starlette'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=terminal.variables()
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_a_file_for_its_owner_alone(terminal: Terminal, tmp_path: Path):
    path = tmp_path / "token"
    done = terminal.run("get-token", "--file", str(path))
    assert (done.returncode, done.stdout) == (0, "")
    assert "Token written to" in done.stderr
    assert claims(path.read_text())["name"] == "Ada Amber"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_clipboard_in_a_headless_place_is_said_and_the_token_printed(terminal: Terminal):
    done = terminal.run("get-token", "--copy")
    assert done.returncode == 0
    assert "no clipboard; the token was not copied" in done.stderr
    assert claims(done.stdout)


def test_without_the_cache_nothing_is_kept(terminal: Terminal):
    assert claims(terminal.said("get-token", "--no-cache"))
    assert terminal.run("whoami").returncode == 4


def test_parallel_runs_share_one_sign_in(terminal: Terminal, tmp_path: Path):
    opened = tmp_path / "opened"
    counting = program(tmp_path, before=f"echo once >> {opened}; sleep 1")
    running = [terminal.start("get-token", BROWSER=counting) for _ in range(3)]
    ended = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], ended
    assert len({token for token, _ in ended}) == 1
    assert opened.read_text() == "once\n"


def test_a_device_code_where_there_is_no_browser(headless: Terminal, live: LiveServer):
    with headless.start("get-token", "--silent", "--flow", "device-code") as process:
        assert process.stderr is not None
        found = next(filter(None, (_CODE.search(line) for line in process.stderr)))
        with httpx2.Client(verify=ssl.create_default_context(cafile=live.ca)) as client:
            browser = FormBrowser(client, live.origin)
            page = browser.submit(browser.open(found[1]), "user_code", user_code=found[2])
            page = browser.submit(browser.sign_in(page, "ben@colors.example"), "decision", decision="approve")
            assert page.status == 200
        token, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert claims(token)["name"] == "Ben Blue"


def test_several_accounts_are_told_apart(terminal: Terminal):
    ada = terminal.said("get-token")
    ben = terminal.said("get-token", "--account", "ben@colors.example", PERSON="ben@colors.example")
    assert claims(ben)["name"] == "Ben Blue"
    assert terminal.said("get-token", "--login-hint", "ada@colors.example") == ada
    done = terminal.run("get-token")
    assert done.returncode == 2
    assert "ada@colors.example" in done.stderr
    assert "ben@colors.example" in done.stderr
    assert "--account" in done.stderr


def test_who_was_not_asked_for_does_not_stand_in(terminal: Terminal):
    done = terminal.run(
        "get-token", "--account", "cai@colors.example", PERSON="ben@colors.example", PERSON_SAYS="somebody else"
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "ben@colors.example signed in, and cai@colors.example was asked for" in done.stderr


def test_other_scopes_are_had_without_signing_in_again(terminal: Terminal):
    terminal.said("get-token", "-s", "User.Read")
    token = terminal.said("get-token", "-s", f"{API}/Colors.Read", BROWSER=program(terminal.home))
    assert claims(token)["aud"] == COLORS_API
    assert json.loads(terminal.said("whoami", "-o", "json"))["renewable"] is True


def test_refresh_renews_without_asking(terminal: Terminal):
    first = terminal.said("get-token")
    done = terminal.run("refresh", BROWSER="/bin/false")
    assert done.returncode == 0
    assert done.stdout != first
    assert "Renewed for ada@colors.example, without asking them." in done.stderr
    assert terminal.said("get-token") == done.stdout


def test_whoami_and_logout(terminal: Terminal):
    terminal.said("get-token")
    known = json.loads(terminal.said("whoami", "--json"))
    assert (known["account"], known["tenant_id"]) == ("ada@colors.example", COLORS)
    assert known["kept_in"].startswith(str(terminal.home))
    assert known["key_kept_by"] == "key-file"
    assert "Ada Amber" in terminal.said("whoami")
    assert "Signed out: ada@colors.example" in terminal.run("logout").stderr
    assert terminal.run("whoami").returncode == 4
    assert terminal.run("refresh").returncode == 4
    again = terminal.run("logout")
    assert (again.returncode, "Nobody is signed in" in again.stderr) == (0, True)


def test_who_somebody_is_has_the_name_that_their_authority_gives_it(terminal: Terminal, live: LiveServer):
    for named, label in (("--authority", "Object id"), ("--issuer", "Subject")):
        where = live.authority if named == "--authority" else f"{live.authority}/v2.0"
        terminal.said("config", "create", label, named, where, "--client-id", CLI, "-s", "openid", "--ca", str(live.ca))
        token = terminal.said("get-token", "-p", label)
        assert token
        assert re.search(rf"^{label} +\S+$", terminal.said("whoami", "-p", label), re.MULTILINE)


def test_logout_in_the_browser_too(terminal: Terminal, tmp_path: Path):
    seen = tmp_path / "seen"
    opener = tmp_path / "opener"
    follow = "import sys; from tests.drivers.person import led; print(led(sys.argv[1]))"
    opener.write_text(
        f"#!/bin/sh\nPYTHONPATH={Path(__file__).parents[2]} {sys.executable} -c '{follow}' \"$1\" > {seen}\n"
    )
    opener.chmod(0o755)
    terminal.said("get-token")
    assert terminal.run("logout", "--browser", BROWSER=str(opener)).returncode == 0
    assert "/oauth2/v2.0/logout?client_id=" in seen.read_text()
    assert "logout_hint=ada" in seen.read_text()


def test_no_argument_of_a_browser_tells_of_the_sign_in(terminal: Terminal, tmp_path: Path):
    seen = tmp_path / "seen"
    terminal.said("get-token", BROWSER=program(terminal.home, before=f'echo "$1" > {seen}'))
    assert re.fullmatch(r"http://localhost:\d+/start/[0-9a-f]{64}\n", seen.read_text())


def test_the_trace_shows_the_flow_and_no_secret(terminal: Terminal):
    done = terminal.run("get-token", "--trace")
    assert done.returncode == 0
    for step in ("-> GET https://", "-> browser: https://", "-> POST https://", "<- 200 OK", "authorization_code"):
        assert step in done.stderr
    assert done.stdout.strip() not in done.stderr
    assert "eyJ" not in done.stderr


# ---- an application ----


def test_client_credentials_of_the_environment(daemon: Terminal):
    token = daemon.said("get-token")
    assert claims(token)["roles"] == ["Colors.ReadAll"]
    assert daemon.said("get-token") == token
    assert daemon.said("get-token", "--from-env", "--force") != token


def test_without_a_secret_it_is_said_how_to_give_one(terminal: Terminal, live: LiveServer):
    asked = ("get-token", "--flow", "client-credentials")
    failed(terminal.run(*asked), 2, "Name a profile that has one with -p")
    terminal.said("config", "create", "my own", "--authority", live.authority, "--client-id", CLI, "-s", "User.Read")
    failed(terminal.run(*asked, "-p", "my own"), 2, "entrada config edit 'my own'")
    named = {"AZURE_CLIENT_ID": CLI, "AZURE_TENANT_ID": COLORS}
    failed(terminal.run(*asked, "--from-env", **named), 2, "Set AZURE_CLIENT_SECRET")


def test_the_token_that_is_looked_at_is_the_profiles_own(terminal: Terminal, live: LiveServer):
    profile = ("--authority", live.authority, "--client-id", CLI, "--scope", "User.Read")
    terminal.said("config", "create", "mine", *profile)
    terminal.said("get-token", "-p", "mine")
    others = claims(terminal.said("get-token", "-p", "mine", "-s", f"{API}/Colors.Read"))
    looked = ("inspect", "-p", "mine", "--claims", "-o", "json")
    assert "User.Read" in json.loads(terminal.said(*looked))["scp"]
    assert json.loads(terminal.said(*looked, "-s", f"{API}/Colors.Read")) == others
    failed(terminal.run(*looked, "-s", "Mail.Read"), 4, "Get one with: entrada get-token -p mine -s Mail.Read")


@pytest.mark.parametrize("way", ["env", "stdin"])
def test_a_secret_from_elsewhere(daemon: Terminal, way: str):
    bare = evolve(daemon, environment={k: v for k, v in daemon.environment.items() if k != "AZURE_CLIENT_SECRET"})
    flow = ("get-token", "--flow", "ClientCredentials")
    assert bare.run(*flow).returncode == 2
    if way == "env":
        done = bare.run(*flow, "--client-secret-env", "MINE", MINE="daemon-dev-secret")
    else:
        done = bare.run(*flow, "--client-secret-stdin", given="daemon-dev-secret\n")
    assert done.returncode == 0, done.stderr
    assert claims(done.stdout)["roles"] == ["Colors.ReadAll"]


def test_refresh_of_an_application_says_so(daemon: Terminal):
    done = daemon.run("refresh")
    assert done.returncode == 0
    assert f"Fetched anew for the application {DAEMON}." in done.stderr


# ---- how it fails: one line, the right code, nothing on standard output ----


def failed(done: subprocess.CompletedProcess[str], code: int, said: str) -> None:
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert said in done.stderr
    complaints = [line for line in done.stderr.splitlines() if line.startswith("entrada:")]
    assert len(complaints) == 1
    assert "Traceback" not in done.stderr


def test_a_wrong_secret(daemon: Terminal):
    done = daemon.run("get-token", AZURE_CLIENT_SECRET="wrong")
    failed(done, 3, "AADSTS7000215")
    assert re.search(r"trace id [0-9a-f-]{36}|Trace ID: [0-9a-f-]{36}", done.stderr)


def test_nothing_to_go_by(tmp_path: Path):
    failed(Terminal(tmp_path).run("get-token"), 4, "entrada config create")


def test_a_profile_that_is_not_there(tmp_path: Path):
    failed(Terminal(tmp_path).run("get-token", "-p", "work"), 4, "Profile 'work' not found.")


def profiles(home: Path, text: str, mode: int = 0o600) -> None:
    path = home / ".config" / "entrada" / "profiles.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    path.chmod(mode)


@pytest.mark.parametrize(("text", "mode"), [("{", 0o600), ('{"version": 1, "profiles": []}', 0o666)])
def test_a_bad_profile_file(tmp_path: Path, text: str, mode: int):
    profiles(tmp_path, text, mode)
    failed(Terminal(tmp_path).run("get-token", "-p", "work"), 9, "profiles.json")
    assert (tmp_path / ".config/entrada/profiles.json").read_text() == text


def test_several_profiles_and_nobody_to_choose(tmp_path: Path):
    listed = [{"name": name, "tenant": COLORS, "clientId": CLI} for name in ("work", "home")]
    profiles(tmp_path, json.dumps({"version": 1, "profiles": listed}))
    done = Terminal(tmp_path).run("get-token")
    failed(done, 4, "work, home")


def test_the_network_is_gone(daemon: Terminal):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        closed = f"https://localhost:{one.getsockname()[1]}"
    failed(daemon.run("get-token", AZURE_AUTHORITY_HOST=closed), 5, "refused. See whether it runs")


def test_nobody_trusts_the_certificate(daemon: Terminal, live: LiveServer):
    bare = evolve(daemon, environment={k: v for k, v in daemon.environment.items() if k != "ENTRADA_CA_FILE"})
    failed(bare.run("get-token"), 5, "Trust the authority's roots")
    failed(bare.run("get-token", "--ca", str(live.folder / "none.pem")), 2, "cannot be read")


def test_nobody_may_be_asked(terminal: Terminal):
    failed(terminal.run("get-token", "--non-interactive"), 7, "Nobody is signed in")


def test_at_a_terminal_it_waits_and_says_how_long_wherever_the_token_goes(headless: Terminal):
    screen, theirs = pty.openpty()
    with subprocess.Popen(
        [ENTRADA, "get-token"], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=headless.variables(),
    ) as process:  # fmt: skip
        os.close(theirs)
        assert process.stderr is not None
        said = next(line for line in process.stderr if _CODE.search(line))
        process.kill()
    os.close(screen)
    assert re.search(r" Waiting for 1[45] min\.$", said)


def test_a_job_of_the_night_waits_for_no_code(headless: Terminal):
    began = time.monotonic()
    failed(headless.run("get-token"), 7, "no terminal here shows them a code")
    assert time.monotonic() - began < 30


def test_where_only_a_person_can_go_on_the_command_for_them_can_be_copied(headless: Terminal, live: LiveServer):
    profile = ("--authority", live.authority, "--client-id", CLI, "--scope", "User.Read")
    headless.said("config", "create", "no cert", *profile)
    asked = ("get-token", "-p", "no cert", "-s", "Mail.Read", "--account", "ada@colors.example", "--non-interactive")
    done = headless.run(*asked)
    failed(done, 7, "run: entrada get-token -p 'no cert' --account ada@colors.example -s Mail.Read")
    done = headless.run("get-token", "-p", "no cert")
    failed(done, 7, "run: entrada get-token -p 'no cert' (where somebody")


def test_where_consent_is_missing_too(terminal: Terminal, live: LiveServer):
    profile = ("--authority", live.authority, "--client-id", CLI, "--scope", "User.Read")
    terminal.said("config", "create", "mine", *profile)
    terminal.said("get-token", "-p", "mine")
    done = terminal.run("get-token", "-p", "mine", "-s", "Mail.Read", "--non-interactive")
    failed(done, 7, "run: entrada get-token -p mine -s Mail.Read")


def test_a_way_of_signing_in_that_is_named_signs_in_anew_by_force(terminal: Terminal):
    terminal.said("get-token")
    anew = ("get-token", "--force", "-f", "interactive")
    assert claims(terminal.said(*anew, PERSON="ben@colors.example"))["name"] == "Ben Blue"
    assert terminal.run("get-token").returncode == 2  # both are kept


def test_an_authorization_code_that_is_asked_for_lets_the_person_choose_the_account(terminal: Terminal):
    done = terminal.run("get-token", "--trace", "-f", "authorization-code")
    assert re.search(r"prompt +select_account", done.stderr)


def test_kubectl_does_not_lend_its_terminal(terminal: Terminal):
    info = json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "spec": {"interactive": False}})
    failed(terminal.run("get-token", "-o", "exec", KUBERNETES_EXEC_INFO=info), 7, "Nobody is signed in")


def test_a_browser_was_asked_for_and_there_is_none(headless: Terminal):
    failed(headless.run("get-token", "--flow", "InteractiveBrowser"), 7, "no browser")


def test_nobody_finishes_in_time(headless: Terminal):
    failed(headless.run("get-token", "--timeout", "2s"), 6, "within 2 s")


def test_the_port_is_taken(terminal: Terminal):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        failed(terminal.run("get-token", "--port", str(one.getsockname()[1])), 2, "something else listens there")


def test_the_person_says_no(terminal: Terminal):
    failed(terminal.run("get-token", PERSON_SAYS="no"), 3, "access_denied")


@pytest.mark.parametrize("waits_for", ["the browser", "the code", "another sign-in"])
def test_ctrl_c_in_each_wait(headless: Terminal, tmp_path: Path, waits_for: str):
    never = tmp_path / "never"
    never.write_text("#!/bin/sh\nexit 0\n")
    never.chmod(0o755)
    environment = {} if waits_for == "the code" else {"BROWSER": str(never)}
    words = {"the browser": "Go on in the browser", "the code": "To sign in", "another sign-in": "waiting for it"}
    first = headless.start("get-token", **environment) if waits_for == "another sign-in" else None
    if first is not None:
        assert first.stderr is not None
        assert any("Go on in the browser" in line for line in first.stderr)
    by_code = ("--flow", "device-code") if waits_for == "the code" else ()
    with headless.start("get-token", *by_code, **environment) as process:
        assert process.stderr is not None
        assert any(words[waits_for] in line for line in process.stderr)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=30)
    if first is not None:
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in said


# ---- terminals ----


def on_a_terminal(terminal: Terminal, *arguments: str, **more: str) -> tuple[int, str, str]:
    """Standard error is one; what stands there, with its colours, and standard output."""
    reader, writer = pty.openpty()
    done = subprocess.Popen(
        [ENTRADA, *arguments], stdin=writer, stdout=subprocess.PIPE, stderr=writer, env=terminal.variables(more)
    )
    os.close(writer)
    out, _ = done.communicate(timeout=60)
    said = b""
    while True:
        try:
            chunk = os.read(reader, 4096)
        except OSError:
            break
        if not chunk:
            break
        said += chunk
    os.close(reader)
    return done.returncode, out.decode(), said.decode()


def test_a_terminal_is_told_whose_token_it_is(terminal: Terminal):
    token = terminal.said("get-token")
    code, out, said = on_a_terminal(terminal, "get-token", TERM="xterm")
    assert (code, out) == (0, token)
    assert "\x1b[2mada@colors.example, from the cache, expires in" in said
    _, _, plain = on_a_terminal(terminal, "get-token", TERM="xterm", NO_COLOR="1")
    assert "ada@colors.example, from the cache" in plain
    assert "\x1b" not in plain
    assert on_a_terminal(terminal, "get-token", "--silent")[2] == ""


def test_in_the_c_locale(terminal: Terminal):
    done = terminal.run("get-token", "--trace", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0, done.stderr
    assert done.stderr.isascii()
