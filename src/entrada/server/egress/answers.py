"""What is taken of an answer from outside: of a kind that was asked for, and a little of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from entrada.core.jose.json_object import parse_object

if TYPE_CHECKING:
    import httpx2

MAXIMUM_BYTES: Final = 256 * 1024
_TEXTS: Final = ("/json", "+json", "/yaml", "+yaml", "/x-yaml", "/vnd.yaml", "/vnd.oai.openapi", "/plain")
"""What OpenAPI files come as; `text/plain` is what a repository's raw files come as, whatever they hold."""


class NotFetched(Exception):
    """One line that says why; for the log, or for whoever wrote the URL, never for another caller."""


@frozen
class Fetched:
    text: str
    media_type: str  # in small letters, without parameters


@frozen
class Sent:
    status: int
    headers: Sequence[tuple[str, str]] = field(repr=False)  # as they came, one by one
    body: bytes = field(repr=False)
    is_cut: bool = False  # there was more


async def json(response: "httpx2.Response") -> dict[str, object]:
    """Raises NotFetched, ValueError."""
    _check(response)
    if not _media_type(response).endswith(("/json", "+json")):
        raise NotFetched("it is not plain JSON")
    return parse_object(await _whole(response, MAXIMUM_BYTES))


async def text(response: "httpx2.Response", maximum: int) -> Fetched:
    """Raises NotFetched."""
    _check(response)
    media_type = _media_type(response)
    if not media_type.endswith(_TEXTS):
        raise NotFetched(f"it is {media_type or 'of no kind'}, not JSON, YAML or plain text")
    try:
        return Fetched((await _whole(response, maximum)).decode("utf-8-sig"), media_type)
    except UnicodeDecodeError:
        raise NotFetched("it is not UTF-8") from None


async def anything(response: "httpx2.Response", maximum: int) -> Sent:
    """Whatever the status; a redirect is an answer like any other."""
    body = await _beginning(response, maximum)
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
    return Sent(response.status_code, headers, body[:maximum], is_cut=len(body) > maximum)


def _check(response: "httpx2.Response") -> None:
    if response.status_code != 200:
        raise NotFetched(f"it answered {response.status_code}")  # a redirect is an answer like any other: not followed
    if response.headers.get("content-encoding"):
        raise NotFetched("it is compressed, and not plain JSON or text")


def _media_type(response: "httpx2.Response") -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _whole(response: "httpx2.Response", maximum: int) -> bytes:
    body = await _beginning(response, maximum)
    if len(body) > maximum:
        raise NotFetched(f"it is larger than {maximum} bytes")
    return body


async def _beginning(response: "httpx2.Response", maximum: int) -> bytes:
    """All of it; of one that is larger than *maximum*, a little more than that."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > maximum:
            break
    return bytes(body)
