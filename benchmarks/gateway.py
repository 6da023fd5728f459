"""The gateway: processor time of a request beside Envoy by hand, HAProxy and Python, one after another in turns.

One worker each, 500 tokens in use, the backend and the load generator on the same cores: requests a second say how much
of the machine a contestant got, microseconds of its own processor time say what a request costs.  Design section 11.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import uvloop
from attrs import define, field
from joserfc import jwt

from benchmarks import load
from benchmarks.gateway_peers import AUDIENCE, answering, by_hand, envoy_command, haproxy, haproxy_command, running
from benchmarks.gateway_service import service
from benchmarks.server import cpu_of
from entrada.core.gateway.envoy.compile import compile_gateway
from entrada.core.gateway.envoy.surroundings import Surroundings
from entrada.server.envoy.binary import Binary, NoBinary, find_binary
from entrada.server.envoy.child import Options
from entrada.server.envoy.places import Places
from entrada.server.envoy.supervisor import Supervisor
from tests.gateway.trial import DOCUMENT, ISSUER, KEYS, provider
from tests.plugins.postgres import free_port

TOKENS: Final = 500
ROUNDS: Final = 3
SECONDS: Final = 2.0
CONNECTIONS: Final = 16
_PATIENCE: Final = 5.0
_LOOKS: Final = 400

_BARE, _HAND, _HAND_FULL = "Envoy, no check", "Envoy by hand: issuer, audience", "Envoy by hand: full, log"
_OURS, _OURS_FULL = "compiled: issuer, audience", "compiled: full, log"
_HAPROXY = "HAProxy jwt_verify: issuer, audience"
_PYTHON, _PYTHON_FULL = "in Python: issuer, audience", "in Python: full, log"


@define
class Contestant:
    pid: int
    port: int
    costs: list[float] = field(factory=list[float])  # microseconds of processor time, by round
    rates: list[float] = field(factory=list[float])

    @property
    def cost(self) -> float:
        """Of the round that was disturbed least."""
        return min(self.costs)


def figures() -> None:
    print(f"The gateway, {TOKENS} tokens, one worker each, best of {ROUNDS} rounds in turns")
    binary = find_binary(None, "")
    if isinstance(binary, NoBinary):
        print(f"  not measured: {binary.why}\n")
        return
    with tempfile.TemporaryDirectory(prefix="entrada-bench-") as folder:
        uvloop.run(_figures(binary, Path(folder)))


async def _figures(binary: Binary, folder: Path) -> None:
    tokens = [_token(number) for number in range(TOKENS)]
    async with AsyncExitStack() as stack:
        contestants = await _contestants(stack, binary, folder)
        for name, one in contestants.items():
            await _checked(name, one, tokens[0])
        for _ in range(ROUNDS):
            for name, one in contestants.items():
                try:
                    await _measure(one, tokens)
                except OSError as error:
                    raise AssertionError(f"{name} lost a connection: {error}") from None
    for name, one in contestants.items():
        print(f"  {name:<40}{one.cost:7.1f} µs of CPU a request   {max(one.rates):8.0f}/s")
    _ratios({name: one.cost for name, one in contestants.items()})


async def _contestants(stack: AsyncExitStack, binary: Binary, folder: Path) -> dict[str, Contestant]:
    proxy, backend = haproxy(), free_port()
    command = envoy_command(binary, folder, "backend", answering(backend))
    if isinstance(proxy, str):
        print(f"  {proxy}")
    else:
        command = haproxy_command(proxy[0], folder, backend, None)
    stack.enter_context(running(command, backend, folder / "backend.log"))
    found: dict[str, Contestant] = {}
    commands: dict[str, Callable[[int], list[str]]] = {
        _BARE: lambda port: envoy_command(binary, folder, "none", by_hand(port, backend, checks="none")),
        _HAND: lambda port: envoy_command(binary, folder, "token", by_hand(port, backend, checks="token")),
        _HAND_FULL: lambda port: envoy_command(
            binary, folder, "full", by_hand(port, backend, checks="full", log=folder / "by-hand.log")
        ),
        _PYTHON: lambda port: _in_python(port, backend, "token"),
        _PYTHON_FULL: lambda port: _in_python(port, backend, "full"),
    }
    if not isinstance(proxy, str):
        commands[f"{_HAPROXY}"] = lambda port: haproxy_command(proxy[0], folder, port, backend)
    for name, made in commands.items():
        peer = stack.enter_context(running(made(port := free_port()), port, folder / f"{len(found)}.log"))
        found[name] = Contestant(peer.pid, peer.port)
    found[_OURS] = await _compiled(stack, binary, folder / "ours", backend, "token", None)
    found[_OURS_FULL] = await _compiled(stack, binary, folder / "full", backend, "full", str(folder / "compiled.log"))
    return found


def _in_python(port: int, backend: int, checks: str) -> list[str]:
    keys = json.dumps({"keys": [KEYS["rsa"].as_dict(private=False)]})
    return [sys.executable, "-m", "benchmarks.gateway_service", str(port), str(backend), checks, keys]


async def _compiled(
    stack: AsyncExitStack, binary: Binary, folder: Path, backend: int, checks: str, log: str | None
) -> Contestant:
    surroundings = Surroundings(
        addresses=("127.0.0.1",),
        port=free_port(),
        fallback_socket=str(folder / "nobody.sock"),
        backend_bundle="",
        routes_file=str(Places(folder).resources("rds")),
        access_log=log,
    )
    snapshot = compile_gateway(service(backend, checks), {DOCUMENT: provider("rsa")}, surroundings)
    assert not snapshot.handed_over, snapshot.handed_over
    supervisor = Supervisor(binary, folder, Options(workers=1))
    failed = await supervisor.start(snapshot)
    assert failed is None, failed
    stack.push_async_callback(supervisor.stop)
    assert supervisor.process is not None
    return Contestant(supervisor.process, surroundings.port)


def _token(number: int) -> str:
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "exp": int(time.time()) + 3600, "sub": str(number),
        "scp": "Colors.Read User.Read", "roles": ["Painter", "Reader"], "filling": secrets.token_urlsafe(1200),
    }  # fmt: skip
    return jwt.encode({"alg": "RS256", "kid": "rsa"}, claims, KEYS["rsa"], algorithms=["RS256"])


def _request(token: str) -> bytes:
    return f"GET /colors HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


async def _checked(name: str, one: Contestant, token: str) -> None:
    """It serves, and it refuses where it should: what checks nothing is no contestant."""
    await _listening(name, one.port)
    statuses = [(await _asked(one.port, bearer)).status for bearer in (token, f"{token[:-8]}AAAAAAAA")]
    # A compiled gateway leaves refusals to Python, which is not there: 503.
    assert statuses[0] == 200, (name, statuses)
    assert (statuses[1] == 200) == (name == _BARE), (name, statuses)


async def _listening(name: str, port: int) -> None:
    for _ in range(_LOOKS):
        try:
            (await load.connect(port)).close()
        except OSError:
            await asyncio.sleep(0.05)
        else:
            return
    raise AssertionError(f"{name} does not listen")


async def _asked(port: int, token: str) -> load.Answer:
    client = await load.connect(port)
    try:
        async with asyncio.timeout(_PATIENCE):
            return await client.ask(_request(token))
    finally:
        client.close()


async def _measure(one: Contestant, tokens: list[str]) -> None:
    requests = [_request(token) for token in tokens]
    asked = 0

    async def step(client: load.Client, _: int) -> bool:
        nonlocal asked
        asked += 1
        answer = await client.ask(requests[asked % TOKENS])
        assert answer.status == 200, answer
        return True

    await load.run(one.port, step, connections=CONNECTIONS, seconds=0.5)  # each token once: caches are warm
    before = cpu_of(one.pid)
    result = await load.run(one.port, step, connections=CONNECTIONS, seconds=SECONDS)
    one.costs.append(1e6 * (cpu_of(one.pid) - before) / len(result.latencies))
    one.rates.append(result.rate)


def _ratios(costs: Mapping[str, float]) -> None:
    if _HAPROXY in costs:
        print(f"  issuer and audience, to HAProxy's         {costs[_OURS] / costs[_HAPROXY]:5.2f} (target 1.05)")
        print(f"  full, to HAProxy's                        {costs[_OURS_FULL] / costs[_HAPROXY]:5.2f} (stretch 1.3)")
    print(f"  issuer and audience, to Envoy by hand     {costs[_OURS] / costs[_HAND]:5.2f}")
    print(f"  full, to Envoy by hand                    {costs[_OURS_FULL] / costs[_HAND_FULL]:5.2f} (target 1.15)")
    print(f"  in Python                                 {costs[_PYTHON]:5.0f} µs (target 160)\n", flush=True)


if __name__ == "__main__":
    figures()
