"""A user whom one process disables is refused by the others, whatever step comes next.  Design section 4."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from attrs import evolve

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.user import User
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.sql.postgresql_numbers import CEILING
from entrada.server.usecases.installation import Installation
from tests.drivers.live_server import COLORS
from tests.stress.cluster import Cluster
from tests.stress.connection import Connection
from tests.stress.public_client import authorize_request, code_of, redeem_request, refresh_request

BEN = UserId("c0105000-0000-4000-8000-0000000000b1")
USER_DISABLED = 50057


async def set_enabled(here: Installation, *, enabled: bool) -> None:
    user = await here.store.find_user(TenantId(COLORS), BEN)
    assert isinstance(user, User)
    assert await here.store.commit([PutEntity(evolve(user, account_enabled=enabled))])


async def test_a_user_disabled_elsewhere_is_stopped_at_every_step(cluster: Cluster) -> None:
    async with cluster.inside() as inside, cluster.connections(len(cluster.servers)) as connections:
        codes = await cluster.codes(2 * len(connections))
        tokens = [(await c.ask(redeem_request(codes.pop()))).json["refresh_token"] for c in connections]
        await set_enabled(inside.here, enabled=False)
        disabled = time.monotonic()
        try:
            await wait_until_all(is_stopped, connections, cluster.cookie)
            assert time.monotonic() - disabled < CEILING
            for connection, token, code in zip(connections, tokens, codes, strict=True):
                assert (await connection.ask(refresh_request(token))).aadsts == USER_DISABLED
                assert (await connection.ask(redeem_request(code))).aadsts == USER_DISABLED
                assert await is_stopped(connection, cluster.cookie)
        finally:
            await set_enabled(inside.here, enabled=True)
        await wait_until_all(is_served, connections, cluster.cookie)
        for connection, token, code in zip(connections, tokens, codes, strict=True):  # a refusal has spent nothing
            assert (await connection.ask(refresh_request(token))).status == 200
            assert (await connection.ask(redeem_request(code))).status == 200


async def is_stopped(connection: Connection, cookie: str) -> bool:
    return not await is_served(connection, cookie)


async def is_served(connection: Connection, cookie: str) -> bool:
    return code_of(await connection.ask(authorize_request(cookie))) is not None


Question = Callable[[Connection, str], Awaitable[bool]]


async def wait_until_all(question: Question, connections: Sequence[Connection], cookie: str) -> None:
    async with asyncio.timeout(2 * CEILING):
        for connection in connections:
            while not await question(connection, cookie):
                pass  # the question is the wait
