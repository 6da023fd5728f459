"""What repsys reads in a person's name: their mail from Graph, and the colors there are from the Colors API.

The token is seen to by the client that reads: it is renewed when it has expired, and a person whose consent is missing
is sent to give it, and comes back.
"""

from collections.abc import Callable
from textwrap import shorten
from typing import Any, Final, cast

from attrs import frozen

from entrada.client.errors import Unreachable
from entrada.fastapi import ApiClient

Row = dict[str, str]
_PREVIEW: Final = 160


@frozen(kw_only=True)
class Reading:
    rows: list[Row]
    error: str | None = None


async def read_mail(graph: ApiClient) -> Reading:
    return await _read(graph, "me/messages?$top=10", "Graph", lambda found: [_letter(one) for one in found["value"]])


async def read_colors(api: ApiClient) -> Reading:
    return await _read(api, "colors", "The Colors API", lambda found: list(found["colors"]))


async def _read(api: ApiClient, url: str, name: str, rows: Callable[[Any], list[Row]]) -> Reading:
    try:
        answer = await api.get(url)
    except Unreachable as error:
        return Reading(rows=[], error=f"{name} does not answer: {error.message}")
    if not answer.is_success:
        return Reading(rows=[], error=f"{name} answered with {answer.status}. Sign out and in again.")
    return Reading(rows=rows(answer.json()))


def _letter(message: Any) -> Row:
    sender = cast("Row", message["from"]["emailAddress"])
    return {
        "from": sender["name"] or sender["address"],
        "subject": message["subject"],
        "received": message["receivedDateTime"].replace("T", " ").removesuffix("Z"),
        "preview": shorten(message["bodyPreview"], _PREVIEW, placeholder=" …"),
    }
