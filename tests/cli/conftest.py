"""`entrada` in this process, with an environment of its own; a development folder; a production one."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen
from click.testing import CliRunner, Result

from entrada.cli import main
from entrada.cli.development import prepare
from entrada.server import local_ca
from entrada.server.app import clock
from entrada.server.settings import Settings
from entrada.server.store.sql.migrate import migrate
from tests.plugins.postgres import free_port

KEY = "q83vEjRWeJC7mKSp3_Lm9gEjRWeJq83vEjRWeJC7mKQ"

TRUST = {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO"}

Entrada = Callable[..., Result]


@pytest.fixture
def entrada(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Entrada:
    """`entrada("keys", "list", ENTRADA_DATA_DIR=…)`: what it printed, and its exit code."""
    for name in [name for name in os.environ if name.startswith("ENTRADA_") or name in TRUST]:
        monkeypatch.delenv(name)

    def run(*args: object, stdin: str | None = None, **environment: str) -> Result:
        env: dict[str, str | None] = {
            f"XDG_{kind}_HOME": str(tmp_path / "home") for kind in ("DATA", "CONFIG", "STATE")
        }
        # Whoever runs the tests may have a keyring, which is none of their business.
        env |= {"ENTRADA_VAULT": "key-file", "NO_COLOR": None, **environment}
        return CliRunner().invoke(main, [*map(str, args)], input=stdin, env=env, catch_exceptions=False)

    return run


@pytest.fixture(scope="session")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: it takes a second."""
    folder: Path = tmp_path_factory.mktemp("development")

    async def make() -> None:
        made = await prepare(Settings(data_dir=str(folder)), folder, exposed=False)
        await made.here.store.close()

    folder.chmod(0o700)
    asyncio.run(make())
    local_ca.ensure(folder / "tls", (), clock())
    return folder


@pytest.fixture
def development(_prepared: Path, tmp_path: Path) -> Path:
    """A data folder as `entrada up` leaves it."""
    return Path(shutil.copytree(_prepared, tmp_path / "development"))


@frozen
class Production:
    folder: Path
    environment: dict[str, str]


@pytest.fixture
def production(tmp_path: Path) -> Production:
    """Settings that are safe, and a database with its tables."""
    folder = tmp_path / "production"
    folder.mkdir(mode=0o700)
    environment = {
        "ENTRADA_MASTER_KEY": KEY,
        "ENTRADA_ORIGIN": "https://login.example.com",
        "ENTRADA_LISTEN": f"127.0.0.1:{free_port()}",
        "ENTRADA_TRUSTED_PROXIES": "127.0.0.1",
        "ENTRADA_DATA_DIR": str(folder),
    }
    migrate(f"sqlite:///{folder / 'entrada.sqlite3'}")
    return Production(folder, environment)
