"""What Envoy says of itself, over its admin socket: whether it is ready, which configuration it has, its figures."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from attrs import define, field, frozen

from entrada.server.envoy.places import Kind, Places
from entrada.server.envoy.snapshot import ROUTES

if TYPE_CHECKING:
    import httpx2  # 50 ms to load, which only who runs Envoy shall wait for

PATIENCE: Final = 2.0  # seconds for any answer: it comes in a millisecond or two
_SCOPES: Final[Mapping[Kind, str]] = {
    "cds": "cluster_manager.cds.",
    "lds": "listener_manager.lds.",
    "rds": f".rds.{ROUTES}.",
}
_STANDING: Final = (
    rf"(cluster_manager\.cds|listener_manager\.lds|\.rds\.{ROUTES})\.(version_text|update_rejected|update_failure)$"
)
_ACTIVE: Final = r"^http\..*\.downstream_(rq|cx)_active$"
_OWN: Final = "http.admin."


class Silent(Exception):
    """No answer, or not the one it should be."""


@frozen
class Standing:
    """How far one kind of resources has come."""

    version: str | None = None  # accepted last
    refused: int = 0  # times, since the start


@frozen
class Load:
    requests: int
    connections: int


@define
class Admin:
    places: Places
    _client: "httpx2.AsyncClient | None" = field(default=None, repr=False)

    async def is_live(self) -> bool:
        """Raises Silent where it does not answer at all; one that starts or drains answers, and is not live."""
        status, _ = await self._ask("GET", "/ready")
        return status == 200

    async def standing(self, kind: Kind) -> Standing:
        values = await self._values(_STANDING)
        ours = {name: value for name, value in values.items() if _SCOPES[kind] in name}
        versions = {value.strip('"') for name, value in ours.items() if name.endswith(".version_text")}
        refused = sum(int(value) for name, value in ours.items() if not name.endswith(".version_text"))
        # Two listeners at once, one of them draining, may each have read routes: both must have come as far.
        return Standing(versions.pop() or None if len(versions) == 1 else None, refused)

    async def load(self) -> Load:
        values = await self._values(_ACTIVE)
        ours = {name: int(value) for name, value in values.items() if not name.startswith(_OWN)}
        return Load(
            requests=sum(value for name, value in ours.items() if name.endswith("rq_active")),
            connections=sum(value for name, value in ours.items() if name.endswith("cx_active")),
        )

    async def drain(self, *, graceful: bool) -> None:
        """Graceful: each answer closes its connection; otherwise no new connection is taken."""
        await self._ask("POST", "/drain_listeners?graceful" if graceful else "/drain_listeners")

    async def prometheus(self, prefix: str) -> str:
        """Figures whose names start with *prefix*, in Prometheus' text format."""
        _, text = await self._ask("GET", "/stats/prometheus", {"filter": f"^{re.escape(prefix)}", "usedonly": ""})
        return text

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _values(self, pattern: str) -> dict[str, str]:
        _, text = await self._ask("GET", "/stats", {"filter": pattern})
        return dict(line.rsplit(": ", 1) for line in text.splitlines() if ": " in line)

    async def _ask(self, method: str, path: str, query: Mapping[str, str] | None = None) -> tuple[int, str]:
        import httpx2  # noqa: PLC0415

        self._client = self._client or _client(self.places)
        try:
            answer = await self._client.request(method, path, params=query)
        except httpx2.HTTPError as error:
            raise Silent(f"{type(error).__name__} {error}".strip()) from None
        return answer.status_code, answer.text


def _client(places: Places) -> "httpx2.AsyncClient":
    import httpx2  # noqa: PLC0415

    transport = httpx2.AsyncHTTPTransport(uds=str(places.admin), verify=False, trust_env=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://envoy", timeout=PATIENCE)
