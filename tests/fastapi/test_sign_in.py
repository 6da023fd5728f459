"""What is FastAPI's own; what every framework does is tried in tests/web_sign_in."""

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlencode

import pytest
from fastapi import Depends, FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from entrada.client.authority import entra_authority
from entrada.client.errors import BadSettings
from entrada.fastapi import Api, ApiClient, CurrentUser, Entrada, GroupsUnknown, User, WebSettings
from tests.web_sign_in.authority import CLIENT, READ, SECRET, ActingAuthority

ORIGIN = "https://app.example"


@pytest.fixture
def authority() -> ActingAuthority:
    return ActingAuthority()


def entrada(authority: ActingAuthority, **changes: Any) -> Entrada:
    settings = WebSettings(
        authority=entra_authority(authority.url),
        client_id=CLIENT,
        client_secret=SECRET,
        public_url=ORIGIN,
        apis={"colors": Api(base_url="https://api.example", scopes=[READ])},
        **changes,
    )
    return Entrada(settings, clock=authority.clock, send=authority.called)


@pytest.fixture
def auth(authority: ActingAuthority) -> Entrada:
    return entrada(authority)


@pytest.fixture
def app(auth: Entrada) -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def home(user: CurrentUser | None) -> str:
        return "nobody" if user is None else user.name

    @app.get("/sync")
    def sync(user: CurrentUser) -> str:
        return user.name

    @app.get("/admin")
    async def admin(user: Annotated[User, Depends(auth.require(roles={"Admin"}))]) -> str:
        return user.name

    @app.get("/groups")
    async def groups(user: CurrentUser) -> list[str]:
        return sorted(user.groups)

    @app.get("/token")
    async def token() -> str:
        return await auth.token(READ)

    @app.get("/client")
    async def client(colors: Annotated[ApiClient, auth.client("colors")]) -> str:
        return type(colors).__name__

    @app.websocket("/ws")
    async def speak(socket: WebSocket, user: CurrentUser) -> None:
        await socket.accept()
        await socket.send_text(user.name)
        await socket.close()

    @app.websocket("/ws/token")
    async def speak_more(socket: WebSocket) -> None:
        await auth.token(READ)

    auth.install(app)
    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=ORIGIN, follow_redirects=False, headers={"accept": "text/html"}) as client:
        yield client


def sign_in(client: TestClient, authority: ActingAuthority, path: str = "/auth/login") -> Any:
    answer = authority.page(client.get(path).headers["location"])
    return client.get(f"{answer.path}")


def test_a_dependency_gives_the_user_or_sends_to_the_sign_in(client, authority):
    assert client.get("/").json() == "nobody"
    assert sign_in(client, authority, "/sync?x=1").headers["location"] == "/sync?x=1"
    assert [client.get(path).json() for path in ("/", "/sync")] == ["Ada", "Ada"]
    assert client.get("/admin").status_code == 403


def test_tokens_and_clients_are_of_whoever_asks(client, authority):
    sign_in(client, authority)
    assert client.get("/token").status_code == 200
    assert client.get("/client").json() == "ApiClient"


def test_a_client_of_an_api_that_nobody_named_is_refused_at_once(auth):
    with pytest.raises(BadSettings, match="colors"):
        auth.client("colours")


def test_a_token_outside_of_a_request_says_what_is_missing(auth):
    import asyncio

    with pytest.raises(BadSettings, match="install"):
        asyncio.run(auth.token(READ))


@pytest.mark.parametrize("path", ["/ws", "/ws/token"])
def test_a_websocket_of_nobody_is_closed_with_1008(client, path):
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(f"wss://app.example{path}"):
        pass
    assert caught.value.code == 1008


def test_a_websocket_knows_its_user_and_is_for_our_own_pages(client, authority):
    sign_in(client, authority)
    with client.websocket_connect("wss://app.example/ws", headers={"origin": ORIGIN}) as socket:
        assert socket.receive_text() == "Ada"
    with (
        pytest.raises(WebSocketDisconnect) as caught,
        client.websocket_connect("wss://app.example/ws", headers={"origin": "https://evil.example"}),
    ):
        pass
    assert caught.value.code == 1008


def test_tests_of_an_application_need_no_sign_in(client, auth):
    with auth.as_user(name="Tess", roles=["Admin"]) as user:
        assert client.get("/admin").json() == user.name == "Tess"
        assert client.get("/token").json()
    assert client.get("/admin").status_code == 302


def test_too_many_groups_end_as_words_and_not_as_a_traceback(client, auth):
    with auth.as_user(groups=None):
        seen = client.get("/groups")
    assert seen.status_code == 500
    assert "groups_from_graph" in seen.text
    with auth.as_user(groups=None) as user, pytest.raises(GroupsUnknown):
        _ = user.groups


def test_routes_of_the_sign_in_stand_in_no_schema(client):
    assert not any(path.startswith("/auth") for path in client.get("/openapi.json").json()["paths"])


def test_it_works_on_plain_starlette_and_below_a_path(authority):
    auth = entrada(authority)

    async def page(request: Any) -> PlainTextResponse:
        return PlainTextResponse((await auth.required(request)).name)

    inner = Starlette(routes=[Route("/page", page)])
    auth.install(inner)
    outer = Starlette(routes=[Mount("/tool", inner)])
    client = TestClient(outer, base_url=ORIGIN, follow_redirects=False, headers={"accept": "text/html"})
    answer = authority.page(client.get("/tool/page?a=b").headers["location"])
    assert answer.url == f"{ORIGIN}/tool/auth/callback"
    seen = client.get(f"/tool/auth/callback?{urlencode(answer.fields)}")
    assert seen.headers["location"] == "/tool/page?a=b"
    assert client.get("/tool/page").text == "Ada"


def test_a_form_that_is_too_large_or_none_is_no_answer(client):
    assert client.post("/auth/backchannel-logout", data={"logout_token": "x" * 300_000}).status_code == 400
    assert client.post("/auth/backchannel-logout", json={"logout_token": "x"}).status_code == 400
