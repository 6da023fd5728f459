"""The page on programs that act for themselves: its commands and its code, run as printed against a live server."""

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError

from tests.docs.examples import at, blocks, names_of
from tests.drivers.assertions import jwt, rsa_key
from tests.drivers.live_server import COLORS_API, LiveServer, live_server
from tests.interop.conftest import trusting  # noqa: F401 - a fixture
from tests.interop.node_program import FOLDER, find_node

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

PAGE = "how-to/daemon.md"
DAEMON, NIGHT_SHIFT = "c0105000-0000-4000-8000-0000000dae01", "11b4a470-0000-4000-8000-000000000005"
SCOPE = f"api://{COLORS_API}/.default"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("daemon") / "data", "--no-samples") as server:
        yield server


@pytest.fixture(scope="module")
def folder(live: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the page's commands have been."""
    here = tmp_path_factory.mktemp("night")
    [register] = [block for block in blocks(PAGE, "sh") if "openssl" in block]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(here), "ENTRADA_DATA_DIR": str(live.folder)}
    done = subprocess.run(
        ["sh", "-eu", "-c", register], env=environment, cwd=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return here


def assert_token(token: str, client_id: str, proof: str) -> None:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert (claims["azp"], claims["azpacr"], claims["roles"]) == (client_id, proof, ["Colors.ReadAll"])


def test_python(live: LiveServer, folder: Path):
    names = names_of(live, PAGE)
    by_certificate = names["app_by_certificate"](folder)
    with closing(names["app"].http_client), closing(by_certificate.http_client):
        assert_token(names["token"](), DAEMON, "1")
        assert_token(by_certificate.acquire_token_for_client([SCOPE])["access_token"], NIGHT_SHIFT, "2")
    with names["credential_by_secret"]() as credential:
        assert_token(credential.get_token(SCOPE).token, DAEMON, "1")
    with names["credential_by_certificate"](folder) as credential:
        assert_token(credential.get_token(SCOPE).token, NIGHT_SHIFT, "2")


def test_another_issuers_token(live: LiveServer, folder: Path):
    # The issuer that the page names is not asked here; another one is refused without being asked.
    claims = {"iss": "https://other.example", "sub": "x", "aud": "x", "exp": int(time.time()) + 60}
    names = names_of(live, PAGE)
    names["app"].http_client.close()
    with (
        names["credential_by_assertion"](lambda: jwt(rsa_key("issuer"), {"alg": "RS256"}, claims)) as credential,
        pytest.raises(ClientAuthenticationError, match="AADSTS700211"),
    ):
        credential.get_token(SCOPE)


def test_node(live: LiveServer, tmp_path: Path):
    [code] = blocks(PAGE, "js")
    (tmp_path / "example.mjs").write_text(f"{at(live, code)}\nconsole.log(await token());\nprocess.exit(0);\n")
    node = find_node()
    (tmp_path / "node_modules").symlink_to(FOLDER / "node_modules")
    done = subprocess.run(
        [node, str(tmp_path / "example.mjs")],
        env={"NODE_EXTRA_CA_CERTS": str(live.ca)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert_token(done.stdout.strip(), DAEMON, "1")
