"""Two server processes on one database of each kind, for all tests: most of the time goes into starting them."""

import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from entrada.server.store.sql.migrate import migrate
from tests.plugins.postgres import PATIENCE, PostgresServer, find_programs, make_folder
from tests.stress.cluster import Cluster, cluster_on


@pytest.fixture(scope="session")
def starter() -> Iterator[ThreadPoolExecutor]:
    """PostgreSQL ends with the thread that started it, so it must not be one of the event loop's, which end earlier."""
    with ThreadPoolExecutor(1) as made:
        yield made


@pytest.fixture(scope="session")
def own_postgres(postgres_server: PostgresServer, starter: ThreadPoolExecutor) -> Iterator[PostgresServer]:
    """To crash: not the one that other tests share.  *postgres_server* has found the programs, or skipped us."""
    programs = find_programs()
    assert programs is not None
    server = PostgresServer(programs, make_folder())
    try:
        server.make()
        server.start()
        migrate(server.url("postgres"))
        yield server
    finally:
        crash(server)  # "fast" is not certain to end a server that recovers from a crash
        shutil.rmtree(server.folder)


def crash(server: PostgresServer) -> None:
    """As `pg_ctl stop -m immediate`: nothing is written down, so the next start recovers from the log."""
    if server.process is not None:
        server.process.send_signal(signal.SIGQUIT)
        server.process.wait(PATIENCE)
        server.process = None


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder: Path = tmp_path_factory.mktemp("sqlite")
    with cluster_on(folder, f"sqlite:///{folder / 'entrada.sqlite3'}") as made:
        yield made


@pytest.fixture(scope="session")
def on_postgresql(own_postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster_on(tmp_path_factory.mktemp("postgresql"), own_postgres.url("postgres")) as made:
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def cluster(request: pytest.FixtureRequest) -> Cluster:
    made: Cluster = request.getfixturevalue(f"on_{request.param}")
    made.forget_failures()
    return made
