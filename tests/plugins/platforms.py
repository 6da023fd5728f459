"""Fixtures: the platform in process with a clock that stands still, and a live server over TLS."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen
from starlette.testclient import TestClient

from entrada.server.store.memory import MemoryStore
from entrada.testing import ORIGIN, FakeClock, Platform, platform
from tests.drivers.form_browser import FormBrowser
from tests.drivers.live_server import LiveServer, live_server


@frozen
class InProcess:
    platform: Platform
    client: TestClient

    @property
    def clock(self) -> FakeClock:
        return self.platform.here.clock  # type: ignore[return-value]

    def browser(self) -> FormBrowser:
        """Another browser: its own cookies."""
        return FormBrowser(new_client(self.platform), ORIGIN)


def new_client(made: Platform) -> TestClient:
    return TestClient(made.app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def signing_keys() -> MemoryStore:
    """Made once for all platforms: an RSA key takes a quarter of a second."""
    store = MemoryStore()
    asyncio.run(platform(store))
    return store


@pytest.fixture
def in_process(signing_keys: MemoryStore) -> InProcess:
    made = asyncio.run(platform(keys=signing_keys))
    return InProcess(made, new_client(made))


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder: Path = tmp_path_factory.mktemp("live")
    with live_server(folder / "data") as server:
        yield server
