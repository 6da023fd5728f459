"""What is Flask's own: factories, templates, proxies, the `identity` package's context, stand-ins in tests."""

import io

import flask
import pytest
from flask import Flask, render_template_string
from jinja2 import DictLoader

from entrada.client.authority import entra_authority
from entrada.client.errors import BadSettings
from entrada.flask import Entrada, WebSettings, current_user
from tests.web_sign_in.authority import CLIENT, READ, SECRET
from tests.web_sign_in.flask_app import FlaskMaker
from tests.web_sign_in.world import Worlds

SETTINGS = WebSettings(authority=entra_authority("https://login.example/organizations"), client_id=CLIENT)


def app_of(auth: Entrada, settings: WebSettings | None = None) -> Flask:
    app = Flask("factory")
    if settings is not None:
        app.config["ENTRADA"] = settings
    auth.init_app(app)

    @app.get("/who")
    @auth.login_required
    def who():
        return render_template_string("{{ current_user.name }}, {{ url_for('entrada.logout') }}")

    @app.get("/painters")
    @auth.login_required(roles="Painter")
    async def painters():
        return f"painter {current_user.name}"

    @app.get("/token")
    @auth.login_required
    def token():
        return auth.token(READ)

    @app.get("/context")
    @auth.login_required(scopes=[READ])
    def told(*, context):
        return {name: context[name] for name in ("access_token", "token_type", "scopes")}

    return app


def test_one_object_serves_several_applications_with_settings_of_their_own():
    auth = Entrada()
    here = app_of(auth, SETTINGS)
    there = app_of(auth, WebSettings(authority=SETTINGS.authority, client_id=CLIENT, prefix="/sign-in"))
    with auth.as_user(name="Ada"):
        assert here.test_client().get("/who").text == "Ada, /auth/logout"
        assert there.test_client().get("/who").text == "Ada, /sign-in/logout"


def test_without_settings_nothing_starts():
    with pytest.raises(BadSettings, match="ENTRADA"):
        Entrada().init_app(Flask("empty"))


def test_a_test_is_somebody_without_signing_in():
    auth = Entrada(SETTINGS)
    client = app_of(auth).test_client()
    with auth.as_user(name="Ada", roles={"Painter"}, token="t-1"):
        assert client.get("/painters").text == "painter Ada"
        assert client.get("/token").text == "t-1"
    with auth.as_user(roles={"Reader"}):
        assert client.get("/painters").status_code == 403


def test_a_view_of_the_identity_package_gets_its_context():
    auth = Entrada(SETTINGS)
    client = app_of(auth).test_client()
    with auth.as_user(token="t-1"):
        told = client.get("/context").json
    assert told == {"access_token": "t-1", "token_type": "Bearer", "scopes": [READ]}


def test_an_application_may_have_pages_of_its_own_for_what_goes_wrong():
    auth = Entrada(SETTINGS)
    app = app_of(auth)
    app.jinja_loader = DictLoader({"entrada/page.html": "<h1>Ours: {{ page.title }}</h1>"})
    with auth.as_user():
        seen = app.test_client().get("/painters", headers={"accept": "text/html"})
    assert (seen.status_code, seen.text) == (403, "<h1>Ours: This page is not for you</h1>")
    assert "style-src 'self'" in seen.headers["content-security-policy"]


def test_current_user_is_nobody_where_nobody_signed_in():
    worlds = Worlds(FlaskMaker())
    seen = worlds.make().browser().open("/")
    assert seen.text == "nobody"
    assert SECRET not in repr(worlds)


class Body(io.BytesIO):
    """Counts what is read of it."""

    taken = 0

    def read(self, size=-1):
        self.taken += max(size, 0)
        return b"x" * max(size, 0)


def test_what_is_posted_to_a_view_is_the_views_to_read():
    auth = Entrada(SETTINGS)
    app = app_of(auth)

    @app.post("/hook")
    @auth.login_required
    def hook():
        return flask.request.stream.read()

    with auth.as_user():
        assert app.test_client().post("/hook", data={"a": "b"}).text == "a=b"
    body = Body()
    told = {"input_stream": body, "content_length": 10_000_000, "content_type": "multipart/form-data; boundary=x"}
    assert app.test_client().post("/hook", **told).status_code == 401
    assert body.taken == 0


def test_a_form_of_our_own_is_told_from_another_sites():
    auth = Entrada(SETTINGS)
    app = app_of(auth)
    app.post("/form")(lambda: "ours" if auth.is_ours() else "another's")
    client = app.test_client()
    assert client.post("/form", headers={"sec-fetch-site": "same-origin"}).text == "ours"
    assert client.post("/form", headers={"sec-fetch-site": "cross-site"}).text == "another's"
    assert client.post("/form").text == "another's"
