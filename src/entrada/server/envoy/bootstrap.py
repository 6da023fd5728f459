"""What Envoy starts with: no port of its own, all else from files, and limits."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from entrada.server.envoy.places import Kind, Places

_TYPES: Final = "type.googleapis.com/envoy.extensions.resource_monitors"
_CONNECTIONS: Final = "envoy.resource_monitors.global_downstream_max_connections"
_HEAP: Final = "envoy.resource_monitors.fixed_heap"

# Everything is counted by listener, cluster or route configuration; nothing by what a request brings.
_COUNTED: Final = (
    "cluster.", "cluster_manager.", "filter_chain.", "http.", "listener.", "listener_manager.", "overload.", "server.",
    "vhost.entrada.route.",  # by operation
)  # fmt: skip
# Envoy refuses patterns beyond a hundred steps, three keys of a subscription; ours are made by the compiler alone.
RUNTIME: Final[Mapping[str, object]] = {
    "layers": [{"name": "static", "static_layer": {"re2.max_program_size.error_level": 10_000_000}}]
}


@frozen(kw_only=True)
class Limits:
    connections: int = 10_000  # of clients, at once
    heap: int = 1024**3  # bytes


def bootstrap(places: Places, limits: Limits) -> dict[str, object]:
    return {
        "node": {"id": "entrada", "cluster": "entrada"},
        "admin": {"address": {"pipe": {"path": str(places.admin), "mode": 0o600}}},
        "dynamic_resources": {"cds_config": config_source(places, "cds"), "lds_config": config_source(places, "lds")},
        "overload_manager": _overload(limits),
        "watchdogs": _watchdogs(),
        "stats_config": {
            "stats_matcher": {"inclusion_list": {"patterns": [{"prefix": prefix} for prefix in _COUNTED]}}
        },
        "layered_runtime": RUNTIME,
    }


def config_source(places: Places, kind: Kind) -> dict[str, object]:
    """Resources from a file that is replaced by a move into its folder."""
    path = places.resources(kind)
    return {
        "resource_api_version": "V3",
        "path_config_source": {"path": str(path), "watched_directory": {"path": str(path.parent)}},
    }


def _overload(limits: Limits) -> Mapping[str, object]:
    return {
        "refresh_interval": "0.25s",
        "resource_monitors": [
            _monitor(
                _CONNECTIONS,
                "downstream_connections.v3.DownstreamConnectionsConfig",
                {"max_active_downstream_connections": str(limits.connections)},
            ),
            _monitor(_HEAP, "fixed_heap.v3.FixedHeapConfig", {"max_heap_size_bytes": str(limits.heap)}),
        ],
        "actions": [
            _action("envoy.overload_actions.shrink_heap", 0.90),
            _action("envoy.overload_actions.disable_http_keepalive", 0.92),
            _action("envoy.overload_actions.stop_accepting_connections", 0.95),
            _action("envoy.overload_actions.stop_accepting_requests", 0.98),
        ],
    }


def _monitor(name: str, kind: str, values: Mapping[str, object]) -> Mapping[str, object]:
    return {"name": name, "typed_config": {"@type": f"{_TYPES}.{kind}", **values}}


def _action(name: str, share: float) -> Mapping[str, object]:
    return {"name": name, "triggers": [{"name": _HEAP, "threshold": {"value": share}}]}


def _watchdogs() -> Mapping[str, object]:
    # A worker that hangs takes its connections with it, and `/ready` does not see it: Envoy ends itself.
    return {one: {"kill_timeout": "20s"} for one in ("main_thread_watchdog", "worker_watchdog")}
