"""One Envoy kept running, with the real binary: started, told, lost, revived, drained."""

import asyncio
import json
import os
import signal
import socket
import stat
import sys
import textwrap
import time
from pathlib import Path

import pytest
from attrs import evolve
from structlog.testing import capture_logs

from entrada.server.envoy import lifeline
from entrada.server.envoy.instance import CannotBegin
from entrada.server.envoy.places import Places
from entrada.server.envoy.supervisor import Accepted, NotAccepted, Supervisor
from entrada.server.envoy.validate import validate
from tests.envoy.trial import (
    SLOW,
    Connection,
    Small,
    admin,
    backend,
    binary,
    get,
    jwk,
    options,
    running,
    token,
    until,
)

ONE, TWO = token("one"), token("two")


def spoiled(small, **values):
    """A configuration that Envoy refuses: a virtual host for no name."""
    told = evolve(small, **values).told()
    told.routes["virtual_hosts"][0]["domains"] = []
    return told


# ---- start ----


async def test_it_serves_when_it_is_started_and_warns_of_nothing(tmp_path):
    with capture_logs() as told:
        async with running(tmp_path) as trial:
            assert [await get(trial.port, "/x", bearer) for bearer in (None, ONE, token("three"))] == [401, 200, 401]
            assert trial.supervisor.in_force == "1"
    assert [line["event"] for line in told if line["log_level"] != "info" and "SIGTERM" not in str(line)] == []


async def test_everything_it_has_is_for_the_owner_alone(tmp_path):
    async with running(tmp_path) as trial:
        folder = trial.supervisor.folder
        found = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
        assert {mode for path, mode in found.items() if path.is_dir()} == {0o700}
        assert {mode for path, mode in found.items() if not path.is_dir()} == {0o600}
        assert Places(folder).admin in found
    assert not list(folder.rglob("*.json")), "files with keys are left"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_it_listens_on_the_gateways_port_alone_and_has_nothing_of_our_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("ENTRADA_MASTER_KEY", "a secret")
    async with running(tmp_path) as trial:
        process = Path(f"/proc/{trial.supervisor.process}")
        assert (process / "environ").read_bytes() == b""
        assert listening(process) == {trial.port}


