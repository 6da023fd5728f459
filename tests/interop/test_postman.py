"""The Postman collection of every request of the flow, run by newman: the first time with consent, then without."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.drivers.live_server import LiveServer
from tests.interop.node_program import find_node

pytestmark = pytest.mark.interop
FOLDER = Path(__file__).parents[2] / "examples" / "postman"
CONSENT = "Consent"


def run(live: LiveServer, report: Path, username: str) -> list[str]:
    """The names of the requests that were made; fails with whatever one of them complained of."""
    variables = {"platform": live.origin, "colors": f"http://127.0.0.1:{live.colors_port}", "username": username}
    done = subprocess.run(
        [
            find_node(), "node_modules/newman/bin/newman.js", "run", "entrada.postman_collection.json",
            "--ssl-extra-ca-certs", str(live.ca), "--reporters", "json", "--reporter-json-export", str(report),
            *(word for name, value in variables.items() for word in ("--env-var", f"{name}={value}")),
        ],
        cwd=FOLDER, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    told = json.loads(report.read_text())["run"]
    assert [f"{one['source']['name']}: {one['error']['message']}" for one in told["failures"]] == []
    assert done.returncode == 0, done.stderr
    return [one["item"]["name"] for one in told["executions"]]


def test_every_request_of_the_flow(live: LiveServer, tmp_path: Path):
    collection = json.loads((FOLDER / "entrada.postman_collection.json").read_text())
    every = [request["name"] for folder in collection["item"] for request in folder["item"]]
    first = run(live, tmp_path / "first.json", "cai@colors.example")
    assert first in (every, [name for name in every if name != CONSENT])  # other tests may have consented
    again = run(live, tmp_path / "again.json", "cai@colors.example")
    assert again == [name for name in every if name != CONSENT]


def test_a_stranger_is_not_let_in(live: LiveServer, tmp_path: Path):
    with pytest.raises(AssertionError, match="Consent: expected undefined"):
        run(live, tmp_path / "nobody.json", "nobody@colors.example")
