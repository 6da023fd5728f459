"""The page on Microsoft's Graph SDKs: its file applied, its Python and its JavaScript run as printed."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.examples import at, blocks, names_of
from tests.drivers.live_server import COLORS_API, LiveServer, live_server
from tests.interop.conftest import trusting  # noqa: F401 - a fixture
from tests.interop.node_program import FOLDER, find_node

pytestmark = [
    pytest.mark.interop,
    pytest.mark.anyio,
    pytest.mark.usefixtures("trusting"),
]

PAGE = "how-to/graph-sdk.md"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("graph")
    with live_server(folder / "data", "--no-samples") as server:
        [roles] = blocks(PAGE, "yaml")
        (folder / "graph-roles.yaml").write_text(roles)
        server.entrada("apply", "--yes", "-f", str(folder / "graph-roles.yaml"))
        yield server


async def test_python(live: LiveServer, capsys: pytest.CaptureFixture[str]):
    names = names_of(live, PAGE)
    graph = names["connect"](live.origin)
    # The SDK closes what it wraps its connections in, and leaves them open.
    async with graph.request_adapter._http_client._transport.transport:
        await tried(names, graph)
    assert capsys.readouterr().out.startswith("Request_ResourceNotFound There is no user")


async def tried(names: dict[str, Any], graph: Any) -> None:
    app_id, secret = await names["register"](graph, "made by the page")
    assert secret
    made = await graph.applications_with_app_id(app_id).get()
    await names["note"](graph, made, "mine")
    with pytest.raises(names["ODataError"]) as caught:
        await names["note"](graph, made, "somebody else's")
    assert caught.value.response_status_code == 412
    assert await names["display_name"](graph, "ada@colors.example") == "Ada Amber"
    assert await names["display_name"](graph, COLORS_API) is None


def test_javascript(live: LiveServer, tmp_path: Path):
    [code] = blocks(PAGE, "js")
    (tmp_path / "example.mjs").write_text(f"{at(live, code)}\nconsole.log(JSON.stringify(await everybody()));\n")
    (tmp_path / "node_modules").symlink_to(FOLDER / "node_modules")
    done = subprocess.run(
        [find_node(), str(tmp_path / "example.mjs")],
        env={"NODE_EXTRA_CA_CERTS": str(live.ca)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)) == ["Ada Amber", "Ben Blue", "Cai Crimson", "Dee Denim", "Flo Fuchsia"]
