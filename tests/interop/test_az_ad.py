"""`az ad` and `az rest` against the directory, as the how-to prints it; what az cannot do, and says so.  `make az` runs this."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.examples import at, blocks
from tests.drivers.live_server import COLORS, LiveServer, live_server
from tests.interop.az_command_line import AZ, CommandLine, command_line
from tests.interop.person import Person

pytestmark = pytest.mark.az

PAGE = "how-to/az.md"
LONG = 400
CARRIED = (
    "appId",
    "displayName",
    "notes",
    "web",
    "identifierUris",
    "appRoles",
    "requiredResourceAccess",
    "signInAudience",
)
SAID = (
    "ada@colors.example",
    "books",
    "Ledger",
    "CN=CLI-Login",
    "repo:ledger:release",
    "Ben Blue",
    "Scope",
    "User.Read",
    "Microsoft Graph",
    "Uma Umber",
    "true",
    "Readers",
    "readers",
    "pipeline",
    "Colors",
)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("az-ad") / "data", "--no-samples") as server:
        yield server


@pytest.fixture(scope="module")
def az(live: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """Ada has signed in, as the page says."""
    folder = tmp_path_factory.mktemp("az-ad-home")
    with command_line(live, folder) as (made, manager):
        [manifest] = blocks(PAGE, "json")
        (folder / "az-cli.json").write_text(manifest)
        register, let_in, *_ = blocks(PAGE, "sh")
        shell(made, register.replace("https://localhost:9443/", manager), let_in)
        [login] = blocks(PAGE, "text")
        ada = Person(live, "ada@colors.example")
        with ada.browser.client:
            sign_in(made, ada, login)
        yield made


def shell(az: CommandLine, *typed: str) -> str:
    """The blocks in one shell, as a reader types them."""
    scripts = f"{Path(sys.executable).parent}{os.pathsep}{AZ.parent}"
    environment = {
        **az.environment,
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "ENTRADA_DATA_DIR": str(az.live.folder),
    }
    done = subprocess.run(
        ["sh", "-eu", "-c", "\n".join(at(az.live, block) for block in typed)],
        env=environment,
        cwd=az.environment["HOME"],
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def manifest_of(live: LiveServer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(live.entrada("app", "manifest", "Ledger", "--tenant", COLORS))
    return found


def sign_in(az: CommandLine, person: Person, login: str) -> None:
    words = [str(AZ), *login.split()[1:]]
    with subprocess.Popen(
        words, env=az.environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as run:
        assert run.stderr is not None
        shown = re.search(r"open (\S+) .* enter the code (\w+)", run.stderr.readline())
        assert shown is not None
        person.let_in(shown[1], shown[2])
        said = run.stderr.read()
    assert run.returncode == 0, said


def test_the_page_as_printed(az: CommandLine, tmp_path: Path) -> None:
    *typed, carry = blocks(PAGE, "sh")[2:]
    with live_server(tmp_path / "other", "--no-samples") as other:
        said = shell(az, *typed, carry.replace("--data-dir other", f"--data-dir {other.folder}"))
        assert [one for one in SAID if one not in said.splitlines()] == []
        assert re.search(r"^\+ Ledger", said, re.MULTILINE)
        there, here = manifest_of(other), manifest_of(az.live)
        assert {name: there[name] for name in CARRIED} == {name: here[name] for name in CARRIED}
    assert az("account", "show")["tenantId"] == COLORS


# fmt: off
REFUSED = [
    pytest.param(["ad", "app", "show", "--id", "c0105000-0000-4000-8000-0000000000ff"], 3, "There is no application", id="nothing"),
    pytest.param(["ad", "app", "create", "--display-name", "x", "--sign-in-audience", "AzureADMyOrg", "--web-redirect-uris", "http://x.example/"], 1, "needs https", id="a redirect URI that is none"),
    pytest.param(["ad", "app", "permission", "admin-consent", "--id", "c0105000-0000-4000-8000-00000000ba51"], 1, "not yet supported on sovereign clouds", id="admin consent"),
    pytest.param(["ad", "sp", "credential", "reset", "--id", "c0105000-0000-4000-8000-00000000ba51"], 1, "Nothing is answered at this address", id="secrets of a principal"),
]
# fmt: on


@pytest.mark.parametrize(("words", "status", "message"), REFUSED)
def test_what_is_refused(az: CommandLine, words: list[str], status: int, message: str) -> None:
    refused = az.run(*words)
    assert (refused.returncode, message in refused.stderr) == (status, True), refused.stderr
