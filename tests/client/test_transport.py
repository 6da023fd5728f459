"""Why no connection came about: what another try may mend, and what none will."""

import asyncio
import socket
import ssl

import httpx2
import pytest

from entrada.client.errors import NotConnected, NoWay
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
