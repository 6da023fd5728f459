"""Make a flow's calls over httpx2: one function of our own type around a client, so that no other type gets out.

Loaded where something is fetched, never on the way of a token that is at hand.
"""

from typing import Final

import httpx2

from entrada.client.driver import Send, SendAsync
from entrada.client.flow import Call, Reply, Unreachable

MOST: Final = 1_000_000  # bytes of a reply: whoever answers with more is no authority
_JSON: Final = {"accept": "application/json"}


def over(client: httpx2.Client) -> Send:
    def send(call: Call) -> Reply:
        body = bytearray()
        try:
            with client.stream(_method(call), call.url, data=call.form, headers={**_JSON, **call.headers}) as answer:
                for chunk in answer.iter_bytes():
                    _grow(body, chunk)
        except httpx2.HTTPError as error:
            raise Unreachable(str(error)) from error
        return _reply(answer, body)

    return send


def over_async(client: httpx2.AsyncClient) -> SendAsync:
    async def send(call: Call) -> Reply:
        body = bytearray()
        asked = client.stream(_method(call), call.url, data=call.form, headers={**_JSON, **call.headers})
        try:
            async with asked as answer:
                async for chunk in answer.aiter_bytes():
                    _grow(body, chunk)
        except httpx2.HTTPError as error:
            raise Unreachable(str(error)) from error
        return _reply(answer, body)

    return send


def _method(call: Call) -> str:
    return "GET" if call.form is None else "POST"


def _reply(answer: httpx2.Response, body: bytearray) -> Reply:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Reply(status=answer.status_code, body=bytes(body), headers=headers)


def _grow(body: bytearray, chunk: bytes) -> None:
    body += chunk
    if len(body) > MOST:
        raise Unreachable(f"The reply is longer than {MOST} bytes.")
