"""A token that is at hand waits for nothing that it does not need.  `make bench` says how long that is."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.client import furnished

NEEDLESS = [
    "asyncio",
    "ssl",
    "socket",
    "http.client",
    "email",
    "logging",
    "httpx2",
    "joserfc",
    "secretstorage",
    "entrada.server",
]
PROGRAM = """
import sys
from entrada.cli import main
try:
    main(["get-token"])
except SystemExit as ended:
    print(ended.code, *sys.modules)
"""


def test_it_loads_neither_a_network_nor_a_server(tmp_path: Path):
    environment = furnished(tmp_path)
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, check=True, capture_output=True, text=True
    ).stdout
    token, loaded = said.splitlines()
    assert token == "x" * 1800
    code, *modules = loaded.split()
    assert code == "0"
    assert [name for name in modules if name in NEEDLESS] == []


def test_reading_changes_no_file(tmp_path: Path):
    environment = furnished(tmp_path)
    entrada = Path(sys.executable).parent / "entrada"
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    for path in before:
        os.utime(path, ns=(1, 1))
    subprocess.run([entrada, "get-token"], env=environment, check=True, capture_output=True)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == set(before)
    assert {path.stat().st_mtime_ns for path in before} == {1}
