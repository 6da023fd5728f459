"""The application under test, made with Flask."""

from concurrent.futures import ThreadPoolExecutor

from attrs import frozen
from flask import Flask, jsonify

from entrada.client.web_sign_in.sessions.memory import MemorySessions
from entrada.client.web_sign_in.sessions.port import SessionStore
from entrada.client.web_sign_in.user import GroupsUnknown
from entrada.flask import Entrada, current_user
from tests.web_sign_in import wsgi_calls
from tests.web_sign_in.app_under_test import Asked, Seen
from tests.web_sign_in.authority import WRITE
from tests.web_sign_in.world import Making


def application(making):
    app = Flask("under_test")
    auth = Entrada(making.settings, sessions=making.store, send=making.call, clock=making.clock)
    auth.init_app(app)
    add_pages(app, auth)
    add_calls(app, auth)
    return app, auth


def add_pages(app, auth):
    @app.get("/")
    def home():
        return current_user.name if current_user else "nobody"

    @app.get("/reports")
    @auth.login_required
    def reports():
        return auth.user().name

    @app.get("/admin")
    @auth.login_required(roles={"Admin"})
    def admin():
        return auth.user().name

    @app.get("/writers")
    @auth.login_required(scopes={WRITE})
    def writers():
        return "ink"

    @app.get("/vault")
    @auth.login_required(max_age=600)
    def vault():
        return "gold"

    @app.get("/groups")
    @auth.login_required
    def groups():
        try:
            return " ".join(sorted(auth.user().groups))
        except GroupsUnknown:
            return "unknown"


def add_calls(app, auth):
    @app.get("/colors")
    @auth.login_required
    def colors():
        return ", ".join(auth.session("colors").get("colors").json()["colors"])

    @app.post("/paint")
    @auth.login_required
    def paint():
        auth.session("colors").post("paint", json={})
        return "painted"

    @app.get("/data")
    @auth.login_required
    def data():
        return jsonify(name=auth.user().name)


@frozen
class FlaskUnderTest:
    app: Flask

    def send(self, asked: Asked) -> Seen:
        return wsgi_calls.sent(self.app, asked)

    def send_together(self, asked: list[Asked]) -> list[Seen]:
        with ThreadPoolExecutor(len(asked)) as pool:
            return list(pool.map(self.send, asked))

    def close(self) -> None:
        pass


@frozen
class FlaskMaker:
    def store(self) -> SessionStore:
        return MemorySessions()

    def make(self, making: Making) -> FlaskUnderTest:
        return FlaskUnderTest(application(making)[0])
