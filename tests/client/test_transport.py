"""Why no connection came about: what another try may mend, and what none will."""

import asyncio
import socket
import ssl
from contextlib import suppress
from threading import Thread
from types import SimpleNamespace

import httpx2
import pytest

from entrada.client import transport
from entrada.client.connection import Connection
from entrada.client.errors import NotConnected, NoWay, Unreachable
from entrada.client.flow import Call
from entrada.client.transport import over, over_async

CALL = Call(url="https://login.example:1/")


def failure(call=CALL, **how):
    with httpx2.Client(trust_env=False, **how) as client, pytest.raises(NotConnected) as told:
        over(client)(call)
    return told.value


def async_failure(call=CALL, **how):
    async def ask():
        async with httpx2.AsyncClient(trust_env=False, **how) as client:
            await over_async(client)(call)

    with pytest.raises(NotConnected) as told:
        asyncio.run(ask())
    return told.value


# fmt: off
ROWS = [
    pytest.param(socket.gaierror(socket.EAI_NONAME, "unknown"), NoWay,        id="nobody has the name"),
    pytest.param(socket.gaierror(socket.EAI_AGAIN, "not now"),  NotConnected, id="no name server answers at present"),
    pytest.param(ConnectionRefusedError(111, "refused"),        NotConnected, id="nobody listens"),
]
# fmt: on


@pytest.mark.parametrize("ask", [failure, async_failure])
@pytest.mark.parametrize(("why", "kind"), ROWS)
def test_a_name(ask, why, kind, monkeypatch: pytest.MonkeyPatch):
    def looked_up(*_: object, **__: object) -> None:
        raise why

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    assert type(ask()) is kind


@pytest.mark.parametrize("ask", [failure, async_failure])
def test_a_certificate_of_nobody_whom_we_trust(ask, live):
    told = ask(Call(url=live.authority), verify=ssl.create_default_context())
    assert type(told) is NoWay
    assert "SSL_CERT_FILE" in told.advice


@pytest.mark.parametrize("ask", [failure, async_failure])
def test_an_address_that_is_none(ask):
    assert type(ask(Call(url="http://h/a\x07"))) is NoWay


def test_a_host_that_no_codec_takes():
    assert type(failure(Call(url="https://a..b/t"))) is NoWay


def trickled(call):
    """A reply whose body never ends, a byte at a time."""

    class Trickle(httpx2.SyncByteStream):
        def __iter__(self):
            while True:
                yield b" "

    return httpx2.Response(200, stream=Trickle())


def test_whoever_trickles_is_not_waited_for_beyond_a_minute(monkeypatch: pytest.MonkeyPatch):
    clock = iter(range(0, 10_000, 25))
    monkeypatch.setattr(transport, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    with (
        httpx2.Client(transport=httpx2.MockTransport(trickled)) as client,
        pytest.raises(Unreachable, match="had not ended after 60 seconds"),
    ):
        over(client)(CALL)
    assert next(clock) == 100  # it gave up at once


# ---- the way there ----


@pytest.mark.parametrize(("host", "through"), [("localhost", False), ("127.0.0.1", False), ("proxied.example", True)])
def test_what_is_on_this_machine_is_asked_without_a_proxy(host, through, monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as proxy, socket.create_server(("127.0.0.1", 0)) as direct:
        for server in (proxy, direct):
            server.settimeout(10)
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        connection = Connection()
        asked = Call(url=f"http://{host}:{direct.getsockname()[1]}/")
        thread = Thread(target=lambda: _ask(connection, asked))
        thread.start()
        caller, _ = (proxy if through else direct).accept()
        with caller:
            assert caller.recv(20).startswith(b"GET http://" if through else b"GET / HTTP")
        thread.join(10)
        connection.close()


def _ask(connection: Connection, call: Call) -> None:
    with suppress(Unreachable):
        connection(call)
