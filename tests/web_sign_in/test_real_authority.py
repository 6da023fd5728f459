"""Against entrada itself, in the process of the test: what our users' tests do with the fixture."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, jsonify

from entrada.flask import Entrada, current_user
from entrada.testing.plugin import entrada_authority  # noqa: F401 - a fixture

GRAPH = "https://localhost:8443/v1.0"
ORIGIN = "http://localhost:5000"


@pytest.fixture
def there(entrada_authority):  # noqa: F811
    settings = entrada_authority.settings(
        scopes=["User.Read"], apis={"graph": {"base_url": GRAPH, "scopes": ["User.Read"]}}
    )
    app = Flask("real")
    auth = Entrada(settings, send=entrada_authority.send, clock=entrada_authority.clock)
    auth.init_app(app)

    @app.get("/me")
    @auth.login_required
    def me():
        return jsonify(
            auth.session("graph").get("me").json(),
        )

    @app.get("/")
    def home():
        return current_user.username if current_user else "nobody"

    return app.test_client()


def get(client: Any, url: str) -> Any:
    parts = urlsplit(url)
    return client.get(f"{parts.path}?{parts.query}", base_url=ORIGIN, headers={"accept": "text/html"})


def test_a_person_signs_in_and_graph_answers_for_them(there, entrada_authority):  # noqa: F811
    back = get(there, entrada_authority.sign_in(get(there, "/me").headers["location"], "cai@colors.example"))
    assert (back.status_code, urlsplit(back.headers["location"]).path) == (302, "/me")
    assert get(there, "/me").json["userPrincipalName"] == "cai@colors.example"
    assert get(there, "/").text == "cai@colors.example"


def test_tokens_are_renewed_when_they_are_over(there, entrada_authority):  # noqa: F811
    back = entrada_authority.sign_in(get(there, "/me").headers["location"], "ada@colors.example")
    get(there, back)
    entrada_authority.clock.advance(2 * 60 * 60)
    assert get(there, "/me").json["userPrincipalName"] == "ada@colors.example"


def test_an_answer_is_good_for_one_browser_alone(there, entrada_authority):  # noqa: F811
    back = entrada_authority.sign_in(get(there, "/me").headers["location"], "ben@colors.example")
    stranger = there.application.test_client()
    assert get(stranger, back).status_code == 400
    assert get(stranger, "/").text == "nobody"
