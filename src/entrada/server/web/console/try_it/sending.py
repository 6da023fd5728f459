"""Send the request to the gateway, and nowhere else; show what was sent and what came."""

from base64 import b64encode
from time import monotonic
from typing import Final

from attrs import field, frozen

from entrada.core.gateway.console.request import Written
from entrada.core.gateway.console.shown import Body, read_body, shown_headers
from entrada.server.egress.answers import NotFetched, Sent
from entrada.server.web.console.door import Developer
from entrada.server.web.console.try_it.way_out import why

_LARGEST_DOWNLOAD: Final = 1024 * 1024


@frozen(kw_only=True)
class Received:
    status: int
    headers: tuple[tuple[str, str], ...]  # as they may be shown
    body: Body
    download: str = field(default="", repr=False)  # base64


@frozen(kw_only=True)
class Outcome:
    """What was sent and received, as a page may show it; *answer* is as it came."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    milliseconds: int
    answer: Sent | None = field(default=None, repr=False)
    received: Received | None = None
    failure: str = ""


async def send(developer: Developer, written: Written, shown_target: str, secrets: tuple[str, ...]) -> Outcome:
    """*shown_target*: the path and query as the page may show it; *secrets*: what it may not show."""
    origin, began = developer.gateway.origin, monotonic()
    answer, failure = None, ""
    try:
        answer = await developer.here.egress.send(
            written.method, origin + written.target, written.headers, written.body
        )
    except NotFetched as error:
        failure = f"The gateway at {origin} gave no answer{why(developer, error)}."
    return Outcome(
        method=written.method,
        url=origin + shown_target,
        headers=shown_headers(written.headers, secrets),
        milliseconds=round((monotonic() - began) * 1000),
        answer=answer,
        received=None if answer is None else _received(answer, secrets),
        failure=failure,
    )


def _received(answer: Sent, secrets: tuple[str, ...]) -> Received:
    headers = tuple(answer.headers)
    body = read_body(headers, answer.body, secrets, is_cut=answer.is_cut)
    holds_secret = any(one.encode() in answer.body for one in secrets if one)
    small = not answer.is_cut and len(answer.body) <= _LARGEST_DOWNLOAD and not holds_secret
    return Received(
        status=answer.status,
        headers=shown_headers(headers, secrets),
        body=body,
        download=b64encode(answer.body).decode() if body.text is None and answer.body and small else "",
    )
