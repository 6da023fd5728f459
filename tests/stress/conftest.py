"""Two server processes on one database of each kind, for all tests: most of the time goes into starting them."""

from collections.abc import Iterator

import pytest

from tests.plugins.postgres import PostgresServer
from tests.stress.cluster import Cluster, cluster_on


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        database = f"sqlite:///{folder / 'entrada.sqlite3'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        database = server.url(server.make_database())
    with cluster_on(folder, database) as made:
        yield made
