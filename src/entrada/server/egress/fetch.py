"""Fetch a JSON document from outside: one address that was judged, no redirect, a little of it, not for long."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from attrs import define, field

from entrada.core.jose.json_object import parse_object
from entrada.server.egress.destinations import Address, Destinations, as_address
from entrada.server.egress.resolver import Resolver

if TYPE_CHECKING:
    import httpx2  # 50 ms to load, which only who fetches shall wait for

PATIENCE: Final = 5.0  # seconds in all, name look-up included
MAXIMUM_BYTES: Final = 256 * 1024
_LONGEST_URL: Final = 2048
_MOST_ADDRESSES: Final = 4
_PORTS: Final = {"https": 443, "http": 80}

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class NotFetched(Exception):
    """One line that says why; for the log, never for the caller."""


@define
class Egress:
    destinations: Destinations = field(factory=Destinations)
    resolve: Resolve = field(factory=Resolver)
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context  # SSL_CERT_FILE included; made when needed
    patience: float = PATIENCE

    async def fetch_json(self, url: str) -> dict[str, object]:
        """One JSON object.  Raises NotFetched."""
        import httpx2  # noqa: PLC0415

        try:
            async with asyncio.timeout(self.patience):
                return await self._fetch(_parsed(url))
        except TimeoutError:
            raise NotFetched(f"it took longer than {self.patience:g} seconds") from None
        except (OSError, ValueError, httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NotFetched(f"{type(error).__name__}: {error}") from None

    async def _fetch(self, url: "httpx2.URL") -> dict[str, object]:
        import httpx2  # noqa: PLC0415

        host = url.raw_host.decode("ascii").lower()
        if url.scheme != "https" and not (url.scheme == "http" and self.destinations.names(host)):
            raise NotFetched("only https is fetched, and http from hosts that ENTRADA_EGRESS_ALLOW names")
        *others, last = await self._judged(host, url.port or _PORTS[url.scheme])
        waiting = httpx2.Timeout(self.patience, connect=self.patience / (len(others) + 1))
        for address in others:
            try:
                return await self._fetch_from(address, url, host, waiting)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue  # IPv6 where there is no way for it, for instance
        return await self._fetch_from(last, url, host, waiting)

    async def _fetch_from(
        self, address: Address, url: "httpx2.URL", host: str, waiting: "httpx2.Timeout"
    ) -> dict[str, object]:
        import httpx2  # noqa: PLC0415

        # The address in place of the name: nothing looks the name up again.  Host and SNI still say it.
        request = httpx2.Request(
            "GET",
            url.copy_with(host=str(address)),
            headers={"Host": url.netloc.decode("ascii"), "Accept": "application/json", "Accept-Encoding": "identity"},
            extensions={"sni_hostname": host.strip("[]"), "timeout": waiting.as_dict()},
        )
        async with httpx2.AsyncHTTPTransport(verify=self.context(), trust_env=False) as transport:
            return await _read(await transport.handle_async_request(request))

    async def _judged(self, host: str, port: int) -> list[Address]:
        found = [as_address(one) for one in await self.resolve(host.strip("[]"), port)]
        # One bad address spoils the name: a public one beside it is how rebinding looks.
        if not found or not all(self.destinations.allows(host, one) for one in found):
            raise NotFetched(f"{host} is not on the public internet, and ENTRADA_EGRESS_ALLOW does not name it")
        return found[:_MOST_ADDRESSES]


def _parsed(text: str) -> "httpx2.URL":
    import httpx2  # noqa: PLC0415

    if len(text) > _LONGEST_URL:
        raise NotFetched("the URL is too long")
    url = httpx2.URL(text)
    if not url.host or url.userinfo or url.fragment:
        raise NotFetched("the URL has no host, or a user name or a fragment")
    return url


async def _read(response: "httpx2.Response") -> dict[str, object]:
    if response.status_code != 200:
        raise NotFetched(f"it answered {response.status_code}")  # a redirect is an answer like any other: not followed
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not media_type.endswith(("/json", "+json")) or response.headers.get("content-encoding"):
        raise NotFetched("it is not plain JSON")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAXIMUM_BYTES:
            raise NotFetched(f"it is larger than {MAXIMUM_BYTES} bytes")
    return parse_object(bytes(body))
