"""The Colors API: what it gives to whom, from which places, and that its description is true."""

import json

import pytest
from starlette.testclient import TestClient

from entrada.client.authority import entra_authority
from entrada.samples.colors import ColorsSettings, application
from entrada.samples.colors.app import bearer_auth
from entrada.samples.colors.description import KEPT, description
from entrada.samples.colors.palette import MOST
from tests.drivers.live_server import COLORS_API, LiveServer

SPA = "http://localhost:3000"


@pytest.fixture
def colors():
    """The application, and what acts as its callers."""
    api = bearer_auth(ColorsSettings())
    return TestClient(application(ColorsSettings(), bytes, api)), api


def test_the_description_that_is_kept_is_what_it_says_of_itself():
    assert KEPT.read_text(encoding="utf-8") == description(), "python -m entrada.samples.colors.description writes it"


def test_reading(colors):
    client, api = colors
    with api.as_principal(scopes="Colors.Read"):
        listed = client.get("/colors").json()["colors"]
        assert {"name": "crimson", "hex": "#dc143c"} in listed
        assert [one["name"] for one in listed] == sorted(one["name"] for one in listed)
        assert client.get("/colors/random").json() == listed[0]
        assert client.get("/colors/moss").json() == {"name": "moss", "hex": "#8a9a5b"}
        assert client.get("/colors/nothing").status_code == 404
    with api.as_principal(roles="Colors.ReadAll", application=True):
        assert client.get("/colors").status_code == 200
    with api.as_principal(roles="Painter", application=True):
        assert client.get("/colors").status_code == 403


def test_mixing_and_washing(colors):
    client, api = colors
    zinnober = {"name": "zinnober", "hex": "#e34234"}
    with api.as_principal(scopes="Colors.Read"):
        assert client.post("/colors", json=zinnober).status_code == 403
        assert client.post("/admin/wash").status_code == 403
    with api.as_principal(scopes="Colors.Read Colors.Write"):
        assert client.post("/colors", json=zinnober).json() == zinnober
        assert client.post("/colors", json=zinnober).status_code == 409
        assert client.post("/colors", json={"name": "Zinn ober", "hex": "red"}).status_code == 422
        assert client.get("/colors/zinnober").json() == zinnober
    with api.as_principal(scopes="Colors.Read", roles="Painter"):
        assert client.post("/admin/wash").json() == {"removed": 1}
        assert client.get("/colors/zinnober").status_code == 404
        assert client.get("/colors/crimson").status_code == 200


def test_nobody_fills_the_memory(colors):
    client, api = colors
    names = [f"a{first}{second}" for first in "bcdefghijklmnopqrstuvwxyz" for second in "bcdefghijklmnopqrstuvwxyz"]
    with api.as_principal(scopes="Colors.Write"):
        answers = [client.post("/colors", json={"name": one, "hex": "#000000"}).status_code for one in names]
    assert (answers.count(201) < MOST, answers[-1]) == (True, 507)


def test_only_the_single_page_application_may_call_from_another_origin(colors):
    client, _ = colors
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    assert client.options("/colors", headers={"Origin": SPA, **asked}).headers["access-control-allow-origin"] == SPA
    refused = client.options("/colors", headers={"Origin": "https://evil.example", **asked})
    assert "access-control-allow-origin" not in refused.headers
    told = client.get("/colors", headers={"Origin": SPA})
    assert (told.status_code, told.headers["access-control-allow-origin"]) == (401, SPA)
    assert "WWW-Authenticate" in told.headers["access-control-expose-headers"]


def test_behind_a_prefix_it_describes_itself_there():
    api = bearer_auth(ColorsSettings())
    client = TestClient(application(ColorsSettings(root_path="/prefix"), bytes, api))
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/prefix"}]
    assert client.get("/docs").status_code == 200
    assert client.get("/static/documentation.js").status_code == 200
    with api.as_principal(scopes="Colors.Read"):
        assert client.get("/colors/moss").status_code == 200


def test_its_page_loads_nothing_from_elsewhere(colors):
    client, _ = colors
    page = client.get("/docs")
    assert "//" not in page.text.replace(f"api://{COLORS_API}", "")
    assert "script-src 'self';" in page.headers["content-security-policy"]
    for part in ("swagger-ui-bundle.js", "swagger-ui.css", "documentation.js", "signed-in.js"):
        assert client.get(f"/static/{part}").status_code == 200


def test_it_runs_beside_the_platform(live: LiveServer):
    with live.client() as client:
        form = {
            "grant_type": "client_credentials", "client_id": "c0105000-0000-4000-8000-0000000dae01",
            "client_secret": "daemon-dev-secret", "scope": f"api://{COLORS_API}/.default",
        }  # fmt: skip
        token = client.post(f"{live.authority}/oauth2/v2.0/token", data=form).json()["access_token"]
        answer = client.get(f"{live.colors}/colors", headers={"Authorization": f"Bearer {token}"})
        assert json.loads(answer.text)["colors"]
        assert client.post(f"{live.colors}/admin/wash", headers={"Authorization": f"Bearer {token}"}).status_code == 403
        assert client.get(f"{live.colors}/docs", headers={"Host": "evil.example"}).status_code == 421


def test_its_settings_are_those_of_the_development_directory():
    settings = ColorsSettings()
    assert settings.client_id == COLORS_API
    assert entra_authority(settings.authority).tenant == "c0105000-0000-4000-8000-000000000001"


def test_nobody_makes_it_read_more_than_a_color_takes(colors):
    client, _ = colors
    assert client.post("/colors", content=b"x" * 20_000).status_code == 413
    assert client.post("/colors", content=iter([b"x" * 10_000] * 100)).status_code == 413
    assert client.post("/colors", json={"name": "moss", "hex": "#8a9a5b"}).status_code == 401
