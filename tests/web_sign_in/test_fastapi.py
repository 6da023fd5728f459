"""What is FastAPI's own: forms beside `Form()`, applications that are mounted, websockets."""

from typing import Annotated

import pytest
from fastapi import FastAPI, Form, Request, WebSocket
from starlette.testclient import TestClient

from entrada.fastapi import CurrentUser, Entrada
from tests.web_sign_in.app_under_test import Asked
from tests.web_sign_in.authority import WRITE
from tests.web_sign_in.fastapi_app import FastApiMaker, FastApiUnderTest
from tests.web_sign_in.world import Worlds

FORM = "application/x-www-form-urlencoded"


class Maker(FastApiMaker):
    def make(self, making):
        async def send(call):
            return making.call(call)

        app = FastAPI()
        self.auth = Entrada(making.settings, sessions=making.store, send=send, clock=making.clock)
        self.auth.install(app)
        _add_forms(app, self.auth)
        app.mount("/below", _below(self.auth))

        @app.websocket("/socket")
        async def socket(socket: WebSocket, user: CurrentUser):
            await socket.accept()
            await socket.send_text(user.name)

        @app.get("/reports")
        async def reports(user: CurrentUser):
            return user.name

        return FastApiUnderTest(app)


def _add_forms(app, auth):
    @app.get("/word")
    async def word(request: Request):
        return auth.csrf(request)

    @app.post("/buy")
    async def buy(request: Request, what: Annotated[str, Form()]):
        return what if await auth.is_ours(request) else "another's"

    @app.post("/hook")
    async def hook(request: Request):
        ours = await auth.is_ours(request)
        return (await request.form())["what"] if ours else "another's"


def _below(auth):
    app = FastAPI()

    @app.get("/reports")
    async def reports(user: CurrentUser):
        return user.name

    @app.get("/ink")
    async def ink(user: CurrentUser):
        return await auth.token(WRITE)

    return app


@pytest.fixture
def worlds():
    made = Worlds(Maker())
    yield made
    made.close()


@pytest.mark.parametrize("path", ["/buy", "/hook"])
@pytest.mark.parametrize("kind", ["form", "multipart"])
def test_a_form_of_a_view_is_told_from_another_sites(worlds, path, kind):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    word = browser.fetch("/word").json()
    assert browser.post(path, {"what": "ink"}).text == '"ink"'

    def post(word: str, site: dict[str, str]) -> str:
        fields = {"what": "ink", "csrf": word}
        if kind == "form":
            body, told = "&".join(f"{name}={value}" for name, value in fields.items()), FORM
        else:
            part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
            body, told = (
                "".join(part.format(*one) for one in fields.items()) + "--x--\r\n",
                "multipart/form-data; boundary=x",
            )
        headers = {"content-type": told, **site}
        asked = Asked(
            method="POST",
            origin=browser.origin,
            path=path,
            cookies=browser.sent("/"),
            body=body.encode(),
            headers=headers,
        )
        return there.app.send(asked).text

    if (path, kind) != ("/hook", "multipart"):  # whose word is read where the view lets FastAPI read it
        assert post(word, {}) == '"ink"'
    assert post("guessed", {}) == '"another\'s"'
    assert post("guessed", {"sec-fetch-site": "cross-site"}) == '"another\'s"'


def test_an_application_that_is_mounted_sends_people_to_sign_in_and_back(worlds):
    there = worlds.make()
    browser = there.browser()
    seen = there.sign_in(browser, "/below/reports")
    assert seen.location == "/below/reports"
    assert browser.open("/below/reports").text == '"Ada"'
    assert there.browser().fetch("/below/reports").json()["login_url"].startswith("/auth/login?")


def test_what_a_view_of_a_mounted_application_lets_through_is_answered(worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    there.forget_tokens(browser)
    assert browser.open("/below/ink").status == 302


def test_a_websocket_of_a_loopback_address():
    worlds = Worlds(Maker())
    there = worlds.make(public_url=None)
    browser = there.browser("http://localhost:8000")
    assert there.sign_in(browser).status == 302
    cookie = "; ".join(f"{name}={value}" for name, value in browser.sent("/").items())
    client = TestClient(there.app.app, base_url="http://localhost:8000")
    headers = {"cookie": cookie, "host": "localhost:8000", "origin": "http://localhost:8000"}
    with client.websocket_connect("/socket", headers=headers) as socket:
        assert socket.receive_text() == "Ada"
    worlds.close()
