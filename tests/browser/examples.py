"""The examples that are web applications, started as their own README says, with the addresses of this test's platform.

All of them show the same: who is signed in, what Graph and the Colors API say, the token's fingerprint.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from tests.drivers.live_server import COLORS, LiveServer
from tests.plugins.postgres import free_port

FOLDER = Path(__file__).parents[2] / "examples"
BIN = Path(sys.executable).parent


@frozen(kw_only=True)
class Example:
    name: str  # of its folder
    heading: str
    command: tuple[str, ...]
    before: tuple[str, ...] = ()  # a command to run first
    sign_in_path: str = ""  # of those on a server


EXPRESS = Example(
    name="express", heading="Express example", command=(str(BIN / "node"), "app.mjs"), sign_in_path="/sign-in"
)
SPA = Example(name="spa", heading="Single-page example", command=(str(BIN / "node"), "server.mjs"))
FLASK = Example(name="flask", heading="Flask example", command=(sys.executable, "app.py"), sign_in_path="/auth/login")
DJANGO = Example(
    name="django",
    heading="Django example",
    before=(sys.executable, "manage.py", "migrate", "--verbosity", "0"),
    command=(sys.executable, "manage.py", "runserver", "--noreload"),  # with it, there would be a second process
    sign_in_path="/auth/login",
)
ON_A_SERVER = (EXPRESS, FLASK, DJANGO)
EXAMPLES = (*ON_A_SERVER, SPA)


def environment_at(live: LiveServer) -> dict[str, str]:
    """What an example is told, with the trust line in front."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ENTRADA_", "AZURE_"))},
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PLATFORM": live.origin,
        "TENANT": COLORS,
        "COLORS": f"http://127.0.0.1:{live.colors_port}",
        "NODE_EXTRA_CA_CERTS": str(live.ca),
        "SSL_CERT_FILE": str(live.ca),
    }


@contextmanager
def running(example: Example, live: LiveServer) -> Iterator[str]:
    """Its origin.  It ends with the block, however that ends."""
    port = free_port()
    database = live.folder / f"example-{example.name}.sqlite3"
    environment = {**environment_at(live), "PORT": str(port), "DATABASE": str(database)}
    here = FOLDER / example.name
    if example.before:
        subprocess.run(example.before, cwd=here, env=environment, check=True)
    process = subprocess.Popen(example.command, cwd=here, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("open http://"):
                yield line.split()[1]
                return
        raise AssertionError(f"{example.name} did not start")
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
