"""What an authority publishes, fetched once each, with every check made."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from attrs import frozen

from entrada.cli.discovering.checks import Check, Level, of_clock, of_document
from entrada.cli.discovering.keys import of_keys
from entrada.cli.inspecting.fetched import fetched, one_call
from entrada.client.authority import Authority
from entrada.client.errors import BadMetadata, EntradaError, Unreachable
from entrada.client.flow import Reply
from entrada.core.jose.numeric_date import NumericDate

T = TypeVar("T")


@frozen(kw_only=True)
class Published:
    authority: Authority
    document: Mapping[str, object]
    keys: Mapping[str, object]
    checks: tuple[Check, ...]

    @property
    def bad(self) -> tuple[Check, ...]:
        return tuple(one for one in self.checks if one.level is Level.BAD)


def published(authority: Authority, ca_file: Path | None, now: NumericDate) -> Published:
    """Raises Unreachable and BadMetadata where there is no document at all."""
    reply = fetched(one_call(authority.metadata_url), authority.url, ca_file)
    document = _members(authority.metadata_url, reply)
    checks = of_document(document, authority)
    keys, of_them = _keys(document, authority, ca_file, now)
    clock = of_clock(reply.headers.get("date"), now)
    return Published(authority=authority, document=document, keys=keys, checks=(*checks, *of_them, clock))


def _keys(
    document: Mapping[str, object], authority: Authority, ca_file: Path | None, now: NumericDate
) -> tuple[Mapping[str, object], list[Check]]:
    url = document.get("jwks_uri")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        return {}, []  # said already
    if authority.url.startswith("https://") and not url.startswith("https://"):
        return {}, [Check("keys", Level.BAD, "They were not fetched: the way there is plain http.")]
    try:
        keys = _members(url, fetched(one_call(url), url, ca_file))
    except EntradaError as error:
        return {}, [Check("keys", Level.BAD, f"They cannot be had: {error.message}.")]
    return keys, of_keys(keys, now)


def _members(url: str, reply: Reply) -> dict[str, object]:
    if reply.status >= 500 or reply.status == 429:
        raise Unreachable(f"{url} answered with the status {reply.status}")
    if reply.status != 200:
        raise BadMetadata(
            f"{url} answered with the status {reply.status}: no authority publishes anything there",
            advice="Is the tenant right? Of an OpenID Connect provider, give --issuer.",
        )
    try:
        return reply.members()
    except ValueError as error:
        raise BadMetadata(f"{url} answered with what is no document: {error}") from None
