"""Read the signed-in person's mail from Graph; the access token renews itself when it has expired."""

from textwrap import shorten
from typing import Any

from attrs import frozen
from authlib.integrations.base_client import OAuthError
from httpx import HTTPError

from entrada.samples.repsys.platform import Platform, Token

_PREVIEW = 160


@frozen(kw_only=True)
class Mail:
    messages: list[dict[str, str]]
    error: str | None = None
    signed_out: bool = False  # the refresh token no longer serves: sign in again


async def read_mail(platform: Platform, graph: str, token: Token) -> Mail:
    try:
        answer = await platform.get(f"{graph}/me/messages?$top=10", token=token)
    except OAuthError:
        return Mail(messages=[], signed_out=True)
    except HTTPError as error:
        return Mail(messages=[], error=f"Graph does not answer: {error}")
    if answer.status_code == 401:
        return Mail(messages=[], signed_out=True)
    if answer.status_code != 200:
        return Mail(messages=[], error=answer.json()["error"]["message"])
    return Mail(messages=[_row(message) for message in answer.json()["value"]])


def _row(message: dict[str, Any]) -> dict[str, str]:
    sender = message["from"]["emailAddress"]
    return {
        "from": sender["name"] or sender["address"],
        "subject": message["subject"],
        "received": message["receivedDateTime"].replace("T", " ").removesuffix("Z"),
        "preview": shorten(message["bodyPreview"], _PREVIEW, placeholder=" …"),
    }
