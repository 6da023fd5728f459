"""Where Envoy sends requests: each backend, and the Python proxy."""

import json
from hashlib import sha256
from ipaddress import ip_address
from typing import Final

from attrs import frozen

from entrada.core.gateway.envoy.surroundings import Surroundings
from entrada.core.gateway.envoy.way import Change, Removed, SetWhereAbsent
from entrada.core.gateway.envoy.wire import HTTP, Json, line, typed
from entrada.core.gateway.exchange import Address

FALLBACK: Final = "entrada-python"
_TLS: Final = "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"
_OPTIONS: Final = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


@frozen(kw_only=True)
class Backend:
    """*on_response*: what is changed of its responses, and of nothing that Envoy answers in its place."""

    address: Address
    on_response: tuple[tuple[str, Change], ...] = ()
    unsent_query: str | None = None  # a parameter that carried a token

    @property
    def is_plain(self) -> bool:
        return not self.on_response and self.unsent_query is None

    @property
    def name(self) -> str:
        at = f"{self.address.scheme}://{self.address.host}:{self.address.port}"
        if self.is_plain:
            return at
        return f"{at}#{sha256(repr((self.on_response, self.unsent_query)).encode()).hexdigest()[:12]}"


def backend_cluster(backend: Backend, surroundings: Surroundings) -> Json:
    address = backend.address
    found = _cluster(backend.name, _socket(address.host, address.port))
    if not _is_ip(address.host):
        # Both families, whichever answers: `localhost` is ::1 to some, and backends listen on 127.0.0.1 alone.
        found |= {"type": "LOGICAL_DNS", "dns_lookup_family": "ALL"}
    if address.scheme == "https":
        found["transport_socket"] = {
            "name": "envoy.transport_sockets.tls",
            "typed_config": _tls(address.host, surroundings),
        }
    if not backend.is_plain:
        found["typed_extension_protocol_options"] = {_OPTIONS: _changing(backend)}
    return found


def fallback_cluster(surroundings: Surroundings) -> Json:
    most = surroundings.fallback_requests
    return {
        **_cluster(FALLBACK, {"pipe": {"path": surroundings.fallback_socket}}),
        "circuit_breakers": {
            "thresholds": [{"max_connections": most, "max_pending_requests": most, "max_requests": most}]
        },
    }


def _cluster(name: str, address: Json) -> Json:
    endpoint = {"endpoint": {"address": address}}
    return {
        **typed("envoy.config.cluster.v3.Cluster"),
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]},
    }


def _socket(host: str, port: int) -> Json:
    return {"socket_address": {"address": host, "port_value": port}}


def _is_ip(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _tls(host: str, surroundings: Surroundings) -> Json:
    by_ip = _is_ip(host)
    names = [{"san_type": "IP_ADDRESS" if by_ip else "DNS", "matcher": {"exact": host}}]
    trusted = {"filename": surroundings.backend_bundle}
    return typed(
        _TLS,
        **({} if by_ip else {"sni": host}),
        common_tls_context={
            "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
            "validation_context": {"trusted_ca": trusted, "match_typed_subject_alt_names": names},
        },
    )


def _changing(backend: Backend) -> Json:
    mutations: Json = {"response_mutations": [_mutation(name, change) for name, change in backend.on_response]}
    if backend.unsent_query is not None:
        mutations["query_parameter_mutations"] = [{"remove": backend.unsent_query}]
    changed = typed(f"{HTTP}.header_mutation.v3.HeaderMutation", mutations=mutations)
    codec = typed(f"{HTTP}.upstream_codec.v3.UpstreamCodec")
    return typed(
        _OPTIONS,
        explicit_http_config={"http_protocol_options": {}},
        http_filters=[
            {"name": "envoy.filters.http.header_mutation", "typed_config": changed},
            {"name": "envoy.filters.http.upstream_codec", "typed_config": codec},
        ],
    )


def _mutation(name: str, change: Change) -> Json:
    if isinstance(change, Removed):
        return {"remove": name}
    absent = isinstance(change, SetWhereAbsent)
    return {"append": line(name, change.formatted, "ADD_IF_ABSENT" if absent else "OVERWRITE_IF_EXISTS_OR_ADD")}


def digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
