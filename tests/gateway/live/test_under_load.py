"""Two clients call without a pause while policies are edited, keys are rotated and Envoy is killed: no wrong answer."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from attrs import define, field

from entrada.cli.places import Place, opened_installation
from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.core.directory.ids import TenantId
from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.protocol.effects import PutEntity
from entrada.server.settings import Settings
from entrada.server.usecases.gateway.records import Noun, OperationOfApi, Policy, noun_of, record_of
from entrada.server.usecases.installation import Installation
from tests.drivers.live_server import LiveServer, live_server
from tests.gateway.live.driver import COLORS, Caller, backend_that_takes_everything

HOME = TenantId(COLORS)
PROBE = ApiId("probe")
OF_PROBE = PolicyScope(api_id=PROBE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("gateway") / "data"
    with backend_that_takes_everything() as backend, live_server(folder, gateway=True) as one:
        asyncio.run(publish(one, backend))
        one.gateway_answers("/probe", 401)
        yield one


def installation(server: LiveServer) -> AbstractAsyncContextManager[Installation]:
    """As another process beside the running server."""
    return opened_installation(Place(Settings(origin=server.origin, data_dir=str(server.folder)), development=True))


async def publish(server: LiveServer, backend: str) -> None:
    """An API with the policy of the Colors API, whose backend looks at no token itself."""
    async with installation(server) as here:
        stored = await here.store.find_entity(GatewayRecord, (HOME, RecordKind.POLICY, "apis/colors"))
        assert stored is not None
        of_colors = noun_of(here, stored)
        assert isinstance(of_colors, Policy)
        get = Operation(id=OperationId("get"), display_name="Get", method="GET", url_template="/")
        nouns: tuple[Noun, ...] = (
            Api(id=PROBE, display_name="Probe", path="probe", service_url=backend, subscription_required=False),
            OperationOfApi(api_id=PROBE, operation=get),
            Policy(scope=OF_PROBE, text=of_colors.text),
        )
        assert await here.store.commit([PutEntity(record_of(here, HOME, noun)) for noun in nouns])


@define
class Troublemaker:
    server: LiveServer
    kills: int = 0
    killed_at: float = field(default=0.0)

    async def edit_and_rotate(self, edits: int, rotations: int) -> None:
        async with installation(self.server) as here:
            for number in range(edits):
                await edit(here, number)
                if number % max(1, edits // rotations) == 0:
                    await asyncio.to_thread(self.server.entrada, "keys", "rotate", "--now")

    def kill_envoy(self) -> None:
        self.kills += 1
        self.killed_at = time.monotonic()
        for pid in envoys_of(self.server):
            os.kill(pid, signal.SIGKILL)

    def is_interrupted(self) -> bool:
        """Its successor answers within this time."""
        return self.kills > 0 and time.monotonic() - self.killed_at < 5


async def edit(here: Installation, number: int) -> None:
    """The same rules in another document."""
    before = await here.store.find_entity(GatewayRecord, (HOME, RecordKind.POLICY, "apis/probe"))
    assert before is not None
    policy = noun_of(here, before)
    assert isinstance(policy, Policy)
    text = policy.text.replace("</policies>", f"<!-- edit {number} --></policies>")
    edited = record_of(here, HOME, Policy(scope=OF_PROBE, text=text), before)
    assert await here.store.commit([PutEntity(edited)])


def envoys_of(server: LiveServer) -> list[int]:
    """Those whose configuration lies in the server's folder."""
    found = subprocess.run(["pgrep", "-f", f"envoy.*{server.folder}"], capture_output=True, text=True, check=False)
    return [int(one) for one in found.stdout.split() if "envoy" in Path(f"/proc/{one}/exe").resolve().name]


def trouble(server: LiveServer, edits: int, rotations: int, kills: int) -> list[Caller]:
    maker = Troublemaker(server)
    callers = [Caller(server, is_interrupted=maker.is_interrupted) for _ in range(2)]
    for caller in callers:
        caller.start()
    try:
        asyncio.run(maker.edit_and_rotate(edits, rotations))
        for _ in range(kills):
            maker.kill_envoy()
            time.sleep(6)
    finally:
        for caller in callers:
            caller.stop()
    return callers


def judge(server: LiveServer, callers: list[Caller], least: int) -> None:
    assert [wrong for caller in callers for wrong in caller.wrong][:5] == []
    for caller in callers:
        assert caller.answers.get(200, 0) > least
        assert caller.answers.get(401, 0) > 2 * least - 50
    assert "Traceback" not in server.log.read_text()


def test_edits_and_rotations_drop_nothing_and_a_kill_lets_nobody_in(server):
    judge(server, trouble(server, edits=10, rotations=3, kills=1), least=50)
    assert envoys_of(server)


@pytest.mark.stress
def test_fifty_edits_ten_rotations_and_three_kills(server):
    judge(server, trouble(server, edits=50, rotations=10, kills=3), least=500)
