"""The page on protecting an API: its code, run as printed, judges real tokens of a live server."""

import asyncio
import base64
import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.docs.examples import blocks, names_of
from tests.drivers import django_project
from tests.drivers.live_server import COLORS_API, REPSYS, LiveServer
from tests.interop.conftest import ben, people, trusting  # noqa: F401 - fixtures
from tests.interop.person import Person

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

PAGE = "how-to/protect-an-api.md"
CALLBACK = "http://localhost:5000/auth/callback"
READ = f"api://{COLORS_API}/Colors.Read"


@pytest.fixture
def names(live: LiveServer) -> dict[str, Any]:
    django_project.start()
    return names_of(live, PAGE)


def ask(live: LiveServer, form: dict[str, str]) -> dict[str, str]:
    with live.client() as client:
        answer: dict[str, str] = client.post(f"{live.authority}/oauth2/v2.0/token", data=form).json()
    return answer


@pytest.fixture
def tokens(live: LiveServer, ben: Person) -> dict[str, str]:  # noqa: F811
    where = {"client_id": REPSYS, "redirect_uri": CALLBACK}
    asked = {**where, "response_type": "code", "scope": f"openid profile {READ}"}
    code = ben.fields(f"{live.authority}/oauth2/v2.0/authorize?{urlencode(asked)}")["code"]
    form = {**where, "client_secret": "repsys-dev-secret", "grant_type": "authorization_code", "code": code}
    return ask(live, form)


@pytest.fixture
def daemons(live: LiveServer) -> str:
    form = {
        "client_id": "c0105000-0000-4000-8000-0000000dae01",
        "client_secret": "daemon-dev-secret",
        "grant_type": "client_credentials",
        "scope": f"api://{COLORS_API}/.default",
    }
    return ask(live, form)["access_token"]


def spoilt(token: str) -> str:
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    raised = json.dumps({**claims, "scp": "Colors.Read Colors.Write"}).encode()
    return f"{head}.{base64.urlsafe_b64encode(raised).rstrip(b'=').decode()}.{signature}"


def test_pyjwt(names: dict[str, Any], tokens: dict[str, str], daemons: str):
    people, programs = names["caller"](f"Bearer {tokens['access_token']}"), names["caller"](f"bearer {daemons}")  # noqa: F811
    assert (people["name"], names["may_read"](people)) == ("Ben Blue", True)
    assert (programs["roles"], names["may_read"](programs)) == (["Colors.ReadAll"], True)
    assert not names["may_read"]({**people, "scp": "Colors.ReadMore"})
    assert not names["may_read"]({**programs, "roles": ["Painter"]})
    for header in ("", f"Basic {daemons}", "Bearer", "Bearer x.y.z", f"Bearer {tokens['id_token']}"):
        assert names["caller"](header) is None
    assert names["caller"](f"Bearer {spoilt(tokens['access_token'])}") is None


async def call(api: Any, token: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://api") as client:
        return await client.get("/colors", headers={"Authorization": f"Bearer {token}"})


def test_fastapi_azure_auth(names: dict[str, Any], tokens: dict[str, str], daemons: str):
    async def answers() -> list[httpx.Response]:
        asked = (tokens["access_token"], spoilt(tokens["access_token"]), tokens["id_token"], daemons)
        return [await call(names["other"], token) for token in asked]

    good, *bad = asyncio.run(answers())
    assert (good.status_code, good.json()["reader"]) == (200, "Ben Blue")
    assert [answer.status_code for answer in bad] == [401, 403, 403]  # an ID token has no scope


def test_ours_in_every_framework(names: dict[str, Any], tokens: dict[str, str], daemons: str):
    person, forged, id_token = tokens["access_token"], spoilt(tokens["access_token"]), tokens["id_token"]
    asked = (person, daemons, forged, id_token)
    for answers in (
        [asyncio.run(call(names["app"], token)).status_code for token in asked],
        [names["flask_app"].test_client().get("/colors", headers=bearer(token)).status_code for token in asked],
        [asyncio.run(names["django_colors"](django_request(token))).status_code for token in asked],
        [names["Colors"].as_view()(django_request(token)).status_code for token in asked],
    ):
        assert answers == [200, 200, 401, 401]
    assert [asyncio.run(call(names["bare"], token)).status_code for token in asked] == [200, 403, 401, 401]
    assert asyncio.run(call(names["bare"], person)).text == "Ben Blue"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def django_request(token: str) -> Any:
    from django.test import RequestFactory

    return RequestFactory().get("/colors", headers=bearer(token))


def test_ours_in_tests(names: dict[str, Any]):
    names["test_reading"]()


def test_the_tables_name_what_the_code_checks():
    [pyjwt] = [block for block in blocks(PAGE, "python") if "import jwt" in block]
    for name in ("iss", "aud", "exp", "nbf"):
        assert f'"{name}"' in pyjwt
