"""One store of each kind, empty, for each test."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from entrada.server.store.memory import MemoryStore
from entrada.server.store.port import Store
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.migrate import migrate
from tests.store.places import Place, empty_tables
from tests.store.statements import Statements, counting

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "entrada.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'entrada.db')}"


@pytest.fixture
def empty_postgres_url(postgres_url: str) -> str:
    empty_tables(postgres_url)
    return postgres_url


def make_place(kind: str, request: pytest.FixtureRequest) -> Place:
    if kind == "memory":
        return Place(kind, MemoryStore)
    url: str = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "empty_postgres_url")
    return Place(kind, lambda: open_store(url), url)


@pytest.fixture(params=["memory", "sqlite", POSTGRESQL])
def place(request: pytest.FixtureRequest) -> Place:
    return make_place(request.param, request)


@pytest.fixture(params=["sqlite", POSTGRESQL])
def database(request: pytest.FixtureRequest) -> Place:
    """A place that lasts."""
    return make_place(request.param, request)


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    store = place.open()
    yield store
    await store.close()


@pytest.fixture
async def lasting_store(database: Place) -> AsyncIterator[Store]:
    store = database.open()
    yield store
    await store.close()


@pytest.fixture
async def replica(database: Place) -> AsyncIterator[Store]:
    """Another store over the same database: what another process would be."""
    store = database.open()
    yield store
    await store.close()


@pytest.fixture
def statements() -> Iterator[Statements]:
    with counting() as statements:
        yield statements
