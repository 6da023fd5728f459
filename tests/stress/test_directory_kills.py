"""`kill -9` and Ctrl-C in the middle of what writes much at once: all of it is there, or nothing; the next run works."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import define, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.user import User
from entrada.server.store.port import Store
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.migrate import migrate
from tests.stress.cluster import PATIENCE, Cluster
from tests.stress.connection import Connection, Unanswered, connect
from tests.stress.graph import TENANT, Graph, administrator, rows_about
from tests.stress.test_kills import check_file, kill, victims

ENTRADA: Final = str(Path(sys.executable).parent / "entrada")
MANY: Final = 20  # kills, of which some must have come in time
KEY: Final = "q83vEjRWeJC7mKSp3_Lm9gEjRWeJq83vEjRWeJC7mKQ"
OWNER: Final = "c0105000-0000-4000-8000-0000000000b1"


# ---- commands ----


@frozen
class Work:
    """A command that writes *size* objects; *write* makes its file, of other objects for each *number*."""

    arguments: tuple[str, ...]
    write: Callable[[Path, int, int], None]
    kind: type[Any]
    size: int


def manifests(file: Path, number: int, size: int) -> None:
    wanted = [
        {"displayName": f"Run {number}", "appId": f"{number:08x}-0000-4000-8000-{n:012x}", "web": {}}
        for n in range(size)
    ]
    file.write_text(json.dumps(wanted))


def users(file: Path, number: int, size: int) -> None:
    lines = [
        "tenants:",
        f"  - id: {TENANT}",
        "    displayName: Colors",
        "    domains: [colors.example]",
        "    users:",
        *(
            f"      - {{userPrincipalName: r{number}n{n}@colors.example, displayName: Run {number}}}"
            for n in range(size)
        ),
    ]
    file.write_text("\n".join(lines))


IMPORT: Final = Work(("app", "import", "{file}", "--tenant", TENANT), manifests, Application, 150)
APPLY: Final = Work(("apply", "-f", "{file}", "--yes"), users, User, 250)
WORKS = [IMPORT, APPLY]
FULL = [
    pytest.param(Work(IMPORT.arguments, manifests, Application, 2_000), 20, marks=pytest.mark.stress),
    pytest.param(Work(APPLY.arguments, users, User, 5_000), 20, marks=pytest.mark.stress),
]


@define
class Place:
    """A production installation of one tenant, without a server."""

    database: str
    folder: Path

    def begin(self, work: Work, number: int) -> subprocess.Popen[str]:
        file = self.folder / f"{number}"
        work.write(file, number, work.size)
        arguments = [one.format(file=file) for one in work.arguments]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ENTRADA_")}
        ours = {
            "ENTRADA_MASTER_KEY": KEY,
            "ENTRADA_ORIGIN": "https://login.example.com",
            "ENTRADA_DATABASE": self.database,
            "ENTRADA_DATA_DIR": str(self.folder),
        }
        return subprocess.Popen(
            [ENTRADA, *arguments],
            env={**environment, **ours},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def count(self, work: Work, number: int) -> int:
        async def look() -> int:
            store = open_store(self.database)
            try:
                query = Query(where=Compare("display_name", Op.EQ, f"Run {number}"), top=1, count=True)
                return (await store.list_page(work.kind, TENANT, query)).count or 0
            finally:
                await store.close()

        return asyncio.run(look())


# A command takes seconds to start, so that much is left to `make stress`.
@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.stress])])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    tmp_path.chmod(0o700)
    url = f"sqlite:///{tmp_path / 'entrada.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    migrate(url)
    made = Place(url, tmp_path)
    run(made, Work(APPLY.arguments, users, User, 1), 1)  # the tenant
    return made


def run(place: Place, work: Work, number: int) -> float:
    """To its end; how long it took."""
    began = time.monotonic()
    process = place.begin(work, number)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert place.count(work, number) == work.size
    return time.monotonic() - began


@pytest.mark.parametrize(
    ("work", "kills"), [*((one, 2) for one in WORKS), *FULL], ids=lambda one: str(getattr(one, "kind", one))
)
def test_a_command_that_is_killed_leaves_all_or_nothing(place: Place, work: Work, kills: int) -> None:
    takes, left = run(place, work, 100), list[int]()
    for number in range(101, 101 + kills):
        process = place.begin(work, number)
        time.sleep(takes * random.uniform(0.5, 1.0))
        process.kill()
        process.communicate()
        left.append(place.count(work, number))
        assert left[-1] in {0, work.size}
    check_file(place.database)
    run(place, work, 200)
    assert kills < MANY or 0 in left, "every run was over before it was killed"


def test_ctrl_c_leaves_nothing_and_says_so_in_a_line(place: Place) -> None:
    takes = run(place, IMPORT, 301)
    process = place.begin(IMPORT, 300)
    time.sleep(takes * 0.6)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    if process.returncode == 0:  # over before
        assert place.count(IMPORT, 300) == IMPORT.size
        return
    assert process.returncode == 130
    assert said.count("\n") <= 1
    assert "Traceback" not in said
    assert place.count(IMPORT, 300) in (0, IMPORT.size)  # it may come when all is written
    run(place, IMPORT, 300)


# ---- servers ----


@define
class Doomed:
    """What an administrator knows of one application, and whether a request about it went unanswered."""

    id: str
    writes: int
    deleted: bool = False
    in_doubt: bool = False

    async def go_on(self, graph: Graph, connection: Connection) -> None:
        self.in_doubt = True
        if self.deleted:
            await graph.do(connection, "POST", f"/directory/deletedItems/{self.id}/restore")
        else:
            await graph.do(connection, "DELETE", f"/applications/{self.id}")
        self.deleted, self.in_doubt = not self.deleted, False
        self.writes += 1


async def new_application(graph: Graph, connection: Connection) -> Doomed:
    """With a service principal and an owner, which go and come with it."""
    made = await graph.do(connection, "POST", "/applications", {"displayName": "Doomed"})
    principal = await graph.do(connection, "POST", "/servicePrincipals", {"appId": made["appId"]})
    owner = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{OWNER}"}
    await graph.do(connection, "POST", f"/applications/{made['id']}/owners/$ref", owner)
    await graph.do(connection, "POST", f"/servicePrincipals/{principal['id']}/owners/$ref", owner)
    return Doomed(made["id"], 2)  # rows that name it


async def work_on(graph: Graph, port: int, application: Doomed) -> None:
    connection = await connect(port)
    try:
        while True:
            await application.go_on(graph, connection)
    except Unanswered:
        pass  # its server was killed
    finally:
        await connection.close()


KILLS = [4, pytest.param(20, marks=pytest.mark.stress)]


@pytest.mark.parametrize("kills", KILLS)
async def test_a_deletion_and_its_restoring_happen_whole_or_not_at_all(cluster: Cluster, kills: int) -> None:
    graph, killed, number, in_doubt = await administrator(cluster), 0, 0, 0
    while killed < kills:
        async with cluster.connections(1) as (connection,):
            known = {
                server.port: [await new_application(graph, connection) for _ in range(3)] for server in cluster.servers
            }
        ill_fated = victims(cluster, 2 if kills - killed > 1 else number)
        tasks = [
            asyncio.create_task(work_on(graph, server.port, one)) for server in ill_fated for one in known[server.port]
        ]
        await asyncio.sleep(random.uniform(0.1, 0.3))
        killed, number = killed + len(ill_fated), number + 1
        await kill(ill_fated)
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*tasks)
        check_file(cluster.database)
        touched = [one for server in ill_fated for one in known[server.port]]
        in_doubt += sum(one.in_doubt for one in touched)
        async with cluster.inside() as inside:
            for one in touched:
                await verify(inside.here.store, one)
    assert in_doubt, "no request was under way when its server was killed"
    assert cluster.failures() == []


async def verify(store: Store, one: Doomed) -> None:
    item = await store.find_entity(DeletedItem, (TENANT, one.id))
    found = await store.find_entity(Application, (TENANT, one.id))
    assert (item is None) is not (found is None)
    rows = len(await rows_about(store, one.id))
    if one.in_doubt:
        assert rows in {one.writes, one.writes + 1}
        assert (found is None) is (one.deleted if rows == one.writes else not one.deleted)
    else:
        assert (rows, found is None) == (one.writes, one.deleted)
    if item is not None:
        assert item.service_principal is not None
        assert len(item.owners) == 2
    if found is not None:
        assert await store.find_service_principal(TENANT, found.app_id) is not None