def listening(process):
    held = {str(file.readlink()) for file in (process / "fd").iterdir() if file.is_symlink()}
    rows = [line.split() for kind in ("tcp", "tcp6") for line in (process / "net" / kind).read_text().splitlines()[1:]]
    return {int(row[1].rsplit(":", 1)[1], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in held}


async def test_a_taken_port_is_named_at_once(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        supervisor = Supervisor(binary(), tmp_path, options())
        began = time.monotonic()
        failed = await supervisor.start(Small(places=Places(tmp_path), port=port, backend=1).told())
        assert failed == CannotBegin(f"cannot listen on 127.0.0.1:{port}: Address already in use")
        assert time.monotonic() - began < 2


async def test_another_envoy_on_the_port_is_not_shared_with(tmp_path):
    async with running(tmp_path / "first") as first:
        second = Supervisor(binary(), tmp_path / "second", options())
        failed = await second.start(evolve(first.small, places=Places(tmp_path / "second")).told())
        assert failed == CannotBegin(f"cannot listen on 127.0.0.1:{first.port}: Address already in use")


async def test_a_folder_is_supervised_once(tmp_path):
    async with running(tmp_path) as trial:
        second = Supervisor(binary(), trial.supervisor.folder, options())
        failed = await second.start(trial.small.told())
        assert isinstance(failed, CannotBegin)
        assert "another process runs a gateway" in failed.why
        assert await get(trial.port, "/open") == 200


async def test_a_folder_too_deep_for_a_socket_is_named(tmp_path):
    deep = tmp_path / ("x" * 100)
    failed = await Supervisor(binary(), deep, options()).start(Small(places=Places(deep), backend=1).told())
    assert isinstance(failed, CannotBegin)
    assert "choose a folder with a shorter path" in failed.why


async def test_a_configuration_that_is_refused_at_the_start_is_told_with_the_reason(tmp_path):
    small = Small(places=Places(tmp_path), backend=1)
    failed = await Supervisor(binary(), tmp_path, options()).start(spoiled(small))
    assert isinstance(failed, CannotBegin)
    assert "the routes: Proto constraint validation failed" in failed.why
    assert failed.refused


async def test_more_connections_than_the_limit_are_closed(tmp_path):
    async with running(tmp_path, limits=evolve(options().limits, connections=3)) as trial:
        held = [Connection(trial.port) for _ in range(3)]
        assert [await one.get("/open") for one in held] == [200] * 3
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await get(trial.port, "/open")
        for one in held:
            one.close()


# ---- pushes ----


@pytest.mark.parametrize(
    "change", [{}, {"buffer": 16_384}, {"cluster": "other"}], ids=["routes", "listener", "cluster"]
)
async def test_a_removed_key_is_refused_within_a_second_on_old_and_new_connections(tmp_path, change):
    async with running(tmp_path) as trial:
        old = Connection(trial.port)
        assert [await old.get("/x", one) for one in (ONE, TWO, ONE, TWO)] == [200] * 4  # in the cache
        began = time.monotonic()
        await trial.change(keys=("two",), version="2", **change)
        answers = [await old.get("/x", ONE), await get(trial.port, "/x", ONE), await old.get("/x", TWO)]
        assert answers == [401, 401, 200]
        assert time.monotonic() - began < 1
        old.close()


async def test_fifty_pushes_lose_no_request_of_two_clients(tmp_path):
    async with running(tmp_path) as trial:
        seen, stopping = [], asyncio.Event()

        async def client(bearer):
            connection = Connection(trial.port)
            while not stopping.is_set():
                seen.append(await connection.get("/x", bearer))
                await asyncio.sleep(0.002)
            connection.close()

        clients = [asyncio.create_task(client(bearer)) for bearer in (ONE, TWO)]
        for number in range(50):
            # Routes each time; now and then another cluster, another listener.
            await trial.change(version=str(number), cluster=f"backend{number // 5}", buffer=32_768 + number // 10)
        stopping.set()
        await asyncio.gather(*clients)
        assert len(seen) > 50
        assert set(seen) == {200}


async def test_of_pushes_at_once_the_newest_is_in_force_and_few_are_written(tmp_path):
    async with running(tmp_path) as trial:
        pushes = [trial.supervisor.push(evolve(trial.small, version=str(number)).told()) for number in range(100, 140)]
        answers = await asyncio.gather(*pushes)
        assert answers[-1] == Accepted("139")
        assert {type(answer) for answer in answers} == {Accepted}
        assert written(trial) == ("139", True)


def written(trial):
    version, _, writes = json.loads(trial.small.places.resources("rds").read_text())["version_info"].partition("/")
    return version, int(writes) < 10


@pytest.mark.parametrize("spoil", ["value", "unknown field", "nonsense"])
async def test_a_refused_push_says_why_and_the_old_configuration_serves_on(tmp_path, spoil):
    async with running(tmp_path) as trial:
        bad = trial.small.told(version="2")
        match spoil:
            case "value":
                bad.routes["virtual_hosts"][0]["routes"][0]["direct_response"]["status"] = 12_345
                expected = "DirectResponseActionValidationError.Status: value must be inside range [200, 600)"
            case "unknown field":  # Envoy would leave it out, and accept the rest
                bad.routes["virtual_hosts"][0]["routes"][1]["typed_per_filter_confgi"] = {}
                expected = "no such field: 'typed_per_filter_confgi'"
            case _:
                bad.routes["ignore_port_in_host_matching"] = "seven"
                expected = "ignore_port_in_host_matching"
        with capture_logs() as told:
            answer = await trial.supervisor.push(bad)
        assert isinstance(answer, NotAccepted)
        assert expected in answer.why
        assert "envoy_configuration_refused" in {line["event"] for line in told}
        await until(lambda: trial.supervisor.in_force == "1")
        assert [await get(trial.port, "/x", one) for one in (None, ONE)] == [401, 200]
        assert trial.supervisor.restarts == 0


async def test_a_refused_push_that_takes_a_key_away_does_not_leave_it_in_force(tmp_path):
    async with running(tmp_path) as trial:
        old = Connection(trial.port)
        assert await old.get("/x", ONE) == 200
        answer = await trial.supervisor.push(spoiled(trial.small, version="2", keys=("two",)))
        assert isinstance(answer, NotAccepted)
        assert (await status_or_nothing(old, ONE), await status_or_nothing(Connection(trial.port), ONE)) == (None, None)
        await trial.change(version="3", keys=("two",))
        assert [await get(trial.port, "/x", one) for one in (ONE, TWO)] == [401, 200]


async def status_or_nothing(connection, bearer):
    try:
        return await connection.get("/x", bearer)
    except (OSError, asyncio.IncompleteReadError):
        return None
    finally:
        connection.close()


async def test_keys_are_not_told_where_configuration_is_refused(tmp_path):
    async with running(tmp_path) as trial:
        with capture_logs() as told:
            answer = await trial.supervisor.push(spoiled(trial.small, version="2"))
            why = await validate(binary(), spoiled(trial.small))
    for secret in (jwk("one")["k"], "keys"):
        assert secret not in f"{told} {answer} {why}"


async def test_what_a_policy_sets_is_not_told_where_it_is_refused(tmp_path):
    async with running(tmp_path) as trial:
        bad = trial.small.told(version="2")
        header = {"header": {"key": "x-key", "value": "%hush-hush%"}}
        bad.routes["virtual_hosts"][0]["routes"][1]["request_headers_to_add"] = [header]
        with capture_logs() as told:
            answer = await trial.supervisor.push(bad)
            why = await validate(binary(), bad)
    assert isinstance(answer, NotAccepted)
    assert "…" in answer.why
    assert "hush" not in f"{told} {answer} {why}"


async def test_a_pattern_of_five_hundred_keys_is_taken(tmp_path):
    async with running(tmp_path) as trial:
        many = trial.small.told(version="2")
        keys = "|".join(f"{number:032x}" for number in range(500))
        many.routes["virtual_hosts"][0]["routes"][0]["match"] = {"safe_regex": {"regex": f"/({keys})"}}
        assert await validate(binary(), many) is None
        assert await trial.supervisor.push(many) == Accepted("2")
        assert await get(trial.port, f"/{499:032x}") == 200


async def test_a_listener_that_cannot_be_had_is_refused_and_the_old_one_stays(tmp_path):
    async with running(tmp_path) as trial:
        with socket.create_server(("127.0.0.1", 0)) as other:
            answer = await trial.supervisor.push(evolve(trial.small, version="2", port=other.getsockname()[1]).told())
        assert isinstance(answer, NotAccepted)
        assert "Address already in use" in answer.why
        assert await get(trial.port, "/x", ONE) == 200


# ---- validation ----


async def test_what_envoy_would_refuse_is_known_before_it_is_pushed(tmp_path):
    small = Small(places=Places(tmp_path), backend=1)
    lost = small.told()
    lost.routes["virtual_hosts"][0]["routes"][1]["route"] = {"cluster": "nowhere"}
    assert await validate(binary(), small.told()) is None
    assert await validate(binary(), lost) == "route: unknown cluster 'nowhere'"
    assert "value must contain at least 1 item" in (await validate(binary(), spoiled(small)) or "")


# ---- lost and revived ----


async def test_a_killed_envoy_is_back_with_the_newest_configuration(tmp_path):
    async with running(tmp_path) as trial:
        await trial.change(version="2", keys=("two",))
        was = trial.supervisor.process
        os.kill(was, signal.SIGKILL)
        await until(lambda: trial.supervisor.process not in {None, was} and trial.supervisor.in_force == "2")
        assert [await get(trial.port, "/x", one) for one in (ONE, TWO)] == [401, 200]
        assert trial.supervisor.restarts == 1


async def test_a_push_while_it_is_down_is_what_it_comes_back_with(tmp_path):
    async with running(tmp_path) as trial:
        os.kill(trial.supervisor.process, signal.SIGKILL)
        await trial.change(version="2", keys=("two",))
        assert [await get(trial.port, "/x", one) for one in (ONE, TWO)] == [401, 200]


async def test_one_that_keeps_dying_is_started_ever_more_rarely(tmp_path):
    async with running(tmp_path) as trial:
        gaps = []
        for _ in range(4):
            was, began = trial.supervisor.process, time.monotonic()
            os.kill(was, signal.SIGKILL)
            await until(lambda was=was: trial.supervisor.process not in {None, was} and trial.supervisor.in_force)
            gaps.append(time.monotonic() - began)
        assert gaps[-1] > 0.8  # 0, 0.2, 0.4, 0.8
        assert trial.supervisor.restarts == 4


async def test_one_that_hangs_is_replaced(tmp_path):
    async with running(tmp_path) as trial:
        was = trial.supervisor.process
        os.kill(was, signal.SIGSTOP)
        await until(lambda: trial.supervisor.process not in {None, was} and trial.supervisor.in_force)
        assert await get(trial.port, "/x", ONE) == 200


async def test_one_that_is_busy_with_a_push_is_waited_for(tmp_path):
    async with running(tmp_path) as trial:
        was = trial.supervisor.process
        os.kill(was, signal.SIGSTOP)  # as silent as one that loads many routes
        pushed = asyncio.create_task(trial.supervisor.push(evolve(trial.small, version="2").told()))
        await asyncio.sleep(3)  # longer than one question waits
        os.kill(was, signal.SIGCONT)
        assert await pushed == Accepted("2")
        assert trial.supervisor.process == was


async def test_it_does_not_outlive_a_killed_parent(tmp_path):
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from tests.envoy.trial import running

        async def main():
            async with running(Path(sys.argv[1])) as trial:
                print(trial.supervisor.process, trial.port, file=sys.stderr)
                await asyncio.sleep(60)

        asyncio.run(main())
    """)
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    try:
        process, port = map(int, (await parent.stderr.readline()).split())
    finally:
        parent.kill()
        await parent.wait()
    await until(lambda: not alive(process) and is_free(port), 5)


def is_free(port):
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")  # nobody may have waited for it yet
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def test_one_that_was_left_behind_is_ended_before_the_next_is_started(tmp_path):
    places = Places(tmp_path / "envoy")
    places.make()
    left = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", lifeline.__file__, str(os.getpid()), str(places.occupied), "/bin/sleep", "60")
    )
    await until(lambda: places.occupied.exists() and places.occupied.read_text())
    async with running(tmp_path) as trial:
        assert await left.wait() == -signal.SIGKILL
        assert await get(trial.port, "/open") == 200


# ---- stop, figures ----


async def test_stopping_loses_no_request_that_was_taken(tmp_path):
    async with running(tmp_path) as trial:
        lost, seen = [], []

        async def client(path):
            connection = Connection(trial.port)
            while True:
                was_open = connection.is_open
                try:
                    seen.append(await connection.get(path, ONE))
                except ConnectionRefusedError:
                    return
                except ConnectionResetError as error:
                    # Connected by the kernel when the listener closed, and never taken: the next one is refused.
                    connection.close()
                    if was_open:
                        lost.append(error)
                        return
                except (OSError, asyncio.IncompleteReadError) as error:
                    lost.append(error)
                    return

        clients = [asyncio.create_task(client(path)) for path in (SLOW, SLOW, "/x", "/x")]
        await asyncio.sleep(0.3)
        await trial.supervisor.stop()
        await asyncio.gather(*clients)
        assert (set(seen), lost) == ({200}, [])


async def test_an_idle_connection_does_not_keep_it_from_stopping(tmp_path):
    async with running(tmp_path, drain=20.0) as trial:
        idle = Connection(trial.port)
        assert await idle.get("/open") == 200
        began = time.monotonic()
        await trial.supervisor.stop()
        assert time.monotonic() - began < 5
        idle.close()


async def test_its_figures_are_told_in_prometheus_format_and_few_of_them(tmp_path):
    async with running(tmp_path) as trial:
        for bearer in (ONE, TWO, token("three")):
            await get(trial.port, "/x", bearer)
        with admin(trial.small.places) as client:
            before = len(client.get("/stats").text.splitlines())
            for number in range(20):
                await get(trial.port, f"/x/{number}", token(f"other{number}"))
            assert len(client.get("/stats").text.splitlines()) == before < 500
        told = await trial.supervisor.stats("http.entrada.downstream_rq")
        assert 'envoy_http_downstream_rq_total{envoy_http_conn_manager_prefix="entrada"} 23' in told
        assert "cluster" not in told
        assert "envoy_filter_chain_jwt_authn_denied{} 21" in await trial.supervisor.stats("filter_chain.jwt_authn")


async def test_the_access_log_is_heard_in_whole_lines(tmp_path):
    heard = []
    async with running(tmp_path, hear_access=heard.append) as trial:
        told = evolve(trial.small, version="2").told()
        manager = told.listener["filter_chains"][0]["filters"][0]["typed_config"]
        log = "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog"
        lines = {"text_format_source": {"inline_string": "%PROTOCOL% %RESPONSE_CODE%\n"}}
        manager["access_log"] = [
            {"name": "log", "typed_config": {"@type": log, "path": "/dev/stdout", "log_format": lines}}
        ]
        assert await trial.supervisor.push(told) == Accepted("2")
        for _ in range(3):
            await get(trial.port, "/open")
    assert b"".join(heard) == b"HTTP/1.1 200\n" * 3


async def test_an_address_of_the_listener_is_freed_by_a_stop(tmp_path):
    async with backend() as port:
        small = Small(places=Places(tmp_path / "envoy"), backend=port)
        for _ in range(2):
            supervisor = Supervisor(binary(), tmp_path / "envoy", options())
            assert await supervisor.start(small.told()) is None
            assert await get(small.port, "/x", ONE) == 200
            await supervisor.stop()
