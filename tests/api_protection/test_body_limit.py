"""No more of a body is read than an API said it would take, whoever sends it."""

import asyncio

import pytest

from entrada.client.api_protection.asgi import BodyLimit


def sent(chunks: list[bytes], *, declared: int | None = None) -> tuple[list[dict], int, list[bytes]]:
    """What is answered, how many chunks were taken for it, what the application read."""
    taken, answers, read = 0, [], []

    async def application(scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            body, more = body + message["body"], message["more_body"]
        read.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"read"})

    async def receive():
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": chunks[taken - 1], "more_body": taken < len(chunks)}

    async def send(message):
        answers.append(message)

    headers = [] if declared is None else [(b"content-length", str(declared).encode())]
    scope = {"type": "http", "headers": headers, "path": "/"}
    asyncio.run(BodyLimit(application, largest=100)(scope, receive, send))
    return answers, taken, read


@pytest.mark.parametrize("declared", [None, 100])
def test_what_is_not_too_much_is_read(declared):
    answers, _, read = sent([b"x" * 60, b"x" * 40], declared=declared)
    assert answers[0]["status"] == 200
    assert read == [b"x" * 100]


def test_what_is_said_to_be_too_much_is_not_read_at_all():
    answers, taken, read = sent([b"x"], declared=101)
    assert [answers[0]["status"], taken, read] == [413, 0, []]


def test_what_grows_too_large_breaks_off():
    answers, taken, read = sent([b"x" * 60] * 1000)
    assert [one["type"] for one in answers] == ["http.response.start", "http.response.body"]
    assert [answers[0]["status"], taken, read] == [413, 2, [b"x" * 60]]
