"""Fetch from outside, or send there: one address that was judged, no redirect, a little of the answer, not for long."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from attrs import define, field, frozen

from entrada.core.gateway.headers import is_name
from entrada.server.egress import answers
from entrada.server.egress.answers import MAXIMUM_BYTES, Fetched, NotFetched, Sent
from entrada.server.egress.destinations import PORTS, Address, Destinations, Origin, as_address
from entrada.server.egress.resolver import Resolver

if TYPE_CHECKING:
    import httpx2  # 50 ms to load, which only who fetches shall wait for

__all__ = ["MAXIMUM_BYTES", "MAXIMUM_TEXT", "Egress", "Fetched", "NotFetched", "Sent"]

PATIENCE: Final = 5.0  # seconds in all, name look-up included
PATIENCE_OF_A_PERSON: Final = 30.0  # who imports a file or tries a call: there may be a slow backend behind it
MAXIMUM_TEXT: Final = 4 * 1024 * 1024
_LONGEST_URL: Final = 2048
_LONGEST_CALLED: Final = 16 * 1024  # a query that a developer tries may hold a token
_MOST_ADDRESSES: Final = 4
_OURS: Final = frozenset(("host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"))
_TEXT_ACCEPTED: Final = "application/json, application/yaml, text/yaml, text/plain;q=0.5"

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Headers = Sequence[tuple[str, str]]
Answer = TypeVar("Answer")


@frozen
class _Call:
    method: str
    url: "httpx2.URL"
    headers: Headers = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    ca_file: str | None = None
    patience: float = PATIENCE

    @property
    def encoding(self) -> Headers:
        """What comes is taken as it comes: httpx2 would ask for it compressed."""
        asked = any(name.lower() == "accept-encoding" for name, _ in self.headers)
        return () if asked else (("Accept-Encoding", "identity"),)

    @property
    def origin(self) -> Origin:
        host = self.url.raw_host.decode("ascii").lower().strip("[]")
        return Origin(self.url.scheme, host, self.url.port or PORTS.get(self.url.scheme, 0))


@define
class Egress:
    destinations: Destinations = field(factory=Destinations)
    resolve: Resolve = field(factory=Resolver)
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context  # SSL_CERT_FILE included; made when needed
    patience: float = PATIENCE

    async def fetch_json(self, url: str) -> dict[str, object]:
        """One JSON object.  Raises NotFetched."""
        call = _Call("GET", _parsed(url, _LONGEST_URL), (("Accept", "application/json"),), patience=self.patience)
        return await self._made(call, answers.json)

    async def fetch_text(
        self, url: str, maximum: int = MAXIMUM_TEXT, *, patience: float = PATIENCE_OF_A_PERSON
    ) -> Fetched:
        """A text of at most *maximum* bytes, of JSON, YAML or anything that calls itself plain.  Raises NotFetched."""
        call = _Call("GET", _parsed(url, _LONGEST_URL), (("Accept", _TEXT_ACCEPTED),), patience=patience)
        return await self._made(call, partial(answers.text, maximum=maximum))

    async def send(
        self,
        method: str,
        url: str,
        headers: Headers = (),
        body: bytes = b"",
        ca_file: str | None = None,
        *,
        maximum: int = MAXIMUM_TEXT,
        patience: float = PATIENCE_OF_A_PERSON,
    ) -> Sent:
        """What it answered, whatever that is; more than *maximum* bytes of it are cut.  Raises NotFetched.

        A redirect is an answer.  *ca_file* is trusted beside the system's authorities.
        """
        _check(method, headers)
        call = _Call(method, _parsed(url, _LONGEST_CALLED), headers, body, ca_file, patience)
        return await self._made(call, partial(answers.anything, maximum=maximum))

    async def _made(self, call: _Call, take: "Callable[[httpx2.Response], Awaitable[Answer]]") -> Answer:
        import httpx2  # noqa: PLC0415

        try:
            async with asyncio.timeout(call.patience):
                return await self._answered(call, take)
        except TimeoutError:
            raise NotFetched(f"it took longer than {call.patience:g} seconds") from None
        except (OSError, ValueError, httpx2.HTTPError) as error:
            raise NotFetched(f"{type(error).__name__}: {error}") from None

    async def _answered(self, call: _Call, take: "Callable[[httpx2.Response], Awaitable[Answer]]") -> Answer:
        import httpx2  # noqa: PLC0415

        *others, last = await self._judged(call.origin)
        waiting = httpx2.Timeout(call.patience, connect=call.patience / (len(others) + 1))
        for address in others:
            try:
                return await self._answered_by(address, call, waiting, take)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue  # IPv6 where there is no way for it, for instance
        return await self._answered_by(last, call, waiting, take)

    async def _answered_by(
        self,
        address: Address,
        call: _Call,
        waiting: "httpx2.Timeout",
        take: "Callable[[httpx2.Response], Awaitable[Answer]]",
    ) -> Answer:
        import httpx2  # noqa: PLC0415

        # The address in place of the name: nothing looks the name up again.  Host and SNI still say it.
        request = httpx2.Request(
            call.method,
            call.url.copy_with(host=str(address)),
            headers=[("Host", call.url.netloc.decode("ascii")), *call.headers, *call.encoding],
            content=call.body or None,
            extensions={"sni_hostname": call.origin.host, "timeout": waiting.as_dict()},
        )
        async with httpx2.AsyncHTTPTransport(verify=self._context(call), trust_env=False) as transport:
            return await take(await transport.handle_async_request(request))

    def _context(self, call: _Call) -> ssl.SSLContext:
        context = self.context()
        if call.ca_file is not None:
            context.load_verify_locations(call.ca_file)
        return context

    async def _judged(self, origin: Origin) -> list[Address]:
        trusted, host = self.destinations.trusts(origin), origin.host
        if origin.scheme != "https" and not trusted and not (origin.scheme == "http" and self.destinations.names(host)):
            raise NotFetched(
                "only https is fetched, and http from hosts whose name, not address, is in ENTRADA_EGRESS_ALLOW"
            )
        found = [as_address(one) for one in await self.resolve(host, origin.port)]
        # One bad address spoils the name: a public one beside it is how rebinding looks.
        if not found or not (trusted or all(self.destinations.allows(host, one) for one in found)):
            raise NotFetched(f"{host} is not on the public internet, and ENTRADA_EGRESS_ALLOW does not name it")
        return found[:_MOST_ADDRESSES]


def _parsed(text: str, longest: int) -> "httpx2.URL":
    import httpx2  # noqa: PLC0415

    if len(text) > longest:
        raise NotFetched("the URL is too long")
    try:
        url = httpx2.URL(text)
    except (httpx2.InvalidURL, ValueError) as error:
        raise NotFetched(f"it is not a URL: {error}") from None
    if not url.host or url.userinfo or url.fragment:
        raise NotFetched("the URL has no host, or a user name or a fragment")
    return url


def _check(method: str, headers: Headers) -> None:
    """Here, so that no error of a library repeats what a header holds."""
    if not is_name(method):
        raise NotFetched("the method is not a word of HTTP")
    for name, value in headers:
        if not is_name(name) or name.lower() in _OURS:
            raise NotFetched(f"{name[:80]!r} is no header, or one that is written from the URL and the body")
        if not all(" " <= one <= "~" or one == "\t" for one in value):
            raise NotFetched(f"the value of the header {name} has characters that no header can carry")
