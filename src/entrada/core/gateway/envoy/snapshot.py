"""What Envoy is told, and what it leaves to Python."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from attrs import field, frozen

from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.envoy.wire import Json

Place: TypeAlias = tuple[ApiId, OperationId | None]


@frozen(kw_only=True)
class Snapshot:
    """Resources with their types; *routes* holds keys, of issuers and of subscriptions."""

    listener: Json
    routes: Json = field(repr=False)
    clusters: Sequence[Json]
    version: str
    handed_over: Mapping[Place, str]  # why none of its requests is served by Envoy, in words
    partly: Mapping[Place, str]  # why some of its requests, good ones among them, are not
