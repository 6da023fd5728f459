"""A WebSocket that may not pass is closed with 1008, before it is accepted."""

import asyncio
from typing import Annotated, Any

import pytest
from fastapi import FastAPI, Security, WebSocket
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from entrada.client.api_protection import guard, needs
from entrada.client.api_protection.asgi import BearerMiddleware
from entrada.fastapi.api import BearerAuth, Principal
from tests.api_protection.authority import FORGERS, SETTINGS, Authority, Clock, person, signed


def in_fastapi() -> Any:
    api = BearerAuth(SETTINGS, send=Authority(), clock=Clock())  # type: ignore[arg-type]
    app = FastAPI()

    @app.websocket("/colors")
    async def colors(socket: WebSocket, caller: Annotated[Principal, Security(api, scopes=["Colors.Read"])]) -> None:
        await socket.accept()
        await socket.send_text(caller.name)

    return app


def in_asgi() -> Any:
    async def bare(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": scope["entrada.principal"].name})

    return BearerMiddleware(bare, guard(SETTINGS, send=Authority(), clock=Clock()), needs(scopes="Colors.Read"))  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [in_fastapi, in_asgi])
def test_web_sockets(make):
    client = TestClient(make())
    for token in (signed(person(), key=FORGERS), signed(person(scp="Other")), ""):
        with (
            pytest.raises(WebSocketDisconnect) as refused,
            client.websocket_connect("/colors", headers={"Authorization": f"Bearer {token}"}),
        ):
            pass
        assert refused.value.code == 1008
    with client.websocket_connect("/colors", headers={"Authorization": f"Bearer {signed(person())}"}) as socket:
        assert socket.receive_text() == "Ada Amber"


def test_what_is_open_and_what_is_no_request_pass():
    seen: list[str] = []

    async def bare(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    app = BearerMiddleware(bare, guard(SETTINGS, send=Authority(), clock=Clock()), open_paths=["/healthz"])

    async def visit() -> None:
        for scope in ({"type": "lifespan"}, {"type": "http", "path": "/healthz", "headers": []}):
            await app(scope, None, None)

    asyncio.run(visit())
    assert seen == ["lifespan", "http"]
