"""How the console reaches authorization servers: our own endpoints within the process, others by the guarded way out.

So no proxy has to know our name from inside, and an address that an administrator typed leads to nothing private.
"""

from typing import cast

import httpx2
from starlette.types import ASGIApp

from entrada.core.directory.administration.operations import Operation
from entrada.server.egress.answers import NotFetched, Sent
from entrada.server.web.console.door import Developer
from entrada.server.web.http import decision_log

Headers = tuple[tuple[str, str], ...]
MAXIMUM = 256 * 1024


async def post(developer: Developer, url: str, headers: Headers, body: bytes) -> Sent:
    """Raises NotFetched."""
    if is_own(developer, url):
        return await _within(developer, "POST", url, headers, body)
    return await developer.here.egress.send("POST", url, headers, body)


async def get_json(developer: Developer, url: str) -> dict[str, object]:
    """Raises NotFetched."""
    if not is_own(developer, url):
        return await developer.here.egress.fetch_json(url)
    answer = await _within(developer, "GET", url, (("Accept", "application/json"),), b"")
    try:
        found = httpx2.Response(answer.status, content=answer.body).json()
    except ValueError:
        raise NotFetched("it is not JSON") from None
    if answer.status != 200 or not isinstance(found, dict):
        raise NotFetched(f"it answered {answer.status}")
    return cast("dict[str, object]", found)


def why(developer: Developer, error: NotFetched) -> str:
    """To follow what cannot be reached: administrators read of addresses and networks, others in the log alone."""
    visitor = developer.visitor
    decision_log.unavailable("console.way_out", visitor.trace, error)
    return f": {error}" if visitor.may(Operation.CHANGE_GATEWAY) else ""


def is_own(developer: Developer, url: str) -> bool:
    return url.startswith(f"{developer.here.origin}/")


async def _within(developer: Developer, method: str, url: str, headers: Headers, body: bytes) -> Sent:
    transport = httpx2.ASGITransport(app=cast("ASGIApp", developer.visitor.request.app))
    async with httpx2.AsyncClient(transport=transport) as client:
        try:
            answer = await client.request(method, url, headers=list(headers), content=body)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NotFetched(f"{type(error).__name__}: {error}") from None
    return Sent(answer.status_code, tuple(answer.headers.items()), answer.content[:MAXIMUM])
