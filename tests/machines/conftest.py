"""A stage for each store: open for a whole file, since an example only ever looks at names of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entrada.server.store.memory import MemoryStore
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.migrate import migrate
from tests.machines.stage import Stage, on_stage

# Nothing is killed here, so nothing need be flushed.
_UNFLUSHED = "?options=-csynchronous_commit%3Doff"


@pytest.fixture(scope="module", params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    match request.param:
        case "sqlite":
            file: Path = tmp_path_factory.mktemp("stage") / "entrada.db"
            migrate(f"sqlite:///{file}")
            store = open_store(f"sqlite:///{file}")
        case "postgresql":
            store = open_store(request.getfixturevalue("postgres_url") + _UNFLUSHED)
        case _:
            store = MemoryStore()
    with on_stage(request.param, store) as stage:
        yield stage
