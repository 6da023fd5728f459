"""The pages on azure-identity, managed identity and on-behalf-of: their code, run as printed against a live server."""

import asyncio
import base64
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.docs.examples import at, blocks, names_of
from tests.drivers.live_server import COLORS_API, LiveServer, live_server
from tests.interop.conftest import ben, bens_browser, people, trusting  # noqa: F401 - fixtures
from tests.interop.node_program import FOLDER, find_node
from tests.interop.person import Person
from tests.plugins.postgres import free_port

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

AZURE_IDENTITY, MANAGED_IDENTITY, ON_BEHALF_OF = (
    f"how-to/{page}.md" for page in ("azure-identity", "managed-identity", "on-behalf-of")
)
DAEMON, MULTI = "c0105000-0000-4000-8000-0000000dae01", "c0105000-0000-4000-8000-00000000aa17"
CLI, MIDDLE = "c0105000-0000-4000-8000-000000000c11", "c0105000-0000-4000-8000-00000000b0b0"
PALETTES, PALETTES_API = "11b4a470-0000-4000-8000-0000000000b6", "11b4a470-0000-4000-8000-0000000000b5"
PALETTES_SECRET = "palettes-api-secret-of-enough-characters"
BEN = "c0105000-0000-4000-8000-0000000000b1"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Started as the page on managed identity says, but for its port; with what the page on on-behalf-of registers."""
    folder = tmp_path_factory.mktemp("credentials")
    [document] = blocks(ON_BEHALF_OF, "yaml")
    (folder / "palettes.yaml").write_text(document)
    [named] = re.findall(r"--managed-identity (\S+)", "".join(blocks(MANAGED_IDENTITY, "sh")))
    identity = ("--managed-identity", named, "--managed-identity-port", str(free_port()))
    with live_server(folder / "data", "--no-samples", *identity) as server:
        server.entrada("apply", "-f", str(folder / "palettes.yaml"), "--yes")
        yield server


@pytest.fixture(params=["App Service", "or machine"])
def on_machine(request: pytest.FixtureRequest, live: LiveServer, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The variables of one of the two lines that the screen shows."""
    [line] = re.findall(rf"{request.param} +export (.+)", live.log.read_text())
    variables = dict(word.split("=", 1) for word in line.split())
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def node(live: LiveServer, page: str, printed: str, **variables: str) -> Any:
    """What the page's module, which has to find the packages, makes of *printed*."""
    [code] = blocks(page, "js")
    program = f"{at(live, code)}\nconsole.log(JSON.stringify({printed}));\n"
    environment = {"PATH": os.environ["PATH"], "NODE_EXTRA_CA_CERTS": str(live.ca), **variables}
    done = subprocess.run(
        [find_node(), "--input-type=module", "-e", program],
        cwd=FOLDER, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# ---- managed identity ----


def test_a_managed_identity_in_python(live: LiveServer, on_machine: dict[str, str]):
    names = names_of(live, MANAGED_IDENTITY)
    found = [claims_of(names[name]())["azp"] for name in ("token", "token_by_msal")]
    assert found == [DAEMON, DAEMON]
    assert claims_of(names["token_of_another"](MULTI))["azp"] == MULTI


def test_a_managed_identity_in_node(live: LiveServer, on_machine: dict[str, str]):
    assert claims_of(node(live, MANAGED_IDENTITY, "await token()", **on_machine))["azp"] == DAEMON


# ---- on behalf of ----


@pytest.mark.usefixtures("bens_browser")
def test_on_behalf_of_after_consent_to_the_scope_alone(live: LiveServer):
    """With the applications that the file registers."""
    names = names_of(live, ON_BEHALF_OF, {CLI: PALETTES, MIDDLE: PALETTES_API, "middle-dev-secret": PALETTES_SECRET})
    with closing(names["client"].http_client), closing(names["api"].http_client):
        names["client"].acquire_token_interactive([f"api://{PALETTES_API}/access_as_user"])
        with pytest.raises(PermissionError, match="AADSTS65001"):
            names["colors_token"](names["users_token"]())
        claims = claims_of(names["colors_token"](names["users_token_after_all"]()))
    assert (claims["azp"], claims["oid"], claims["aud"]) == (PALETTES_API, BEN, COLORS_API)


@pytest.mark.usefixtures("bens_browser")
def test_on_behalf_of(live: LiveServer):
    names = names_of(live, ON_BEHALF_OF)
    with closing(names["client"].http_client), closing(names["api"].http_client):
        received = names["users_token"]()
        with names["credential_for"](received) as credential:
            tokens = [names["colors_token"](received), credential.get_token(names["COLORS_READ"]).token]
    tokens.append(node(live, ON_BEHALF_OF, f"await colorsToken({json.dumps(received)})"))
    for token in tokens:
        claims = claims_of(token)
        assert (claims["azp"], claims["oid"], claims["aud"]) == (MIDDLE, BEN, COLORS_API)


# ---- azure-identity ----


@pytest.mark.usefixtures("bens_browser")
def test_azure_identity(live: LiveServer, ben: Person):  # noqa: F811
    names = names_of(live, AZURE_IDENTITY)
    program = names["token"](names["of_a_program"](), "https://graph.microsoft.com/.default")
    assert claims_of(program)["appid"] == DAEMON
    assert claims_of(names["token"](names["of_whoever_sits_here"]()))["oid"] == BEN
    device = names["of_whoever_types_a_code"](lambda address, code, _until: ben.let_in(address, code))
    assert claims_of(names["token"](device))["oid"] == BEN
    asynchronous = names["token_without_waiting"](str(live.bundle))
    assert claims_of(asyncio.run(asynchronous))["appid"] == DAEMON


def test_azure_identity_in_node(live: LiveServer):
    assert claims_of(node(live, AZURE_IDENTITY, "await token()"))["appid"] == DAEMON


def test_the_registration_that_is_shown_was_taken(live: LiveServer):
    assert "displayName: Palettes API" in live.entrada("export")
