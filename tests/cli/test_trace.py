"""`--trace`: what a flow says and hears, and never a secret."""

import click
import pytest

from entrada.cli.tokens.trace import Trace
from entrada.client.flow import Call, Reply, Tell, Unreachable

URL = "https://login.example/t/oauth2/v2.0/token"
FORM = {"grant_type": "authorization_code", "client_id": "app", "code": "SECRET-code", "client_secret": "SECRET", "odd": "SECRET"}  # fmt: skip
ANSWER = b'{"access_token": "SECRET", "refresh_token": "SECRET", "token_type": "Bearer", "expires_in": 3599, "scope": "User.Read", "keys": ["SECRET"]}'


def traced(capsys: pytest.CaptureFixture[str], reply: Reply | Exception, *, width: int = 100) -> str:
    def send(_: Call) -> Reply:
        if isinstance(reply, Exception):
            raise reply
        return reply

    call = Call(url=f"{URL}?api-version=1&sig=SECRET", form=FORM, headers={"Authorization": "Basic SECRET"})
    try:
        assert Trace(width).over(send)(call) is reply
    except Unreachable:
        assert isinstance(reply, Unreachable)
    said = capsys.readouterr()
    assert said.out == ""
    return click.unstyle(said.err)


def test_a_call_is_shown_without_what_is_secret(capsys: pytest.CaptureFixture[str]):
    headers = {"date": "Tue, 14 Nov 2023 22:13:20 GMT", "set-cookie": "SECRET", "x-ms-request-id": "4f"}
    said = traced(capsys, Reply(status=200, body=ANSWER, headers=headers))
    assert "SECRET" not in said
    assert f"-> POST {URL}\n" in said
    assert "grant_type     authorization_code\n" in said
    assert "(11 characters, not shown)" in said
    assert "2 parameters that no endpoint reads" in said
    assert "<- 200 OK" in said
    assert "Bearer\n" in said
    assert "4f\n" in said
    assert "1 members, not shown" in said


def test_a_refusal_is_shown(capsys: pytest.CaptureFixture[str]):
    body = b'{"error": "invalid_grant", "error_description": "AADSTS70008: It is old.", "error_codes": [70008]}'
    said = traced(capsys, Reply(status=400, body=body))
    assert "<- 400 Bad Request" in said
    assert "AADSTS70008: It is old.\n" in said


def test_silence_is_shown(capsys: pytest.CaptureFixture[str]):
    assert "<- no answer: Connection refused" in traced(capsys, Unreachable("Connection refused"))


def test_what_is_no_json_is_measured(capsys: pytest.CaptureFixture[str]):
    assert "(6 bytes, not shown)" in traced(capsys, Reply(status=200, body=b"SECRET"))


def test_nothing_moves_the_cursor(capsys: pytest.CaptureFixture[str]):
    said = traced(capsys, Reply(status=400, body=b'{"error": "\\u001b[2Jgone"}'))
    assert "\x1b" not in said
    assert "?[2Jgone" in said


@pytest.mark.parametrize("width", [40, 60])
def test_where_there_is_little_room(capsys: pytest.CaptureFixture[str], width: int):
    body = b'{"error_description": "AADSTS70008: The code that was provided is too old to be of any use here."}'
    said = traced(capsys, Reply(status=400, body=body), width=width)
    assert all(len(line) <= width for line in said.splitlines())
    assert URL in "".join(said.split())
    assert "too old to be of any use here." in " ".join(said.split())


def test_where_the_browser_is_sent(capsys: pytest.CaptureFixture[str]):
    told: list[Tell] = []
    words = Tell(
        message="Go there.", url="https://login.example/authorize?client_id=app&state=SECRET&code_challenge=SECRET"
    )
    Trace(100).telling(told.append)(words)
    said = click.unstyle(capsys.readouterr().err)
    assert told == [words]
    assert "-> browser: https://login.example/authorize\n" in said
    assert "SECRET" not in said
