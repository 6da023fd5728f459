"""An application is deleted and restored, again and again, while its users sign in and refresh by two processes.

Nothing is issued for it once its deletion was answered: by the process that answered at once, by others as soon as they
have heard of it (design section 4: within milliseconds on SQLite, within the ceiling on PostgreSQL).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import pytest
from attrs import define, field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.entity import Entity
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.server.store.port import Store
from entrada.server.store.sql import sqlite_numbers
from entrada.server.store.sql.postgresql_numbers import CEILING
from tests.drivers.live_server import CLI
from tests.stress.cluster import Cluster
from tests.stress.connection import Answer, Connection, connect
from tests.stress.graph import TENANT, Graph, administrator, rows_about
from tests.stress.public_client import authorize_request, code_of, redeem_request, refresh_request

WORKERS = 2  # at each server
ROUNDS = [4, pytest.param(60, marks=pytest.mark.stress)]
LOOKED_AT: Final = 0.1  # seconds in which it stays deleted, and then restored
KINDS: Final = (Application, ServicePrincipal, PermissionGrant, AppRoleAssignment, Owner)


@frozen
class Issued:
    server: int
    asked: float
    answered: float


@define
class Users:
    """Of the application: they go on until they are told to stop, and note when they got something, and when not."""

    cluster: Cluster
    issued: list[Issued] = field(factory=list)
    refused: list[Issued] = field(factory=list)
    stopped: bool = False
    _tasks: list[asyncio.Task[None]] = field(factory=list)

    async def start(self, tokens: list[str]) -> None:
        for number, server in enumerate(self.cluster.servers):
            for _ in range(WORKERS):
                work = self._work(number, await connect(server.port), tokens.pop())
                self._tasks.append(asyncio.create_task(work))

    async def stop(self) -> None:
        self.stopped = True
        await asyncio.gather(*self._tasks)

    async def _work(self, server: int, connection: Connection, token: str) -> None:
        try:
            while not self.stopped:
                answer = await self._note(server, connection, refresh_request(token))
                token = answer.json["refresh_token"] if answer.status == 200 else token
                answer = await self._note(server, connection, authorize_request(self.cluster.cookie))
                code = code_of(answer) if answer.status == 302 else None
                if code is not None:
                    await self._note(server, connection, redeem_request(code))
        finally:
            await connection.close()

    async def _note(self, server: int, connection: Connection, request: bytes) -> Answer:
        asked = clock()
        answer = await connection.ask(request)
        assert answer.status in {200, 302, 400, 401}, answer
        got = answer.status == 200 or (answer.status == 302 and code_of(answer) is not None)
        (self.issued if got else self.refused).append(Issued(server, asked, clock()))
        return answer


def clock() -> float:
    return asyncio.get_running_loop().time()


@pytest.mark.parametrize("rounds", ROUNDS)
async def test_nothing_is_issued_for_what_is_deleted(cluster: Cluster, rounds: int) -> None:
    graph, users = await administrator(cluster), Users(cluster)
    async with cluster.inside() as inside, cluster.connections(2) as connections:
        store = inside.here.store
        before, path = await everything(store), await path_of(graph, connections[0])
        rows = len(await rows_about(store, path.rpartition("/")[2]))
        tokens = [await new_token(one, cluster) for one in connections for _ in range(WORKERS)]
        await users.start(tokens)
        for number in range(rounds):
            await asyncio.sleep(LOOKED_AT)
            await delete_and_restore(graph, connections, users, path, number % 2, store)
        await asyncio.sleep(LOOKED_AT)
        await users.stop()
        assert await everything(store) == before
        assert len(await rows_about(store, path.rpartition("/")[2])) == rows + 2 * rounds
        assert await cluster.codes(1)
    assert cluster.failures() == []


async def delete_and_restore(graph: Graph, connections: Any, users: Users, path: str, by: int, store: Store) -> None:
    await graph.do(connections[by], "DELETE", path)
    deleted = clock()
    await eventually(lambda: all_refused(users, deleted), within=CEILING)
    since = {by: deleted, 1 - by: first_refused(users, 1 - by, deleted)}
    if users.cluster.database.startswith("sqlite"):
        since[1 - by] = deleted + sqlite_numbers.CEILING
    await asyncio.sleep(LOOKED_AT)
    assert await store.find_entity(DeletedItem, (TENANT, path.rpartition("/")[2])) is not None
    restoring = clock()
    await graph.do(connections[by], "POST", f"/directory/deletedItems/{path.rpartition('/')[2]}/restore")
    restored = clock()
    late = [one for one in users.issued if one.asked >= since[one.server] and one.answered <= restoring]
    assert late == []
    await eventually(lambda: all_issued(users, restored), within=CEILING)


def all_refused(users: Users, since: float) -> bool:
    return _everywhere(users.refused, since)


def all_issued(users: Users, since: float) -> bool:
    return _everywhere(users.issued, since)


def _everywhere(answers: list[Issued], since: float) -> bool:
    return {0, 1} <= {one.server for one in answers if one.asked >= since}


def first_refused(users: Users, server: int, since: float) -> float:
    return min(one.answered for one in users.refused if one.server == server and one.asked >= since)


async def eventually(question: Callable[[], bool], *, within: float) -> None:
    async with asyncio.timeout(within):
        while not question():  # noqa: ASYNC110 - of answers that come
            await asyncio.sleep(0.002)


async def path_of(graph: Graph, connection: Connection) -> str:
    found = await graph.do(connection, "GET", f"/applications(appId='{CLI}')")
    return f"/applications/{found['id']}"


async def new_token(connection: Connection, cluster: Cluster) -> str:
    (code,) = await cluster.codes(1)
    answer = await connection.ask(redeem_request(code))
    return str(answer.json["refresh_token"])


async def everything(store: Store) -> dict[str, set[Entity]]:
    return {kind.__name__: set(await store.list_entities(kind, TENANT)) for kind in KINDS}
