"""What Envoy is told: a listener, its routes, the clusters behind them.  `core/gateway/envoy` compiles it."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

ROUTES: Final = "entrada"  # the name of the one route configuration


class Snapshot(Protocol):
    """Plain JSON values; the listener reads its routes from `Places.resources("rds")`."""

    @property
    def listener(self) -> Mapping[str, object]: ...

    @property
    def routes(self) -> Mapping[str, object]: ...

    @property
    def clusters(self) -> Sequence[Mapping[str, object]]: ...

    @property
    def version(self) -> str: ...
