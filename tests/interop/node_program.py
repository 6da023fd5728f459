"""Run one of the programs in node/ and be its browser: it asks in JSON lines, the person answers, it reports."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.live_server import LiveServer
from tests.interop.person import Person

FOLDER = Path(__file__).parent / "node"
PATIENCE = 60


def find_node() -> str:
    """Of this environment, or skipped with a word on what to run."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if node is None or not (FOLDER / "node_modules").is_dir():
        missing = "the Node clients are not installed (make test installs them)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return node


def run(
    program: str, live: LiveServer, person: Person, variables: Mapping[str, str] | None = None, /, **settings: str
) -> dict[str, Any]:
    """*variables* are more of its environment."""
    command = [find_node(), str(FOLDER / program), json.dumps(settings)]
    environment = {"PATH": os.environ["PATH"], "NODE_EXTRA_CA_CERTS": str(live.ca), **(variables or {})}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            return _converse(process, person)
        finally:
            process.kill()


def _converse(process: subprocess.Popen[str], person: Person) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        match json.loads(line):
            case {"browse": url}:
                answer: str | None = person.answer(url)
            case {"browseAndPost": url}:
                person.post_answer(url)
                answer = None
            case {"letIn": [url, code]}:
                person.let_in(url, code)
                answer = None
            case {"result": result}:
                assert process.wait(PATIENCE) == 0, process.stderr.read()
                return result
            case question:
                pytest.fail(f"not understood: {question}")
        process.stdin.write(f"{json.dumps(answer)}\n")
        process.stdin.flush()
    pytest.fail(f"it ended without a word: {process.stderr.read()}")
