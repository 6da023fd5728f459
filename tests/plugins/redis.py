"""A Redis server for the tests: started once, on a free loopback port, in a temporary folder, keeping nothing.

Where none is installed the tests that need one are skipped, and the run says so; in CI they fail.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NotConnected

from tests.plugins.postgres import free_port

MISSING = "no Redis server is installed (on Debian: apt-get install redis-server)"
PATIENCE = 30.0


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    folder, port = Path(tempfile.mkdtemp(prefix="entrada-redis-")), free_port()
    setpriv = shutil.which("setpriv")  # it ends with us, even if we are killed
    command = [*([setpriv, "--pdeathsig", "TERM"] if setpriv else []), program, "--port", str(port)]
    command += ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder), "--logfile", "log"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"redis://127.0.0.1:{port}/0"
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE)
        shutil.rmtree(folder)


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """An empty one."""
    with Redis.from_url(redis_server) as client:
        client.flushdb()
    return redis_server


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    with Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
            except NotConnected:
                assert process.poll() is None, "redis-server ended"
                assert time.monotonic() < until, "redis-server does not answer"
                time.sleep(0.05)
            else:
                return


def pytest_terminal_summary(terminalreporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if missed := sum(MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_sep("!", f"{missed} tests did not run: {MISSING}", red=True, bold=True)
