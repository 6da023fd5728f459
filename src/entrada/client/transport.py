"""Make a flow's calls over httpx2: one function of our own type around a client, so that no other type gets out.

Loaded where something is fetched, never on the way of a token that is at hand.
"""

import socket
import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from attrs import define, field

from entrada.client.driver import Send, SendAsync
from entrada.client.errors import NotConnected, NoWay, Unreachable
from entrada.client.flow import Call, Reply

MOST: Final = 1_000_000  # bytes of a reply: whoever answers with more is no authority
LONGEST: Final = 60.0  # seconds of a reply's body: whoever trickles must not hold up all who wait for it
_UNTRUSTED: Final = "Trust the authority's roots: ca_file, ENTRADA_CA_FILE or SSL_CERT_FILE name a file of them."
_NOT_THERE: Final = "See whether it runs, and whether the address and the proxy are right."
_UNKNOWN_NAME: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_JSON: Final = {"accept": "application/json"}


def over(client: httpx2.Client) -> Send:
    def send(call: Call) -> Reply:
        body = _Body()
        try:
            with client.stream(_method(call), call.url, **_body(call), headers={**_JSON, **call.headers}) as answer:
                for chunk in answer.iter_bytes():
                    body.grow(chunk)
        except _FAILURES as error:
            raise _failure(call, error) from error
        return _reply(answer, body.received)

    return send


def over_async(client: httpx2.AsyncClient) -> SendAsync:
    async def send(call: Call) -> Reply:
        body = _Body()
        try:
            asked = client.stream(_method(call), call.url, **_body(call), headers={**_JSON, **call.headers})
            async with asked as answer:
                async for chunk in answer.aiter_bytes():
                    body.grow(chunk)
        except _FAILURES as error:
            raise _failure(call, error) from error
        return _reply(answer, body.received)

    return send


# A host of empty labels is no fault of httpx2's: it comes as the codec raises it.
_FAILURES: Final = (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError)


def _failure(call: Call, error: Exception) -> Unreachable:
    if not isinstance(error, httpx2.HTTPError):
        return NoWay(f"{urlsplit(call.url).netloc!r} is no address ({error})", advice="Look for a mistake in it.")
    never_sent = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)
    untrusted = "CERTIFICATE_VERIFY_FAILED" in str(error)
    hopeless = NoWay if untrusted or any(map(_is_unknown_name, _causes(error))) else NotConnected
    kind = hopeless if never_sent else Unreachable
    advice = _UNTRUSTED if untrusted else _NOT_THERE if never_sent else ""
    return kind(f"{urlsplit(call.url).netloc} cannot be reached: {str(error) or type(error).__name__}", advice=advice)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_unknown_name(error: BaseException) -> bool:
    """Not where a name server was out of reach (EAI_AGAIN): the next may answer."""
    return isinstance(error, socket.gaierror) and error.errno in _UNKNOWN_NAME


def _method(call: Call) -> str:
    return call.method or ("GET" if call.form is None else "POST")


def _body(call: Call) -> dict[str, Any]:
    return {"data": call.form} if call.content is None else {"content": call.content}


def _reply(answer: httpx2.Response, body: bytearray) -> Reply:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Reply(status=answer.status_code, body=bytes(body), headers=headers)


@define
class _Body:
    received: bytearray = field(factory=bytearray)
    _ends: float = field(factory=lambda: time.monotonic() + LONGEST)

    def grow(self, chunk: bytes) -> None:
        self.received += chunk
        if len(self.received) > MOST:
            raise Unreachable(f"The reply is longer than {MOST} bytes.")
        if time.monotonic() > self._ends:
            raise Unreachable(f"The reply had not ended after {LONGEST:.0f} seconds.")
