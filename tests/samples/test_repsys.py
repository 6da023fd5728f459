"""repsys, without a browser: what it shows to whom, and what it says where an API does not answer."""

import json

import pytest
from starlette.testclient import TestClient

from entrada.client.errors import Unreachable
from entrada.client.flow import Call, Reply
from entrada.fastapi import Entrada
from entrada.samples.repsys import RepsysSettings, application
from entrada.samples.repsys.pages import Pages
from entrada.samples.repsys.settings import GRAPH_SCOPES

ORIGIN = "http://localhost:5000"
GRAPH = "https://localhost:8443/v1.0"
SETTINGS = RepsysSettings(authority="https://localhost:8443/colors", graph=GRAPH, client_secret="s")
LETTER = {
    "from": {"emailAddress": {"name": "", "address": "ada@colors.example"}},
    "subject": "<Green>",
    "receivedDateTime": "2026-01-05T08:30:00Z",
    "bodyPreview": "word " * 50,
}
ANSWERS: dict[str, object] = {
    f"{GRAPH}/me/messages?$top=10": {"value": [LETTER]},
    "http://127.0.0.1:5001/colors": {"colors": [{"name": "moss", "hex": "#8a9a5b"}]},
}


@pytest.fixture
def answers() -> dict[str, object]:
    """Of the APIs: JSON, or the status without any."""
    return dict(ANSWERS)


@pytest.fixture
def auth(answers: dict[str, object]) -> Entrada:
    async def send(call: Call) -> Reply:
        answer = answers.get(call.url)
        if answer is None:
            raise Unreachable("No route to host")
        if isinstance(answer, int):
            return Reply(status=answer, body=b"")
        return Reply(status=200, body=json.dumps(answer).encode())

    return Entrada(SETTINGS.for_sign_in(), page=Pages().of_sign_in, send=send)


@pytest.fixture
def browser(auth: Entrada) -> TestClient:
    client = TestClient(application(SETTINGS, bytes, auth), base_url=ORIGIN, follow_redirects=False)
    client.headers["accept"] = "text/html"
    return client


def test_strangers_are_welcomed_and_shown_nothing(browser: TestClient):
    assert "nobody else’s" in browser.get("/").text
    assert browser.get("/openapi.json").status_code == 404


def test_everybody_sees_their_own_report(browser: TestClient, auth: Entrada):
    with auth.as_user(name="Ben <Blue>", username="ben@colors.example"):
        page = browser.get("/").text
    assert "Ben &lt;Blue&gt;" in page
    assert "&lt;Green&gt;" in page
    assert "2026-01-05 08:30:00<" in page
    assert "word …" in page
    with auth.as_user():
        assert 'fill="#8a9a5b"' in browser.get("/colors").text


@pytest.mark.parametrize(
    ("answer", "said"),
    [(None, "does not answer: No route to host"), (401, "answered with 401"), (503, "answered with 503")],
)
def test_an_api_that_does_not_answer_is_named(
    browser: TestClient, auth: Entrada, answers: dict[str, object], answer: int | None, said: str
):
    for url in ANSWERS:
        answers[url] = answer
    with auth.as_user():
        report, colors = browser.get("/"), browser.get("/colors")
    assert (report.status_code, colors.status_code) == (200, 200)
    assert f"Graph {said}" in report.text
    assert "The Colors API " in colors.text
    assert "No messages." not in report.text


def test_a_token_is_renewed_by_forms_of_repsys_alone(
    browser: TestClient, auth: Entrada, monkeypatch: pytest.MonkeyPatch
):
    asked: list[tuple[str, ...]] = []

    async def token(*scopes: str, force: bool = False) -> str:
        assert force
        asked.append(scopes)
        return "new"

    monkeypatch.setattr(auth, "token", token)
    with auth.as_user():
        assert browser.post("/auth/refresh").status_code == 403
        assert browser.post("/auth/refresh", headers={"sec-fetch-site": "same-site"}).status_code == 403
        assert asked == []
        done = browser.post("/auth/refresh", headers={"sec-fetch-site": "same-origin"})
    assert (done.status_code, done.headers["location"], asked) == (303, "/", [GRAPH_SCOPES])


def test_what_the_sign_in_says_has_the_look_of_repsys(browser: TestClient):
    refused = browser.get("/auth/callback?state=x&code=y")
    assert refused.status_code == 400
    assert "repsys.css" in refused.text
    assert "style-src 'self'" in refused.headers["content-security-policy"]
    assert "You were not signed in" in refused.text
